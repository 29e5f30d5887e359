"""What fails on an A-Lab-like bench, how often, and what is done about it: by a person, or by rules of recovery.

The kinds of failure are those that AlabOS's open task code knows (CederGroupHub/alabos, examples/alab_example); it asks
a person at 43 places in ten tasks. All rates, chances and times are assumed: nobody has published any.
"""

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np

from planning.recovery import decide
from planning.rules import Act, Rule
from planning.troubles import Trouble
from planning.words import Kind

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0
MORNING_S = 9 * HOUR_S
"""The clock when a replay begins."""
NIGHT_S = (23 * HOUR_S, 7 * HOUR_S)
"""Eight hours in which nobody answers."""
RESPONSE_S = (10 * MINUTE_S, 30 * MINUTE_S)
"""How long a person takes by day, to come and to mend it."""

Stuck = Literal["everything", "sample", "machine"]
"""What must wait for a person: all that the task keeps busy; its sample alone; the furnace with what is in it."""


@dataclass(frozen=True)
class Failure:
    """One kind of failure of some steps, as it is judged by the rules of recovery.

    `rate` is the chance per task (for doors: per batch), `again` the chance that another try fails, too, and `again_s`
    what another try takes. `stuck` holds for our way; AlabOS's tasks keep all they have until they are answered.
    """

    name: str
    steps: tuple[str, ...]
    rate: float
    again: float
    again_s: float
    kind: Kind
    skill: str
    device: str
    stuck: Stuck = "everything"


FAILURES = (
    Failure("capping fails", ("dose",), 0.010, 0.3, 60.0, Kind.FAULT, "dose_powder", "capper"),
    Failure("dosing controller times out", ("dose",), 0.010, 0.3, 300.0, Kind.DOSE_SHORT, "dose_powder", "doser"),
    Failure("dispenser empty", ("dose",), 0.005, 1.0, 120.0, Kind.REFUSED, "dose_powder", "dispenser", "sample"),
    Failure("decapping fails", ("recover",), 0.010, 0.3, 60.0, Kind.FAULT, "dose_powder", "capper"),
    Failure("balance never settles", ("recover",), 0.005, 0.3, 30.0, Kind.NOT_COMPLETED, "weigh", "balance"),
    Failure("sieve clogs", ("mount",), 0.020, 0.5, 120.0, Kind.WRONG_MASS, "dose_powder", "sieve"),
    Failure("no clean holder", ("mount",), 0.003, 1.0, 60.0, Kind.REFUSED, "carry", "holders"),
    Failure("diffraction job refused", ("scan",), 0.005, 0.2, 60.0, Kind.REFUSED, "diffract", "diffractometer"),
    Failure("QR code unreadable", ("end",), 0.010, 0.5, 30.0, Kind.LOOKED_DOUBTFUL, "look", "reader"),
    Failure("door fails", ("load", "unload"), 0.010, 0.3, 30.0, Kind.FAULT, "heat", "door", "machine"),
    Failure("tube furnace silent", ("fire",), 0.010, 0.2, 30.0, Kind.NO_ANSWER, "heat", "tube_furnace"),
    Failure("arm's protective stop", ("fetch", "load", "unload"), 0.001, 1.0, 60.0, Kind.FAULT, "carry", "furnace_arm"),
    Failure("arm's protective stop", ("recover", "mount", "end"), 0.003, 1.0, 60.0, Kind.FAULT, "carry", "second_arm"),
)  # fmt: skip

RULES = (
    Rule(when=[Kind.FAULT], device=["furnace_arm", "second_arm"], do=Act.ASK),
    Rule(when=[Kind.REFUSED], device=["dispenser", "holders"], do=Act.ASK),
    Rule(when=[Kind.FAULT], device=["capper"], do=Act.TRY_AGAIN, times=2, wait_s=30.0),
    Rule(when=[Kind.WRONG_MASS], device=["sieve"], do=Act.TRY_AGAIN, times=1),
    Rule(when=[Kind.NOT_COMPLETED], device=["balance"], do=Act.TRY_AGAIN, times=3, wait_s=60.0),
    Rule(when=[Kind.REFUSED], device=["diffractometer"], do=Act.TRY_AGAIN, times=3, wait_s=120.0),
    Rule(when=[Kind.FAULT], device=["door"], do=Act.TRY_AGAIN, times=2, wait_s=60.0),
    Rule(when=[Kind.NO_ANSWER], device=["tube_furnace"], do=Act.TRY_AGAIN, times=5, wait_s=60.0),
    Rule(when=[Kind.LOOKED_DOUBTFUL], device=["reader"], do=Act.LOOK_AGAIN, times=2, wait_s=10.0),
    Rule(when=[Kind.FAULT, Kind.REFUSED, Kind.NO_ANSWER, Kind.NOT_COMPLETED, Kind.LOOKED_DOUBTFUL],
         device=["door", "diffractometer", "tube_furnace", "balance", "reader"], do=Act.ASK),
)  # fmt: skip
"""This bench's rules; the built-in ones follow: a dose that fell short is completed twice, then the sample is set aside."""


@dataclass(frozen=True)
class Answer:
    """What is done about a failure: try again after a wait, set the sample aside, or ask."""

    act: Literal["again", "aside", "ask"]
    wait_s: float = 0.0
    rule: str = ""


def by_person(failure: Failure, used: dict[str, int]) -> Answer:
    """AlabOS's way: whatever happens, a person is asked."""
    return Answer("ask")


def by_rules(failure: Failure, used: dict[str, int]) -> Answer:
    """Let the rules of recovery decide; `used` counts how often each has let the task be done again."""
    decision = decide(Trouble(failure.kind, failure.skill, failure.device, is_repeatable=True), RULES, used)
    if decision.act is Act.SET_ASIDE:
        return Answer("aside")
    return Answer("ask") if decision.act in (Act.ASK, Act.STOP) else Answer("again", decision.wait_s, decision.rule)


@dataclass(frozen=True)
class Chance:
    """All that is drawn, each number by its own name: whatever is done in which order, the same task meets the same."""

    seed: int
    rate_factor: float = 1.0

    def stream(self, *words: str) -> np.random.Generator:
        """Random numbers of one name."""
        return np.random.default_rng((self.seed, crc32("/".join(words).encode())))

    def duration_factor(self, operation: str, spread_fraction: float) -> float:
        """How much longer a task takes than expected; lognormal, of median 1."""
        return float(np.exp(spread_fraction * self.stream(operation, "duration").standard_normal()))

    def strikes(self, operation: str) -> list[Failure]:
        """Which failures a task meets when it is done for the first time."""
        step = operation.rpartition(".")[2]
        here = [failure for failure in FAILURES if step in failure.steps]
        drawn = self.stream(operation, "failures").random(len(here))
        return [failure for failure, value in zip(here, drawn, strict=True) if value < failure.rate * self.rate_factor]

    def fails_again(self, operation: str, failure: Failure, attempt: int) -> bool:
        """Does another try fail, too?"""
        return bool(self.stream(operation, failure.name, str(attempt)).random() < failure.again)

    def answered_s(self, operation: str, failure: Failure, asked_s: float) -> float:
        """When a person who is asked now has mended it; at night nobody hears."""
        response_s = float(self.stream(operation, failure.name, "response").uniform(*RESPONSE_S))
        return awake_s(asked_s) + response_s


def is_night(time_s: float) -> bool:
    """Is it between eleven at night and seven in the morning?

    >>> is_night(0.0), is_night(15 * 3600.0)
    (False, True)
    """
    of_day_s = (time_s + MORNING_S) % DAY_S
    return of_day_s >= NIGHT_S[0] or of_day_s < NIGHT_S[1]


def awake_s(time_s: float) -> float:
    """The first time from here on at which somebody is awake.

    >>> awake_s(3600.0), awake_s(15 * 3600.0) / 3600
    (3600.0, 22.0)
    """
    return time_s + (NIGHT_S[1] - time_s - MORNING_S) % DAY_S if is_night(time_s) else time_s
