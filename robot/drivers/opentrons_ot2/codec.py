r"""Requests to the robot server of an Opentrons OT-2, and what its answers say. Pure: nothing here opens, waits or logs.

Commands are posted to a run and queue there; what became of each is asked of the run. The run's list of commands is
the record from which position, tip and volume follow.
Sources: `opentrons_http_api_client` 0.2.1 (`runs.py`, `lh.py`); Opentrons' robot-server.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from robot.wire.http import message, parts

HEADERS = {"Host": "ot2", "Opentrons-Version": "3", "Content-Type": "application/json"}
PIPETTE_ID = "pipette"
TRASH_ID = "fixedTrash"
ROWS = "ABCDEFGH"
TIPS = 96
PAGE = 100_000
OVER = {"stopped", "failed", "succeeded"}
"""Statuses of a run that takes no more commands."""
CONFLICT = 409  # a status of HTTP
WORKING = {"queued", "running"}

Json = Mapping[str, Any]


def ask(path: str) -> bytes:
    """Ask for something."""
    return message(f"GET {path} HTTP/1.1", HEADERS)


def post(path: str, data: Json | None = None) -> bytes:
    """Have something done."""
    return message(f"POST {path} HTTP/1.1", HEADERS, json.dumps({"data": data or {}}).encode())


ASK_HEALTH, ASK_PIPETTES, ASK_RUNS = ask("/health"), ask("/pipettes"), ask("/runs")
NEW_RUN = post("/runs")


def ask_commands(run: str, since: int) -> bytes:
    """Ask a run for its commands from number `since`, counted from 0."""
    return ask(f"/runs/{run}/commands?cursor={since}&pageLength={PAGE}")


def stop(run: str) -> bytes:
    """End a run where it is."""
    return post(f"/runs/{run}/actions", {"actionType": "stop"})


def command(run: str, key: str, kind: str, params: Json) -> bytes:
    """Queue a command; `key` is ours, and finds it again."""
    data = {"commandType": kind, "params": params, "intent": "setup", "key": key}
    return post(f"/runs/{run}/commands", data)


def labware_id(slot: str) -> str:
    """What we call the labware in a slot."""
    return f"slot-{slot}"


def place(well: str, origin: str, above_mm: float = 0.0) -> dict[str, Any]:
    """The parameters of a well, written slot/well.

    >>> place("2/A1", "bottom", 1.0)["wellName"]
    'A1'
    """
    slot, _, name = well.partition("/")
    location = {"origin": origin, "offset": {"x": 0, "y": 0, "z": above_mm}}
    return {"pipetteId": PIPETTE_ID, "labwareId": labware_id(slot), "wellName": name, "wellLocation": location}


def tip_name(number: int) -> str:
    """Where a tip stands in its rack, counted down the columns.

    >>> tip_name(0), tip_name(9), tip_name(95)
    ('A1', 'B2', 'H12')
    """
    column, row = divmod(number, len(ROWS))
    return f"{ROWS[row]}{column + 1}"


HTTP_ERROR = 400


def decode(reply: bytes) -> tuple[int, Any]:
    r"""Read status and JSON, or raise ValueError showing the bytes.

    >>> decode(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    (200, {})
    """
    status_line, _, body = parts(reply)
    return int(status_line.split(" ")[1]), json.loads(body)


def decode_listing(reply: bytes) -> tuple[int, Any]:
    r"""Read a reply that lists something, or raise ValueError: it answers another question.

    >>> decode_listing(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"data": []}')
    (200, {'data': []})
    """
    status, answer = decode(reply)
    if status < HTTP_ERROR and not (isinstance(answer, dict) and isinstance(answer.get("data"), list)):
        raise ValueError(f"no list: {reply!r}")
    return status, answer


def keys_of(listing: Json) -> list[str | None]:
    """The keys under which commands were queued."""
    return [queued.get("key") for queued in listing["data"]]


def is_occupied(status: int, answer: Json) -> bool:
    """Does a refusal only say that somebody else uses the robot just now?"""
    return status == CONFLICT and "Command Not Allowed" in complaint(answer)


def complaint(answer: Json) -> str:
    """What the server says is wrong.

    >>> complaint({"errors": [{"title": "Run Stopped", "detail": "run-1 is over"}]})
    'Run Stopped: run-1 is over'
    """
    first: Json = next(iter(answer.get("errors", [])), {})
    return ": ".join(str(first[part]) for part in ("title", "detail") if part in first) or "it gives no reason"


def current_run(answer: Json) -> tuple[str, str] | None:
    """Find the run that the robot is at: its name and status."""
    current = (run for run in answer["data"] if run.get("current"))
    return next(((run["id"], run["status"]) for run in current), None)


@dataclass(frozen=True)
class Belief:
    """What a run's commands say of the pipette, up to number `settled` of them."""

    settled: int = 0
    is_homed: bool = False
    has_tip: bool | None = False
    volume_ul: float = 0.0
    well: str = ""
    failure: str | None = None


def fold(belief: Belief, commands: Iterable[Json]) -> tuple[Belief, bool]:
    """Follow commands in their order up to the first that is not over; say whether there is one."""
    for done in commands:
        if done["status"] in WORKING:
            return belief, True
        belief = _after(replace(belief, settled=belief.settled + 1), done)
    return belief, False


def _after(belief: Belief, done: Json) -> Belief:
    kind, params = done["commandType"], done["params"]
    if done["status"] == "failed":
        error = done.get("error") or {}
        failure = f"{kind} failed: {error.get('errorType', '')} {error.get('detail', '')}".strip()
        return replace(belief, failure=failure, has_tip=None, well="")
    if "wellName" in params:
        slot = params["labwareId"].removeprefix("slot-")
        belief = replace(belief, well=f"{slot}/{params['wellName']}")
    match kind:
        case "home":
            return replace(belief, is_homed=True, well="")
        case "pickUpTip":
            return replace(belief, has_tip=True, volume_ul=0.0)
        case "dropTip":
            return replace(belief, has_tip=False, volume_ul=0.0)
        case "aspirate":
            return replace(belief, volume_ul=belief.volume_ul + params["volume"])
        case "dispense":
            return replace(belief, volume_ul=belief.volume_ul - params["volume"])
        case "blowout":
            return replace(belief, volume_ul=0.0)
    return belief
