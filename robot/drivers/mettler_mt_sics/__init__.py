"""Mettler-Toledo balances that speak MT-SICS."""

from robot.drivers.mettler_mt_sics.driver import MettlerMtSics

__all__ = ["MettlerMtSics"]
