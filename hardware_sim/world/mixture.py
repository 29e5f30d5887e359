"""Parts of a well-mixed whole, by name: what liquids and powders have in common. Nothing here makes or loses anything."""

from collections.abc import Mapping

Parts = dict[str, float]


def split(parts: Parts, amount: float) -> tuple[Parts, Parts]:
    """Take up to `amount` of a mixture; return what was taken and what is left.

    >>> split({"ink": 30.0, "water": 10.0}, 20.0)
    ({'ink': 15.0, 'water': 5.0}, {'ink': 15.0, 'water': 5.0})
    """
    whole = sum(parts.values())
    if amount >= whole:
        return parts, {}
    if amount <= 0:
        return {}, parts
    taken = {name: part * (amount / whole) for name, part in parts.items()}
    return taken, {name: part - taken[name] for name, part in parts.items()}


def mix_in(parts: Parts, others: Mapping[str, float]) -> None:
    """Add `others` to `parts`."""
    for name, part in others.items():
        parts[name] = parts.get(name, 0.0) + part
