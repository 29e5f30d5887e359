"""Somebody else's optimisers behind ask and tell. Nothing here needs anything of this project, or more than NumPy to load."""

from designer_peers.bayesian import EDBO, BoTorch, BoTorchUCB, LogNEHVI
from designer_peers.keepers import Ax, BayBE
from designer_peers.peer import Peer
from designer_peers.plain import Forest, Physbo, Random, SkOpt

__all__ = ["PEERS", "Peer"]

PEERS = {
    "botorch_log_ei": BoTorch,
    "botorch_ucb": BoTorchUCB,
    "botorch_qlognehvi": LogNEHVI,
    "edbo": EDBO,
    "forest": Forest,
    "random": Random,
    "baybe": BayBE,
    "ax": Ax,
    "physbo": Physbo,
    "skopt": SkOpt,
}
