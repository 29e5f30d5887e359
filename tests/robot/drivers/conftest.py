"""Wires on which a conversation is played back."""

from robot.drivers.numbered_lines import encode
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort


def numbered(*exchanges: tuple[str, str]) -> Wire:
    """One on which these words are told and said, each with the number of its line."""
    said = [
        Exchange(encode(number, *request.split()), encode(number, *reply.split()))
        for number, (request, reply) in enumerate(exchanges, start=1)
    ]
    return Wire(ReplayPort(said), quarantine_s=0.0)
