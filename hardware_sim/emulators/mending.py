"""Whatever breaks on purpose is mended half an hour later (assumed): somebody comes by, so that a long run can go on."""

from collections.abc import Callable

from hardware_sim.world.world import World

MENDED_AFTER_S = 1800.0


def mend_later(world: World, device: str, mend: Callable[[float], None]) -> None:
    """Plan it; `mend` is told the instant."""
    at_s = world.now_s + MENDED_AFTER_S

    def come_by() -> None:
        world.note("mended", device=device)
        mend(at_s)

    world.agenda.at(at_s, device, come_by)
