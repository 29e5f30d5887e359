"""Roles, and which of them each action needs."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from planning.errors import Refused


class Role(IntEnum):
    """Who somebody is; a higher one may do all that a lower one may."""

    VIEWER = 1
    OPERATOR = 2
    OWNER = 3

    @property
    def word(self) -> str:
        """As people write it."""
        return self.name.lower()


Action = Literal[
    "look", "stop", "pause", "continue", "resume", "skip", "retry", "abort", "answer", "overrule", "approve", "hold",
    "edit", "add", "upload", "check", "dry run", "start simulated", "start real", "resume real",
]  # fmt: skip

NEEDS: dict[Action, Role] = {
    "look": Role.VIEWER,
    "stop": Role.VIEWER,
    "pause": Role.OPERATOR,
    "continue": Role.OPERATOR,
    "resume": Role.OPERATOR,
    "skip": Role.OPERATOR,
    "retry": Role.OPERATOR,
    "abort": Role.OPERATOR,
    "answer": Role.OPERATOR,
    "overrule": Role.OPERATOR,
    "approve": Role.OPERATOR,
    "hold": Role.OPERATOR,
    "edit": Role.OPERATOR,
    "add": Role.OPERATOR,
    "upload": Role.OPERATOR,
    "check": Role.OPERATOR,
    "dry run": Role.OPERATOR,
    "start simulated": Role.OPERATOR,
    "start real": Role.OWNER,
    "resume real": Role.OWNER,
}
"""Whoever can see a page can stop the bench; real devices begin to move on an owner's word alone."""


class NotAllowed(Refused):
    """This caller's role does not reach so far."""


@dataclass(frozen=True)
class Caller:
    """Who asks: by name, with what right, and from where."""

    name: str
    role: Role
    origin: str = ""

    def __str__(self) -> str:
        """For the record."""
        return f"{self.name} at {self.origin}" if self.origin else self.name

    def may(self, action: Action) -> bool:
        """Does the role reach so far?"""
        return self.role >= NEEDS[action]

    def require(self, action: Action) -> None:
        """Return if the role reaches so far; else raise NotAllowed."""
        if not self.may(action):
            needed = NEEDS[action].word
            raise NotAllowed(f"{self.name} is {self.role.word}, and to {action} needs {needed}", f"Ask an {needed}")
