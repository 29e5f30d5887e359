"""The designer: which experiment to do next."""

from planning.design.designer import Designer, Suggestion
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.space import Category, LinearConstraint, Mixture, Space

__all__ = [
    "Category", "Designer", "LinearConstraint", "Mixture", "Objective", "Observation", "OutcomeLimit", "Space", "Suggestion",
]  # fmt: skip
