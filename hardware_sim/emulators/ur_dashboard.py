"""The dashboard server of a Universal Robots arm: one line asked, one line answered.

Sources: the fact sheet, after UR "Dashboard server, port 29999" and the maker's client library.
"""

from collections.abc import Callable
from typing import Protocol

BANNER = b"Connected: Universal Robots Dashboard Server\n"
LONGEST = 4096


class Arm(Protocol):
    """What the dashboard shows and does."""

    mode: str
    safety: str
    loaded: str | None
    is_remote: bool
    popup: str | None

    @property
    def runtime(self) -> str:
        """STOPPED, PLAYING or PAUSED."""

    def power_on(self) -> None:
        """Switch the power on."""

    def power_off(self) -> None:
        """Switch the power off."""

    def release_brakes(self) -> None:
        """Release the brakes, after switching the power on if need be."""

    def load(self, program: str) -> bool:
        """Load a program; say whether there is one."""

    def play(self) -> bool:
        """Run what is loaded; say whether it can."""

    def stop(self) -> bool:
        """Stop what runs; say whether anything ran."""

    def pause(self) -> bool:
        """Pause what runs; say whether anything ran."""

    def unlock(self) -> bool:
        """Release a protective stop; say whether it is time."""

    def restart_safety(self) -> None:
        """Restart after a violation or fault: the arm ends without power."""


class DashboardCall:
    """One client. It is greeted."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm
        self._received = b""
        self._said = BANNER
        self._answers = self._all_answers()

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        *lines, self._received = (self._received + data)[-LONGEST:].split(b"\n")
        said = self._said + b"".join(self._answer(line.decode("ascii", "replace").strip()) for line in lines)
        self._said = b""
        return said

    def hang_up(self) -> None:
        """Nothing is held for him."""

    def _answer(self, line: str) -> bytes:
        if line.startswith("load "):
            return self._load(line.removeprefix("load ").strip()).encode() + b"\n"
        answer = self._answers.get(line.lower())
        said = answer() if answer is not None else f"could not understand: '{line}'"
        return said.encode() + b"\n"

    def _all_answers(self) -> dict[str, Callable[[], str]]:
        arm = self._arm
        return {
            "polyscopeversion": lambda: "URSoftware 5.11.1.108318 (Apr 01 2022)",
            "robotmode": lambda: f"Robotmode: {arm.mode}",
            "safetystatus": lambda: f"Safetystatus: {arm.safety}",
            "safetymode": lambda: f"Safetymode: {arm.safety}",
            "is in remote control": lambda: str(arm.is_remote).lower(),
            "running": lambda: f"Program running: {str(arm.runtime == 'PLAYING').lower()}",
            "programstate": lambda: f"{arm.runtime} {arm.loaded or '<unnamed>'}",
            "get loaded program": lambda: (
                f"Loaded program: /programs/{arm.loaded}" if arm.loaded else "No program loaded"
            ),
            "power on": lambda: _done(arm.power_on, "Powering on"),
            "power off": lambda: _done(arm.power_off, "Powering off"),
            "brake release": lambda: _done(arm.release_brakes, "Brake releasing"),
            "play": lambda: "Starting program" if arm.play() else "Failed to execute: play",
            "stop": lambda: "Stopped" if arm.stop() else "Failed to execute: stop",
            "pause": lambda: "Pausing program" if arm.pause() else "Failed to execute: pause",
            "unlock protective stop": lambda: (
                "Protective stop releasing"
                if arm.unlock()
                else "Cannot unlock protective stop until 5s after occurrence. Always inspect cause of protective stop before unlocking"
            ),
            "close popup": lambda: _done(self._close_popup, "closing popup"),
            "close safety popup": lambda: _done(self._close_popup, "closing safety popup"),
            "restart safety": lambda: _done(arm.restart_safety, "Restarting safety"),
            "quit": lambda: "Disconnected",
        }

    def _load(self, program: str) -> str:
        if self._arm.load(program):
            return f"Loading program: /programs/{program}, {program}"
        return f"File not found: /programs/{program}"

    def _close_popup(self) -> None:
        self._arm.popup = None


def _done(act: Callable[[], None], said: str) -> str:
    act()
    return said
