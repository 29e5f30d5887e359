"""A pipette with disposable tips: a nozzle on a GRBL gantry, a Cavro syringe pump behind it."""

from robot.drivers.gantry_pipette.driver import GantryPipette

__all__ = ["GantryPipette"]
