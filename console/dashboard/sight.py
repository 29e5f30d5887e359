"""One run as pages see it: asked of the service anew by each piece. What costs time is kept until something has changed."""

from collections.abc import Sequence
from pathlib import Path

from console.report.story import Story, read_story
from console.service import showing
from console.service.service import Service
from console.service.views import Bench, Curve, Look, Run, RunBrief, Timeline, Waiting
from planning.campaign import Chosen
from planning.errors import Refused
from planning.gate import Proposal
from planning.journal import Event
from planning.schedule import Slot
from robot.files import FileProblem

Plan = tuple[list[Slot], str]
NOTHING_YET = "Begin one from the page Protocols, or in a terminal: athanor campaign run campaign.yaml --pace 30"
RECENT = 3000
"""Events among which a reader of lines may choose."""


class Sight:
    """One run. Raise Refused or FileProblem if it cannot be read."""

    def __init__(self, service: Service, name: str) -> None:
        self.service = service
        self._runs = runs = service.runs
        self.name = name
        self.path: Path = runs.path(name)
        with runs.record(name) as (record, _):
            self.lab, self.recipe, self.campaign = record.lab, record.recipe, record.campaign
            self.speed = record.setup.speed if record.setup.wires == "pty" else 1.0
        self.quantity = self.campaign.quantity if self.campaign else ""
        self.unit = self.campaign.goals()[0].unit if self.campaign else ""
        self._plan: tuple[int, Plan] = (-1, ([], ""))
        self._story: tuple[int, Story] | None = None

    @property
    def begin_s(self) -> float:
        """Bench time of the first event."""
        with self._runs.record(self.name) as (record, _):
            return record.events[0].time_s if record.events else 0.0

    def brief(self) -> RunBrief:
        """How it stands, in a line; its clock as it shows now."""
        with self._runs.record(self.name) as (_, now_s):
            return self._runs.following(self.name).brief().model_copy(update={"now_s": now_s})

    def run(self) -> Run:
        """How it stands, with its samples."""
        slots, _ = self._expected()
        brief = self.brief()
        with self._runs.record(self.name) as (record, _):
            return Run(
                brief=brief, at_work=list(record.tally.at_work), late=record.tally.lateness, seed=record.setup.seed,
                speed=self.speed, samples=showing.samples(record, slots), alarms=showing.alarms(record),
            )  # fmt: skip

    def bench(self) -> Bench:
        """Devices and vessels."""
        with self._runs.record(self.name) as (record, now_s):
            return showing.bench(record, now_s)

    def timeline(self) -> Timeline:
        """What was, is and should be at work."""
        plan = self._expected()
        with self._runs.record(self.name) as (record, now_s):
            return showing.timeline(record, now_s, *plan)

    def questions(self) -> list[Waiting]:
        """What waits for a person."""
        with self._runs.record(self.name) as (record, _):
            return list(record.questions())

    def looks(self) -> list[Look]:
        """What the cameras saw, the most doubtful first."""
        with self._runs.record(self.name) as (record, _):
            return showing.looks(record)

    def curves(self, device: str) -> list[Curve]:
        """What a device showed over time."""
        with self._runs.record(self.name) as (record, _):
            return showing.curves(record, device)

    def events(self) -> Sequence[Event]:
        """The last lines of the journal."""
        with self._runs.record(self.name) as (record, _):
            return record.events[-RECENT:]

    def proposals(self) -> dict[str, Proposal]:
        """The suggestions that nobody has consented to yet."""
        with self._runs.record(self.name) as (record, _):
            return dict(record.tally.gate.proposals)

    def best(self) -> tuple[str, float] | None:
        """The best sample of a campaign, and its figure."""
        with self._runs.record(self.name) as (record, _):
            found = record.source.best() if isinstance(record.source, Chosen) else None
        return (found[0].name, found[1]) if found else None

    def story(self) -> Story:
        """The run as its report tells it, as of the last sample that ended."""
        with self._runs.record(self.name) as (record, _):
            ended = len(record.tally.ended)
        if self._story is None or self._story[0] != ended:
            self._story = (ended, read_story(self.path))
        return self._story[1]

    def _expected(self) -> Plan:
        """How the run should go on, worked out anew only after something happened that bears on it."""
        with self._runs.record(self.name) as (record, now_s):
            if self._plan[0] != record.last_plan:
                self._plan = (record.last_plan, showing.plan(record, now_s))
        return self._plan[1]


class Sights:
    """The runs in a folder, for pages."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._known: dict[str, Sight] = {}

    def of(self, name: str) -> Sight | str:
        """A run; without a name the one that goes on, or else the newest. Why not, if it cannot be shown."""
        runs = self.service.runs
        name = name or next(iter([*runs.live(), *runs.names()]), "")
        if not name:
            return NOTHING_YET
        try:
            return self._known.get(name) or self._known.setdefault(name, Sight(self.service, name))
        except (Refused, FileProblem) as err:
            return str(err)
