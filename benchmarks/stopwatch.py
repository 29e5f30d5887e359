"""How long something keeps a processor busy. Nothing but the standard library: peers run this, too."""

from resource import RUSAGE_SELF, getrusage


def cpu_s() -> float:
    """Seconds of processor time that this process has used, user and system."""
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
