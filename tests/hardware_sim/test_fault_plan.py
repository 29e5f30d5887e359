"""Plans of faults: what may be written, and that an ailment strikes when its count is reached."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hardware_sim.fault_plan import FaultSyntax, counted_in, parse_faults, sufferers, wishes_in
from hardware_sim.faults import Ailment, ailments_of, suffers
from robot.config import LabConfig
from robot.files import FileProblem
from robot.settings import alone, located


class Lamp:
    acts: Counter[str] = Counter()

    @suffers("power-loss")
    def go_dark(self) -> None: ...

    @suffers("flicker", counts="requests")
    def flicker(self) -> None: ...


def test_an_emulator_declares_what_it_suffers_and_what_is_counted() -> None:
    assert {kind: suffering.counts for kind, suffering in ailments_of(Lamp).items()} == {
        "power-loss": "acts",
        "flicker": "requests",
    }


@pytest.mark.parametrize(
    ("kind", "device", "counted"),
    [
        ("lost-reply", "arm", "acts"),
        ("collision", "arm", "acts"),
        ("garbage", "arm", "requests"),
        ("dark", "top_camera", "requests"),
    ],
)
def test_a_wishs_number_counts_acts_or_requests_as_its_kind_has_it(
    lab: LabConfig, kind: str, device: str, counted: str
) -> None:
    assert counted_in(kind, lab.devices[device]) == counted


def test_a_plan_lists_wishes_as_words_or_as_mappings(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("faults:\n- lost-reply@arm:3\n- {kind: late-reply, device: furnace, nth: 40}\n")

    assert wishes_in(str(plan)) == "lost-reply@arm:3,late-reply@furnace:40"


def test_a_plan_with_an_unknown_field_is_refused_with_its_line(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("faults:\n- {kind: late-reply, when: 40}\n")

    with pytest.raises(FileProblem, match="when"):
        wishes_in(str(plan))


def test_random_wishes_are_drawn_from_what_the_bench_can_suffer(lab: LabConfig) -> None:
    planned = parse_faults("random:30", np.random.default_rng(4), lab)

    able = sufferers(lab)
    assert len(planned) == 30
    assert all(fault.kind in able[fault.device] for fault in planned if isinstance(fault, Ailment))
    assert planned == parse_faults("random:30", np.random.default_rng(4), lab)


@pytest.fixture
def composed() -> LabConfig:
    """A bench with a gantry pipette and nothing else."""
    tipper = alone("gantry_pipette", located("gantry_pipette", "/dev/ttyACM0,/dev/ttyUSB0"))
    return LabConfig.model_validate(
        {"bench": "tips", "devices": {"tipper": tipper}, "sites": {"rack": {"origin_mm": [1, 1, 1]}}}
    )


def test_a_composed_device_suffers_what_its_parts_do_and_what_it_does_itself(composed: LabConfig) -> None:
    able = sufferers(composed)

    assert able["tipper"] == ["missing-tip", "stuck-tip"]
    assert {"collision", "lost-steps", "unplugged"} <= set(able["tipper/gantry"])
    assert {"plunger-overload", "bubble", "local-echo"} <= set(able["tipper/pump"])
    assert "missing-vessel" not in able["tipper/gantry"]


def test_a_wish_for_a_composed_device_finds_the_part_that_can_suffer_it(composed: LabConfig) -> None:
    wishes = "collision@tipper:3+0.5,collision@tipper/gantry:3+0.5"

    both = parse_faults(wishes, np.random.default_rng(0), composed)

    assert both == (Ailment("tipper/gantry", "collision", 3, 0.5),) * 2


def test_a_part_that_cannot_suffer_a_wish_is_refused_with_those_that_can(composed: LabConfig) -> None:
    with pytest.raises(FaultSyntax, match="collision can strike tipper/gantry, not 'tipper/pump'"):
        parse_faults("collision@tipper/pump:3", np.random.default_rng(0), composed)
