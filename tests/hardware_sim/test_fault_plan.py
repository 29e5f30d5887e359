"""Plans of faults: what may be written, and that an ailment strikes when its count is reached."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hardware_sim.fault_plan import kinds_of, parse_faults, wishes_in
from hardware_sim.faults import Ailment, ailments_of, suffers
from robot.config import LabConfig
from robot.files import FileProblem


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

    able = {name: kinds_of(settings) for name, settings in lab.devices.items()}
    assert len(planned) == 30
    assert all(fault.kind in able[fault.device] for fault in planned if isinstance(fault, Ailment))
    assert planned == parse_faults("random:30", np.random.default_rng(4), lab)
