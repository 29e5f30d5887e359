"""What can go wrong while planning and executing, other than at a device."""


class Refused(Exception):
    """We will not do this, and nothing was done: what is wrong, what to do about it, and where in the protocol."""

    def __init__(self, what: str, remedy: str, location: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{what}. {remedy}.")
        self.what = what
        self.remedy = remedy
        self.location = location


class InDoubt(Exception):
    """A command may or may not have been carried out, and asking the device did not tell."""

    def __init__(self, device: str, what: str) -> None:
        super().__init__(f"{device}: {what}. Look at the bench; nothing was repeated.")
        self.device = device
        self.what = what


class NotRecorded(Exception):
    """The journal cannot be written: what is not recorded must not be done."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} cannot be written: {why}. Make room or mend the disk, then resume the run.")


class Fenced(Exception):
    """Another engine has this run or bench now: we write nothing more and send nothing more, not even to make safe."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"{what} is no longer ours: {why}. Nothing more was written or sent; look at the other engine."
        )


class NotCompleted(Exception):
    """A device accepted a command and did not get there in time, or reports a fault on the way."""

    def __init__(self, device: str, what: str) -> None:
        super().__init__(f"{device}: {what}.")
        self.device = device
        self.what = what


class OutOfControl(NotCompleted):
    """Nobody knows a device's state by asking it, or it does not obey: nothing like it may begin before a person has looked."""


class VolumeUnknown(NotCompleted):
    """A pump lost its home under way: what it moved nobody knows, and what it holds belongs into the waste."""


class NotKept(NotCompleted):
    """A firing was not as asked, and is over; the furnace obeys."""


class DoseShort(NotCompleted):
    """A dose ended below its target, and its load cell says by how much: the rest may be given."""


class CapFailed(NotCompleted):
    """A cap did not go on, or did not come off, and the vessel is as it was before."""


class Disappointed(Exception):
    """What was found is not what was expected."""


class LookedWrong(Disappointed):
    """A look did not show what was expected, and looking again did not help."""


class LookedDoubtful(Disappointed):
    """A look did not tell, and looking again did not help."""


class WrongMass(Disappointed):
    """A balance shows another mass than was expected."""


class NotTrusted(Disappointed):
    """A pattern cannot be read with trust."""


class NeverHeld(Disappointed):
    """A condition does not hold, after all its rounds."""


class Unanswered(Disappointed):
    """Nobody answered a question in time."""


class Missing(Disappointed):
    """A vessel is not where it should be: a gripper or a camera says so."""


class GripMissed(Missing):
    """A gripper closed on nothing where a vessel should stand: it holds nothing, and nothing was moved."""
