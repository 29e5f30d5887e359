"""The powder handler of docs/protocols/powder_handler.md."""

from robot.drivers.powder_handler.driver import OpenPowderHandler

__all__ = ["OpenPowderHandler"]
