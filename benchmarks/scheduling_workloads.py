"""Benches and samples to schedule: drop-cast films, and powders as in A-Lab. Times are in seconds, and whole.

Constants of the powder bench are read from AlabOS's open configuration and task code; those marked (a) are assumed.
"""

from dataclasses import dataclass

import numpy as np

from planning.scheduling.model import Firing, Job, Lag, Machines, Operation, Problem, Resource

MINUTE_S, HOUR_S = 60.0, 3600.0
ARM_PROGRAMME_S = 20.0  # motion about 15 s (a) and 4.9 s of the original driver's overhead
CASTING_TO_HEAT_S = 12 * MINUTE_S


@dataclass(frozen=True)
class Workload:
    """A problem, and who handed which samples in together."""

    name: str
    problem: Problem
    submissions: tuple[tuple[int, ...], ...]


POWDER_PROGRAMMES_S = {"600 °C 2 h": 318 * MINUTE_S, "800 °C 4 h": 478 * MINUTE_S, "1000 °C 4 h": 518 * MINUTE_S}
COOLING_S = {"600 °C 2 h": 120 * MINUTE_S, "800 °C 4 h": 150 * MINUTE_S, "1000 °C 4 h": 180 * MINUTE_S}  # to 300 °C (a)
TUBE_PROGRAMME_S = 420 * MINUTE_S  # (a)


def powder(count: int, furnaces: int, seed: int, whole_batches: bool = False) -> Workload:
    """Dose, dry, fire, cool, recover, diffract. One sample in six goes to a tube furnace.

    Samples are handed in by the dozen and mixed; or, with `whole_batches`, in eights of one programme.
    """
    rng = np.random.default_rng(seed)
    mixed = [any_programme(rng) for _ in range(count)]
    programmes = sorted(mixed) if whole_batches else mixed
    jobs = tuple(powder_job(f"p{number:03d}", programme, rng) for number, programme in enumerate(programmes))
    problem = Problem(*powder_bench(furnaces), jobs)
    return Workload(f"powder {count} × {furnaces}", problem, _submissions(programmes, whole_batches))


def powder_bench(furnaces: int) -> tuple[tuple[Resource, ...], tuple[Machines, ...]]:
    """Stations, arms and racks, and so many furnaces of either kind."""
    resources = (
        Resource("doser"), Resource("furnace arm"), Resource("second arm"), Resource("recovery"), Resource("diffractometer"),
        Resource("buffer rack", 20), Resource("cooling places", 8 * furnaces + 8), Resource("holders", 16),
    )  # fmt: skip
    machines = (
        Machines("quadrant", 4, 16),
        Machines("box furnace", furnaces, 8),
        Machines("tube furnace", furnaces, 4),
    )
    return resources, machines


def any_programme(rng: np.random.Generator) -> str:
    """One sample in six goes to a tube furnace."""
    return str(rng.choice([*POWDER_PROGRAMMES_S, "argon"], p=[0.3, 0.3, 0.233, 0.167]))


def _submissions(programmes: list[str], whole_batches: bool) -> tuple[tuple[int, ...], ...]:
    numbers = range(len(programmes))
    if not whole_batches:
        return tuple(tuple(numbers[start : start + 16]) for start in range(0, len(numbers), 16))
    alike: dict[str, list[int]] = {}
    for number in numbers:
        alike.setdefault(programmes[number], []).append(number)
    return tuple(tuple(jobs[start : start + 8]) for jobs in alike.values() for start in range(0, len(jobs), 8))


def powder_job(name: str, programme: str, rng: np.random.Generator) -> Job:
    """One sample: dosed, dried, fired, cooled, recovered, measured."""
    tube = programme == "argon"
    fired_s = TUBE_PROGRAMME_S if tube else POWDER_PROGRAMMES_S[programme] + COOLING_S[programme]
    dosing_s = float(rng.integers(10, 23)) * MINUTE_S  # (a)

    def after(step: str, min_s: float = 0.0) -> tuple[Lag, ...]:
        return (Lag(f"{name}.{step}", min_s),)

    kind = "tube furnace" if tube else "box furnace"
    fire = Firing(kind, programme, f"{name}.load", f"{name}.unload")
    return Job(
        name,
        (
            Operation(f"{name}.dose", dosing_s, uses=("doser",), spread_fraction=0.2),
            Operation(f"{name}.dry", 90 * MINUTE_S, after=after("dose"), spread_fraction=0.05,
                      firing=Firing("quadrant", "dry", f"{name}.dose", f"{name}.fetch")),
            Operation(f"{name}.fetch", 3 * ARM_PROGRAMME_S, ("furnace arm",), after("dry"), takes=("buffer rack",), spread_fraction=0.1),
            Operation(f"{name}.load", 2 * ARM_PROGRAMME_S, ("furnace arm",), after("fetch"), frees=("buffer rack",), spread_fraction=0.1),
            Operation(f"{name}.fire", fired_s, after=after("load"), firing=fire, spread_fraction=0.05),
            Operation(f"{name}.unload", 2 * ARM_PROGRAMME_S, ("furnace arm",), after("fire"), takes=("cooling places",), spread_fraction=0.1),
            Operation(f"{name}.recover", 50 * 15.0 + 135.0, ("second arm", "recovery"), after("unload", 60 * MINUTE_S),
                      takes=("holders",), frees=("cooling places",), spread_fraction=0.2),
            Operation(f"{name}.mount", 20 * 15.0, ("second arm",), after("recover"), spread_fraction=0.2),
            Operation(f"{name}.scan", 8 * MINUTE_S, ("diffractometer",), after("mount"), spread_fraction=0.05),
            Operation(f"{name}.end", 10 * 15.0, ("second arm",), after("scan"), frees=("holders",), spread_fraction=0.2),
        ),
    )  # fmt: skip


ANNEALS_S = {"120 °C 10 min": 40 * MINUTE_S, "140 °C 20 min": 58 * MINUTE_S, "180 °C 30 min": 80 * MINUTE_S}


def film(count: int, furnaces: int, seed: int, whole_batches: bool = False) -> Workload:
    """Dose, cast, anneal within twelve minutes of casting, look, measure: examples/film_bench with several furnaces."""
    rng = np.random.default_rng(seed)
    mixed = [str(rng.choice(list(ANNEALS_S))) for _ in range(count)]
    programmes = sorted(mixed) if whole_batches else mixed
    jobs = tuple(_film_job(f"f{number:03d}", programme, rng) for number, programme in enumerate(programmes))
    resources = (Resource("arm"), Resource("camera"), Resource("probe"), Resource("pipette"), Resource("booth"), Resource("casting"),
                 Resource("inspection"), Resource("stage"))  # fmt: skip
    machines = (Machines("furnace", furnaces, 4),)
    return Workload(
        f"film {count} × {furnaces}", Problem(resources, machines, jobs), _submissions(programmes, whole_batches)
    )


def _film_job(name: str, programme: str, rng: np.random.Generator) -> Job:
    def after(*steps: str) -> tuple[Lag, ...]:
        return tuple(Lag(f"{name}.{step}") for step in steps)

    doses_s = float(rng.integers(60, 121))
    anneal = Firing("furnace", programme, f"{name}.load", f"{name}.unload")
    heat_after = (*after("load"), Lag(f"{name}.cast", 0.0, CASTING_TO_HEAT_S))
    return Job(
        name,
        (
            Operation(f"{name}.vial", 20.0, ("arm",), takes=("booth",), spread_fraction=0.1),
            Operation(f"{name}.dose", doses_s, after=after("vial"), takes=("pipette",), spread_fraction=0.1),
            Operation(f"{name}.look", 3.0, ("camera",), after("dose")),
            Operation(f"{name}.substrate", 20.0, ("arm",), after("look"), takes=("casting",), spread_fraction=0.1),
            Operation(f"{name}.cast", 6.0, after=after("substrate"), spread_fraction=0.1),
            Operation(f"{name}.load", 20.0, ("arm",), after("cast"), frees=("casting",), spread_fraction=0.1),
            Operation(f"{name}.wash", 40.0, after=after("cast"), frees=("pipette",), spread_fraction=0.1),
            Operation(f"{name}.away", 20.0, ("arm",), after("cast"), frees=("booth",), spread_fraction=0.1),
            Operation(f"{name}.anneal", ANNEALS_S[programme], after=heat_after, firing=anneal, spread_fraction=0.03),
            Operation(f"{name}.unload", 20.0, ("arm",), after("anneal"), takes=("inspection",), spread_fraction=0.1),
            Operation(f"{name}.inspect", 3.0, ("camera",), after("unload")),
            Operation(f"{name}.present", 20.0, ("arm",), after("inspect"), takes=("stage",), frees=("inspection",), spread_fraction=0.1),
            Operation(f"{name}.measure", 10.0, ("probe",), after("present")),
            Operation(f"{name}.done", 20.0, ("arm",), after("measure"), frees=("stage",), spread_fraction=0.1),
        ),
    )  # fmt: skip
