"""Strategies side by side, on a table that was measured."""
