"""Trained weights, each beside the record of how it came about."""
