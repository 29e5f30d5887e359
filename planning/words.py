"""What tasks are called and what may befall them: the words of rules, known without knowing how tasks are done."""

from enum import StrEnum

SKILLS = frozenset({
    "carry", "dose", "dose_powder", "shake", "transfer_powder", "cast", "transfer", "mix", "wash", "heat", "warm", "stir",
    "cool", "look", "weigh", "measure", "diffract", "cap", "uncap", "wait", "ask", "decide",
})  # fmt: skip
"""Kinds of tasks, by the skill with which each is done."""


class Kind(StrEnum):
    """What an error says of the world, not where it came from."""

    GRIP_MISSED = "grip missed"
    MISSING = "missing"
    LOOKED_WRONG = "looked wrong"
    LOOKED_DOUBTFUL = "looked doubtful"
    WRONG_MASS = "wrong mass"
    NOT_TRUSTED = "not trusted"
    NEVER_HELD = "never held"
    UNANSWERED = "unanswered"
    IN_DOUBT = "in doubt"
    OUT_OF_CONTROL = "out of control"
    LOST_HOME = "lost home"
    NOT_KEPT = "not kept"
    DOSE_SHORT = "dose short"
    CAP_FAILED = "cap failed"
    NOT_COMPLETED = "not completed"
    BUSY = "busy"
    REFUSED = "refused"
    FAULT = "fault"
    NO_ANSWER = "no answer"
