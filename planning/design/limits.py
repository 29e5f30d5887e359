"""What must hold of the numbers of a space, one limit after the other, as its parameters say."""

from collections.abc import Mapping, Sequence

from planning.design.constraint import Limit, LinearConstraint, Presence, Steps
from planning.design.parameters import Mixture


def limits_of(
    ranges: Mapping[str, tuple[float, float]],
    steps: Mapping[str, Sequence[float]],
    mixtures: Mapping[str, Mixture],
    fixed: Mapping[str, float],
) -> list[Limit]:
    """Bounds, steps, what fractions sum to and how many of them are there, and what is fixed."""
    limits: list[Limit] = [LinearConstraint({name: 1.0}, low, high) for name, (low, high) in ranges.items()]
    limits += [Steps(name, values) for name, values in steps.items()]
    for name, mixture in mixtures.items():
        limits += _of_mixture(name, mixture)
    limits += [LinearConstraint({name: 1.0}, value, value) for name, value in fixed.items()]
    return limits


def _of_mixture(name: str, mixture: Mixture) -> list[Limit]:
    parts = [f"{name}.{part}" for part in mixture.parts]
    limits: list[Limit] = [
        LinearConstraint({flat: 1.0}, mixture.minimum.get(part, 0.0), mixture.maximum.get(part, 1.0))
        for flat, part in zip(parts, mixture.parts, strict=True)
    ]
    limits.append(LinearConstraint(dict.fromkeys(parts, 1.0), 1.0, 1.0))
    if not mixture.is_plain:
        least = [mixture.minimum_if_present.get(part, 0.0) for part in mixture.parts]
        limits.append(Presence(name, parts, mixture.at_least, mixture.most, least))
    return limits
