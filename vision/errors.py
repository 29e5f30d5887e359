"""What can go wrong between a picture and its meaning."""

from pathlib import Path


class WeightsDamaged(Exception):
    """A file of weights that must not be believed: what is wrong with it, then what to do."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path}: {what}. Restore the file from the repository, or train again with `athanor vision train`."
        )
        self.path = path


class DataUnreadable(Exception):
    """A folder that was said to hold pictures with truth, and does not."""


class NothingSeen(Exception):
    """A mask without what was looked for. Only the caller knows whether that is good news."""


class RunDiffers(Exception):
    """A broken off training that cannot be gone on with."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. Remove it to start anew, or name another file with --out.")
        self.path = path
