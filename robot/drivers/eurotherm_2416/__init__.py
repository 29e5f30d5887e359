"""Eurotherm 2416: a furnace controller with a programmer, behind Modbus RTU."""

from robot.drivers.eurotherm_2416.driver import Eurotherm2416

__all__ = ["Eurotherm2416"]
