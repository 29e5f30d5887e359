"""How a run stands, in one sentence that can be read from the door; and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from console.dashboard.words import duration
from console.service.views import Alarm, Run
from robot.clock import WallClock

Mood = Literal["good", "doubt", "bad", "still"]
SIGNS: dict[Mood, str] = {"good": "✓", "doubt": "!", "bad": "✗", "still": "–"}
DOUBTFUL = frozenset({"late", "hold_limit", "not_notified", "reply_lost", "not_looked"})
"""Alarms that somebody should look at; all others are trouble."""


@dataclass(frozen=True)
class Sentence:
    """How it stands, and what to do."""

    mood: Mood
    text: str
    advice: str = ""

    @property
    def sign(self) -> str:
        """The mood as a sign, for those who see no colours."""
        return SIGNS[self.mood]


def sentence(run: Run, ends_s: float, best: str) -> Sentence:
    """How a run stands; `ends_s` is the bench time at which it should end, `best` what it found so far."""
    brief = run.brief
    alarms = sorted([*run.alarms], key=mood_of)
    if brief.state in ("ended", "stopped", "died", "hangs", "unreadable"):
        return _over(run, best)
    if alarms and mood_of(alarms[0]) == "bad":
        return Sentence("bad", capital(alarms[0].what), f"{alarms[0].remedy}.")
    if brief.questions:
        several = "1 question waits" if brief.questions == 1 else f"{brief.questions} questions wait"
        return Sentence(
            "doubt", f"{several} for you · {_progress(run)}", "Answer on the page Runs; the other samples go on."
        )
    if brief.state == "paused":
        return Sentence(
            "doubt", f"Paused · {_progress(run)}", "What is at work comes to its end. Let it go on on the page Runs."
        )
    if alarms:
        return Sentence("doubt", capital(alarms[0].what), f"{alarms[0].remedy}.")
    if brief.proposals:
        return Sentence(
            "doubt",
            f"{brief.proposals} suggestions wait for your word · {_progress(run)}",
            "Approve, change or hold them on the page Campaign.",
        )
    return Sentence(
        "good", f"All is well · {_progress(run)}{_end(run, ends_s)}", f"Best so far: {best}" if best else ""
    )


def mood_of(alarm: Alarm) -> Mood:
    """Is an alarm trouble, or only something to look at?"""
    return "doubt" if alarm.kind in DOUBTFUL else "bad"


def capital(text: str) -> str:
    """Begin with a capital letter, as sentences do."""
    return text[:1].upper() + text[1:]


def _over(run: Run, best: str) -> Sentence:
    brief = run.brief
    name = f"athanor resume runs/{brief.name}"
    match brief.state:
        case "ended":
            return Sentence("good", f"Finished · {_progress(run)}", f"Best: {best}" if best else capital(brief.why))
        case "stopped":
            return Sentence("still", f"Stopped, and safe · {_progress(run)}", f"{capital(brief.why)}. To go on: {name}")
        case "hangs":
            return Sentence("bad", "The engine does not move", "Press Stop, look at the bench, then let the run go on.")
        case "died":
            return Sentence("bad", "The engine is gone; nobody watches the bench", f"Look at the bench, then: {name}")
    return Sentence("bad", "This run cannot be read", capital(brief.why))


def _progress(run: Run) -> str:
    aside = sum(sample.status == "set aside" for sample in run.samples)
    return f"{run.brief.ended} of {run.brief.of} samples" + (f", {aside} set aside" if aside else "")


def _end(run: Run, ends_s: float) -> str:
    """When it should end: by the wall's clock, as people count."""
    left_s = (ends_s - run.brief.now_s) / run.speed
    if left_s <= 0:
        return ""
    if run.brief.date is None:
        return f" · {duration(left_s)} of bench time to go"
    end = (WallClock().date().timestamp() + left_s) // 300 * 300
    return f" · ends about {_hour(end, left_s)}"


def _hour(at: float, left_s: float) -> str:
    from datetime import UTC, datetime

    date = datetime.fromtimestamp(at, UTC).astimezone()
    return f"{date:%a %H:%M}" if left_s > 12 * 3600 else f"{date:%H:%M}"
