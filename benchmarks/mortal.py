"""An engine that dies everywhere: at each point of a run the process is split, and in one half the engine is gone.

What a `kill -9` leaves is the journal as it is on the disk, and the bench as it stands. `os.fork` makes that moment as
often as one likes: the new half keeps the simulated bench, throws the engine away with all that it knew, copies the
folder with the journal's bytes, lets the bench go on for a while, and resumes. The other half runs on to the next point.

A point is where the journal or the bench is no longer what it was at the point before: after each event, and after each
write that a device acts on, before its reply is read.
"""

import os
import pickle
import shutil
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from dataclasses import dataclass

from endings import Ending, ending_of

from console.compose import Conducted, conduct, conduct_on, source_of
from console.engine import Claim
from console.far_side import Far
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from planning.bench import call_inline
from planning.errors import Refused
from planning.inventory import Inventory
from planning.journal import Event, Reading
from robot.config import LabConfig
from robot.device_settings import DeviceSettings, OpenCvCameraSettings
from robot.fleet import open_fleet
from robot.wire.base import Port
from robot.wire.video import VideoSource

AFTER_EVENT, BEFORE_REPLY = "after an event", "between write and reply"


@dataclass(frozen=True)
class Point:
    """Where an engine died: what kind of moment, at which event or command, and for how long nobody was there."""

    number: int
    kind: str
    at: str
    gap_s: float


class LivingBench:
    """A simulated bench that outlives engines. It tells `written` of each write, before the reply is read."""

    def __init__(self, lab: LabConfig, setup: Setup, written: Callable[[], object]) -> None:
        self.clock = VirtualClock()
        self.laboratory = Laboratory(lab, self.clock, setup.seed, truth=setup.truth)
        self._written = written

    @property
    def acts(self) -> int:
        """How many acting commands its devices have received."""
        return sum(sum(counts.values()) for counts in self.laboratory.counts().values())

    @contextmanager
    def far_side(self, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Iterator[Far]:
        """New wires to the bench, whatever has become of it."""
        with open_fleet(lab, self._line) as fleet:
            yield Far(fleet, self.clock, call_inline, {"loop_factory": self.clock.new_event_loop}, setup)

    def _line(self, name: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        if isinstance(settings, OpenCvCameraSettings):
            return self.laboratory.video(name)
        return WatchedPort(self.laboratory.port(name, channel), self._written)


class WatchedPort:
    """A port that tells of each write."""

    def __init__(self, port: Port, written: Callable[[], object]) -> None:
        self._port, self._written = port, written
        self.read, self.discard_input, self.close = port.read, port.discard_input, port.close

    def write(self, data: bytes) -> None:
        """Send, and say so."""
        self._port.write(data)
        self._written()


class OtherWorlds:
    """Halves that this process was split into, each with work of its own."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._begun: deque[tuple[int, int, Callable[[Ending], object]]] = deque()

    def begin(self, work: Callable[[], Ending], told: Callable[[Ending], object]) -> None:
        """Do work in a half that ends with it, while this one goes on; `told` hears of it. A defect there is an ending, too."""
        while len(self._begun) >= self._at_once:
            self._await_first()
        ours, its = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(its, "wb") as pipe:
                try:
                    ending = Context().run(work)  # where no event loop runs yet
                except BaseException:
                    ending = Ending(stopped=traceback.format_exc())
                pickle.dump(ending, pipe)
            os._exit(0)
        os.close(its)
        self._begun.append((child, ours, told))

    def await_all(self) -> None:
        """Wait for what was begun."""
        while self._begun:
            self._await_first()

    def _await_first(self) -> None:
        child, ours, told = self._begun.popleft()
        with os.fdopen(ours, "rb") as pipe:
            told(pickle.load(pipe))
        os.waitpid(child, 0)


class Mortal:
    """Conducts a run whose engine dies at its points, each time in a world of its own.

    Args:
        folder: a run that was not begun.
        dies_at: at which points, by number from 1.
        gaps_s: how long nobody is there then, in turn.
        told: hears of each death what became of the run.
        at_once: how many processes may live beside this one.
    """

    def __init__(
        self, folder: RunFolder, dies_at: Callable[[int], bool], gaps_s: tuple[float, ...] = (0.0,),
        told: Callable[[Point, Ending], object] = lambda point, ending: None, at_once: int = 1,
    ) -> None:  # fmt: skip
        self.passed: list[tuple[str, str]] = []
        """The points so far: what kind of moment, at which event or command."""
        self._folder = folder
        self._dies_at = dies_at
        self._gaps_s = gaps_s
        self._told = told
        self._worlds = OtherWorlds(at_once)
        self._lab = LabConfig.load(folder.lab)
        self._bench = LivingBench(self._lab, folder.setup, self._written)
        self._sending = ""
        """The command that is being sent."""
        self._acts = 0
        """What the bench had done when a command, or a part of it, was about to be sent."""

    def run(self) -> Ending:
        """Conduct it to its end, dying on the way; return how it ends undisturbed."""
        setup = self._folder.setup
        with self._bench.far_side(self._folder, self._lab, setup, None) as far:
            far.fleet.connect_all()
            source = source_of(self._folder, self._lab, setup)
            run = conduct_on(far, self._folder, source, Inventory(self._lab), self, Claim())
        self._worlds.await_all()
        return ending_of(self._folder, self._bench.laboratory, run.executor.stopped_because)

    def event(self, event: Event) -> None:
        """Die after it."""
        self._sending = f"{event.device}.{event.data['verb']}" if event.kind == "intent" else ""
        self._acts = self._bench.acts if self._sending else 0
        self._die(AFTER_EVENT, event.kind)

    def reading(self, reading: Reading) -> None:
        """Nobody dies of a reading."""

    def showing(self, run: Conducted) -> AbstractContextManager[object]:
        """Show nothing."""
        return nullcontext()

    def _written(self) -> None:
        """Die before the reply to what a device acted on; what only asks changes nothing."""
        if self._sending:
            acts, self._acts = self._acts, self._bench.acts
            if acts < self._acts:
                self._die(BEFORE_REPLY, self._sending)

    def _die(self, kind: str, at: str) -> None:
        self.passed.append((kind, at))
        number = len(self.passed)
        if not self._dies_at(number):
            return
        point = Point(number, kind, at, self._gaps_s[number % len(self._gaps_s)])
        folder = RunFolder(self._folder.path.with_name(f"after-{number}"))
        shutil.copytree(self._folder.path, folder.path)
        self._worlds.begin(lambda: self._gone_on(point, folder), lambda ending: self._told(point, ending))

    def _gone_on(self, point: Point, folder: RunFolder) -> Ending:
        """Resume what the dead engine left behind."""
        self._sending, self._dies_at = "", lambda number: False
        laboratory, clock = self._bench.laboratory, self._bench.clock
        laboratory.hang_up_all()
        clock.jump_to(clock.now_s() + point.gap_s)
        try:
            run = conduct(folder, folder.setup, Unwatched(), resume=True, opening=self._bench.far_side)
        except Refused as err:
            return ending_of(folder, laboratory, "" if "has ended" in str(err) else str(err))
        else:
            return ending_of(folder, laboratory, run.executor.stopped_because)
        finally:
            shutil.rmtree(folder.path)
