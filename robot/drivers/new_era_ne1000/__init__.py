"""New Era NE-1000: a syringe pump."""

from robot.drivers.new_era_ne1000.driver import NewEraNE1000

__all__ = ["NewEraNE1000"]
