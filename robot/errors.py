"""What can go wrong at a device. Every error answers one question first: has it moved?"""


class DeviceError(Exception):
    """What happened on which device, then what the reader can do about it."""

    may_have_acted = True  # the cautious answer; a subclass that knows better says so

    def __init__(self, device: str, what: str, remedy: str) -> None:
        super().__init__(f"{device}: {what}. {remedy}{'' if remedy.endswith('?') else '.'}")
        self.device = device
        self.what = what
        self.remedy = remedy


class CommandRefused(DeviceError):
    """The device said no before acting."""

    may_have_acted = False


class LimitExceeded(CommandRefused):
    """We said no before a byte was sent."""


class Busy(CommandRefused):
    """The device is still at work on an earlier command; this one was not taken."""


class NotReachable(DeviceError):
    """The wire could not be opened, or another device answers than was asked for; nothing was sent that acts."""

    may_have_acted = False


class ReplyLost(DeviceError):
    """Silence or noise: look at the bench before trying again."""


class LineBroken(ReplyLost):
    """The line itself is gone: pulled, or hung up on. Whoever has it again must first ask who answers."""


class DeviceFault(DeviceError):
    """The device reports that something is wrong with it: an alarm, a stall, a broken sensor."""
