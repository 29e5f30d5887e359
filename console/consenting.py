"""Consent from a terminal: what waits for it, and a suggestion's parameters as they are to be changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console.compose import source_of
from console.orders import past
from console.parameters import put_setting
from console.runfolder import RunFolder
from console.tally import Tally
from planning.campaign import Campaign
from planning.errors import Refused
from planning.gate import Proposal
from planning.protocol.document import Mixture, Protocol
from robot.config import LabConfig


def waiting(folder: Path) -> dict[str, Proposal]:
    """The suggestions of a run that wait for consent, by name."""
    run = RunFolder(folder)
    _ = run.setup
    return Tally.of(past(run)).gate.proposals


def edited(folder: Path, suggestion: str, settings: Sequence[str]) -> dict[str, Any]:
    """A suggestion's parameters with some of them changed.

    Raises:
        Refused: it does not wait, or the campaign may not try these.
    """
    found = waiting(folder)
    if suggestion not in found:
        raise Refused(f"no suggestion is called {suggestion!r}", f"There are {', '.join(found) or 'none'}")
    values = {
        name: dict(value) if isinstance(value, dict) else value
        for name, value in found[suggestion].request.values.items()
    }
    for setting in settings:
        put_setting(values, setting)
    return _possible(folder, values)


def given(folder: Path, settings: Sequence[str]) -> dict[str, Any]:
    """The parameters of a sample to be added: fixed ones need not be said, and parts left out are none.

    Raises:
        Refused: the campaign may not try these.
    """
    run = RunFolder(folder)
    values: dict[str, Any] = dict(Campaign.load(run.campaign).fix) if run.campaign.exists() else {}
    for setting in settings:
        put_setting(values, setting)
    for name, parameter in Protocol.load(run.protocol).parameters.items():
        if isinstance(parameter, Mixture):
            values[name] = dict.fromkeys(parameter.mixture_of, 0.0) | values.get(name, {})
    return _possible(folder, values)


def _possible(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    run = RunFolder(folder)
    source_of(run, LabConfig.load(run.lab), run.setup).require_possible(values)
    return values
