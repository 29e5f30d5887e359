"""The powder diffractometer of docs/protocols/powder_diffractometer.md."""

from robot.drivers.powder_diffractometer.driver import OpenPowderDiffractometer

__all__ = ["OpenPowderDiffractometer"]
