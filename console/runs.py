"""From a command's options to a run in its folder: check first, then conduct, then report."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import typer
from rich.console import Console

from console.campaign_checking import files_of, first_samples, preflight_of
from console.checking import located, preflight
from console.compose import Conducted, conduct
from console.designing import designer_for
from console.far_side import host_is_alive
from console.live import LiveTable
from console.parameters import given_answers, given_values
from console.runfolder import RunFolder, Setup, Wires, fresh_path, key_on_server
from console.verdict import show
from planning.campaign import Campaign, Chosen
from planning.database import require_server
from planning.design import catalogue
from planning.errors import Refused
from planning.preflight import Preflight
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.errors import NotReachable
from robot.files import check_section


def wires_of(real: bool, pty: bool, faults: str = "") -> Wires:
    """Which far side the options choose.

    Raises:
        Refused: they ask for real devices and for what only a simulated bench can do.
    """
    if real and (pty or faults):
        raise Refused("--real goes neither with --pty nor with --faults", "Leave out one or the other")
    return "real" if real else "pty" if pty else "loopback"


def consent(yes: bool) -> None:
    """Ask before real devices move."""
    if not yes:
        print("The arm will home and sweep; the pipette will empty itself into the waste; the furnace will heat.")
        typer.confirm("Is the bench clear, and may it move?", abort=True)


def begin_samples(
    protocol: Path, lab: Path, samples: int, settings: Sequence[str], out: Path | None, *,
    wires: Wires, seed: int, faults: str, vision: bool, speed: float, journal: str = "", yes: bool = False,
    answers: Sequence[str] = (), pace: float | None = None,
) -> RunFolder:  # fmt: skip
    """Check and make samples with given parameters."""
    recipe, bench = Protocol.load(protocol), LabConfig.load(lab)
    values = [given_values(list(settings), recipe)] * samples
    _must_pass(preflight(bench, recipe, values), {"protocol": protocol, "lab": lab})
    faults = _checked_faults(faults, bench, lab)
    if journal:
        require_server(journal)
    if wires == "real":
        consent(yes)
    folder = RunFolder.create(out or fresh_path(recipe.protocol), lab, protocol, None)
    given = given_answers(answers, recipe)
    setup = Setup(wires, seed, speed, pace=pace, faults=faults, vision=vision, samples=list(values), answers=given)
    folder.write_setup(_kept_at(journal, setup, folder))
    return go_on(folder)


def begin_campaign(
    path: Path, out: Path | None, *, wires: Wires, seed: int | None, samples: int | None, strategy: str | None,
    truth: Path | None, faults: str, vision: bool, speed: float, journal: str = "", yes: bool = False,
    pace: float | None = None,
) -> RunFolder:  # fmt: skip
    """Check and run a campaign."""
    campaign = Campaign.load(path)
    if strategy is not None and strategy not in catalogue.NAMES:
        raise Refused(f"--strategy: no strategy is called {strategy!r}", f"Write one of {', '.join(catalogue.NAMES)}")
    recipe, bench = Protocol.load(campaign.protocol), LabConfig.load(campaign.lab)
    table = str(truth.resolve()) if truth else None
    source = designer_for(campaign, recipe, path, table)
    timed = first_samples(source, samples or campaign.budget.samples)
    _must_pass(preflight_of(campaign, recipe, bench, source, timed), files_of(campaign, path))
    faults = _checked_faults(faults, bench, campaign.lab)
    journal = journal or campaign.journal
    if journal:
        require_server(journal)
    if wires == "real":
        consent(yes)
    folder = RunFolder.create(out or fresh_path(campaign.campaign), campaign.lab, campaign.protocol, path)
    settle_campaign(folder, seed, samples, strategy, source.campaign)
    setup = Setup(
        wires, campaign.seed if seed is None else seed, speed, pace=pace, truth=table, faults=faults, vision=vision
    )
    folder.write_setup(_kept_at(journal, setup, folder))
    return go_on(folder)


def go_on(folder: RunFolder, *, resume: bool = False) -> RunFolder:
    """Conduct what a folder holds, show it, and write its report."""
    setup = folder.setup
    if resume and setup.wires == "pty" and not host_is_alive(folder):
        raise Refused("the process of this run's simulated laboratory is gone", "Begin anew")
    console = Console()
    campaign = Campaign.load(folder.campaign) if folder.campaign.exists() else None
    budget = campaign.budget.samples if campaign else len(setup.samples or [])
    try:
        run = conduct(folder, setup, LiveTable(console, campaign.quantity if campaign else None, budget), resume=resume)
    except NotReachable as err:
        if resume:
            remedy = f"{err.remedy.rstrip('.')}; then athanor resume {folder.path}: the run is as it was"
            raise NotReachable(err.device, err.what, remedy) from err
        shutil.rmtree(folder.path)  # nothing has happened that would be worth keeping
        raise
    _tell(run, console)
    if run.executor.stopped_because:
        raise typer.Exit(3)
    return folder


def _kept_at(journal: str, setup: Setup, folder: RunFolder) -> Setup:
    """The setup with where the journal lies: on a server under a key of its own, or in the folder."""
    return replace(setup, journal=journal, run=key_on_server(folder.path)) if journal else setup


def _must_pass(result: Preflight, files: Mapping[str, Path]) -> None:
    show(result, located(result, files))
    if not result.passed:
        raise typer.Exit(1)


def _checked_faults(faults: str, bench: LabConfig, path: Path) -> str:
    """Read the wishes, from their file if they stand in one; refuse what the simulator does not understand."""
    import numpy as np

    from hardware_sim.fault_plan import parse_faults, wishes_in
    from hardware_sim.world.settings import SimulationSettings

    check_section(SimulationSettings, path, "simulation")
    wishes = wishes_in(faults)
    try:
        parse_faults(wishes, np.random.default_rng(0), bench)
    except ValueError as err:
        raise Refused(f"--faults: {err}", "Correct it") from err
    return wishes


def settle_campaign(
    folder: RunFolder, seed: int | None, samples: int | None, strategy: str | None, timed: Campaign | None = None
) -> None:
    """Write into the folder's copy of the campaign what was changed or worked out, so that it alone says what ran."""
    import yaml

    data = yaml.safe_load(folder.campaign.read_text(encoding="utf-8"))
    data |= {"lab": "lab.yaml", "protocol": "protocol.yaml"}
    data |= {"history": [path.name for path in folder.history]} if folder.history else {}
    hours = {} if timed is None else {"cost": timed.cost, "sample_hours": timed.sample_hours}
    data |= {field: formula for field, formula in hours.items() if formula}
    data |= {} if seed is None else {"seed": seed}
    data |= {} if strategy is None else {"strategy": strategy}
    if samples is not None:
        data["budget"]["samples"] = samples
    folder.campaign.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _tell(run: Conducted, console: Console) -> None:
    """Say how it ended, where the report lies, and how to go on."""
    from console.chance import write_chance
    from console.report import write_report

    ended = [sample for sample in run.executor.samples.values() if sample.status != "under way"]
    aside = [sample for sample in ended if sample.status == "set aside"]
    why = run.executor.stopped_because
    console.print(
        f"{len(ended)} samples ended, {len(aside)} of them set aside; {run.clock.now_s() / 3600:.1f} bench hours"
    )
    if isinstance(run.source, Chosen) and (best := run.source.best()):
        console.print(f"best: {best[1]:.4g} {run.source.designer.objective.unit} ({best[0].name})")
    write_chance(run.folder)
    console.print(f"report: {write_report(run.folder.path)}", soft_wrap=True)
    if why:
        console.print(f"[yellow]stopped: {why}[/]\n   → athanor resume {run.folder.path}", soft_wrap=True)
