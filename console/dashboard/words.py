"""What a machine calls by short names, in words for people, with units."""

from collections.abc import Mapping
from typing import Any

DOING: Mapping[str, str] = {
    "carry": "carrying", "dose": "dosing", "cast": "casting", "transfer": "transferring", "wash": "washing",
    "mix": "mixing", "heat": "firing", "look": "looking", "measure": "measuring", "weigh": "weighing",
    "dose_powder": "dosing powder", "shake": "shaking", "transfer_powder": "transferring powder", "warm": "warming",
    "stir": "stirring", "cool": "cooling", "diffract": "taking a pattern", "cap": "capping", "uncap": "uncapping",
    "wait": "waiting", "ask": "asking a person", "decide": "deciding", "prepare": "getting ready",
}  # fmt: skip
UNITS = (
    ("_s_per_cm", "S/cm"), ("_c_per_min", "°C/min"), ("_mg_per_ml", "mg/ml"), ("_ul_per_s", "µl/s"), ("_c", "°C"),
    ("_min", "min"), ("_s", "s"), ("_h", "h"), ("_ul", "µl"), ("_ml", "ml"), ("_mm", "mm"), ("_mg", "mg"), ("_g", "g"),
    ("_a", "A"), ("_v", "V"), ("_ohm", "Ω"), ("_fraction", ""),
)  # fmt: skip


def doing(skill: str) -> str:
    """A skill in words.

    >>> doing("heat"), doing("polish")
    ('firing', 'polish')
    """
    return DOING.get(skill, skill.replace("_", " "))


def named(name: str) -> tuple[str, str]:
    """A figure's name without its unit, and the unit.

    >>> named("conductivity_s_per_cm"), named("temperature_c"), named("cycles")
    (('conductivity', 'S/cm'), ('temperature', '°C'), ('cycles', ''))
    """
    for suffix, unit in UNITS:
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("_", " "), unit
    return name.replace("_", " "), ""


def figure(value: float, unit: str = "") -> str:
    """Three figures and a unit.

    >>> figure(139.64, "°C"), figure(0.012345), figure(1998.2, "µl")
    ('140 °C', '0.0123', '2,000 µl')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.10g} {unit}".strip()


def duration(seconds: float) -> str:
    """A length of time.

    >>> duration(42), duration(600), duration(5400), duration(200000)
    ('42 s', '10 min', '1 h 30 min', '2 days 7 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} days {hours % 24} h"


def hours(seconds: float) -> str:
    """A moment of a run, in hours and minutes since it began.

    >>> hours(5400)
    '1:30'
    """
    return f"{int(seconds) // 3600}:{int(seconds) % 3600 // 60:02d}"


def values(given: Mapping[str, Any]) -> list[str]:
    """A sample's parameters in words; mixtures are shown as bars, so they are left out.

    >>> values({"anneal_c": 140.0, "blend": {"p3ht": 1.0}})
    ['anneal 140 °C']
    """
    told = []
    for name, value in given.items():
        if not isinstance(value, Mapping):
            what, unit = named(name)
            told.append(f"{what} {figure(float(value), unit)}" if isinstance(value, int | float) else f"{what} {value}")
    return told
