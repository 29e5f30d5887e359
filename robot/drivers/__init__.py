"""Drivers: for each device a pure codec and a few lines of I/O."""
