"""Holds all keys: the command line, and `compose`, the only place that knows every room."""
