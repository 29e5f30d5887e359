"""What other people's names of classes mean to us."""

from vision.state.vessel import Material

MATERIALS: dict[str, Material] = {
    "liquid": Material.LIQUID, "homo": Material.LIQUID, "homogeneous": Material.LIQUID,
    "suspension": Material.SUSPENSION, "hetero": Material.SUSPENSION, "heterogeneous": Material.SUSPENSION,
    "emulsion": Material.SUSPENSION, "solid": Material.SOLID, "powder": Material.SOLID, "granular": Material.SOLID,
    "crystal": Material.SOLID, "residue": Material.SOLID, "gel": Material.SOLID, "foam": Material.FOAM,
    "cap": Material.CAP, "cork": Material.CAP, "stopper": Material.CAP, "lid": Material.CAP,
}  # fmt: skip
VESSELS = (
    "vessel", "tube", "vial", "beaker", "flask", "bottle", "container", "funnel", "cylinder", "crucible", "cup", "jar",
    "dish", "plate", "reactor", "column", "mold",
)  # fmt: skip


def material_of(name: str) -> Material | None:
    """The material that a name of a class means, if it means one.

    >>> material_of("Liquid Suspension"), material_of("test tube cap"), material_of("gripper")
    (<Material.SUSPENSION: 3>, <Material.CAP: 6>, None)
    """
    words = name.lower().replace("_", " ").split()
    found = [material for word, material in MATERIALS.items() if word in words]
    return max(
        (m for m in found if m in (Material.CAP, Material.SUSPENSION, Material.FOAM)),
        default=found[0] if found else None,
    )


def is_vessel(name: str) -> bool:
    """Is a thing of that name a vessel, and not a part or the content of one?

    >>> is_vessel("Erlenmeyer flask"), is_vessel("test tube cap"), is_vessel("gripper")
    (True, False, False)
    """
    return material_of(name) is None and any(vessel in name.lower() for vessel in VESSELS)
