"""Cameras, balances and probes: what is there is seen, weighed and measured."""

from collections.abc import Mapping
from functools import partial
from math import log, pi
from typing import Any

from planning.errors import LookedDoubtful, LookedWrong, Missing, NotCompleted, WrongMass
from planning.places import camera_seeing
from planning.protocol.expectations import Answer, Expectation, Verdict, judge, judge_mass, pooled
from planning.skills.job import Job
from robot.errors import Busy, DeviceError
from robot.interfaces import Weight
from vision.frame import Frame
from vision.state.vessel import VesselState

LOOKS = 3
LOOK_AGAIN_S = 2.0
WEIGH_AGAIN_S = 1.0
WEIGH_WITHIN_S = 60.0
"""A balance that has not come to rest by then stands in a draught, or on a bench that shakes."""


async def look(job: Job) -> Mapping[str, Any]:
    """Compare what is there with what should be; look again in doubt or disappointment, then give up.

    What is to be kept under a name is kept whatever it shows.
    """
    if job.eyes is None:
        job.write("not_looked", why="vision is switched off")
        return {}
    details = job.task.arguments
    wanted = details["expectation"] and Expectation.model_validate(details["expectation"])
    ware = job.lab.ware(details["ware"])
    looks: list[VesselState] = []
    verdict = Verdict(Answer.YES, "nothing was expected")
    for attempt in range(1, LOOKS + 1):
        pixels = await job.bench.read(details["camera"], "capture")
        frame = Frame(pixels, details["camera"], job.bench.clock.now_s())
        looks.append(await job.bench.call(partial(job.eyes.look, frame, ware)))
        if wanted:
            verdict = judge(wanted, pooled(looks), details["fill_height_fraction"])
        job.write("look", device=details["camera"], vessel=details["vessel"], attempt=attempt,
                  answer=verdict.answer.value, reason=verdict.reason, **_evidence(job, frame, looks[-1]))  # fmt: skip
        if verdict.answer is Answer.YES:
            break
        await job.bench.sleep(LOOK_AGAIN_S)
    if "quantity" in details:
        return {details["quantity"]: _figures(pooled(looks), verdict)}
    expects_it = bool(wanted and wanted.present)
    if verdict.answer is not Answer.YES:
        why = f"{details['vessel']} was looked at {LOOKS} times: {verdict.answer.value}: {verdict.reason}"
        is_missing = expects_it and _presence(pooled(looks)) in (Answer.NO, Answer.UNKNOWN)
        disappointed = LookedWrong if verdict.answer is Answer.NO else LookedDoubtful
        raise (Missing if is_missing else disappointed)(why)
    return {"seen": details["vessel"]} if expects_it else {}


async def sight(job: Job, source: str, to: str) -> Mapping[str, Any]:
    """Look whether a vessel that was just carried stands where it was put, or, where no camera sees that, whether it is
    gone from where it was taken; nothing, if the eyes do not know such vessels.

    Raises:
        Missing: it is not where it was put, however often one looked, or it is where it was.
    """
    if camera_seeing(job.lab, to) is not None:
        return await _arrived(job, to)
    if camera_seeing(job.lab, source) is not None and job.lab.sites[source].places == 1:
        await _left(job, source)
    return {}


async def _arrived(job: Job, site: str) -> Mapping[str, Any]:
    looks = await _look_for(job, site, is_there=True)
    seen = _presence(pooled(looks)) if looks else None
    if seen is Answer.YES:
        return {"seen": job.task.arguments["vessel"]}
    if seen is None:
        return {}
    raise Missing(f"{job.task.arguments['vessel']} was put down at {site} and is not seen there")


async def _left(job: Job, site: str) -> None:
    looks = await _look_for(job, site, is_there=False)
    if looks and _presence(pooled(looks)) is Answer.YES:
        raise Missing(f"{job.task.arguments['vessel']} was taken from {site} and is still seen there")


async def _look_for(job: Job, site: str, *, is_there: bool) -> list[VesselState]:
    """Look at a place until one sees what one expects, three times at most; no looks if the camera or the eyes fail."""
    camera = camera_seeing(job.lab, site)
    vessel, ware = job.task.arguments["vessel"], job.lab.ware(job.task.arguments["ware"])
    if job.eyes is None or camera is None or ware.kind not in job.eyes.trust.kinds:
        return []
    wanted = Answer.YES if is_there else Answer.NO
    looks: list[VesselState] = []
    while len(looks) < LOOKS:
        try:
            pixels = await job.bench.read(camera, "capture")
        except DeviceError as err:
            job.write("not_looked", why=str(err))
            return []
        frame = Frame(pixels, camera, job.bench.clock.now_s())
        looks.append(await job.bench.call(partial(job.eyes.look, frame, ware)))
        if _presence(pooled(looks)) is wanted:
            kind = "sighted" if is_there else "seen_gone"
            job.write(kind, device=camera, vessel=vessel, site=site, present=round(looks[-1].present, 4))
            return looks
        kind = "not_sighted" if is_there else "not_seen_gone"
        job.write(kind, device=camera, vessel=vessel, site=site, **_evidence(job, frame, looks[-1]))
        await job.bench.sleep(LOOK_AGAIN_S)
    return looks


def _presence(seen: VesselState) -> Answer | None:
    """Is a vessel to be seen? None: the picture is bad, and says nothing."""
    return judge(Expectation(present=True), seen, None).answer if seen.quality == "ok" else None


def _figures(seen: VesselState, verdict: Verdict) -> dict[str, float]:
    """What conditions may ask of a look."""
    level = seen.fill_height_fraction
    figures = {"present": round(seen.present, 4)} | {name: round(share, 4) for name, share in seen.content.items()}
    figures |= {} if level is None else {"fill": round(level.mean, 4)}
    return figures | {answer.value: float(answer is verdict.answer) for answer in Answer}


def _evidence(job: Job, frame: Frame, seen: VesselState) -> dict[str, Any]:
    level = seen.fill_height_fraction
    return {
        "present": round(seen.present, 4),
        "content": {name: round(share, 4) for name, share in seen.content.items()},
        "fill_height_fraction": None if level is None else [round(level.mean, 4), round(level.std, 4)],
        "quality": seen.quality,
        **_told(seen),
        "picture": job.bench.journal.keep(frame.png(), ".png"),
        "mask": job.bench.journal.keep(seen.mask_png(), ".png"),
    }


def _told(seen: VesselState) -> dict[str, Any]:
    """What only some eyes can tell, where they can."""
    told = {
        "cap_on": _rounded(seen.cap_on),
        "layers": None if seen.layers is None else [round(chance, 4) for chance in seen.layers],
        "colour": None if seen.colour is None else {name: round(chance, 4) for name, chance in seen.colour.items()},
        "tipped": _rounded(seen.tipped),
        "spill": _rounded(seen.spill),
    }
    return {name: value for name, value in told.items() if value is not None}


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)


async def weigh(job: Job) -> Mapping[str, Any]:
    """Wait until the balance is at rest; compare with what is expected, keep what has a name."""
    details = job.task.arguments
    mass_mg = await _stable_mg(job, details["balance"])
    job.write("weighed", device=details["balance"], vessel=details["vessel"], mass_mg=mass_mg)
    if details["expectation"] is not None:
        verdict = judge_mass(Expectation.model_validate(details["expectation"]), mass_mg)
        if verdict.answer is not Answer.YES:
            raise WrongMass(f"{details['vessel']} was weighed: {verdict.reason}")
    return {details["quantity"]: mass_mg} if details["quantity"] else {}


async def _stable_mg(job: Job, balance: str) -> float:
    clock = job.bench.clock
    give_up_s = clock.now_s() + WEIGH_WITHIN_S
    while clock.now_s() < give_up_s:
        try:
            weight: Weight = await job.bench.read(balance, "read_weight")
        except Busy:
            pass
        else:
            if weight.is_stable:
                return weight.mass_mg
        await job.bench.sleep(WEIGH_AGAIN_S)
    raise NotCompleted(balance, f"it did not come to rest within {WEIGH_WITHIN_S:.0f} s; look for a draught")


async def measure(job: Job) -> Mapping[str, Any]:
    """Four-point resistance to conductivity.

    Thin collinear probe on a wide film: R_s = (π / ln 2)·R, σ = 1 / (R_s·t) (Smits, Bell Syst. Tech. J. 37, 711 (1958)).
    """
    details = job.task.arguments
    reading = await job.bench.read(
        details["meter"], "measure_resistance",
        current_a=details["current_a"], compliance_v=details["compliance_v"], readings=details["readings"],
    )  # fmt: skip
    sheet_ohm = pi / log(2) * reading.resistance_ohm
    value = 1.0 / (sheet_ohm * details["thickness_mm"] / 10)
    job.write("measured", device=details["meter"], quantity=details["quantity"], value=float(f"{value:.6g}"),
              resistance_ohm=reading.resistance_ohm, std_ohm=reading.std_ohm)  # fmt: skip
    return {details["quantity"]: float(f"{value:.6g}")}
