"""The designer: which experiment to do next."""
