"""Turns steps that handle powders into tasks."""

from planning.inventory import powder_masses_mg
from planning.places import place_at
from planning.protocol.powders import DosePowder, Shake, TransferPowder
from planning.walk import Walk


def write_dose_powder(walk: Walk, dose: DosePowder) -> None:
    """Bring a vessel to the doser; let powders fall into it."""
    assert not isinstance(dose.blend, str)
    blend = {str(dose.powder): 1.0} if dose.blend is None else dose.blend
    masses_mg = powder_masses_mg(blend, float(dose.mass_mg), dose.leave_out_below, walk.lab)
    walk.bring(dose.into, dose.at or dose.with_)
    doser = walk.device(dose.with_, dose.into)
    walk.act(
        "dose_powder", [dose.into],
        arguments={"doser": doser, "vessel": dose.into, "masses_mg": masses_mg, "tolerance_mg": dose.tolerance_mg},
        uses=frozenset({doser}),
    )  # fmt: skip
    walk.inside(dose.into).powder_mg += sum(masses_mg.values())


def write_shake(walk: Walk, shake: Shake) -> None:
    """Bring a vessel to the handler's first place; shake it."""
    walk.bring(shake.what, place_at(walk.lab, shake.with_, "source"))
    walk.act(
        "shake", [shake.what],
        arguments={"handler": shake.with_, "for_s": round(60 * float(shake.for_min)), "speed_rpm": shake.speed_rpm},
        uses=frozenset({shake.with_}),
    )  # fmt: skip


def write_transfer_powder(walk: Walk, transfer: TransferPowder) -> None:
    """Bring a full and an empty vessel to the handler; tap powder over."""
    walk.bring(transfer.from_, place_at(walk.lab, transfer.with_, "source"))
    walk.bring(transfer.into, place_at(walk.lab, transfer.with_, "target"))
    mass_mg = round(float(transfer.mass_mg), 1)
    walk.act(
        "transfer_powder", [transfer.from_, transfer.into],
        arguments={"handler": transfer.with_, "vessel": transfer.from_, "into": transfer.into, "mass_mg": mass_mg},
        uses=frozenset({transfer.with_}),
    )  # fmt: skip
    walk.inside(transfer.from_).powder_mg -= mass_mg
    walk.inside(transfer.into).powder_mg += mass_mg
