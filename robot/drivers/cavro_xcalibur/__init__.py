"""Tecan Cavro XCalibur: a syringe pump with a distribution valve."""

from robot.drivers.cavro_xcalibur.driver import CavroXCalibur

__all__ = ["CavroXCalibur"]
