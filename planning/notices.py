"""Who is told of what while a run goes on: a web address, or a program on this computer."""

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from robot.strict import OneOrMany, Strict

if TYPE_CHECKING:  # a check before a run loads no database
    from planning.journal import Event

LOCAL = ("localhost", "127.0.0.1", "::1")
"""Hosts to which words may go unencrypted."""


class Occasion(StrEnum):
    """What somebody may be told of."""

    QUESTION = "question"
    REMINDER = "reminder"
    SET_ASIDE = "set aside"
    LATE = "late"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


URGENT = [Occasion.QUESTION, Occasion.REMINDER, Occasion.STOPPED, Occasion.FINISHED]


class Notice(Strict):
    """One receiver. Secrets stay out of the file: name the environment variables that hold them."""

    webhook: str = Field(default="", description="where to POST JSON: https, or http on this computer")
    webhook_from: str = Field(default="", description="the environment variable that holds such an address")
    token_from: str = Field(default="", description="the environment variable that holds a bearer token")
    command: list[str] = Field(default=[], description="a program with its arguments; it reads JSON from its input")
    of: Annotated[list[Occasion], OneOrMany] = Field(default=URGENT, min_length=1)
    rehearsals: bool = Field(default=False, description="tell of simulated runs too")

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        ways = [name for name in ("webhook", "webhook_from", "command") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError("say one of webhook, webhook_from and command")
        if self.webhook:
            require_private(self.webhook)
        if self.token_from and self.command:
            raise ValueError("token_from belongs to a webhook")
        return self

    def missing(self, environment: Mapping[str, str] = os.environ) -> list[str]:
        """The environment variables that it needs and that are not there."""
        return [name for name in (self.webhook_from, self.token_from) if name and not environment.get(name)]

    @property
    def address(self) -> str:
        """Where to POST; it may hold a secret.

        Raises:
            ValueError: the variable is not set, or holds no such address.
        """
        address = self.webhook or os.environ.get(self.webhook_from, "")
        require_private(address)
        return address

    @property
    def token(self) -> str:
        """What to show there; a secret."""
        return os.environ.get(self.token_from, "")

    def __str__(self) -> str:
        """Who is told, without anything that may be secret."""
        return self.command[0] if self.command else self.webhook_from or str(urlsplit(self.webhook).hostname)


def require_private(address: str) -> None:
    """Raise ValueError unless words to this address cannot be read on the way."""
    parts = urlsplit(address)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if not (is_private and parts.hostname):
        raise ValueError("a webhook's address begins with https://, or on this computer with http://localhost")


def occasion_of(event: "Event") -> tuple[Occasion, str] | None:
    """What an event is to those who are told, with a sentence; None if nothing."""
    data: Mapping[str, Any] = event.data
    match event.kind:
        case "asked":
            return Occasion.QUESTION, data["question"]
        case "reminded":
            return Occasion.REMINDER, f"waiting for {data['waits_min']} min: {data['question']}"
        case "set_aside":
            return Occasion.SET_ASIDE, f"{event.sample} was set aside: {data['why']}"
        case "late" | "heats_unasked":
            return Occasion.LATE, data["what"]
        case "ordered" if data["verb"] == "pause":
            return Occasion.PAUSED, f"paused by {data['by']}"
        case "run_finished" if data["complete"]:
            return Occasion.FINISHED, data["why"]
        case "run_finished":
            return Occasion.STOPPED, data["why"]
    return None
