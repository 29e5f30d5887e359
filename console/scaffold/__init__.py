"""Skeletons of a new driver: they import, they run, and they fail where something of the manual is still missing."""
