"""What other people's names of classes mean to us."""

from vision.state.vessel import Material

MATERIALS: dict[str, Material] = {
    "cap": Material.CAP, "cork": Material.CAP, "stopper": Material.CAP, "lid": Material.CAP, "foam": Material.FOAM,
    "suspension": Material.SUSPENSION, "emulsion": Material.SUSPENSION, "hetero": Material.SUSPENSION,
    "heterogeneous": Material.SUSPENSION, "homo": Material.LIQUID, "homogeneous": Material.LIQUID, "liquid": Material.LIQUID,
    "solid": Material.SOLID, "powder": Material.SOLID, "granular": Material.SOLID, "crystal": Material.SOLID,
    "residue": Material.SOLID, "gel": Material.SOLID,
}  # fmt: skip
"""Of several words in a name, the one that stands first here tells."""
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
    return next((material for word, material in MATERIALS.items() if word in words), None)


def is_vessel(name: str) -> bool:
    """Is a thing of that name a vessel, and not a part or the content of one?

    >>> is_vessel("Erlenmeyer flask"), is_vessel("test tube cap"), is_vessel("gripper")
    (True, False, False)
    """
    return material_of(name) is None and any(vessel in name.lower() for vessel in VESSELS)
