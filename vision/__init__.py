"""Turns pictures into states of vessels and what is in them. Takes frames, knows no cameras."""
