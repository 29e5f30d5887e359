"""Tecan Cavro XCalibur and XLP 6000: syringe pumps with a distribution valve."""

from robot.drivers.cavro.driver import Cavro

__all__ = ["Cavro"]
