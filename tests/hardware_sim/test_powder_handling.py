"""No grain is made or lost, whatever happens to a shake or a transfer; belief and truth agree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.numbered_lines import crc
from hardware_sim.emulators.powder_handler import PowderHandlerEmulator
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig

LAB = LabConfig.load(Path(__file__).parents[1] / "conformance" / "benches" / "handlers.yaml")
TOTAL_MG = {"LiMn2O4": 700.0, "Mn2O3": 300.0}


class Handler:
    """A bench whose powder handler is told things in the bytes of its protocol."""

    def __init__(self, seed: int) -> None:
        self.clock = VirtualClock()
        self.laboratory = Laboratory(LAB, self.clock, seed)
        self.world = self.laboratory.world
        emulator = self.laboratory.emulator("handler")
        assert isinstance(emulator, PowderHandlerEmulator)
        self.emulator = emulator

    def say(self, text: str) -> None:
        request = f"1 {text}".encode()
        self.laboratory.receive("handler", b"%b*%04X\r\n" % (request, crc(request)))

    def order(self, word: str, *figures: int) -> None:
        self.say(" ".join(map(str, (word, self.emulator.tapper.order.number + 1, *figures))))

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)
        self.world.advance_to(self.clock.now_s())

    def take_away(self, site: str) -> None:
        self.world.pick(self.world.bench.spot(site).point)


ACTIONS: list[Callable[[Handler, float], object]] = [
    lambda handler, amount: handler.order("TRANSFER", 1 + round(900_000 * amount)),
    lambda handler, amount: handler.order("SHAKE", 1 + round(60 * amount), 1500),
    lambda handler, amount: handler.say("STOP"),
    lambda handler, amount: handler.take_away("shaker"),
    lambda handler, amount: handler.take_away("funnel"),
    lambda handler, amount: handler.emulator.lose_power(),
    lambda handler, amount: handler.emulator.clog(),
    lambda handler, amount: handler.emulator.open_door(),
]


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.floats(0, 1), st.floats(0, 60)), max_size=8), st.integers(0, 99))
def test_no_grain_is_ever_made_or_lost(
    actions: list[tuple[Callable[[Handler, float], object], float, float]], seed: int
) -> None:
    handler = Handler(seed)

    for act, amount, wait_s in actions:
        act(handler, amount)
        handler.wait(wait_s)

    assert handler.world.powder_everywhere().state() == pytest.approx(TOTAL_MG)


@given(st.floats(20, 400), st.integers(0, 999))
def test_belief_and_truth_of_a_transfer_agree(target_mg: float, seed: int) -> None:
    handler = Handler(seed)
    handler.order("TRANSFER", round(target_mg * 1000))
    handler.wait(300)

    order, holder = handler.emulator.tapper.order, handler.world.bench.spot("funnel").top

    assert order.end == "done"
    assert order.done is not None
    assert holder is not None
    assert holder.powder.mass_mg == pytest.approx(order.done / 1000, abs=0.6)
