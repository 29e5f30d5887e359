"""Modbus, as every driver of a Modbus device uses it: messages, the two framings, and access to registers."""

from robot.drivers.modbus.access import RegisterAccess
from robot.drivers.modbus.framing import RTU, TCP, Framing

__all__ = ["RTU", "TCP", "Framing", "RegisterAccess"]
