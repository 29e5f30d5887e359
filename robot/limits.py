"""Refuse, never clip."""

from robot.errors import LimitExceeded


def require(device: str, quantity: str, value: float, low: float, high: float) -> None:
    """Refuse, never clip: a clipped dose is a wrong dose that nobody noticed.

    Raises:
        LimitExceeded: `value` is not a number from `low` to `high`; nothing was sent.
    """
    if not low <= value <= high:  # so written, NaN is refused too
        raise LimitExceeded(device, f"{quantity}={value:g} is outside {low:g} to {high:g}", "Change the step")
