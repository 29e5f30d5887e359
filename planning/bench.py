"""`bench.do`: the only way anything moves. Intent, exchange, acceptance, observed completion; each in the journal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import anyio
import anyio.to_thread

from planning.commands import Command, Outcome, State, evidence, has_lost_home, judge
from planning.errors import InDoubt, NotCompleted, VolumeUnknown
from planning.past import Past
from robot.clock import Clock
from robot.errors import Busy, CommandRefused, DeviceError, LineBroken, NotReachable, ReplyLost
from robot.interfaces import Device

if TYPE_CHECKING:  # a check before a run loads no database
    from planning.interlocks import Interlocks
    from planning.journal import Journal

POLL_S = 0.25
READ_WAITS_S = (0.5, 2.0, 5.0)
"""Growing waits between tries to read a device that does not answer."""
LINE_WAITS_S = (*READ_WAITS_S, 15.0, 30.0, 60.0)
"""Between tries to have a broken line again: long enough for a person to plug a cable in."""
MAX_SENDS = 2
"""A command proven not done is sent once more, then given up."""
SEND_AGAIN_S = 5.0
"""What kept a device from hearing, or from doing, may have passed by then."""
BUSY_WAITS_S = (1.0, 2.0, 5.0, 15.0)
"""Growing waits for a device that is at work on something else; it took nothing."""

Result = TypeVar("Result")


class Caller(Protocol):
    """Makes a device call: inline on a simulated bench, in a worker thread on a real one."""

    def __call__(self, function: Callable[[], Result], /) -> Awaitable[Result]:
        """Run a short, blocking exchange."""


async def call_inline(function: Callable[[], Result]) -> Result:
    """For wires in this process: virtual time must not jump past a running thread."""
    return function()


async def call_in_thread(function: Callable[[], Result]) -> Result:
    """For wires that block; the port's own lock keeps exchanges apart."""
    return await anyio.to_thread.run_sync(function)


class Bench:
    """Devices under one engine, with the journal that remembers what was asked of them."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        journal: Journal,
        clock: Clock,
        interlocks: Interlocks,
        call: Caller,
        past: Mapping[tuple[str, int], Past] | None = None,
        reconnect: Callable[[str], object] = lambda device: None,
    ) -> None:
        self.devices = devices
        self.journal = journal
        self.clock = clock
        self.call = call
        self._interlocks = interlocks
        self._past = dict(past or {})
        self._reconnect = reconnect
        self._counts: dict[str, int] = {}

    async def sleep(self, seconds: float) -> None:
        """Let bench time pass."""
        await anyio.sleep(seconds / self.clock.speed)

    async def read(self, device: str, verb: str = "read_state", **arguments: Any) -> Any:
        """Ask a device something; a lost reply is asked for again, a few times, ever more slowly.

        A line that broke is opened anew, and before anything else the device must say that it is the same.

        Raises:
            ReplyLost, NotReachable, Busy: it did not answer, however often it was asked.
        """
        line_is_gone = False
        for tries, wait_s in enumerate((*LINE_WAITS_S, None), start=1):
            try:
                if line_is_gone:
                    await self.call(lambda: self._reconnect(device))
                    self.journal.write("reconnected", device=device)
                    line_is_gone = False
                return await self.call(lambda: getattr(self.devices[device], verb)(**arguments))
            except (ReplyLost, NotReachable, Busy) as err:
                line_is_gone = isinstance(err, LineBroken | NotReachable)
                kind = "busy" if isinstance(err, Busy) else "reply_lost"
                self.journal.write(kind, device=device, verb=verb, why=str(err))
                if wait_s is None or (tries > len(READ_WAITS_S) and not line_is_gone):
                    raise
                await self.sleep(wait_s)
        raise AssertionError

    def note_count(self, device: str, count: int | None, *, is_homing: bool = False) -> None:
        """Follow a device's own count of commands.

        Raises:
            NotCompleted: it fell back: the device was without power, or reset, since it was last seen.
        """
        last = None if is_homing else self._counts.get(device)
        if count is not None:
            self._counts[device] = count
        if last is not None and count is not None and count < last:
            self.journal.write("was_reset", device=device, durable=True, count=count, last=last)
            raise NotCompleted(device, f"it was without power or was reset: it counts {count} commands after {last}, "
                               "where it is and what it holds is not known")  # fmt: skip

    def has_begun(self, task: str, number: int) -> bool:
        """Did an earlier engine write down that it would do this?"""
        return (task, number) in self._past

    def forget(self, task: str) -> None:
        """A task is done anew: what an earlier engine did of it no longer counts."""
        self._past = {key: past for key, past in self._past.items() if key[0] != task}

    async def do(self, command: Command, task: str, number: int) -> float | None:
        """Carry a command out exactly once, and return when the device is seen to be there.

        What an earlier engine finished is not done again; what it left open is settled by asking the device. Return
        for these when they were done at the earliest: nobody was there. None: we saw it.

        Raises:
            Refused: an interlock said no; nothing was sent.
            CommandRefused: the driver or the device said no; nothing moved.
            InDoubt: it may or may not have happened, and asking did not tell.
            VolumeUnknown: a pump has lost its home, before it was told anything or under way.
            NotCompleted: it began and did not get there.
        """
        past = self._past.pop((task, number), None)
        if past is not None and past.ending == "failed":
            raise NotCompleted(command.device, past.why)
        doing = _Doing(self, command, task, number)
        if past is not None and (past.ending == "done" or await doing.take_up(past)):
            return past.begun_s
        await self._interlocks.check(command, self.read)
        await doing.carry_out()
        return None


class _Doing:
    """One command on its way from intent to outcome."""

    def __init__(self, bench: Bench, command: Command, task: str, number: int) -> None:
        self.bench = bench
        self.command = command
        self._labels = {"task": task, "device": command.device}
        self._number = number
        self._before: Mapping[str, Any] = {}
        self._ticket: int | None = None
        self._is_accepted = False

    async def carry_out(self) -> None:
        """Send it; if the answer is lost and the device says that nothing happened, send it once more."""
        for try_ in range(MAX_SENDS):
            await self.bench.sleep(SEND_AGAIN_S if try_ else 0.0)
            if await self._send() and await self._complete():
                return
        why = f"{self.command.verb} was not carried out in {MAX_SENDS} tries"
        self._write("failed", why=why)
        raise NotCompleted(self.command.device, why)

    async def _send(self) -> bool:
        """Write the intent down and send, once the device has time; False if it is proven that nothing happened."""
        for wait_s in (*BUSY_WAITS_S, None):
            await self._intend()
            try:
                answer = await self.bench.call(lambda: self.command.send(self.bench.devices[self.command.device]))
            except CommandRefused as err:
                is_worth_waiting = isinstance(err, Busy) and wait_s is not None
                self._write("not_taken" if is_worth_waiting else "failed", why=str(err))
                if not is_worth_waiting:
                    raise
                await self.bench.sleep(wait_s or 0.0)
            except DeviceError as err:
                self._write("in_doubt", durable=True, why=str(err))
                return await self._settle() is not Outcome.NOT_DONE
            else:
                self._is_accepted, self._ticket = True, answer if isinstance(answer, int) else None
                self._write("accepted", ticket=self._ticket)
                return True
        raise AssertionError

    async def _intend(self) -> None:
        """See how the device stands before, and write down what it will be told."""
        device, verb = self.command.device, self.command.verb
        state: State = await self.bench.read(device)
        if has_lost_home(self.command, state):
            raise self._failure(state, f"{verb} was not sent: it has lost its home")
        self._before, self._ticket = evidence(state), None
        self.bench.note_count(device, self._before.get("ticket"), is_homing=verb == "start_homing")
        self._write("intent", durable=True, verb=verb, arguments=self.command.arguments, before=self._before)

    async def take_up(self, past: Past) -> bool:
        """Settle what an earlier engine left open; False if it is proven not done and may be sent."""
        self._before, self._ticket, self._is_accepted = past.before, past.ticket, past.accepted
        if not past.accepted:
            self._write("in_doubt", durable=True, why="the engine stopped between intent and answer")
            if await self._settle() is Outcome.NOT_DONE:
                return False
        return await self._complete()

    async def _settle(self) -> Outcome:
        """Ask the device whether the command happened."""
        by = "asking the device"
        if self.command.verb == "load_programme":  # harmless, and reads the words back
            outcome, state, by = Outcome.NOT_DONE, None, "writing it again"
        else:
            try:
                state = await self.bench.read(self.command.device)
            except (ReplyLost, NotReachable) as err:
                raise InDoubt(self.command.device, f"{self.command.verb} may have been carried out: {err}") from err
            outcome = judge(self.command, self._before, state, self._ticket, 0.0)
        shown = {} if state is None else evidence(state)
        self._write("resolved", durable=True, outcome=outcome.value, by=by, shows=shown)
        if state is not None and has_lost_home(self.command, state):
            raise self._failure(state, f"{self.command.verb} may have been carried out: it has lost its home")
        if outcome in (Outcome.UNKNOWN, Outcome.FAULT):
            raise InDoubt(self.command.device, f"{self.command.verb} may have been carried out; it shows {shown}")
        return outcome

    async def _complete(self) -> bool:
        """Watch until the device is there; False if its answer was lost and it stands still having done nothing, or a part
        of a way that may be gone again.
        """
        if self.command.verb == "load_programme":
            self._write("done")
            return True
        clock = self.bench.clock
        start_s = clock.now_s()
        late_s: float | None = (self.command.expected_s + self.command.within_s) / 2
        await self.bench.sleep(min(self.command.expected_s, self.command.look_s))
        while True:
            state: State = await self.bench.read(self.command.device)
            elapsed_s = clock.now_s() - start_s
            outcome = judge(self.command, self._before, state, self._ticket, elapsed_s)
            if outcome is Outcome.DONE:
                self._write("done")
                return True
            if outcome is Outcome.NOT_DONE and not self._is_accepted:
                self._write("resolved", durable=True, outcome=outcome.value, by="watching it", shows=evidence(state))
                return False
            if outcome is not Outcome.UNDER_WAY or elapsed_s > self.command.within_s:
                why = f"{self.command.verb}: {outcome.value} after {elapsed_s:.0f} s, {_trouble(state)}"
                raise self._failure(state, why)
            if late_s is not None and elapsed_s > late_s:
                what = f"{self.command.device} is late: {self.command.verb} takes {elapsed_s:.0f} s by now"
                self._write("late", what=f"{what}, {self.command.expected_s:.0f} s were expected")
                late_s = None
            await self.bench.sleep(min(max(self.command.expected_s - elapsed_s, POLL_S), self.command.look_s))

    def _failure(self, state: State, why: str) -> NotCompleted:
        """Write down that it failed; say what that means."""
        self._write("failed", durable=True, why=why)
        kind = VolumeUnknown if has_lost_home(self.command, state) else NotCompleted
        return kind(self.command.device, why)

    def _write(self, kind: str, *, durable: bool = False, **data: Any) -> None:
        self.bench.journal.write(kind, durable=durable, command=self._number, **self._labels, **data)


def _trouble(state: State) -> str:
    """A device's own word for what is wrong, else where it stands."""
    alarms = getattr(state, "alarms", ()) or [fault for fault in (getattr(state, "fault", None),) if fault]
    return f"it reports {', '.join(alarms)}" if alarms else f"it shows {evidence(state)}"
