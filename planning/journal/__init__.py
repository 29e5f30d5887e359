"""The record of truth: events and readings in chained tables, read and written by `Journal`."""

from planning.journal.chain import Break, End
from planning.journal.events import Event, Listener, Reading
from planning.journal.place import Place
from planning.journal.record import COMMIT_AFTER_EVENTS, Journal

__all__ = ["COMMIT_AFTER_EVENTS", "Break", "End", "Event", "Journal", "Listener", "Place", "Reading"]
