"""What the cameras saw, with how sure the eyes are and what people said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from console.service.views import Evidence, Look
from planning.journal import Event

OVERRULES = "overrule"
"""The order, in the journal `ordered`, by which a person says what a look truly shows; `vision harvest` collects them."""


@dataclass
class Looks:
    """Every look of a run, by the number of its event; and the evidence of each sample."""

    run: str
    looks: dict[int, Look] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    """By sample."""
    by_task: dict[str, Evidence] = field(default_factory=dict)
    """The last of each task."""

    def hear(self, event: Event) -> None:
        """Take up what one event says of pictures."""
        if event.kind == "look":
            self.looks[event.seq] = _look(self.run, event)
        if event.kind == "ordered" and event.data["verb"] == OVERRULES and event.data["look"] in self.looks:
            said = {"overruled": event.data["answer"], "overruled_by": event.data["by"]}
            self.looks[event.data["look"]] = self.looks[event.data["look"]].model_copy(update=said)
        elif name := event.data.get("picture") or event.data.get("pattern"):
            found = _evidence(event, name)
            for sample in event.sample.split(","):
                self.evidence.setdefault(sample, []).append(found)
            self.by_task[event.task] = found


def _evidence(event: Event, name: str) -> Evidence:
    data = event.data
    return Evidence(
        event=event.seq, at_s=event.time_s, task=event.task, kind=event.kind, answer=data.get("answer", ""),
        reason=data.get("reason", ""), picture=name, mask=data.get("mask", ""),
    )  # fmt: skip


def _look(run: str, event: Event) -> Look:
    data = event.data
    level = data["fill_height_fraction"]
    return Look(
        run=run, event=event.seq, at_s=event.time_s, sample=event.sample, task=event.task, camera=event.device,
        vessel=data["vessel"], attempt=data["attempt"], answer=data["answer"], reason=data["reason"],
        doubt_fraction=doubt(data), present=data["present"], content=data["content"],
        fill_height_fraction=(level[0], level[1]) if level else None, quality=data["quality"],
        picture=data["picture"], mask=data["mask"], overruled="", overruled_by="",
    )  # fmt: skip


def doubt(look: Mapping[str, Any]) -> float:
    """How unsure the eyes are: 0 where each of their answers is certain, 1 where one is as likely as its contrary.

    >>> doubt({"answer": "yes", "present": 1.0, "content": {"liquid": 0.9, "empty": 0.1}})
    0.2
    >>> doubt({"answer": "unknown", "present": 1.0, "content": {}})
    1.0
    """
    if look["answer"] == "unknown":
        return 1.0
    shares = [look["present"], max(look["content"].values(), default=1.0)]
    return round(float(max(1.0 - 2.0 * abs(share - 0.5) for share in shares)), 4)
