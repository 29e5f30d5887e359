"""What the Eurotherm controllers share, and what sets them apart."""

from robot.drivers.eurotherm.driver import Dialect, EurothermFurnace, Panel

__all__ = ["Dialect", "EurothermFurnace", "Panel"]
