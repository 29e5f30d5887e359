"""Each step is told in one sentence, with its figures, places, devices and times."""

from pathlib import Path

from console.checking import preflight
from planning.explain import explain
from planning.protocol import Protocol
from robot.config import LabConfig


def test_caps_are_explained(film_bench: Path) -> None:
    lab = LabConfig.load(film_bench.parent / "liquid_bench" / "lab.yaml")
    recipe = Protocol.load(film_bench.parent / "liquid_bench" / "protocol.yaml")

    sentences = explain(recipe.bind({}), preflight(lab, recipe, [{}]).timetable, lab)

    (cap,) = [sentence for sentence in sentences if "  cap  " in sentence]
    assert cap.endswith("Carry vial from pan to clamp, then screw a cap onto vial in capper.")


def test_the_film_is_explained_step_by_step(lab: LabConfig, recipe: Protocol) -> None:
    values = {"blend": {"p3ht": 0.5, "dwnt": 0.5}, "anneal_c": 150}
    timetable = preflight(lab, recipe, [values]).timetable

    sentences = explain(recipe.bind(values), timetable, lab)

    assert len(sentences) == len(recipe.steps)
    assert sentences[0].startswith("  1  dose")
    assert "666.7 µl p3ht, 1333 µl dwnt into vial with pipette" in sentences[0]
    assert "look at vial with side_camera and expect present yes, fill 0.25 of its height" in sentences[0]
    (heat,) = [sentence for sentence in sentences if "  heat" in sentence]
    assert "heat 1 vessel in furnace to 150 °C at 10 °C/min, hold 20 min; begins within 30 min of cast" in heat
