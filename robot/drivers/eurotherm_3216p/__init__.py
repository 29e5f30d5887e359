"""Eurotherm 3216P: a small furnace controller with eight segments, behind Modbus RTU."""

from robot.drivers.eurotherm_3216p.driver import Eurotherm3216P

__all__ = ["Eurotherm3216P"]
