"""The devices of a bench and what is wrong, kept up event by event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.service.views import Alarm, Device, Figure, Scalar
from planning.journal import Event, Reading
from planning.rules import Act
from robot.config import LabConfig

REMEDIES = {
    "in_doubt": "Look at the bench; nothing is repeated before a person has",
    "reply_lost": "Look at its cable and power if it stays silent; the engine asks again by itself",
    "heats_unasked": "Look at it now; if it goes on heating, switch it off at its independent cut-out",
    "late": "Look whether it is stuck; skip or abort the sample if it is",
    "hold_limit": "Let the run go on before then, or the sample is set aside",
    "not_safe": "Switch it off by hand",
    "stopped": "Look at the bench; then resume, or retry what failed and resume",
    "not_admitted": "Refill what is missing, then resume",
    "not_notified": "Correct `notify` in the lab file or the campaign",
    "not_looked": "Look at the camera, and at its line",
}
"""By kind of alarm what a person can do."""


@dataclass
class _Known:
    """What is known of one device."""

    figures: dict[str, tuple[Scalar | list[float], float]] = field(default_factory=dict)
    command: str = ""
    is_in_doubt: bool = False


@dataclass
class Board:
    """All devices of a bench, and the alarms that stand."""

    lab: LabConfig
    alarms: dict[tuple[str, str], Alarm] = field(default_factory=dict)
    """By kind and by whom they concern: one of each stands at a time."""
    curves: dict[tuple[str, str], tuple[list[float], list[float]]] = field(default_factory=dict)
    """By device and quantity: times and values."""
    _known: dict[str, _Known] = field(default_factory=dict)
    _is_safe: bool = False

    def __post_init__(self) -> None:
        self._known = {name: _Known() for name in self.lab.devices}

    def read(self, reading: Reading) -> None:
        """Take up a figure that a device showed."""
        times_s, values = self.curves.setdefault((reading.device, reading.quantity), ([], []))
        times_s.append(reading.time_s)
        values.append(reading.value)
        if reading.device in self._known:
            self._known[reading.device].figures[reading.quantity] = (reading.value, reading.time_s)

    def hear(self, event: Event) -> None:
        """Take up what one event says of devices."""
        known = self._known.get(event.device)
        if known is not None:
            self._hear_device(event, known)
        self._hear_trouble(event)

    def _hear_device(self, event: Event, known: _Known) -> None:
        match event.kind:
            case "intent":
                known.command = event.data["verb"]
                shown = {**event.data["before"], **_positions(event.data["arguments"])}
                known.figures |= {name: (value, event.time_s) for name, value in shown.items() if _is_figure(value)}
            case "done" | "failed":
                known.command = ""
            case "in_doubt":
                known.is_in_doubt = True
            case "resolved":
                known.is_in_doubt, known.command = False, ""

    def _hear_trouble(self, event: Event) -> None:
        data = event.data
        match event.kind:
            case "in_doubt" | "reply_lost" | "not_looked":
                self._raise(event, event.kind, data.get("why", event.kind.replace("_", " ")), event.device)
            case "heats_unasked":
                self._raise(event, event.kind, data["what"], event.device)
            case "late" | "hold_limit" if "what" in data:
                self._raise(event, event.kind, data["what"], event.task)
            case "not_admitted" | "not_notified":
                self._raise(event, event.kind, data["why"], "")
            case "task_failed" if data["decision"] == Act.STOP.value:
                self._raise(event, "stopped", data["why"], event.task)
            case "accepted" | "done" | "resolved" | "look":
                self._lower(event.device, "reply_lost", "in_doubt" if event.kind == "resolved" else "", "not_looked")
            case "task_done" | "set_aside" | "broken_off" | "retried":
                self._lower(event.task, "late", "hold_limit", "stopped")
            case "ordered" if data["verb"] == "continue":
                self.alarms = {key: alarm for key, alarm in self.alarms.items() if key[0] != "hold_limit"}
            case "made_safe":
                self._is_safe = True
                for device, why in data["troubles"].items():
                    self._raise(event, "not_safe", f"{device} could not be made safe: {why}", device)
            case "run_started" | "run_resumed":
                self._is_safe = False
                self.alarms.clear()

    def _raise(self, event: Event, kind: str, what: str, whom: str) -> None:
        device = whom if whom in self.lab.devices else event.device
        self.alarms[kind, whom] = Alarm(
            kind=kind,
            what=what,
            remedy=REMEDIES[kind],
            at_s=event.time_s,
            event=event.seq,
            device=device,
            task=event.task,
        )

    def _lower(self, whom: str, *kinds: str) -> None:
        for kind in kinds:
            self.alarms.pop((kind, whom), None)

    def devices(self, busy: Mapping[str, str], now_s: float) -> Iterable[Device]:
        """Every device as it stands; `busy` names for each that is at work the task that uses it."""
        for name, known in self._known.items():
            alarms = [alarm for alarm in self.alarms.values() if alarm.device == name]
            is_faulty = any(alarm.kind in ("not_safe", "heats_unasked", "stopped") for alarm in alarms)
            yield Device(
                name=name, model=self.lab.devices[name].model, task=busy.get(name, ""),
                state="in doubt" if known.is_in_doubt else "fault" if is_faulty else "safe" if self._is_safe
                else "at work" if name in busy else "idle",
                doing=(known.command.removeprefix("start_") or busy.get(name, "")) if name in busy else "",
                figures=[
                    Figure(name=figure, value=value, at_s=at_s, age_s=max(now_s - at_s, 0.0))
                    for figure, (value, at_s) in known.figures.items()
                ],
                alarms=alarms,
            )  # fmt: skip


def _positions(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Where a movement leads: the arm is believed there once it was told so."""
    return {"position_mm": arguments["to"]} if isinstance(arguments.get("to"), list) else {}


def _is_figure(value: object) -> bool:
    """Can it be shown as one figure, or as a few?"""
    if isinstance(value, list):
        return len(value) <= 8 and all(isinstance(each, float | int) for each in value)
    return isinstance(value, float | int | str)
