"""Dobot Magician: a four-axis desktop arm."""

from robot.drivers.dobot_magician.driver import DobotMagician

__all__ = ["DobotMagician"]
