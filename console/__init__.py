"""Holds all keys: the command line, and `compose`, the only place that knows every room."""

from typing import Any

__all__ = ["open_bench"]


def __getattr__(name: str) -> Any:
    """Offer `from console import open_bench` without loading every room for the command line's sake."""
    if name == "open_bench":
        from console.notebook import open_bench

        return open_bench
    raise AttributeError(f"module 'console' has no attribute {name!r}")
