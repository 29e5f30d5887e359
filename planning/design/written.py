"""Spaces, objectives and observations as plain data, and back: what the designer's one JSON document holds."""

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.space import Category, LinearConstraint, Mixture, Space


def space_as_data(space: Space) -> dict[str, Any]:
    """A space as JSON can hold it; open limits are null."""
    return {
        "ranges": {name: list(ends) for name, ends in space.ranges.items()},
        "mixtures": {name: _plain(mixture) for name, mixture in space.mixtures.items()},
        "fixed": dict(space.fixed),
        "constraints": [
            {"coefficients": dict(row.coefficients), "lower": _open(row.lower), "upper": _open(row.upper)}
            for row in space.constraints
        ],
        "pool": None if space.pool is None else [dict(point) for point in space.pool],
        "steps": {name: [float(value) for value in values] for name, values in space.steps.items()},
        "categories": {name: _plain(category) for name, category in space.categories.items()},
        "conditions": list(space.conditions),
    }


def space_of(data: Mapping[str, Any]) -> Space:
    """Undo `space_as_data`."""
    return Space(
        ranges={name: (low, high) for name, (low, high) in data["ranges"].items()},
        mixtures={name: Mixture(**mixture) for name, mixture in data["mixtures"].items()},
        fixed=data["fixed"],
        constraints=[
            LinearConstraint(row["coefficients"], _closed(row["lower"], -math.inf), _closed(row["upper"], math.inf))
            for row in data["constraints"]
        ],
        pool=data["pool"],
        steps=data["steps"],
        categories={name: Category(**category) for name, category in data["categories"].items()},
        conditions=data["conditions"],
    )


def objective_as_data(goal: Objective) -> dict[str, Any]:
    """An objective as JSON can hold it."""
    return asdict(goal)


def objective_of(data: Mapping[str, Any]) -> Objective:
    """Undo `objective_as_data`."""
    return Objective(**data)


def limit_as_data(limit: OutcomeLimit) -> dict[str, Any]:
    """A limit of an outcome as JSON can hold it; an open side is null."""
    return {"name": limit.name, "low": _open(limit.low), "high": _open(limit.high)}


def limit_of(data: Mapping[str, Any]) -> OutcomeLimit:
    """Undo `limit_as_data`."""
    return OutcomeLimit(data["name"], _closed(data["low"], -math.inf), _closed(data["high"], math.inf))


def observation_as_data(each: Observation) -> dict[str, Any]:
    """An observation as JSON can hold it, without what it does not say."""
    return {name: value for name, value in _plain(each).items() if value not in ({}, "", None)}


def observation_of(data: Mapping[str, Any]) -> Observation:
    """Undo `observation_as_data`."""
    return Observation(**data)


def _plain(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, with lists for tuples and dictionaries for mappings."""
    return {field.name: _listed(getattr(value, field.name)) for field in fields(value)}


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(inner) for name, inner in value.items()}
    return value if isinstance(value, str | int | float | None) else [_listed(inner) for inner in value]


def _open(limit: float) -> float | None:
    return None if math.isinf(limit) else limit


def _closed(limit: float | None, otherwise: float) -> float:
    return otherwise if limit is None else limit
