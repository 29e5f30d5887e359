"""How each verb becomes tasks: which devices, which places, in which order. Transfers are put in where needed."""

from collections.abc import Callable, Mapping
from typing import Any

from planning.inventory import ink_volumes_ul, liquid_volumes_ul
from planning.liquids import line_to, soiled_by_use
from planning.places import balance_at, camera_at
from planning.powder_writers import write_dose_powder, write_shake, write_transfer_powder
from planning.protocol.binding import BoundStep
from planning.protocol.expectations import Expectation
from planning.protocol.expressions import names_in_condition
from planning.protocol.fields import Action
from planning.protocol.handling import Ask, Cap, Discard, Move, Uncap, Wait
from planning.protocol.liquids import Cast, Dose, Mix, Transfer, Wash
from planning.protocol.observations import Diffract, Look, Measure, Weigh
from planning.protocol.powders import DosePowder, Shake, TransferPowder
from planning.protocol.treatments import Cool, Heat, Stir
from planning.walk import Walk
from robot.device_settings import FurnaceSettings


def write_step(walk: Walk, step: BoundStep) -> None:
    """Write a step's tasks, and the looks that its expectations want.

    Raises:
        Refused: the bench lacks a device, a line or a camera that it needs.
    """
    if step.decision is not None:
        _write_decision(walk, step)
        return
    WRITERS[type(step.step.action)](walk, step.step.action)
    look, weigh = step.step.look, step.step.weigh
    for vessel, expectation in step.step.expect.items():
        _write_look(walk, vessel, expectation, look if look is not None and look.what == vessel else None)
        if expectation.mass_mg is not None and (weigh is None or weigh.what != vessel):
            _write_mass(walk, vessel, expectation)
    if look is not None and look.what not in step.step.expect:
        _write_look(walk, look.what, None, look)


def _write_decision(walk: Walk, step: BoundStep) -> None:
    decision = step.decision
    assert decision is not None
    spoken_of = names_in_condition(decision.condition)
    walk.act(
        "decide", [],
        arguments={"decision": step.name, "condition": decision.condition, "planned": decision.outcome,
                   "must": decision.must,
                   "values": {name: value for name, value in decision.values.items() if name in spoken_of}},
    )  # fmt: skip


# --- liquids


def _write_dose(walk: Walk, dose: Dose) -> None:
    assert not isinstance(dose.blend, str)
    volume_ul = float(dose.volume_ul)
    if dose.blend is not None:
        volumes_ul, as_made = ink_volumes_ul(dose.blend, volume_ul, dose.leave_out_below, walk.lab)
    else:
        volumes_ul, as_made = liquid_volumes_ul(str(dose.liquid), volume_ul, walk.lab), {}
    walk.bring(dose.into, dose.at)
    walk.act(
        "dose", [dose.into],
        arguments={"pipette": dose.with_, "line": line_to(walk.lab, dose.with_, walk.standing[dose.into]), "vessel": dose.into,
                   "volumes_ul": volumes_ul, "as_made": as_made},
        uses=frozenset({dose.with_}), takes=soiled_by_use(walk.lab, dose.with_), frees=walk.frees_pipette(dose.with_),
    )  # fmt: skip
    content = walk.inside(dose.into)
    content.volume_ul += volume_ul
    content.solids_mg += sum(walk.lab.stocks[ink].concentration_mg_per_ml * ul for ink, ul in volumes_ul.items()) / 1000


def _write_cast(walk: Walk, cast: Cast) -> None:
    volume_ul = float(cast.volume_ul)
    walk.bring(cast.onto, cast.at)
    walk.act(
        "cast", [cast.from_, cast.onto],
        arguments={"pipette": cast.with_, "line": line_to(walk.lab, cast.with_, walk.standing[cast.from_]),
                   "nozzle": line_to(walk.lab, cast.with_, walk.standing[cast.onto]), "volume_ul": volume_ul,
                   "vessel": cast.from_, "film": cast.onto, "there_ul": walk.inside(cast.from_).volume_ul},
        uses=frozenset({cast.with_}), takes=soiled_by_use(walk.lab, cast.with_), frees=walk.frees_pipette(cast.with_),
    )  # fmt: skip
    walk.inside(cast.onto).film_mg += _pour(walk, cast.from_, cast.onto, volume_ul)


def _write_transfer(walk: Walk, transfer: Transfer) -> None:
    volume_ul = float(transfer.volume_ul)
    if transfer.from_at is not None:
        walk.bring(transfer.from_, transfer.from_at)
    walk.bring(transfer.into, transfer.at)
    walk.act(
        "transfer", [transfer.from_, transfer.into],
        arguments={"pipette": transfer.with_, "vessel": transfer.from_, "into": transfer.into, "volume_ul": volume_ul,
                   "line": line_to(walk.lab, transfer.with_, walk.standing[transfer.from_]),
                   "nozzle": line_to(walk.lab, transfer.with_, walk.standing[transfer.into]),
                   "there_ul": walk.inside(transfer.from_).volume_ul},
        uses=frozenset({transfer.with_}), takes=soiled_by_use(walk.lab, transfer.with_), frees=walk.frees_pipette(transfer.with_),
    )  # fmt: skip
    _pour(walk, transfer.from_, transfer.into, volume_ul)


def _pour(walk: Walk, source: str, to: str, volume_ul: float) -> float:
    """Note that liquid with what is dissolved in it went from a vessel to another; return the solids in mg."""
    solids_mg = walk.inside(source).share(volume_ul)
    for vessel, sign in ((source, -1), (to, 1)):
        walk.inside(vessel).volume_ul += sign * volume_ul
        walk.inside(vessel).solids_mg += sign * solids_mg
    return solids_mg


def _write_mix(walk: Walk, mix: Mix) -> None:
    walk.bring(mix.what, mix.at)
    walk.act(
        "mix", [mix.what],
        arguments={"pipette": mix.with_, "line": line_to(walk.lab, mix.with_, walk.standing[mix.what]), "vessel": mix.what,
                   "volume_ul": float(mix.volume_ul), "cycles": mix.cycles, "there_ul": walk.inside(mix.what).volume_ul},
        uses=frozenset({mix.with_}), takes=soiled_by_use(walk.lab, mix.with_), frees=walk.frees_pipette(mix.with_),
    )  # fmt: skip


def _write_wash(walk: Walk, wash: Wash) -> None:
    walk.act(
        "wash", [],
        arguments={"pipette": wash.with_, "liquid": wash.liquid, "to": wash.to,
                   "volume_ul": float(wash.volume_ul), "cycles": wash.cycles},
        uses=frozenset({wash.with_}), frees=frozenset({wash.with_}),
    )  # fmt: skip


# --- heating and stirring


def _write_heat(walk: Walk, heat: Heat) -> None:
    walk.bring(heat.what, heat.at or heat.in_)
    segments = [list(segment) for segment in heat.programme()]
    device = walk.device(heat.in_, heat.what)
    if isinstance(walk.lab.devices.get(device), FurnaceSettings):
        walk.act("heat", [heat.what], arguments={"furnace": device, "segments": segments}, uses=frozenset({device}))
        return
    speed_rpm = 0.0 if heat.stir_rpm is None else float(heat.stir_rpm)
    walk.act(
        "warm", [heat.what],
        arguments={"plate": device, "segments": segments, "speed_rpm": speed_rpm}, uses=frozenset({device}),
    )  # fmt: skip


def _write_cool(walk: Walk, cool: Cool) -> None:
    device = walk.device_in_use(cool.in_)
    walk.act(
        "cool", [],
        arguments={"device": device, "below_c": float(cool.below_c), "within_s": 60 * cool.give_up_after_min},
        uses=frozenset({device}),
    )  # fmt: skip


def _write_stir(walk: Walk, stir: Stir) -> None:
    walk.bring(stir.what, stir.at or stir.with_)
    plate = walk.device(stir.with_, stir.what)
    walk.act(
        "stir", [stir.what],
        arguments={"plate": plate, "speed_rpm": float(stir.speed_rpm), "for_s": 60 * float(stir.for_min)},
        uses=frozenset({plate}),
    )  # fmt: skip


# --- looking and measuring


def _write_weigh(walk: Walk, weigh: Weigh) -> None:
    expected = walk.expect.get(weigh.what)
    walk.bring(weigh.what, weigh.at or weigh.with_)
    balance = walk.device(weigh.with_, weigh.what)
    walk.act(
        "weigh", [weigh.what],
        arguments={"balance": balance, "vessel": weigh.what, "quantity": weigh.as_,
                   "expectation": _said(expected) if expected and expected.mass_mg is not None else None},
        uses=frozenset({balance}),
    )  # fmt: skip


def _write_measure(walk: Walk, measure: Measure) -> None:
    walk.bring(measure.what, measure.at or measure.with_)
    meter = walk.device(measure.with_, measure.what)
    ware = walk.lab.ware(walk.wares[measure.what])
    film_mg = walk.inside(measure.what).film_mg
    walk.act(
        "measure", [measure.what],
        arguments={"meter": meter, "quantity": measure.as_, "current_a": float(measure.current_a),
                   "compliance_v": float(measure.compliance_v), "readings": measure.readings,
                   "thickness_mm": film_mg / measure.density_mg_per_mm3 / ware.inner_width_mm**2},
        uses=frozenset({meter}),
    )  # fmt: skip


def _write_diffract(walk: Walk, diffract: Diffract) -> None:
    walk.bring(diffract.what, diffract.at or diffract.with_)
    diffractometer = walk.device(diffract.with_, diffract.what)
    walk.act(
        "diffract", [diffract.what],
        arguments={"diffractometer": diffractometer, "quantity": diffract.as_, "of": diffract.of,
                   "phases": diffract.phases, "start_deg": diffract.start_deg, "end_deg": diffract.end_deg,
                   "step_deg": diffract.step_deg, "seconds_per_step": diffract.seconds_per_step},
        uses=frozenset({diffractometer}),
    )  # fmt: skip


def _write_look(walk: Walk, vessel: str, expectation: Expectation | None, own: Look | None) -> None:
    """Look at a vessel where it stands, unless nothing about it is a matter of looking.

    `own` is the step itself, if it is a look at this vessel.
    """
    if expectation is not None and not expectation.seen():
        return
    camera = camera_at(walk.lab, walk.standing[vessel].site)
    ware = walk.lab.ware(walk.wares[vessel])
    as_dosed = ware.fill_height_fraction(walk.inside(vessel).volume_ul)
    write = walk.add if own is None else walk.act
    write(
        "look", [vessel],
        arguments={"camera": camera, "vessel": vessel, "ware": ware.name, "expectation": _said(expectation),
                   "fill_height_fraction": _expected_fill(expectation, as_dosed)}
                  | ({"quantity": own.as_} if own is not None and own.as_ else {}),
        uses=frozenset({camera}),
    )  # fmt: skip


def _write_mass(walk: Walk, vessel: str, expectation: Expectation) -> None:
    """Weigh a vessel where it stands."""
    balance = balance_at(walk.lab, walk.standing[vessel].site)
    walk.add(
        "weigh", [vessel],
        arguments={"balance": balance, "vessel": vessel, "quantity": None, "expectation": _said(expectation)},
        uses=frozenset({balance}),
    )  # fmt: skip


def _said(expectation: Expectation | None) -> dict[str, Any] | None:
    return None if expectation is None else expectation.model_dump(exclude_none=True)


def _expected_fill(expectation: Expectation | None, as_dosed: float) -> float | None:
    if expectation is None:
        return None
    return as_dosed if expectation.fill == "as dosed" else expectation.fill


# --- carrying, closing, waiting, asking


def _write_carry(walk: Walk, action: Discard | Move) -> None:
    walk.bring(action.what, action.to, within_s=walk.within_s)


def _write_cap(walk: Walk, cap: Cap) -> None:
    walk.bring(cap.what, cap.at or cap.with_)
    capper = walk.device(cap.with_, cap.what)
    walk.act(
        "uncap" if isinstance(cap, Uncap) else "cap", [cap.what],
        arguments={"capper": capper, "vessel": cap.what}, uses=frozenset({capper}),
    )  # fmt: skip


def _write_wait(walk: Walk, wait: Wait) -> None:
    walk.act("wait", [], arguments={"for_s": 60 * float(wait.for_min)})


def _write_ask(walk: Walk, ask: Ask) -> None:
    time_out_s = None if ask.time_out_min is None else 60 * float(ask.time_out_min)
    walk.act(
        "ask", [],
        arguments={"question": ask.question, "answers": ask.answers, "quantity": ask.as_, "time_out_s": time_out_s,
                   "if_silent": ask.if_silent},
    )  # fmt: skip


WRITERS: Mapping[type[Action], Callable[[Walk, Any], None]] = {
    Dose: _write_dose,
    DosePowder: write_dose_powder,
    Shake: write_shake,
    TransferPowder: write_transfer_powder,
    Cast: _write_cast,
    Transfer: _write_transfer,
    Mix: _write_mix,
    Wash: _write_wash,
    Heat: _write_heat,
    Cool: _write_cool,
    Stir: _write_stir,
    Wait: _write_wait,
    Look: lambda walk, look: walk.bring(look.what, look.at),
    Weigh: _write_weigh,
    Measure: _write_measure,
    Diffract: _write_diffract,
    Cap: _write_cap,
    Uncap: _write_cap,
    Move: _write_carry,
    Discard: _write_carry,
    Ask: _write_ask,
}
