"""The designer: which experiment to do next."""

from planning.design.designer import Designer
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.space import Category, LinearConstraint, Mixture, Space
from planning.design.suggestion import Suggestion

__all__ = [
    "Category", "Designer", "LinearConstraint", "Mixture", "Objective", "Observation", "OutcomeLimit", "Space", "Suggestion",
]  # fmt: skip
