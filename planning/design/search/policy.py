"""A policy over designs of words and steps, such as sequences of building blocks, that learns from its rewards.

Block by block it draws the next word, given the one before, by a softmax of preferences over an effective temperature;
each result moves the preferences of what was drawn along the policy's gradient, as much as it surpassed the average.
Source: REINFORCE, Williams, Machine Learning 8, 229 (1992). The preferences are learned anew from all results each time,
so that the policy keeps no state.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planning.design.polytope import Array
from planning.design.search.new import new_or_any
from planning.design.space import Point, Space
from planning.design.strategies import Situation

RATE = 0.6
TEMPERATURE = 0.5
"""Effective: preferences are divided by it, so that lower is greedier."""
DRAWS = 64

Preferences = Mapping[tuple[str, Any], Array]
"""For each block and the word before it the preference for each of its words."""


def policy(situation: Situation) -> tuple[Array, str]:
    """A design that the policy draws, and that is new."""
    blocks = blocks_of(situation.space)
    preferences = _learned(situation, blocks)
    drawn = [_draw(preferences, blocks, situation.rng) for _ in range(DRAWS)]
    others = situation.space.sample(DRAWS, situation.rng)
    points = [{**other, **point} for other, point in zip(others, drawn, strict=True)]
    return new_or_any(situation, situation.space.encode(points), f"drawn by a policy of {len(situation.tried)} rewards")


def blocks_of(space: Space) -> dict[str, Sequence[Any]]:
    """The words of each category and the values of each step, in order."""
    return {**{name: category.choices for name, category in space.categories.items()}, **space.steps}


def _learned(situation: Situation, blocks: Mapping[str, Sequence[Any]]) -> Preferences:
    preferences: dict[tuple[str, Any], Array] = defaultdict(lambda: np.empty(0))
    utilities = situation.utilities[:, 0]
    scale, average = float(utilities.std()) if len(utilities) else 1.0, 0.0
    for count, (point, utility) in enumerate(
        zip(situation.space.read(situation.tried), utilities, strict=True), start=1
    ):
        average += (utility - average) / count
        reward = (utility - average) / (scale or 1.0)
        before: Any = None
        for name, words in blocks.items():
            weights = _weights(preferences, name, before, words)
            taken = np.array([float(word == point[name]) for word in words])
            preferences[name, before] = weights + RATE * reward * (taken - _softmax(weights))
            before = point[name]
    return preferences


def _draw(preferences: Preferences, blocks: Mapping[str, Sequence[Any]], rng: np.random.Generator) -> Point:
    point: Point = {}
    before: Any = None
    for name, words in blocks.items():
        chances = _softmax(_weights(preferences, name, before, words))
        point[name] = before = words[int(rng.choice(len(words), p=chances))]
    return point


def _weights(preferences: Preferences, name: str, before: Any, words: Sequence[Any]) -> Array:
    return preferences[name, before] if (name, before) in preferences else np.zeros(len(words))


def _softmax(weights: Array) -> Array:
    raised = np.exp((weights - weights.max()) / TEMPERATURE)
    return np.asarray(raised / raised.sum())
