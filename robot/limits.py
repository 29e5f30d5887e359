"""Refuse, never clip."""

from robot.errors import LimitExceeded


def require(device: str, quantity: str, value: float, low: float, high: float) -> None:
    """Refuse, never clip: a clipped dose is a wrong dose that nobody noticed.

    Raises:
        LimitExceeded: `value` is not a number from `low` to `high`; nothing was sent.
    """
    if not low <= value <= high:  # so written, NaN is refused too
        raise LimitExceeded(device, f"{quantity}={value:g} is outside {low:g} to {high:g}", "Change the step")


def whole(device: str, quantity: str, value: float) -> int:
    """Refuse, never round.

    Raises:
        LimitExceeded: `value` is no whole number; nothing was sent.
    """
    if not float(value).is_integer():
        raise LimitExceeded(device, f"{quantity}={value:g} is no whole number", "Change the step")
    return int(value)
