"""What must hold of the numbers of a space, one limit after the other, as its parameters say."""

from collections.abc import Mapping, Sequence

import numpy as np

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


def refuse_unsound(
    steps: Mapping[str, Sequence[float]], limits: Sequence[Limit], may_be_open: Sequence[LinearConstraint]
) -> None:
    """See to it that steps rise, and that limits are numbers.

    Args:
        may_be_open: those of the limits of which one side may be infinite.

    Raises:
        ValueError: they are not.
    """
    for name, values in steps.items():
        if not len(values) or not np.isfinite(values).all() or (np.diff(values) <= 0).any():
            raise ValueError(f"the steps of {name} must be numbers that rise; found {', '.join(map(str, values))}")
    for limit in limits:
        is_open = any(limit is other for other in may_be_open)
        if isinstance(limit, LinearConstraint) and not limit.is_sound(may_be_open=is_open):
            raise ValueError(f"{limit} is no limit that a point can keep")


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
