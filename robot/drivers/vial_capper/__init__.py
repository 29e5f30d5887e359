"""The vial capper of docs/protocols/vial_capper.md."""

from robot.drivers.vial_capper.driver import OpenVialCapper

__all__ = ["OpenVialCapper"]
