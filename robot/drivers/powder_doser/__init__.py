"""The powder doser of docs/protocols/powder_doser.md."""

from robot.drivers.powder_doser.driver import OpenPowderDoser

__all__ = ["OpenPowderDoser"]
