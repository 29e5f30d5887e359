"""The designer of a campaign, with its space, its cost and what its bench leaves room for."""

from pathlib import Path

from console.scheduled_hours import with_schedule
from planning.campaign import Campaign, Chosen
from planning.errors import Refused
from planning.protocol.document import Mixture, Protocol
from planning.room import Room
from robot.config import LabConfig


def designer_for(campaign: Campaign, protocol: Protocol, path: Path, truth: str | None) -> Chosen:
    """The campaign's designer; with a table as truth its compositions are the pool.

    Raises:
        FileProblem: the campaign's question does not fit its recipe, or nothing may be proposed.
        Refused: a table is given, and the protocol does not mix what it is about.
    """
    pool = _pool(truth, protocol) if truth else None
    space = campaign.space_for(protocol, path, pool)
    lab = LabConfig.load(campaign.lab)
    timed = with_schedule(campaign, protocol, lab, space, path)
    return Chosen(timed, timed.designer(space, path), Room(protocol, lab))


def _pool(truth: str, protocol: Protocol) -> list[dict[str, float]]:
    from hardware_sim.world.film import INKS, TableFilm

    mixtures = [
        name
        for name, part in protocol.parameters.items()
        if isinstance(part, Mixture) and set(part.mixture_of) == set(INKS)
    ]
    if len(mixtures) != 1:
        raise Refused(f"a table of films needs one mixture of {', '.join(INKS)} in the protocol", "Leave out --truth")
    return [
        {f"{mixtures[0]}.{ink}": share for ink, share in row.items()} for row in TableFilm(Path(truth)).compositions()
    ]
