"""Universal Robots e-Series: six-axis arms in remote control."""

from robot.drivers.ur_eseries.driver import UrESeries

__all__ = ["UrESeries"]
