"""What befalls the devices of a bench by count: replies that nobody hears, and what emulators declare with `suffers`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hardware_sim.emulators.base import AnyEmulator, Emulator
from hardware_sim.faults import Ailment, Count, Fault, LostReply, ailments_of
from hardware_sim.world.world import World


class Misfortunes:
    """Strikes what was planned, as devices come to hear and to do what it was planned for.

    Args:
        faults: those that are not of these kinds are somebody else's.
        world: on whose agenda they are put.
        emulators: by device.
        far_ends: by line; what befalls a device's part befalls its far end.
    """

    def __init__(
        self,
        faults: Sequence[Fault],
        world: World,
        emulators: Mapping[str, AnyEmulator],
        far_ends: Mapping[str, Emulator],
    ) -> None:
        self._lost_replies = [fault for fault in faults if isinstance(fault, LostReply)]
        self._ailments = [fault for fault in faults if isinstance(fault, Ailment)]
        self._world = world
        self._emulators = emulators
        self._far_ends = far_ends
        planned: list[LostReply | Ailment] = [*self._lost_replies, *self._ailments]
        struck = {fault.device.partition("/")[0] for fault in planned}
        self._counted_last: dict[str, dict[Count, int]] = {device: {"acts": 0, "requests": 0} for device in struck}
        """When each last heard anything; what it was told to do later it may have done since."""

    def lose_reply(self, device: str, requests: int) -> bool:
        """A device has heard something, and `requests` in all: let befall it what is due, and say if its reply is lost."""
        if device not in self._counted_last:
            return False
        before = self._counted_last[device]
        now: dict[Count, int] = {"acts": self._emulators[device].acts.total(), "requests": requests}
        self._counted_last[device] = now
        self._plan_ailments(device, before, now)
        return self._is_lost(device, before["acts"], now["acts"])

    def _plan_ailments(self, device: str, before: Mapping[Count, int], now: Mapping[Count, int]) -> None:
        """Plan what befalls a device in consequence of what it has just heard."""
        for ailment in self._ailments:
            if ailment.device.partition("/")[0] != device:
                continue
            emulator = self._far_ends.get(ailment.device, self._emulators[device])
            suffering = ailments_of(type(emulator))[ailment.kind]
            if before[suffering.counts] < ailment.nth <= now[suffering.counts]:
                strike = partial(self._strike, ailment, getattr(emulator, suffering.method))
                self._world.agenda.at(self._world.now_s + ailment.after_s, device, strike)

    def _strike(self, ailment: Ailment, suffer: Callable[[], None]) -> None:
        self._world.note("fault", **vars(ailment))
        suffer()

    def _is_lost(self, device: str, acts_before: int, acts_now: int) -> bool:
        for fault in self._lost_replies:
            if fault.device.partition("/")[0] == device and acts_before < fault.nth <= acts_now:
                self._world.note("fault", kind="lost-reply", device=device, nth=fault.nth)
                return True
        return False
