"""The designer: which experiment to do next."""

from planning.design.designer import Designer, Suggestion
from planning.design.objective import Objective
from planning.design.space import LinearConstraint, Mixture, Space

__all__ = ["Designer", "LinearConstraint", "Mixture", "Objective", "Space", "Suggestion"]
