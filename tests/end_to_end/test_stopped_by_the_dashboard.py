"""The stop button, pressed while a furnace fires: devices are safe on the far side of the wires, and people are told so."""

import threading
from pathlib import Path
from typing import Any

import anyio
import httpx
from fastapi import FastAPI

from console.service.access.accounts import Accounts
from console.service.access.audit import Audit
from console.service.access.door import Door
from console.service.access.roles import Role
from console.service.api.app import create_app
from console.service.service import Service
from planning.journal import Event

from .conftest import MakeRehearsal


async def press_stop(app: FastAPI, token: str) -> dict[str, Any]:
    """What a wall panel does when somebody presses its button."""
    panel = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
    async with panel:
        answer = await panel.post("/api/v1/runs/run/stop", headers={"authorization": f"Bearer {token}"})
    found: dict[str, Any] = answer.json()
    return found


def test_a_viewer_stops_a_firing_and_the_furnace_is_off_on_its_own_side(
    rehearse: MakeRehearsal, tmp_path: Path
) -> None:
    run = rehearse(samples=1, wires="pty", speed=120.0)
    accounts = Accounts(tmp_path / "accounts.json")
    token = accounts.make_token("wall-panel", Role.VIEWER)
    app = create_app(Service(tmp_path, tmp_path), Door(accounts, Audit(), needs_login=True))
    answers: list[dict[str, Any]] = []
    press = threading.Thread(target=lambda: answers.append(anyio.run(press_stop, app, token)))

    def hook(event: Event) -> None:
        if event.kind == "accepted" and event.device == "furnace" and not press.ident:
            press.start()

    run.conduct(hook)
    press.join(60)

    (said,) = answers
    events = run.events()
    (word,) = [event for event in events if event.kind == "ordered"]
    assert said["was_confirmed"]
    assert {"furnace", "arm", "pipette"} <= set(said["made_safe"])
    assert said["troubles"] == {}
    assert (word.data["verb"], word.data["by"]) == ("abort", "wall-panel at 127.0.0.1")
    assert events[-1].kind == "made_safe"
    laboratory = run.truth_on_file()
    assert laboratory.emulator("furnace").state()["programme"] == "reset"
