"""What the protocols of our own instruments have in common, beside their lines: words, masses, errors. Pure, save `require_able`.

Sources: docs/protocols/powder_doser.md, powder_handler.md, powder_diffractometer.md, vial_capper.md.
"""

from collections.abc import Collection, Mapping

from robot.drivers.numbered_lines import Refusal
from robot.errors import Busy, NotReachable

FLAGS = {"yes": True, "no": False}
DOOR_IS_OPEN = {"open": True, "closed": False}

STATION_REFUSALS: Mapping[int, Refusal] = {
    10: Refusal("a figure is out of its range", "Compare lab.yaml with what the device can do"),
    11: Refusal("an order is under way", "Wait until it has ended", Busy),
    12: Refusal("another order was given meanwhile", "See that nobody else commands it"),
}
"""Of those that take one order at a time."""


def micrograms(mass_mg: float) -> int:
    """Write a mass.

    >>> micrograms(500.25)
    500250
    """
    return round(mass_mg * 1000)


def decode_mass_mg(word: str) -> float | None:
    """Read a mass; None if nobody can know it.

    >>> decode_mass_mg("312300"), decode_mass_mg("?")
    (312.3, None)
    """
    return None if word == "?" else int(word) / 1000


def require_words(words: tuple[str, ...], count: int, known: Mapping[int, Collection[str]], what: str) -> None:
    """Raise ValueError unless there are so many words, and at each place that is mentioned one of those known there."""
    if len(words) != count or any(words[place] not in here for place, here in known.items()):
        raise ValueError(f"not {what}: {' '.join(words)}")


def decode_figures(words: tuple[str, ...], protocol: tuple[str, str], count: int) -> tuple[str, ...]:
    """Read the answer to `WHO`: serial number, firmware and what else there is to say; or raise ValueError.

    >>> decode_figures(("powder-doser", "1", "PD-0001", "1.0", "8"), ("powder-doser", "1"), count=3)
    ('PD-0001', '1.0', '8')
    """
    if words[:2] != protocol or len(words) != 2 + count:
        name, version = protocol
        raise ValueError(f"no {name.replace('-', ' ')} of protocol {version}: {' '.join(words)}")
    return words[2:]


def require_able(device: str, able: str, found: float, needed: float) -> None:
    """Refuse one that can less than lab.yaml says; `able` says what of, with {} for the figure.

    Raises:
        NotReachable: another device, or another lab.yaml, was meant.
    """
    if found < needed:
        what = f"{able.format(f'{found:g}')}, lab.yaml says {needed:g}"
        raise NotReachable(device, what, "Correct lab.yaml, or check its port")
