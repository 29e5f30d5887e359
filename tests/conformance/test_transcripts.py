"""The third witness: bytes from the manuals, which driver and emulator must both understand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from robot.drivers.cavro import codec as cavro
from robot.drivers.dobot_magician import codec as dobot
from robot.drivers.keithley_2400 import codec as keithley
from robot.drivers.modbus import RTU, messages
from robot.geometry import BenchPoint
from robot.wire.base import Framer
from robot.wire.transcript import Exchange, read_transcript

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"

FRAMERS: dict[str, tuple[str, Callable[[bytes], Framer]]] = {
    "dobot_magician": ("arm", dobot.reply_to),
    "cavro_xcalibur": ("pipette", lambda request: cavro.frame_dt),
    "eurotherm_2416": ("furnace", RTU.reply_to),
    "keithley_2400": ("probe", lambda request: keithley.frame),
}

OUR_WORDS: dict[str, list[bytes]] = {
    "dobot_magician": [
        dobot.ASK_POSE, dobot.ASK_ALARMS, dobot.ASK_QUEUE_INDEX, dobot.CLEAR_ALARMS, dobot.QUEUE_CLEAR,
        dobot.QUEUE_START, dobot.QUEUE_FORCE_STOP, dobot.HOME, dobot.encode_grip(closed=True),
        dobot.encode_move(BenchPoint(250.0, 0.0, 0.0)),
    ],
    "cavro_xcalibur": [
        cavro.encode_dt(1, data)[0]
        for data in (cavro.ASK_STATUS, cavro.ASK_POSITION, cavro.ASK_VALVE, cavro.ASK_FIRMWARE, cavro.STOP,
                     cavro.initialisation(9), cavro.valve_turn(6))
    ],
    "eurotherm_2416": [
        RTU.frame(1, message, 0)
        for message in (
            *(messages.ask_registers(address, 1) for address in (23, 122, 258, 525, 8330)),
            messages.ask_registers(1, 5), messages.ask_registers(111, 2),
            messages.set_register(24, 800), messages.set_register(23, 1), messages.set_register(23, 2),
        )
    ],
    "keithley_2400": [
        keithley.ASK_IDENTITY, keithley.ASK_OUTPUT, keithley.ASK_ERROR, keithley.ASK_READING, keithley.OUTPUT_ON,
        keithley.OUTPUT_OFF, keithley.encode_current(0.001), *keithley.encode_setup(compliance_v=2.0),
    ],
}  # fmt: skip

scenes = pytest.mark.parametrize(
    ("model", "scene"),
    [
        pytest.param(model, scene, id=f"{model}: {title}")
        for model in FRAMERS
        for title, scene in read_transcript(TRANSCRIPTS / f"{model}.txt").items()
    ],
)


@scenes
def test_the_driver_finds_every_reply(model: str, scene: tuple[Exchange, ...]) -> None:
    frame_for = FRAMERS[model][1]

    for exchange in scene:
        if exchange.received:
            assert frame_for(exchange.sent)(exchange.received) == exchange.received


@scenes
def test_the_emulator_answers_as_the_transcript_says(bench: Any, model: str, scene: tuple[Exchange, ...]) -> None:
    name, frame_for = FRAMERS[model]
    port = bench.wires[name]

    for exchange in scene:
        port.write(exchange.sent)
        reply = port.read(timeout_s=0.0)
        if exchange.is_example:
            assert frame_for(exchange.sent)(reply) == reply
        else:
            assert reply == exchange.received


@pytest.mark.parametrize("model", list(FRAMERS))
def test_what_the_driver_says_stands_in_the_transcript(model: str) -> None:
    said = {exchange.sent for scene in read_transcript(TRANSCRIPTS / f"{model}.txt").values() for exchange in scene}

    assert said >= set(OUR_WORDS[model])
