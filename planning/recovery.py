"""What to do when a task fails: by the first rule that fits, is safe here, and is not used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.rules import AGAIN, DEFAULTS, SHARED, Act, Rule, choices
from planning.troubles import Trouble

Used = Mapping[str, int]
"""How often each rule, by its words, has decided that a task is done again."""


@dataclass(frozen=True)
class Decision:
    """What happens next, and which rule says so."""

    act: Act
    rule: str
    wait_s: float = 0.0
    time_out_s: float | None = None
    if_silent: Act = Act.STOP


def decide(trouble: Trouble, rules: Sequence[Rule], used: Used) -> Decision:
    """Choose what to do; `rules` come before the built-in ones.

    >>> from planning.words import Kind
    >>> decide(Trouble(Kind.DOSE_SHORT, "dose_powder", is_repeatable=True), [], {}).act.value
    'dose the rest'
    >>> decide(Trouble(Kind.DOSE_SHORT, "dose_powder", is_repeatable=True), [], {"dose short: dose the rest": 2}).act.value
    'set aside'
    """
    for rule in (*rules, *DEFAULTS):
        if rule.fits(trouble) and _is_safe(rule.do, trouble) and not _is_used_up(rule, used):
            time_out_s = None if rule.time_out_min is None else 60 * rule.time_out_min
            if_silent = rule.if_silent if _is_safe(rule.if_silent, trouble) else Act.STOP
            return Decision(rule.do, str(rule), rule.wait_s, time_out_s, if_silent)
    raise AssertionError("the last built-in rule fits every trouble")


def options(trouble: Trouble) -> list[Act]:
    """What a person may choose, the most cautious first."""
    return [act for act in reversed(Act) if act in choices(trouble.kind) and _is_safe(act, trouble)]


def _is_safe(act: Act, trouble: Trouble) -> bool:
    """Is nothing done twice, and nothing begun with an arm or a pipette that may hold something?"""
    if act in AGAIN:
        return trouble.is_repeatable
    return act is not Act.SET_ASIDE or trouble.skill not in SHARED or trouble.is_untouched


def _is_used_up(rule: Rule, used: Used) -> bool:
    return rule.do in AGAIN and used.get(str(rule), 0) >= rule.times
