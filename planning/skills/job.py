"""One task at work: what a skill may do and ask.

A skill names its commands in a fixed order; `Job.do` numbers them. After a crash the skill runs again from its
beginning, and the numbers tell which commands are done: those are not sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from planning.bench import Bench
from planning.commands import LOOK_S, Command
from planning.inventory import Inventory
from planning.questions import NOBODY, Inbox
from planning.task import Task
from robot.config import LabConfig
from robot.labware import Labware
from robot.settings import bears_silence_s
from vision.frame import Frame
from vision.state.trust import Trust
from vision.state.vessel import VesselState

LATE_FACTOR, LATE_S = 3.0, 20.0
"""A command fails when it takes three times as long as it should, and some seconds."""
LOOKS_BEFORE_IT_STOPS = 3
"""So often a device at work is looked at in the time after which its watchdog would stop it."""


class Eyes(Protocol):
    """Reads one vessel in a picture."""

    trust: Trust
    """What they can tell, and how sure they must be."""

    def look(self, frame: Frame, ware: Labware) -> VesselState:
        """Say what is there, with doubt."""


@dataclass
class Job:
    """One task at work. `begun_s` is when it began, `results` what its sample has brought so far, `attempt` how often it
    was begun before and did not come to its end.
    """

    task: Task
    bench: Bench
    lab: LabConfig
    inventory: Inventory
    eyes: Eyes | None
    begun_s: float = 0.0
    results: Mapping[str, Any] = field(default_factory=dict)
    inbox: Inbox = NOBODY
    attempt: int = 0
    commands: int = 0
    done_s: float | None = None
    """When its last command was done at the earliest, if nobody was there; None if we saw it, or it has none."""

    async def do(self, device: str, verb: str, expected_s: float = 0.0, **arguments: Any) -> None:
        """Carry out the task's next command."""
        look_s = min(LOOK_S, bears_silence_s(self.lab.devices[device]) / LOOKS_BEFORE_IT_STOPS)
        command = Command(device, verb, arguments, expected_s, LATE_FACTOR * expected_s + LATE_S, look_s)
        self.commands += 1
        self.done_s = await self.bench.do(command, self.task.id, self.commands)

    async def do_if(self, is_needed: bool, device: str, verb: str, expected_s: float = 0.0, **arguments: Any) -> None:
        """Carry out the task's next command, or leave it out; an earlier engine that came so far has decided that."""
        here, beyond = (self.bench.has_begun(self.task.id, self.commands + ahead) for ahead in (1, 2))
        if here or (is_needed and not beyond):
            await self.do(device, verb, expected_s, **arguments)
        else:
            self.commands += 1

    def next_is_begun(self) -> bool:
        """Did an earlier engine begin the command that comes next? Then what leads to it is over."""
        return self.bench.has_begun(self.task.id, self.commands + 1)

    def write(self, kind: str, **data: Any) -> None:
        """Write an event of this task."""
        self.bench.journal.write(kind, sample=",".join(self.task.samples), task=self.task.id, **data)

    async def rest_until(self, at_s: float) -> None:
        """Let time pass; none, if it has passed already while nobody was there."""
        await self.bench.sleep(max(at_s - self.bench.clock.now_s(), 0.0))
