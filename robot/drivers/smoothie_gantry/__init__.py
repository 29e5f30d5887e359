"""A gantry under Smoothieware in Opentrons' dialect: three axes, a gripper on a switched output."""

from robot.drivers.smoothie_gantry.driver import SmoothieGantry

__all__ = ["SmoothieGantry"]
