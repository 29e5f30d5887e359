"""A gantry under GRBL 1.1: three axes on a serial line, a gripper on the coolant output."""

from robot.drivers.grbl_gantry.driver import GrblGantry

__all__ = ["GrblGantry"]
