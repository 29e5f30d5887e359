"""A Chemputer recipe becomes a protocol for a bench; what cannot be said is kept for a person, and listed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planning.protocol.import_xdl import import_xdl
from planning.protocol.xdl import NoFigure, figure
from robot.config import LabConfig
from robot.files import FileProblem

RECIPE = Path(__file__).parent / "files" / "recipe.xdl"
NAMES = {"printer's ink": "ink"}


def test_what_our_words_can_say_is_translated(workbench: LabConfig) -> None:
    protocol = import_xdl(RECIPE, workbench, NAMES).protocol

    first, second, stir, short, heat, cool, _, transfer, repeat, _ = (step.action for step in protocol.steps)
    assert protocol.protocol == "pale ink"
    assert first.model_dump(include={"into", "liquid", "volume_ul", "with_", "at"}) == {
        "into": "reactor", "liquid": "water", "volume_ul": 15000.0, "with_": "pump", "at": "booth",
    }  # fmt: skip
    assert second.model_dump(include={"liquid", "volume_ul"}) == {"liquid": "ink", "volume_ul": 500.0}
    assert stir.model_dump(include={"for_min", "speed_rpm"}) == {"for_min": 120.0, "speed_rpm": 400.0}
    assert short.model_dump(include={"for_min", "speed_rpm"}) == {"for_min": 1.5, "speed_rpm": 250.0}
    assert heat.model_dump(include={"to_c", "hold_min", "stir_rpm"}) == {
        "to_c": 60.0,
        "hold_min": 30.0,
        "stir_rpm": 300.0,
    }
    assert cool.model_dump() == {"in_": "hotplate", "below_c": 25.0, "give_up_after_min": 360.0}
    assert transfer.model_dump(include={"from_", "into", "volume_ul"}) == {
        "from_": "reactor", "into": "flask_2", "volume_ul": 5000.0,
    }  # fmt: skip
    assert repeat.model_dump(include={"times"}) == {"times": 2}


def test_what_they_cannot_is_listed_with_its_line_and_asked_of_a_person(workbench: LabConfig) -> None:
    imported = import_xdl(RECIPE, workbench, NAMES)

    assert [(each.line, each.why) for each in imported.left_out] == [
        (14, "time='10 mins' is left out: our step has no such wish"),
        (21, "the bench cannot chill to -10 °C"),
        (26, "there is no verb for Evaporate"),
    ]
    asked = [step.ask.question for step in imported.protocol.steps if step.ask]
    assert asked[1] == 'By hand, then answer: Evaporate vessel="flask 2"'


def test_the_smallest_vessel_that_holds_all_is_taken(workbench: LabConfig) -> None:
    vessels = import_xdl(RECIPE, workbench, NAMES).protocol.vessels

    assert {name: (use.labware, use.from_) for name, use in vessels.items()} == {
        "reactor": ("vial-20ml", "vials"), "flask_2": ("vial-20ml", "vials"),
    }  # fmt: skip


def test_a_reagent_that_is_no_stock_is_left_to_a_person(workbench: LabConfig) -> None:
    left_out = import_xdl(RECIPE, workbench).left_out

    assert "the bench has no stock 'printer_s_ink'; there are water, ink" in [each.why for each in left_out]


def test_stirring_while_other_things_are_done_is_not_understood(
    workbench: LabConfig, written: Callable[[str, str], Path]
) -> None:
    text = RECIPE.read_text(encoding="utf-8").replace(
        '<Wait time="90" />', '<Add vessel="reactor" reagent="Water" volume="1" />'
    )

    whys = [each.why for each in import_xdl(written(text, "r.xdl"), workbench, NAMES).left_out]

    assert any("stirs while other things are done" in why for why in whys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><Synthesis><Procedure/></Synthesis>', "declares a document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><Synthesis><Procedure/></Synthesis>', "declares a document type"),
        ("<Synthesis><Procedure></Synthesis>", "is not readable XML"),
        ("<Synthesis/>", "holds no <Procedure>"),
        ("<Synthesis><Procedure/></Synthesis>", "holds no step"),
        ('<Synthesis><Procedure><Add vessel="a" reagent="water" volume="2 L"/></Procedure></Synthesis>', "no vessel of the bench holds the 2000 ml"),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(
    workbench: LabConfig, written: Callable[[str, str], Path], text: str, words: str
) -> None:
    with pytest.raises(FileProblem, match=words):
        import_xdl(written(text, "bad.xdl"), workbench)


@pytest.mark.parametrize(
    ("text", "quantity"), [("a lot", "volume"), ("5 min", "volume"), ("all", "volume"), ("", "time")]
)
def test_what_is_no_figure_of_that_kind_is_refused(text: str, quantity: str) -> None:
    with pytest.raises(NoFigure):
        figure(text, quantity)
