"""One front for pages, the REST interface and third parties: what can be seen of runs, and what can be done."""

from collections.abc import Sequence
from pathlib import Path

from console.orders import give
from console.service import showing
from console.service.access.roles import Caller
from console.service.runs import NotThere, Runs
from console.service.stopping import Stopped, stop
from console.service.views import Bench, Curve, JournalPage, Look, Run, RunBrief, Timeline, Waiting
from planning.questions import FolderInbox


class Service:
    """What pages and programs ask. All of it may be called from any thread; reading takes milliseconds once a run is open."""

    def __init__(self, runs: Path) -> None:
        self.runs = Runs(runs)

    # --- what can be seen

    def briefs(self) -> list[RunBrief]:
        """All runs, the newest first."""
        return self.runs.briefs()

    def run(self, name: str) -> Run:
        """A run with its samples."""
        with self.runs.record(name) as (record, now_s):
            slots, _ = showing.plan(record, now_s)
            return Run(
                brief=self.runs.following(name).brief(), at_work=list(record.tally.at_work), late=record.tally.lateness,
                seed=record.setup.seed, speed=record.setup.speed, samples=showing.samples(record, slots),
                alarms=showing.alarms(record),
            )  # fmt: skip

    def bench(self, name: str) -> Bench:
        """Every device of a run, and where its vessels are."""
        with self.runs.record(name) as (record, now_s):
            return showing.bench(record, now_s)

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

    # --- what can be done

    def stop(self, name: str, caller: Caller) -> Stopped:
        """Make a run's bench safe at once, and say what came of it."""
        caller.require("stop")
        return stop(self.runs.path(name), str(caller))

    def stop_all(self, caller: Caller) -> list[Stopped]:
        """The same for every run that goes on."""
        return [self.stop(name, caller) for name in self.runs.live()]

    def pause(self, name: str, caller: Caller) -> None:
        """Let a run begin no further task."""
        caller.require("pause")
        give(self.runs.path(name), "pause", by=str(caller))

    def go_on(self, name: str, caller: Caller) -> None:
        """Let a paused run go on."""
        caller.require("continue")
        give(self.runs.path(name), "continue", by=str(caller))

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
