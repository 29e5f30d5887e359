"""Decides: protocols, pre-flight, schedule, execution, recovery, and which experiment comes next."""
