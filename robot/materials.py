"""What liquids and powders do when they are hot or meet: a small table that a lab file may add to.

Sources: boiling and flash points (closed cup) from "Properties of some common organic solvents", appendix D of Chemical
Laboratory Safety and Security (National Academies Press, 2016, doi 10.17226/21918), chlorinated ones and tetrahydrofuran from the
solvent table of Purdue's chemical safety pages; what must not meet from 40 CFR 265, appendix V. Both are short lists: that
nothing is said of a material does not make it safe.
"""

from collections.abc import Iterable, Mapping

from pydantic import Field

from robot.strict import Name, Strict


class Material(Strict):
    """One liquid or powder, as far as it matters for safety."""

    boils_c: float | None = Field(default=None, description="at 1 atm")
    flashes_c: float | None = Field(default=None, description="closed cup; left out if it does not burn")
    density_g_per_ml: float | None = Field(default=None, gt=0)
    kinds: list[Name] = Field(
        default=[], description="such as acid, base, oxidiser, organic, water", examples=[["acid"]]
    )


class Incompatible(Strict):
    """Two materials, or kinds of material, that must not meet."""

    between: tuple[Name, Name]
    because: str = Field(min_length=1, description="what would happen", examples=["toxic gas"])


class Materials(Strict):
    """What a bench adds to the table, or says otherwise."""

    known: dict[Name, Material] = {}
    apart: list[Incompatible] = []

    def find(self, name: str) -> Material | None:
        """What is known of a material, the bench's own word before the table's."""
        return self.known.get(name) or KNOWN.get(name)

    def hazard(self, one: str, other: str) -> str | None:
        """What would happen if two materials met; None if nothing is known against it."""
        first, second = self._names(one), self._names(other)
        for pair in (*self.apart, *APART):
            a, b = pair.between
            if one != other and ((a in first and b in second) or (b in first and a in second)):
                return pair.because
        return None

    def _names(self, name: str) -> set[str]:
        """A material's own name and the kinds it belongs to."""
        material = self.find(name)
        return {name, *(material.kinds if material else ())}


def _table(*rows: tuple[str, float | None, float | None, float | None, str]) -> Mapping[str, Material]:
    return {
        name: Material(boils_c=boils_c, flashes_c=flashes_c, density_g_per_ml=density, kinds=kinds.split())
        for name, boils_c, flashes_c, density, kinds in rows
    }


def _apart(kinds: Iterable[str], others: Iterable[str], because: str) -> list[Incompatible]:
    rest = list(others)
    return [Incompatible(between=(kind, other), because=because) for kind in kinds for other in rest]


KNOWN: Mapping[str, Material] = _table(
    ("water", 100.0, None, 0.998, "water"),
    ("acetic_acid", 118.0, 39.0, 1.049, "acid organic"),
    ("acetone", 56.2, -20.0, 0.786, "organic"),
    ("acetonitrile", 81.6, 6.0, 0.786, "organic"),
    ("benzene", 80.1, -11.0, 0.879, "organic"),
    ("chlorobenzene", 132.0, 28.0, 1.106, "halogenated organic"),
    ("chloroform", 61.2, None, 1.498, "halogenated organic"),
    ("cyclohexane", 80.7, -20.0, 0.779, "organic"),
    ("dichloromethane", 40.0, None, None, "halogenated organic"),
    ("diethyl_ether", 34.5, -45.0, 0.713, "organic"),
    ("dioxane", 101.1, 12.0, 1.033, "organic"),
    ("dmf", 153.0, 58.0, 0.945, "organic"),
    ("dmso", 189.0, 95.0, 1.092, "organic"),
    ("ethanol", 78.5, 13.0, 0.789, "alcohol organic"),
    ("ethyl_acetate", 77.0, -4.0, None, "organic"),
    ("hexane", 69.0, -7.0, None, "organic"),
    ("isopropanol", 82.0, 12.0, None, "alcohol organic"),
    ("methanol", 65.0, 11.0, None, "alcohol organic"),
    ("thf", 66.0, -21.0, None, "organic"),
    ("toluene", 112.0, 4.0, None, "organic"),
    ("hydrochloric_acid", None, None, None, "acid"),
    ("sulfuric_acid", None, None, None, "acid oxidiser"),
    ("nitric_acid", None, None, None, "acid oxidiser"),
    ("perchloric_acid", None, None, None, "acid oxidiser"),
    ("hydrogen_peroxide", None, None, None, "oxidiser"),
    ("potassium_permanganate", None, None, None, "oxidiser"),
    ("bleach", None, None, None, "base oxidiser"),
    ("sodium_hydroxide", None, None, None, "base"),
    ("potassium_hydroxide", None, None, None, "base"),
    ("ammonia", None, None, None, "base"),
    ("sodium_cyanide", None, None, None, "cyanide"),
    ("sodium_sulfide", None, None, None, "sulfide"),
    ("zinc", None, None, None, "metal"),
    ("aluminium", None, None, None, "metal"),
    ("thionyl_chloride", None, None, None, "water_reactive"),
)

APART: tuple[Incompatible, ...] = (
    *_apart(["cyanide", "sulfide"], ["acid"], "toxic hydrogen cyanide or hydrogen sulfide forms"),
    *_apart(["acid"], ["base"], "heat, a violent reaction"),
    *_apart(["metal"], ["acid", "base"], "fire or explosion, flammable hydrogen"),
    *_apart(["water_reactive"], ["water", "alcohol", "acid", "base"], "fire, explosion or heat, toxic gases"),
    *_apart(["halogenated"], ["metal"], "fire, explosion or a violent reaction"),
    *_apart(["oxidiser"], ["organic", "metal"], "fire, explosion or a violent reaction"),
)
"""After 40 CFR 265, appendix V, groups 1 to 6; dilute solutions may be harmless, and a lab file that names them so says so."""
