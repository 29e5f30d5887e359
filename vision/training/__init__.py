"""Retraining: data, losses, loop, scores."""
