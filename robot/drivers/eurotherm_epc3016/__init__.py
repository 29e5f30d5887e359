"""Eurotherm EPC3016: a furnace controller on Ethernet (Modbus TCP) or EIA-485 (Modbus RTU)."""

from robot.drivers.eurotherm_epc3016.driver import EurothermEPC3016

__all__ = ["EurothermEPC3016"]
