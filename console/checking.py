"""The check before a run, for whoever asks: apart from `compose`, so that it answers at once and loads no engine."""

from collections.abc import Mapping, Sequence
from typing import Any

from planning.preflight import Admission, Preflight, check
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.fleet import open_fleet


def chamber_places(lab: LabConfig) -> int:
    """How many vessels share a furnace."""
    return max((site.places for site in lab.sites.values() if site.inside and site.places > 1), default=1)


def preflight(
    lab: LabConfig, protocol: Protocol, samples: Sequence[Mapping[str, Any]], batch: int = 0, in_flight: int = 0
) -> Preflight:
    """Check samples against a bench, as they will be let in: as the bench has places, if not said otherwise."""
    places = chamber_places(lab)
    admission = Admission(min(batch or places, places), in_flight or 2 * places, places)
    with open_fleet(lab) as fleet:
        return check(protocol, lab, fleet.devices, samples, admission)
