"""Keithley 2400: a source meter."""

from robot.drivers.keithley_2400.driver import Keithley2400

__all__ = ["Keithley2400"]
