"""One front for pages, the REST interface and third parties: what can be seen of runs, and what can be done."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from console.checking import is_campaign
from console.engine import conductor
from console.orders import give
from console.runfolder import RunFolder
from console.service import campaigning, showing
from console.service.access.audit import Audit
from console.service.access.roles import Action, Caller
from console.service.campaigning import CampaignView, Forecasts, Model, Next, Proposed
from console.service.launching import LOGS, Launcher, Start, Started
from console.service.library import UPLOADS, Checked, FileBrief, Library
from console.service.runs import NotThere, Runs
from console.service.stopping import Stopped, stop
from console.service.views import Bench, Curve, JournalPage, Look, Run, RunBrief, Timeline, Waiting
from planning.errors import Refused
from planning.questions import FolderInbox

STATE = ".dashboard"
"""What belongs to no run: uploads, logs of starts, the record of logins. Beside the runs."""


class Service:
    """What pages and programs ask. All of it may be called from any thread; reading takes milliseconds once a run is open."""

    def __init__(self, runs: Path, files: Path, audit: Audit | None = None) -> None:
        state = runs / STATE
        self.runs = Runs(runs)
        self.library = Library(files, state / UPLOADS)
        self.launcher = Launcher(runs, state / LOGS)
        self.audit = audit or Audit()
        self._forecasts = Forecasts()

    # --- what can be seen

    def briefs(self) -> list[RunBrief]:
        """All runs, the newest first."""
        return self.runs.briefs()

    def is_live(self, name: str) -> bool:
        """Does an engine conduct this run just now?"""
        return conductor(self.runs.path(name)) is not None

    def run(self, name: str) -> Run:
        """A run with its samples."""
        with self.runs.record(name) as (record, now_s):
            slots, _ = showing.plan(record, now_s)
            return Run(
                brief=self.runs.following(name).brief(), at_work=list(record.tally.at_work), late=record.tally.lateness,
                seed=record.setup.seed, speed=record.setup.speed, samples=showing.samples(record, slots),
                alarms=showing.alarms(record),
            )  # fmt: skip

    def bench(self, name: str, until: int = 0) -> Bench:
        """Every device of a run, and where its vessels are; or were, at the event of this number."""
        with self.runs.record(name) as (record, now_s):
            return showing.bench(record, now_s) if not until else showing.bench_then(record, until)

    def timeline(self, name: str) -> Timeline:
        """What was, is and should be at work."""
        with self.runs.record(name) as (record, now_s):
            return showing.timeline(record, now_s, *showing.plan(record, now_s))

    def questions(self, name: str) -> list[Waiting]:
        """The questions that wait for a person."""
        with self.runs.record(name) as (record, _):
            return list(record.questions())

    def journal(
        self, name: str, after: int = 0, limit: int = 200, kinds: Sequence[str] = (), sample: str = "",
        device: str = "", text: str = "", newest: bool = False,
    ) -> JournalPage:  # fmt: skip
        """Lines of a run's journal."""
        with self.runs.record(name) as (record, _):
            return showing.journal(record, after, limit, kinds, sample, device, text, newest)

    def curves(self, name: str, device: str = "", quantity: str = "", after_s: float = 0.0) -> list[Curve]:
        """What devices showed over time."""
        with self.runs.record(name) as (record, _):
            return showing.curves(record, device, quantity, after_s)

    def looks(self, name: str, answer: str = "", least_doubt: float = 0.0, sample: str = "") -> list[Look]:
        """What the cameras saw, the most doubtful first."""
        with self.runs.record(name) as (record, _):
            return showing.looks(record, answer, least_doubt, sample)

    def report(self, name: str) -> str:
        """The run's report as a page, as it would be written now."""
        from console.report.page import render
        from console.report.story import read_story

        return render(read_story(self.runs.path(name)))

    # --- campaigns

    def campaign(self, name: str) -> CampaignView:
        """A campaign and how far it is."""
        with self.runs.record(name) as (record, now_s):
            return campaigning.campaign(record, now_s)

    def proposals(self, name: str) -> list[Proposed]:
        """The suggestions that wait for consent."""
        with self.runs.record(name) as (record, _):
            return campaigning.proposals(record)

    def next(self, name: str) -> Next:
        """What the designer would propose now, and whether it advises to stop. May take a second; then it is kept."""
        with self.runs.record(name) as (record, _):
            basis = campaigning.basis(record)
        return self._forecasts.next(name, basis)

    def model(self, name: str) -> Model:
        """What the model believes on the plane that matters most. May take a second; then it is kept."""
        with self.runs.record(name) as (record, _):
            basis = campaigning.basis(record)
        return self._forecasts.model(name, basis)

    def approve(self, name: str, suggestion: str, caller: Caller) -> None:
        """Let a suggestion begin."""
        caller.require("approve")
        give(self.runs.path(name), "approve", by=str(caller), suggestion=suggestion)

    def hold(self, name: str, suggestion: str, caller: Caller) -> None:
        """Keep a suggestion aside."""
        caller.require("hold")
        give(self.runs.path(name), "hold", by=str(caller), suggestion=suggestion)

    def edit(self, name: str, suggestion: str, values: Mapping[str, Any], caller: Caller) -> None:
        """Change a suggestion's parameters; raise Refused if the campaign may not try these."""
        caller.require("edit")
        self._require_possible(name, values)
        give(self.runs.path(name), "edit", by=str(caller), suggestion=suggestion, values=dict(values))

    def add(self, name: str, values: Mapping[str, Any], caller: Caller) -> None:
        """Add a sample; raise Refused if the campaign may not try these parameters."""
        caller.require("add")
        self._require_possible(name, values)
        give(self.runs.path(name), "add", by=str(caller), values=dict(values))

    def _require_possible(self, name: str, values: Mapping[str, Any]) -> None:
        with self.runs.record(name) as (record, _):
            record.source.require_possible(values)

    # --- files

    def upload(self, name: str, content: bytes, caller: Caller) -> FileBrief:
        """Keep a protocol under a tidy name."""
        caller.require("upload")
        kept = self.library.put(name, content)
        self.audit.note("upload", caller.name, caller.origin, file=kept.name)
        return kept

    def check(self, file: str, lab: str, samples: int | None, values: Mapping[str, Any], caller: Caller) -> Checked:
        """The verdict on a file, with findings, timetable and a sentence for each step."""
        caller.require("check")
        return self.library.check(file, lab, samples, values)

    def start(self, wanted: Start, caller: Caller) -> Started:
        """Begin a run in a process of its own."""
        actions: dict[str, Action] = {
            "rehearsal": "dry run", "simulated": "start simulated", "real": "start real"
        }  # fmt: skip
        caller.require(actions[wanted.mode])
        file = self.library.path(wanted.file, "protocol", "campaign")
        lab = None if is_campaign(file) else self.library.path(wanted.lab, "lab")
        name = self.launcher.start(wanted, file, lab)
        self.audit.note("start", caller.name, caller.origin, run=name, file=wanted.file, mode=wanted.mode)
        return self.launcher.started(name)

    # --- what can be done

    def stop(self, name: str, caller: Caller) -> Stopped:
        """Make a run's bench safe at once, and say what came of it."""
        caller.require("stop")
        return stop(self.runs.path(name), str(caller))

    def stop_all(self, caller: Caller) -> list[Stopped]:
        """The same for every run that goes on, all at the same time."""
        caller.require("stop")
        names = self.runs.live()
        with ThreadPoolExecutor(max(len(names), 1)) as pool:
            return list(pool.map(lambda name: self._stopped(name, caller), names))

    def _stopped(self, name: str, caller: Caller) -> Stopped:
        """Stop a run; that one cannot be stopped keeps no other from being stopped."""
        try:
            return self.stop(name, caller)
        except Refused as err:
            return Stopped(run=name, was_confirmed=False, made_safe=[], troubles={}, took_s=0.0, text=str(err))

    def pause(self, name: str, caller: Caller) -> None:
        """Let a run begin no further task."""
        caller.require("pause")
        give(self.runs.path(name), "pause", by=str(caller))

    def go_on(self, name: str, caller: Caller) -> None:
        """Let a paused run go on."""
        caller.require("continue")
        give(self.runs.path(name), "continue", by=str(caller))

    def resume(self, name: str, caller: Caller, *, bench_is_clear: bool = False) -> str:
        """Let a paused run go on; take up one that was stopped or died. Returns which of both it was.

        Raises:
            Refused: it goes on already, or real devices would move and nobody has looked at the bench.
        """
        caller.require("resume")
        if self.is_live(name):
            if self.runs.following(name).brief().state != "paused":
                raise Refused(f"{name} goes on already", "Look at it")
            self.go_on(name, caller)
            return "goes on"
        path = self.runs.path(name)
        if RunFolder(path).setup.wires == "real":
            caller.require("resume real")
        if self.runs.following(name).brief().state == "ended":
            raise Refused(f"{name} has ended", "Begin another run")
        self.audit.note("resume", caller.name, caller.origin, run=name)
        self.launcher.resume(path, bench_is_clear=bench_is_clear)
        return "resumed"

    def skip(self, name: str, sample: str, caller: Caller) -> None:
        """Set a sample aside as soon as nothing is at work on it."""
        caller.require("skip")
        give(self.runs.path(name), "skip", sample, by=str(caller))

    def retry(self, name: str, sample: str, caller: Caller) -> None:
        """Let what stopped a run be done again when it is resumed."""
        caller.require("retry")
        give(self.runs.path(name), "retry", sample, by=str(caller))

    def abort(self, name: str, caller: Caller, sample: str = "") -> None:
        """Break off what is done for one sample, or the whole run."""
        caller.require("abort")
        give(self.runs.path(name), "abort", sample, by=str(caller))

    def answer(self, name: str, question: str, answer: str, caller: Caller) -> None:
        """Answer a question that waits."""
        caller.require("answer")
        with self.runs.record(name) as (record, _):
            waiting = record.tally.questions.get(question)
        if waiting is None:
            raise NotThere(f"no question is called {question!r}", "It may have been answered by now")
        FolderInbox(self.runs.path(name)).put(waiting, answer, str(caller))

    def overrule(self, name: str, look: int, answer: str, caller: Caller) -> None:
        """Say what a look truly shows: it is kept in the journal, and goes into the pictures to learn from."""
        caller.require("overrule")
        with self.runs.record(name) as (record, _):
            if look not in record.looks.looks:
                raise NotThere(f"no look is event {look}", "Take its number from the looks of the run")
        give(self.runs.path(name), "overrule", by=str(caller), look=look, answer=answer)
