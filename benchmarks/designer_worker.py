"""Somebody else's optimiser behind ask and tell, as lines of JSON, in an environment of its own.

    .peers/designers_baybe/bin/python benchmarks/designer_worker.py baybe

Needs nothing of this project. A point is an index into the pool, or a list of numbers from 0 to 1; values are to be
maximised, lists of them for several objectives. Lines in: {"begin": {...}} with what `designer_peers.Peer` is made of,
{"ask": pending points}, {"tell": [point, value]}. Each is answered: {"version": ...}, {"point": ..., "cpu_s": ...}, {}.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version

from designer_peers import PEERS
from stopwatch import cpu_s


def main():
    """Answer lines until there are no more."""
    warnings.filterwarnings("ignore")
    kind, peer = PEERS[sys.argv[1]], None
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin:
        match json.loads(line):
            case {"begin": told}:
                peer = kind(**told)
                answer = {"version": ", ".join(f"{name} {version(name)}" for name in kind.packages)}
            case {"ask": pending}:
                start_s = cpu_s()
                point = peer.ask(pending)
                answer = {"point": point, "cpu_s": cpu_s() - start_s}
            case {"tell": [point, value]}:
                peer.tell(point, value)
                answer = {}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
