"""Who is told of what while a run goes on: by a web address, by e-mail, on this desktop, or by a program."""

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
    APPROVAL = "approval"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


URGENT = [Occasion.QUESTION, Occasion.APPROVAL, Occasion.REMINDER, Occasion.STOPPED, Occasion.FINISHED]
MAIL_PORT = 587
PRIVATE_MAIL_PORT = 465


class Notice(Strict):
    """One receiver. Secrets stay out of the file: name the environment variables that hold them."""

    webhook: str = Field(default="", description="where to POST JSON: https, or http on this computer")
    webhook_from: str = Field(default="", description="the environment variable that holds such an address")
    token_from: str = Field(default="", description="the environment variable that holds a bearer token")
    command: list[str] = Field(default=[], description="a program with its arguments; it reads JSON from its input")
    email: Annotated[list[str], OneOrMany] = Field(default=[], description="to whom mail is sent, by `smtp`")
    smtp: str = Field(default="", description="the mail server, such as mail.example.org:587; it must offer TLS")
    sender: str = Field(default="", description="from whom mail comes")
    user_from: str = Field(default="", description="the environment variable that holds the account at the mail server")
    password_from: str = Field(default="", description="the environment variable that holds its password")
    desktop: bool = Field(default=False, description="show it on this computer's desktop, by notify-send")
    of: Annotated[list[Occasion], OneOrMany] = Field(default=URGENT, min_length=1)
    rehearsals: bool = Field(default=False, description="tell of simulated runs too")

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        ways = [name for name in ("webhook", "webhook_from", "command", "email", "desktop") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError("say one of webhook, webhook_from, command, email and desktop")
        if not bool(self.email) == bool(self.smtp) == bool(self.sender):
            raise ValueError("e-mail needs `email`, `smtp` and `sender`, and nothing else does")
        if bool(self.user_from) != bool(self.password_from) or (self.user_from and not self.email):
            raise ValueError("user_from and password_from belong together, and to email")
        if self.webhook:
            require_private(self.webhook)
        if self.token_from and not (self.webhook or self.webhook_from):
            raise ValueError("token_from belongs to a webhook")
        return self

    def missing(self, environment: Mapping[str, str] = os.environ) -> list[str]:
        """The environment variables that it needs and that are not there."""
        wanted = (self.webhook_from, self.token_from, self.user_from, self.password_from)
        return [name for name in wanted if name and not environment.get(name)]

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
    def mail_server(self) -> tuple[str, int]:
        """Host and port of the mail server.

        >>> Notice(email=["ada@example.org"], smtp="mail.example.org", sender="bench@example.org").mail_server
        ('mail.example.org', 587)
        """
        parts = urlsplit(f"//{self.smtp}")
        return str(parts.hostname), parts.port or MAIL_PORT

    @property
    def token(self) -> str:
        """What to show there; a secret."""
        return os.environ.get(self.token_from, "")

    def __str__(self) -> str:
        """Who is told, without anything that may be secret."""
        if self.email or self.desktop:
            return ", ".join(self.email) or "the desktop"
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
        case "proposed":
            count = len(data["suggestions"])
            return Occasion.APPROVAL, f"{count} suggestion{'s wait' if count > 1 else ' waits'} for approval"
        case "ordered" if data["verb"] == "pause":
            return Occasion.PAUSED, f"paused by {data['by']}"
        case "run_finished" if data["complete"]:
            return Occasion.FINISHED, data["why"]
        case "run_finished":
            return Occasion.STOPPED, data["why"]
    return None
