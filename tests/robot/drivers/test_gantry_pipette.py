"""A gantry pipette's two halves: what is true in the world when one of them fails, and where its tip never goes."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig
from robot.drivers.gantry_pipette.memo import Memo
from robot.errors import CommandRefused, DeviceError, LimitExceeded, ReplyLost
from robot.fleet import open_fleet
from robot.liquid_handling import Technique, transfer
from robot.wire.base import Port

LAB = LabConfig.load(Path(__file__).parents[2] / "conformance" / "benches" / "liquids.yaml")
NAME = "tipper"
FLOW = 100.0
FALSE_STEPS = 60


class Hands:
    """A gantry pipette on a simulated bench, and what is true there."""

    def __init__(self, muffled: Callable[..., Port]) -> None:
        self._muffled = muffled
        self.clock = VirtualClock()
        self.laboratory = Laboratory(LAB, self.clock, seed=7)
        self.lost: dict[str, Callable[[bytes], bool]] = {}
        self.fleet = open_fleet(LAB, self._line)
        self.pipette: Any = self.fleet.devices[NAME]
        self.far_side: Any = self.laboratory.emulator(NAME)

    def _line(self, name: str, _: object, channel: str) -> Any:
        port = self.laboratory.port(name, channel)
        return self._muffled(port, lambda data: self.lost.get(channel, lambda _: False)(data)) if name == NAME else port

    def do(self, verb: str, **arguments: Any) -> None:
        getattr(self.pipette, verb)(**arguments)
        self.settle()

    def settle(self) -> None:
        for _ in range(FALSE_STEPS):
            self.clock.jump_to(self.clock.now_s() + 2.0)
            if not self.pipette.read_state().busy:
                return
        raise AssertionError("it never stood still")

    def ready(self) -> "Hands":
        self.do("start_initialising", waste_port=self.pipette.ports["waste"])
        return self

    def poured_ul(self, tray_place: int) -> float:
        return float(self.laboratory.world.bench.spot("tray", tray_place).vessels[0].contents.volume_ul)

    def effects(self, what: str) -> list[dict[str, object]]:
        return [effect for effect in self.laboratory.effects if effect["effect"] == what]


@pytest.fixture
def hands(muffled: Any) -> Iterator[Hands]:
    hands = Hands(muffled)
    with hands.fleet:
        yield hands


PORTS = st.integers(1, 5)
STEPS = st.one_of(
    st.tuples(st.just("start_turning_valve"), st.fixed_dictionaries({"port": PORTS})),
    st.tuples(
        st.just("start_dipping"),
        st.fixed_dictionaries({"port": PORTS, "height_mm": st.floats(1.0, 46.0)}),
    ),
    st.tuples(st.just("start_taking_tip"), st.fixed_dictionaries({"number": st.integers(0, 95)})),
    st.tuples(st.just("start_dropping_tip"), st.just({})),
    st.tuples(st.just("make_safe"), st.just({})),
    st.tuples(st.just("start_initialising"), st.just({"waste_port": 3})),
    st.tuples(
        st.just("start_moving_plunger"),
        st.fixed_dictionaries({"to_volume_ul": st.floats(0.0, 1000.0), "flow_ul_per_s": st.just(FLOW)}),
    ),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(st.tuples(STEPS, st.booleans(), st.integers(0, 9)), min_size=1, max_size=14),
)
def test_whatever_is_asked_and_lost_no_tip_goes_sideways_below_travel_height_and_no_drop_is_made_or_lost(
    muffled: Any, steps: list[Any]
) -> None:
    hands = Hands(muffled).ready()
    before_ul = hands.laboratory.world.liquid_everywhere().volume_ul
    believed: list[tuple[bool | None, bool]] = []

    for (verb, arguments), waits, lost in steps:
        hands.lost["gantry"] = lambda data, lost=lost: lost == 0 and b"G53" in data  # type: ignore[misc]
        hands.lost["pump"] = lambda data, lost=lost: lost == 1 and b"A" in data  # type: ignore[misc]
        with suppress(DeviceError):
            getattr(hands.pipette, verb)(**arguments)
        hands.lost.clear()
        if waits:
            hands.settle()
            believed.append((hands.pipette.read_state().has_tip, hands.far_side.nozzle.tip is not None))

    world = hands.laboratory.world
    assert hands.far_side.nozzle.lowest_sideways_mm >= LAB.devices[NAME].travel_height_mm - 1e-6  # type: ignore[union-attr]
    assert hands.effects("collision") == []
    assert world.liquid_everywhere().volume_ul == pytest.approx(before_ul)
    assert all(belief in (None, truth) for belief, truth in believed)


def test_a_transfer_with_a_wetted_tip_and_air_behind_arrives_whole(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    ports = hands.pipette.ports

    for verb, arguments in transfer(hands.pipette, ports["water"], ports["vial_1"], 500.0, source_ul=50_000.0):
        hands.do(verb, **arguments)

    assert hands.poured_ul(1) == pytest.approx(500.0, rel=0.01)
    assert hands.effects("nozzle wetted") == []


def test_a_dry_tip_without_air_behind_keeps_a_little_back(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    plain = Technique(blow_out_ul=0.0, air_gap_ul=0.0, wettings=0)
    water, vial = hands.pipette.ports["water"], hands.pipette.ports["vial_0"]

    for verb, arguments in transfer(hands.pipette, water, vial, 500.0, source_ul=50_000.0, technique=plain):
        hands.do(verb, **arguments)

    assert hands.far_side.plumbing.held.volume_ul == pytest.approx(2.0)


def test_what_clings_to_a_tip_goes_into_the_next_liquid_and_a_new_tip_is_clean(hands: Hands) -> None:
    plain = Technique(blow_out_ul=0.0, air_gap_ul=0.0, wettings=0)
    ports = hands.pipette.ports
    hands.ready().do("start_taking_tip", number=0)
    for source, place, stock_ul in (("ink", "vial_0", 20_000.0), ("water", "vial_1", 50_000.0)):
        for verb, arguments in transfer(
            hands.pipette, ports[source], ports[place], 200.0, source_ul=stock_ul, technique=plain
        ):
            hands.do(verb, **arguments)
    carried_ul = hands.laboratory.world.bench.spot("tray", 1).vessels[0].contents.parts_ul["ink"]
    hands.do("start_dropping_tip")

    hands.do("start_taking_tip", number=1)

    assert 0.0 < carried_ul <= 2.0
    assert hands.far_side.plumbing.held.volume_ul == 0.0


def test_a_tip_that_hangs_above_the_surface_draws_air(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    hands.do("start_dipping", port=hands.pipette.ports["water"], height_mm=58.0)

    hands.do("start_moving_plunger", to_volume_ul=300.0, flow_ul_per_s=FLOW)

    assert hands.pipette.read_state().volume_ul == pytest.approx(300.0, abs=0.5)
    assert hands.far_side.plumbing.held.volume_ul == 0.0


def test_a_dip_follows_the_surface_and_never_scrapes_the_floor(hands: Hands) -> None:
    water = hands.pipette.ports["water"]

    assert hands.pipette.dip_height_mm(water, 50_000.0) == pytest.approx(50_000 / (3.14159265 * 25**2) - 3.0)
    assert hands.pipette.dip_height_mm(water, 0.0) == 1.0
    with pytest.raises(LimitExceeded):
        hands.pipette.dip_height_mm(water, 1e6)


def test_a_pump_that_falls_silent_at_depth_leaves_the_tip_there_and_says_that_it_may_have_drawn(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    hands.do("start_turning_valve", port=hands.pipette.ports["water"])
    hands.lost["pump"] = lambda data: b"A" in data

    with pytest.raises(ReplyLost, match=r"^tipper: pump: ") as caught:
        hands.pipette.start_moving_plunger(300.0, FLOW)
    hands.settle()

    state = hands.pipette.read_state()
    assert caught.value.may_have_acted
    assert state.port == hands.pipette.ports["water"]
    assert (state.has_tip, state.volume_ul) == (True, pytest.approx(300.0, abs=0.5))


def test_when_the_way_up_is_in_doubt_nothing_goes_sideways(hands: Hands) -> None:
    hands.ready().do("start_turning_valve", port=hands.pipette.ports["ink"])
    hands.lost["gantry"] = lambda data: b"G53" in data

    with pytest.raises(ReplyLost, match=r"^tipper: gantry: "):
        hands.pipette.start_turning_valve(hands.pipette.ports["water"])
    hands.lost.clear()
    hands.settle()

    here = hands.far_side.nozzle.position
    assert (here.x_mm, here.y_mm) == (200.0, 50.0)
    assert hands.pipette.read_state().port == 0


def test_a_tip_that_was_not_in_the_rack_is_noticed_by_nobody_but_the_truth(hands: Hands) -> None:
    hands.far_side.nozzle.tips.discard(0)
    hands.ready().do("start_taking_tip", number=0)

    hands.do("start_turning_valve", port=hands.pipette.ports["water"])
    hands.do("start_moving_plunger", to_volume_ul=300.0, flow_ul_per_s=FLOW)

    assert hands.pipette.read_state().has_tip is True
    assert hands.far_side.plumbing.held.volume_ul == 0.0


def test_whoever_sends_the_gantry_sideways_in_a_well_hits_its_wall(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    hands.do("start_turning_valve", port=hands.pipette.ports["water"])

    hands.laboratory.receive("tipper/gantry", b"G90G53G1X-100F6000\n")

    assert [effect["thing"] for effect in hands.effects("collision")] == ["water", "waste"]


def test_after_a_stop_on_the_way_nobody_knows_of_the_tip_and_dropping_it_settles_that(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=0)
    hands.pipette.start_turning_valve(hands.pipette.ports["waste"])
    hands.clock.jump_to(hands.clock.now_s() + 1.0)
    hands.pipette.make_safe()
    hands.settle()
    assert hands.pipette.read_state().has_tip is None
    with pytest.raises(CommandRefused, match="wears a tip already, or may do so"):
        hands.pipette.start_taking_tip(1)

    hands.do("start_dropping_tip")

    assert hands.pipette.read_state().has_tip is False
    assert hands.far_side.nozzle.tip is None


def test_the_next_tip_is_remembered_by_the_machine_itself(hands: Hands) -> None:
    hands.ready().do("start_taking_tip", number=7)

    with open_fleet(LAB, hands._line) as fleet:
        assert fleet.devices[NAME].read_state().next_tip == 8  # type: ignore[attr-defined]


@given(has_tip=st.sampled_from([True, False, None]), next_tip=st.none() | st.integers(0, 998))
def test_what_the_machine_is_given_to_remember_is_read_again(has_tip: bool | None, next_tip: int | None) -> None:
    memo = Memo(has_tip, next_tip)

    assert memo.number > 0
    assert Memo.read(memo.number) == memo
