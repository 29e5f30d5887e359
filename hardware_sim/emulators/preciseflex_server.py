"""The connections of a PreciseFlex command server: lines in, one reply each, in order."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

ERRORS = {
    -1006: "Robot already attached", -1007: "Robot not ready to be attached", -1009: "No robot attached",
    -1012: "Joint out-of-range", -1021: "Robot not homed", -1028: "Hard E-stop", -1046: "Power not enabled",
    -2800: "Warning Parameter Mismatch", -2803: "Warning Invalid joint angles",
    -2804: "Warning: Invalid Cartesian coordinate values", -2805: "Unknown command",
    -2808: "Not allowed by this thread", -2811: "Invalid robot number", -2815: "Invalid profile index",
    -3100: "Hard envelope error",
}  # fmt: skip


class Refusal(Exception):
    """A reply that begins with a negative number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code} *{ERRORS[code]}*")


class Waiting(Exception):
    """The command has to wait: its reply comes when `is_over`, or then it is tried again."""

    def __init__(self, is_over: Callable[[], bool], *, then_again: bool = False) -> None:
        super().__init__()
        self.is_over, self.then_again = is_over, then_again


class Device(Protocol):
    """Whose server this is."""

    def do(self, call: "Call", line: str) -> str:
        """Carry out one line; return the data of its reply, or raise Refusal or Waiting."""

    def release(self, call: "Call") -> None:
        """A client has gone."""


class Call:
    """One client: his lines are done one after the other."""

    def __init__(self, device: Device, robot: int) -> None:
        self.robot = robot
        self.is_status = robot == 0
        self._device = device
        self._received = b""
        self._lines: deque[str] = deque()
        self._said = b""
        self._under_way: Waiting | None = None

    def receive(self, data: bytes) -> bytes:
        """Do each whole line; return what has been said by now."""
        *lines, self._received = (self._received + data).split(b"\n")
        self._lines.extend(line.decode("ascii", "replace").strip() for line in lines)
        self.work()
        said, self._said = self._said, b""
        return said

    def work(self) -> None:
        """Do lines until one has to wait."""
        while self._end_waiting() and self._lines:
            line = self._lines.popleft()
            try:
                self._said += f"0 {self._device.do(self, line)}".strip().encode() + b"\r\n"
            except Refusal as err:
                self._said += f"{err}\r\n".encode()
            except Waiting as err:
                self._under_way = err
                if err.then_again:
                    self._lines.appendleft(line)

    def hang_up(self) -> None:
        """Let go of the robot."""
        self._device.release(self)

    def _end_waiting(self) -> bool:
        """Is nothing under way any more?"""
        if self._under_way is not None and self._under_way.is_over():
            self._said += b"" if self._under_way.then_again else b"0\r\n"
            self._under_way = None
        return self._under_way is None
