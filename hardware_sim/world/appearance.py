"""What liquids, films and powders look like. All figures are assumed, after photographs of such things."""

from math import exp, log

from hardware_sim.world.liquid import Liquid
from hardware_sim.world.powder import Powder

Rgb = tuple[float, float, float]

CLEAR: Rgb = (0.98, 0.98, 0.97)
INK_RGB: dict[str, Rgb] = {
    "p3ht": (0.80, 0.30, 0.08),  # orange-red in chlorobenzene
    "l_swnt": (0.16, 0.16, 0.17),
    "s_swnt": (0.18, 0.18, 0.20),
    "mwnt": (0.10, 0.10, 0.11),
    "dwnt": (0.13, 0.13, 0.14),
}
"""White light after the radius of a vial of the undiluted ink."""
WHITE: Rgb = (0.93, 0.92, 0.90)
POWDER_RGB: dict[str, Rgb] = {
    "MnO": (0.45, 0.50, 0.38),
    "MnO2": (0.12, 0.11, 0.11),
    "Mn2O3": (0.15, 0.13, 0.12),
    "LiMn2O4": (0.14, 0.13, 0.14),
}
"""White light that a heap of the powder throws back; what is not named is white."""
INK_TURBIDITY = {"p3ht": 0.1, "l_swnt": 0.5, "s_swnt": 0.5, "mwnt": 0.7, "dwnt": 0.6}


def colour_rgb(liquid: Liquid) -> Rgb:
    """Beer and Lambert: absorbances add up by volume.

    >>> colour_rgb(Liquid({"p3ht": 10.0}))
    (0.8, 0.3, 0.08)
    """
    red, green, blue = (
        round(exp(sum(liquid.fraction(ink) * log(INK_RGB.get(ink, CLEAR)[i]) for ink in liquid.parts_ul)), 4)
        for i in range(3)
    )
    return red, green, blue


def turbidity(liquid: Liquid) -> float:
    """How much the mixture scatters, 0 to 1."""
    return sum(liquid.fraction(ink) * INK_TURBIDITY.get(ink, 0.0) for ink in liquid.parts_ul)


def powder_rgb(powder: Powder) -> Rgb:
    """Shares of the mass mix as paints do.

    >>> powder_rgb(Powder({"Li2CO3": 1.0, "LiMn2O4": 1.0}))
    (0.3608, 0.3458, 0.355)
    """
    red, green, blue = (
        round(exp(sum(powder.fraction(p) * log(POWDER_RGB.get(p, WHITE)[i]) for p in powder.parts_mg)), 4)
        for i in range(3)
    )
    return red, green, blue
