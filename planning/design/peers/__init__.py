"""Other people's optimisers as strategies: named in a campaign file as ours are, if they are installed."""

from collections.abc import Callable
from importlib import import_module

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


def peer(name: str) -> Callable[[Situation], tuple[Array, str]]:
    """The strategy that asks a peer; it is imported when it is first asked."""

    def ask(situation: Situation) -> tuple[Array, str]:
        module = PEERS[name]
        try:
            return import_module(module).propose(situation, name), f"proposed by {name}"
        except ModuleNotFoundError as err:
            package = PACKAGES[module.rpartition(".")[2]]
            raise NotInstalled(f"strategy {name} needs {err.name}; install it: pip install {package}") from err

    return ask
