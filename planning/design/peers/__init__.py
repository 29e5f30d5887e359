"""Other people's optimisers as strategies: named in a campaign file as ours are, if they are installed."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from planning.design.polytope import Array
from planning.design.strategies import Situation

PEERS = {
    "baybe": "planning.design.peers.baybe",
    "ax": "planning.design.peers.ax",
    "nimo_physbo": "planning.design.peers.nimo",
    "nimo_blox": "planning.design.peers.nimo",
    "nimo_pdc": "planning.design.peers.nimo",
    "nimo_re": "planning.design.peers.nimo",
}
"""By strategy the module whose `propose` asks it."""

PACKAGES = {"baybe": "baybe", "ax": "ax-platform", "nimo": "nimo"}


class NotInstalled(ValueError):
    """A strategy needs a package that is not there."""


def require(name: str) -> None:
    """See to it that what a peer's strategy needs is there.

    Raises:
        NotInstalled: it is not.
    """
    module = PEERS[name].rpartition(".")[2]
    if find_spec(module) is None:
        raise NotInstalled(f"strategy {name} needs the package {PACKAGES[module]}; pip install {PACKAGES[module]}")


def peer(name: str) -> Callable[[Situation], tuple[Array, str]]:
    """The strategy that asks a peer; it is imported when it is first asked."""

    def ask(situation: Situation) -> tuple[Array, str]:
        return import_module(PEERS[name]).propose(situation, name), f"proposed by {name}"

    return ask
