"""What chance would have found: campaigns drawn at random from the same space, on films of the same hidden truth.

Only a simulated bench can be asked this; the report shows it beside what the designer found.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from console.designing import designer_for
from console.runfolder import RunFolder
from hardware_sim.world.film import FilmTruth, load_truth
from hardware_sim.world.settings import SimulationSettings
from planning.campaign import Campaign, nested
from planning.design.space import Point
from planning.protocol.document import Protocol
from robot.config import LabConfig

RUNS = 50


def write_chance(folder: RunFolder) -> Path | None:
    """Write `random.json` into a campaign's folder: for each run its results in order. None if nothing can be asked."""
    setup = folder.setup
    if setup.wires == "real" or not folder.campaign.exists():
        return None
    campaign, recipe = Campaign.load(folder.campaign), Protocol.load(folder.protocol)
    if not {"dose", "heat"} <= {step.verb for step in recipe.steps}:
        return None
    space = designer_for(campaign, recipe, folder.campaign, setup.truth).designer.space
    settings = SimulationSettings.model_validate(LabConfig.load(folder.lab).simulation)
    truth = load_truth(setup.truth or settings.truth)
    rng = np.random.default_rng(setup.seed)
    runs = [
        [conductivity_s_per_cm(recipe, point, truth, rng) for point in space.sample(campaign.budget.samples, rng)]
        for _ in range(RUNS)
    ]
    target = folder.path / "random.json"
    target.write_text(json.dumps(runs) + "\n", encoding="utf-8")
    return target


def conductivity_s_per_cm(recipe: Protocol, point: Point, truth: FilmTruth, rng: np.random.Generator) -> float:
    """One film of a point, made without a bench: as dosed and annealed exactly as the recipe says."""
    steps = [step for _, step in recipe.bind(nested(point)).named_steps()]
    blend = next(step.dose.blend for step in steps if step.dose is not None and step.dose.blend is not None)
    heat = next(step.heat for step in steps if step.heat is not None)
    assert isinstance(blend, Mapping)
    to_c, _, hold_min = heat.programme()[-1]
    value = truth.conductivity_s_per_cm(blend, to_c, hold_min, rng)
    return float(f"{value:.6g}")
