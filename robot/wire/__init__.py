"""Bytes to and from devices: ports that carry them, wires that frame, lock and record them."""
