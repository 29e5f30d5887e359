"""Random protocols: sentences that mostly make sense, with figures that mostly do."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

Step = dict[str, Any]
WILD_FRACTION = 0.03
"""So often a figure is drawn from far outside what makes sense, and a step is left out or comes too often."""


class Drawer:
    """Draws figures and words; now and then wild ones."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def chance(self, fraction: float) -> bool:
        """True so often."""
        return bool(self.rng.random() < fraction)

    def one_of(self, *words: Any) -> Any:
        """Any of these."""
        return words[int(self.rng.integers(len(words)))]

    def figure(self, low: float, high: float, *, wild_high: float, digits: int = 0) -> float:
        """Between these as a rule; now and then anything up to `wild_high`, evenly in its logarithm."""
        if self.chance(WILD_FRACTION):
            return round(float(np.exp(self.rng.uniform(np.log(0.5), np.log(wild_high)))), digits)
        return round(float(self.rng.uniform(low, high)), digits)

    def segments(self) -> dict[str, Any]:
        """A firing of one to four ramps."""
        ramps = [
            {"to_c": self.figure(60, 320, wild_high=900), "rate_c_per_min": self.figure(1, 15, wild_high=200, digits=1),
             "hold_min": self.figure(0, 40, wild_high=1500, digits=self.one_of(0, 0, 1))}
            for _ in range(self.one_of(1, 1, 1, 2, 3))
        ]  # fmt: skip
        return ramps[0] if len(ramps) == 1 else {"segments": ramps}

    def thinned(self, steps: list[Step]) -> list[Step]:
        """Steps of which now and then one is left out, or does not wait for the one before."""
        kept = [step for step in steps if not self.chance(WILD_FRACTION / 2)]
        for step in kept:
            verb = next(iter(step))
            if verb not in ("if", "repeat") and self.chance(0.1):
                step["within_min"] = self.figure(5, 120, wild_high=300)
            elif verb not in ("if", "repeat") and self.chance(0.05):
                step["not_before_min"] = self.figure(1, 30, wild_high=300)
        return kept


def film_protocol(rng: np.random.Generator) -> tuple[Step, dict[str, Any], int]:
    """For the film bench: a protocol, one sample's parameters, how many samples."""
    draw = Drawer(rng)
    inks = ["p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt"]
    shares = rng.dirichlet(np.full(len(inks), 0.6))
    pump = {"with": "pipette"}
    at_booth = {"at": "booth", **pump}
    middle: list[Step] = []
    if draw.chance(0.4):
        middle.append({"mix": {"what": "vial", **at_booth, "volume_ul": draw.figure(100, 900, wild_high=9000), "cycles": draw.one_of(1, 2, 5)}})  # fmt: skip
    if draw.chance(0.3):
        middle.append({"dose": {"into": "vial", **at_booth, "volume_ul": draw.figure(50, 2000, wild_high=9000), "liquid": "chlorobenzene"}})  # fmt: skip
    if draw.chance(0.2):
        middle.append({"wait": {"for_min": draw.figure(1, 60, wild_high=600)}})
    firing: list[Step] = [{"heat": {"what": "film", "in": "furnace", "at": "chamber", **draw.segments()}}]
    if draw.chance(0.2):
        firing.append({"heat": {"what": "film", "in": "furnace", "at": "chamber", **draw.segments()}})
    if draw.chance(0.2):
        firing.append({"cool": {"in": "furnace", "below_c": draw.figure(28, 80, wild_high=100)}})
    measure = {
        "what": "film", "at": "stage", "with": "probe", "as": "conductivity", "compliance_v": draw.one_of(20, 20, 20, 20, 20, 40),
        "current_a": draw.one_of(1e-6, 1e-6, 1e-6, 0.02), "density_mg_per_mm3": 1.1,
    }  # fmt: skip
    steps: list[Step] = [
        {"dose": {"into": "vial", **at_booth, "volume_ul": draw.figure(800, 5000, wild_high=12000), "blend": "$blend",
                  "leave_out_below": draw.one_of(0.0, 0.01, 0.05)},
         "expect": {"vial": {"present": True, "fill": "as dosed"}}},
        *middle,
        {"cast": {"from": "vial", "onto": "film", "at": "casting", **pump, "volume_ul": draw.figure(40, 350, wild_high=3000)}},
        {"wash": {**pump, "liquid": "chlorobenzene", "to": "waste", "volume_ul": draw.figure(200, 900, wild_high=9000), "cycles": 2}},
        {"discard": {"what": "vial", "to": "rubbish"}},
        *firing,
        {"look": {"what": "film", "at": "inspection"}, "expect": {"film": {"present": True, "coated": True}}},
        {"measure": measure},
        {"discard": {"what": "film", "to": "rubbish"}},
    ]  # fmt: skip
    vessels = {
        "vial": {"labware": "vial-8ml", "from": "vials"},
        "film": {"labware": "glass-25mm", "from": "substrates"},
    }
    protocol = {"protocol": "random film", "parameters": {"blend": {"mixture_of": inks}}, "vessels": vessels,
                "steps": _named(draw.thinned(steps))}  # fmt: skip
    values = {"blend": {ink: float(share) for ink, share in zip(inks, shares, strict=True)}}
    values["blend"]["p3ht"] += 1.0 - sum(values["blend"].values())
    return protocol, values, int(rng.integers(1, 7))


def kiln_protocol(rng: np.random.Generator) -> tuple[Step, dict[str, Any], int]:
    """For the kiln bench: liquids on the hotplate, powders in the kiln, either, or both, with rounds and choices."""
    draw = Drawer(rng)
    steps: list[Step] = []
    liquid, powder = draw.chance(0.7), draw.chance(0.7)
    if liquid:
        steps += _liquid_part(draw)
    if powder or not liquid:
        steps += _powder_part(draw)
    vessels = {
        "vial": {"labware": "vial-20ml", "from": "vials"}, "cup": {"labware": "vial-20ml", "from": "vials"},
        "crucible": {"labware": "crucible-10ml", "from": "crucibles"}, "holder": {"labware": "xrd-holder", "from": "holders"},
    }  # fmt: skip
    return {"protocol": "random", "vessels": vessels, "steps": _named(draw.thinned(steps))}, {}, int(rng.integers(1, 5))


def _liquid_part(draw: Drawer) -> list[Step]:
    pump, stock = {"with": "pump"}, draw.one_of("water", "water", "ink", "ethanol")
    dose = {
        "dose": {
            "into": "vial",
            "at": "booth",
            **pump,
            "volume_ul": draw.figure(1500, 6000, wild_high=25000),
            "liquid": stock,
        }
    }
    weigh = {"weigh": {"what": "vial", "at": "pan", "with": "balance", "as": "vial_mg"}}
    warm = {"what": "cup", "in": "hotplate", "at": "plate", "to_c": draw.figure(30, 75, wild_high=300),
            "hold_min": draw.figure(1, 30, wild_high=100)}  # fmt: skip
    steps: list[Step] = [dose]
    if draw.chance(0.3):
        steps = [{"repeat": {"times": draw.one_of(1, 2, 3), "steps": steps}}]
    if draw.chance(0.3):
        threshold = draw.figure(15000, 22000, wild_high=30000)
        steps += [weigh, {"if": {"condition": f"vial_mg > {threshold:g}", "then": [{"wait": {"for_min": 3}}], "else": [dose],
                                 "assume": draw.one_of(True, False)}}]  # fmt: skip
    if draw.chance(0.3):
        until = {"until": f"vial_mg > {draw.figure(17000, 19000, wild_high=30000):g}", "at_most": 3, "else": "go on"}
        steps.append({"repeat": {**until, "steps": [dose, weigh]}})
    if draw.chance(0.3):
        steps.append(
            {"mix": {"what": "vial", "at": "booth", **pump, "volume_ul": draw.figure(200, 900, wild_high=9000)}}
        )
    steps.append({"transfer": {"from": "vial", "from_at": "booth", "into": "cup", "at": "corner", **pump,
                               "volume_ul": draw.figure(300, 1200, wild_high=9000)}})  # fmt: skip
    steps.append({"wash": {**pump, "liquid": "water", "to": "waste", "volume_ul": 400, "cycles": draw.one_of(1, 3)}})
    steps.append({"discard": {"what": "vial", "to": "rubbish"}})
    clamp = {"what": "cup", "at": "clamp", "with": "capper"}
    is_closed = draw.chance(0.4)
    if is_closed:
        steps.append({"cap": clamp})
    if draw.chance(0.3):
        steps.append({"stir": {"what": "cup", "at": "plate", "with": "hotplate", "speed_rpm": draw.figure(100, 900, wild_high=4000), "for_min": 3}})  # fmt: skip
    steps.append({"heat": warm | ({"stir_rpm": draw.figure(100, 800, wild_high=4000)} if draw.chance(0.5) else {})})
    if draw.chance(0.3):
        steps.append({"cool": {"in": "hotplate", "below_c": draw.figure(26, 60, wild_high=60)}})
    if is_closed and draw.chance(0.5):
        steps.append({"uncap": clamp})
    steps.append({"weigh": {"what": "cup", "at": "pan", "with": "balance", "as": "cup_mg"}})
    steps.append({"discard": {"what": "cup", "to": "rubbish"}})
    return steps


def _powder_part(draw: Drawer) -> list[Step]:
    share = round(float(draw.rng.uniform(0, 1)), 3)
    dose = {"into": "crucible", "at": "chute", "with": "doser", "mass_mg": draw.figure(50, 3000, wild_high=40000),
            "blend": {"li2co3": share, "mno": round(1 - share, 3)}, "leave_out_below": draw.one_of(0.0, 0.02),
            "tolerance_mg": draw.figure(2, 10, wild_high=20, digits=1)}  # fmt: skip
    weigh = {"weigh": {"what": "crucible", "at": "pan", "with": "balance", "as": "crucible_mg"}}
    steps: list[Step] = [{"dose_powder": dose}]
    if draw.chance(0.4):
        steps.insert(0, weigh)
    shake = {"shake": {"what": "crucible", "with": "handler", "for_min": draw.figure(1, 5, wild_high=300),
                       "speed_rpm": int(draw.figure(500, 2000, wild_high=4000))}}  # fmt: skip
    if draw.chance(0.4):
        steps.append(shake)
    taps: list[Step] = []
    if draw.chance(0.4):
        tap = {
            "from": "crucible",
            "into": "holder",
            "with": "handler",
            "mass_mg": draw.figure(20, 200, wild_high=40000),
        }
        taps = [shake, {"transfer_powder": tap}, {"discard": {"what": "holder", "to": "rubbish"}}]
    fires = [
        {"heat": {"what": "crucible", "in": "kiln", "at": "chamber", **draw.segments()}}
        for _ in range(draw.one_of(1, 1, 2))
    ]
    return [*steps, *fires, *taps, weigh, {"discard": {"what": "crucible", "to": "rubbish"}}]


def _named(steps: list[Step]) -> list[Step]:
    """Fresh copies, so that no sentence is the same object twice; a protocol has one sentence or more."""
    return [deepcopy(step) for step in steps] or [{"wait": {"for_min": 1}}]


DRAWN: dict[str, Callable[[np.random.Generator], tuple[Step, dict[str, Any], int]]] = {
    "film": film_protocol,
    "kiln": kiln_protocol,
}
