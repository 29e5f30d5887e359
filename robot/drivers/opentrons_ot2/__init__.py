"""Opentrons OT-2: a pipetting robot."""

from robot.drivers.opentrons_ot2.driver import OpentronsOT2

__all__ = ["OpentronsOT2"]
