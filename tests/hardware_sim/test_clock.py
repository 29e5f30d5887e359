from time import process_time

import anyio
import pytest

from hardware_sim.clock import Deadlock, VirtualClock


def run(clock: VirtualClock, main):  # type: ignore[no-untyped-def]
    return anyio.run(main, backend="asyncio", backend_options={"loop_factory": clock.new_event_loop})


def test_half_a_day_of_sleep_takes_no_time() -> None:
    clock = VirtualClock()
    begun_s = process_time()

    run(clock, lambda: anyio.sleep(12 * 3600))

    assert clock.now_s() == 12 * 3600
    assert process_time() - begun_s < 1.0


def test_tasks_wake_in_the_order_of_their_timers_and_then_of_their_start() -> None:
    clock, woken = VirtualClock(), []

    async def sleeper(name: str, seconds: float) -> None:
        await anyio.sleep(seconds)
        woken.append((name, clock.now_s()))

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            for name, seconds in (("late", 7200.0), ("first", 60.0), ("second", 60.0)):
                tasks.start_soon(sleeper, name, seconds)

    run(clock, main)

    assert woken == [("first", 60.0), ("second", 60.0), ("late", 7200.0)]


def test_a_time_out_strikes_at_its_instant() -> None:
    clock = VirtualClock(start_s=100.0)

    async def main() -> bool:
        with anyio.move_on_after(30) as scope:
            await anyio.sleep(3600)
        return scope.cancelled_caught

    assert run(clock, main)
    assert clock.now_s() == 130.0


def test_waiting_for_each_other_is_an_error_and_no_hang() -> None:
    async def main() -> None:
        await anyio.Event().wait()

    with pytest.raises(Deadlock, match="for ever"):
        run(VirtualClock(), main)


def test_the_clock_never_goes_back() -> None:
    clock = VirtualClock(start_s=50.0)

    clock.jump_to(10.0)

    assert clock.now_s() == 50.0


def test_dates_follow_a_fixed_epoch() -> None:
    assert VirtualClock(start_s=90.0).date().isoformat() == "2026-01-01T08:01:30+00:00"
