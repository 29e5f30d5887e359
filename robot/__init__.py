"""Devices and the wires they hang on. Knows nothing of experiments, masks or simulation."""
