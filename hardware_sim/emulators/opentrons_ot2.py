"""The robot server of an Opentrons OT-2 with one single-channel pipette.

Sources: `opentrons_http_api_client` 0.2.1; Opentrons' robot-server, as the fact sheet tells them; what they leave open
is marked as assumed. Commands of a run are done one after the other. The robot feels neither tip nor liquid. Not
modelled: protocols and their play and pause, modules, several channels, the geometry of the deck.
"""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from types import UnionType
from typing import Any

from hardware_sim.emulators.http_requests import HttpRequests, Request
from hardware_sim.emulators.opentrons_ailments import AilingOT2
from hardware_sim.world.agenda import Event
from hardware_sim.world.plumbing import Plumbing, line_to
from hardware_sim.world.world import World
from robot.device_settings import OpentronsOT2Settings

Answer = tuple[int, object]
Params = Mapping[str, Any]

MOVE_S, HOME_S, TIP_S, PLUNGE_S = 1.5, 8.0, 4.0, 0.5  # assumed
SECONDS = {"home": HOME_S, "pickUpTip": TIP_S, "dropTip": TIP_S, "moveToWell": MOVE_S, "moveToCoordinates": MOVE_S,
           "aspirate": MOVE_S, "dispense": MOVE_S, "blowout": MOVE_S}  # fmt: skip
AT_ONCE = {"loadPipette", "loadLabware", "savePosition"}
NEEDS_TIP = {"aspirate", "dispense", "blowout", "dropTip"}
FLOW_UL_PER_S = 92.86  # when none is given
AT_A_WELL: dict[str, type | UnionType] = {"labwareId": str, "wellName": str}
NEEDS = {
    **dict.fromkeys(("pickUpTip", "dropTip", "moveToWell", "blowout"), AT_A_WELL),
    **dict.fromkeys(("aspirate", "dispense"), AT_A_WELL | {"volume": int | float}),
}
"""Parameters without which a command is not taken."""
NO_PIPETTE = {"name": None, "model": None, "id": None}
TIPS = frozenset(f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13))


class CommandFailed(Exception):
    """A command of a run that fails, by its type of error and details."""


class OpentronsOT2Emulator(AilingOT2):
    """Answers requests at once; carries a run's commands out in their order and their time."""

    def __init__(self, name: str, world: World, settings: OpentronsOT2Settings) -> None:
        self.acts: Counter[str] = Counter()
        wells = dict(enumerate(settings.wells.items(), start=1))
        lines = {port: line_to(world, name, settings.reaches, settings.waste) for port, (name, _) in wells.items()}
        lines[0] = line_to(world, "air", {})
        self.plumbing = Plumbing(name, world, settings.syringe_ul, lines)
        world.bodies[name] = self.plumbing
        self.tips = set(TIPS)
        """What still stands in the rack."""
        self.tip_is_on = False
        """Does one truly hang on the pipette? The robot only believes so."""
        self._name = name
        self._world = world
        self._settings = settings
        self._ports = {place: port for port, (_, place) in wells.items()}
        self._requests = HttpRequests(self._answer)
        self._runs: dict[str, dict[str, Any]] = {}
        self._runs_begun = 0
        self._commands: dict[str, list[dict[str, Any]]] = {}
        self._slots: dict[str, str] = {}
        """Labware by what the run calls it."""
        self._believes_tip = False
        self._volume_ul = 0.0
        self._due: Event | None = None
        self._lights = False

    def receive(self, data: bytes) -> bytes:
        """Answer each request."""
        if self._world.now_s < self._off_until_s:
            return b""
        return self._requests.receive(data)

    def state(self) -> dict[str, object]:
        """Runs, tip, plunger."""
        return {
            "runs": {name: run["status"] for name, run in self._runs.items()},
            "tips_left": len(self.tips),
            "tip_is_on": self.tip_is_on,
            "believes_tip": self._believes_tip,
            "volume_ul": self._volume_ul,
        }

    def _answer(self, request: Request) -> Answer:
        if "opentrons-version" not in request.headers:
            return _refusal(422, "Invalid Request", "header Opentrons-Version is missing")
        match request.method, request.path:
            case "GET", ("health",):
                return 200, {"name": f"OT2-{self._name}", "api_version": "7.2.0", "fw_version": "v1.1.0-25e5cea",
                             "board_revision": "2.1", "robot_model": "OT-2 Standard"}  # fmt: skip
            case "GET", ("pipettes",):
                worn = {"name": self._settings.pipette, "model": f"{self._settings.pipette}_v2.0", "id": "P3HSV2020"}
                return 200, {
                    mount: worn if mount == self._settings.mount else NO_PIPETTE for mount in ("left", "right")
                }
            case "GET", ("robot", "door", "status"):
                return 200, {"data": {"status": "closed", "doorRequiredClosedForProtocol": True}}
            case "POST", ("robot", "home"):
                self.acts["home"] += 1
                return 200, {"message": "Homing robot."}
            case "GET" | "POST", ("robot", "lights"):
                self._lights = bool((request.body or {}).get("on", self._lights))
                return 200, {"on": self._lights}
            case method, ("runs", *rest):
                return self._runs_answer(method, rest, request)
        return _refusal(404, "Not Found", f"{request.method} /{'/'.join(request.path)}")

    def _runs_answer(self, method: str, rest: list[str], request: Request) -> Answer:
        if not rest:
            return self._new_run() if method == "POST" else (200, {"data": list(self._runs.values())})
        run = self._runs.get(rest[0])
        if run is None:
            return _refusal(404, "Run Not Found", rest[0])
        body = request.body if isinstance(request.body, dict) else {}
        match method, rest[1:]:
            case "GET", []:
                return 200, {"data": run}
            case "POST", ["actions"]:
                return self._act(run, body.get("data", {}).get("actionType"))
            case "POST", ["commands"]:
                return self._queue(run, body.get("data", {}))
            case "GET", ["commands"]:
                return self._list(run, request.query)
            case "GET", ["commands", wanted]:
                found = next((c for c in self._commands[run["id"]] if c["id"] == wanted), None)
                return _refusal(404, "Command Not Found", wanted) if found is None else (200, {"data": found})
        return _refusal(404, "Not Found", "/".join(rest))

    def _new_run(self) -> Answer:
        """A new run takes the place of the current one, which must be over or at rest."""
        if self._due is not None:
            return _refusal(409, "Run Not Idle", "the current run is at work")
        for old in self._runs.values():
            old["current"] = False
            old["status"] = "stopped"
        self._runs_begun += 1
        name = f"run-{self._runs_begun}"
        self.acts["run"] += 1
        self._runs[name] = {"id": name, "status": "idle", "current": True, "createdAt": f"{self._world.now_s:.3f}"}
        self._commands[name] = []
        self._believes_tip, self._volume_ul = False, 0.0
        return 201, {"data": self._runs[name]}

    def _act(self, run: dict[str, Any], action: str | None) -> Answer:
        if run["status"] in ("stopped", "failed", "succeeded"):
            return _refusal(409, "Run Stopped", f"{run['id']} is over")
        if action != "stop":
            return _refusal(409, "Action Not Allowed", f"{action} needs a protocol")
        self.acts["stop"] += 1
        run["status"] = "stopped"
        if self._due is not None:
            self._due.cancel()
            self._due = None
        for command in self._commands[run["id"]]:
            if command["status"] in ("queued", "running"):
                self._fail(command, "RunStoppedError", "the run was stopped")
        return 201, {"data": {"id": f"{run['id']}-stop", "actionType": "stop"}}

    def _queue(self, run: dict[str, Any], wish: Params) -> Answer:
        if run["status"] != "idle" or not run["current"]:
            return _refusal(409, "Run Stopped", f"{run['id']} takes no more commands")
        if self._world.now_s < self._busy_until_s:
            return _refusal(409, "Command Not Allowed", "a protocol is running")
        kind, params = wish.get("commandType"), wish.get("params")
        if kind not in {*SECONDS, *AT_ONCE} or not isinstance(params, dict):
            return _refusal(422, "Invalid Request", f"commandType {kind!r}")
        amiss = [name for name, needed in NEEDS.get(kind, {}).items() if not isinstance(params.get(name), needed)]
        if amiss or not isinstance(params.get("flowRate", 1.0), int | float):
            return _refusal(422, "Invalid Request", f"{kind} needs {', '.join(amiss) or 'a number as flowRate'}")
        commands = self._commands[run["id"]]
        number = f"{run['id']}-{len(commands) + 1}"
        command = {"id": number, "key": wish.get("key", number), "commandType": kind, "params": params,
                   "status": "queued", "intent": wish.get("intent", "setup")}  # fmt: skip
        commands.append(command)
        if kind in SECONDS:
            self.acts[kind] += 1
        if self._due is None:
            self._work(commands)
        return 201, {"data": command}

    def _list(self, run: dict[str, Any], query: Mapping[str, str]) -> Answer:
        commands = self._commands[run["id"]]
        length = _count(query.get("pageLength", ""), 20)
        cursor = _count(query.get("cursor", ""), max(len(commands) - length, 0))
        return 200, {
            "data": commands[cursor : cursor + length],
            "meta": {"cursor": cursor, "totalLength": len(commands)},
        }

    # Work

    def _work(self, commands: list[dict[str, Any]]) -> None:
        """Begin with the first command that waits; those that take no time are over at once."""
        self._due = None
        while (command := next((c for c in commands if c["status"] == "queued"), None)) is not None:
            command["status"] = "running"
            try:
                seconds = self._seconds(command["commandType"], command["params"])
            except CommandFailed as failed:
                self._fail(command, *failed.args)
                continue
            if seconds:
                at_s = self._world.now_s + seconds
                self._due = self._world.agenda.at(at_s, self._name, partial(self._finish, command, commands))
                return
            self._load(command)

    def _finish(self, command: dict[str, Any], commands: list[dict[str, Any]]) -> None:
        self._do(command["commandType"], command["params"])
        command["status"] = "succeeded"
        command["result"] = {"volume": command["params"]["volume"]} if "volume" in command["params"] else {}
        self._work(commands)

    def _seconds(self, kind: str, params: Params) -> float:
        """How long a command will take; raise CommandFailed if the robot knows that it cannot."""
        if kind in AT_ONCE:
            return 0.0
        if self._refuses_next:
            self._refuses_next = False
            raise CommandFailed("UnexpectedProtocolError", "ALARM: Hard limit +X")
        volume_ul = float(params.get("volume", 0.0))
        if kind in NEEDS_TIP and not self._believes_tip:
            raise CommandFailed("TipNotAttachedError", f"{kind} without a tip")
        if kind == "pickUpTip" and self._believes_tip:
            raise CommandFailed("TipAttachedError", "there is a tip on it already")
        if kind == "aspirate" and self._volume_ul + volume_ul > self._settings.syringe_ul + 1e-6:
            raise CommandFailed("InvalidAspirateVolumeError", f"{volume_ul} ul do not fit")
        if kind == "dispense" and volume_ul > self._volume_ul + 1e-6:
            raise CommandFailed("InvalidDispenseVolumeError", f"there are no {volume_ul} ul to dispense")
        if "labwareId" in params and params["labwareId"] not in {*self._slots, "fixedTrash"}:
            raise CommandFailed("LabwareNotLoadedError", str(params["labwareId"]))
        plunge_s = volume_ul / float(params.get("flowRate", FLOW_UL_PER_S)) + PLUNGE_S if volume_ul else 0.0
        return SECONDS[kind] + plunge_s

    def _load(self, command: dict[str, Any]) -> None:
        params = command["params"]
        if command["commandType"] == "loadLabware":
            name = params.get("labwareId", command["id"])
            self._slots[name] = params.get("location", {}).get("slotName", "")
            command["result"] = {"labwareId": name}
        else:
            command["result"] = {"pipetteId": params.get("pipetteId", command["id"])}
        command["status"] = "succeeded"

    def _do(self, kind: str, params: Params) -> None:
        """What happens in the world when a command is over."""
        match kind:
            case "pickUpTip":
                if self._tip_is_missing:
                    self.tips.discard(params["wellName"])
                    self._tip_is_missing = False
                self.tip_is_on = self.tip_is_on or params["wellName"] in self.tips
                self.tips.discard(params["wellName"])
                self._believes_tip, self._volume_ul = True, 0.0
            case "dropTip":
                if not self._tip_sticks:
                    self.plumbing.discard(self._world.waste.add)
                self.tip_is_on, self._tip_sticks = self._tip_sticks, False
                self._believes_tip, self._volume_ul = False, 0.0
            case "aspirate":
                self._plunge(params, self._volume_ul + params["volume"])
            case "dispense":
                self._plunge(params, self._volume_ul - params["volume"])
            case "blowout":
                self._plunge(params, 0.0)

    def _plunge(self, params: Params, to_ul: float) -> None:
        """Move the plunger; without a tip nothing but air moves."""
        self._volume_ul = to_ul
        if self.tip_is_on:
            place = f"{self._slots.get(params['labwareId'], '')}/{params['wellName']}"
            self.plumbing.stroke(self._ports.get(place, 0), to_ul)

    def _forget(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due, self._runs, self._commands, self._slots = None, {}, {}, {}
        self._believes_tip, self._volume_ul = False, 0.0

    def _fail(self, command: dict[str, Any], kind: str, detail: str) -> None:
        command["status"] = "failed"
        command["error"] = {"errorType": kind, "detail": detail}


def _count(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _refusal(status: int, title: str, detail: str) -> Answer:
    return status, {"errors": [{"id": title.replace(" ", ""), "title": title, "detail": detail}]}
