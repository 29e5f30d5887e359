"""The third witness: bytes from the manuals, which driver and emulator must both understand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from robot.drivers import numbered_lines
from robot.drivers.cavro import codec as cavro
from robot.drivers.dobot_magician import codec as dobot
from robot.drivers.gantry_pipette.memo import Memo
from robot.drivers.grbl_gantry import codec as grbl
from robot.drivers.ika_rct_digital import codec as ika
from robot.drivers.keithley_2400 import codec as keithley
from robot.drivers.mettler_mt_sics import codec as mettler
from robot.drivers.modbus import RTU, TCP, messages
from robot.drivers.new_era_ne1000 import codec as new_era
from robot.drivers.open_protocols import micrograms
from robot.drivers.opentrons_ot2 import codec as opentrons
from robot.drivers.powder_diffractometer import codec as powder_diffractometer
from robot.drivers.powder_doser import codec as powder_doser
from robot.drivers.powder_handler import codec as powder_handler
from robot.drivers.preciseflex_pf400 import codec as preciseflex
from robot.drivers.smoothie_gantry import codec as smoothie
from robot.drivers.ur_eseries import dashboard as ur_dashboard
from robot.drivers.ur_eseries import rtde as ur_rtde
from robot.drivers.ur_eseries import script as ur_script
from robot.drivers.vial_capper import codec as vial_capper
from robot.drivers.yudian_ai518p import codec as aibus
from robot.geometry import BenchPoint
from robot.wire import http
from robot.wire.base import Framer
from robot.wire.transcript import Exchange, read_transcript

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"

LIQUIDS = (
    "cavro_xlp_6000",
    "new_era_ne1000",
    "opentrons_ot2",
    "mettler_mt_sics",
    "ika_rct_digital",
    "gantry_pipette",
    "gantry_pipette_pump",
)
FURNACES = ("eurotherm_3216p", "eurotherm_epc3016", "yudian_ai518p")
ARMS = ("grbl_gantry", "smoothie_gantry", "preciseflex_pf400", "ur_eseries", "ur_eseries_rtde", "ur_eseries_script")
POWDERS = ("powder_doser",)
DIFFRACTION = ("powder_diffractometer",)
HANDLERS = ("powder_handler",)
CAPPERS = ("vial_capper",)
BENCHES = (
    dict.fromkeys(LIQUIDS, "liquids")
    | dict.fromkeys(FURNACES, "furnaces")
    | dict.fromkeys(ARMS, "arms")
    | dict.fromkeys(POWDERS, "powders")
    | dict.fromkeys(DIFFRACTION, "diffraction")
    | dict.fromkeys(HANDLERS, "handlers")
    | dict.fromkeys(CAPPERS, "cappers")
)
"""Where a model stands, if it is not on the film bench."""

SEEN = ur_rtde.sample_where(lambda sample: True)

FRAMERS: dict[str, tuple[str, Callable[[bytes], Framer]]] = {
    "dobot_magician": ("arm", dobot.reply_to),
    "grbl_gantry": ("gantry", grbl.reply_to),
    "smoothie_gantry": ("stage", lambda request: bytes if request == smoothie.HALT else smoothie.reply_to(request)),
    "preciseflex_pf400": ("scara-robot", lambda request: preciseflex.frame),
    "ur_eseries": ("cobot-dashboard", lambda request: ur_dashboard.frame),
    "ur_eseries_rtde": (
        "cobot-rtde",
        lambda request: SEEN if request == ur_rtde.ASK_START else ur_rtde.reply_to(request),
    ),
    "ur_eseries_script": ("cobot-script", lambda request: ur_dashboard.frame),
    "cavro_xcalibur": ("pipette", lambda request: cavro.frame_dt),
    "cavro_xlp_6000": ("oem_pump", lambda request: cavro.frame_oem),
    "new_era_ne1000": ("syringe", lambda request: new_era.frame),
    "opentrons_ot2": ("handler", lambda request: http.frame),
    "gantry_pipette": ("tipper-gantry", grbl.reply_to),
    "gantry_pipette_pump": ("tipper-pump", lambda request: cavro.frame_dt),
    "mettler_mt_sics": ("balance", mettler.reply_to),
    "ika_rct_digital": ("hotplate", lambda request: ika.frame),
    "eurotherm_2416": ("furnace", RTU.reply_to),
    "eurotherm_3216p": ("eurotherm_3216p", RTU.reply_to),
    "eurotherm_epc3016": ("epc3016_ethernet", TCP.reply_to),
    "yudian_ai518p": ("yudian_ai518p", lambda request: aibus.reply_from(address=1)),
    "keithley_2400": ("probe", lambda request: keithley.frame),
    "powder_doser": ("doser", numbered_lines.reply_to),
    "powder_diffractometer": ("diffractometer", numbered_lines.reply_to),
    "powder_handler": ("handler", numbered_lines.reply_to),
    "vial_capper": ("capper", numbered_lines.reply_to),
}

OUR_WORDS: dict[str, list[bytes]] = {
    "dobot_magician": [
        dobot.ASK_POSE, dobot.ASK_ALARMS, dobot.ASK_QUEUE_INDEX, dobot.CLEAR_ALARMS, dobot.QUEUE_CLEAR,
        dobot.QUEUE_START, dobot.QUEUE_FORCE_STOP, dobot.HOME, dobot.encode_grip(closed=True),
        dobot.encode_move(BenchPoint(250.0, 0.0, 0.0)), dobot.encode_pin_as_input(15), dobot.encode_level_question(15),
    ],
    "grbl_gantry": [
        grbl.ASK_STATUS, grbl.ASK_MODES, grbl.ASK_VERSION, grbl.ASK_SETTINGS, grbl.HOLD, grbl.RESET, grbl.UNLOCK,
        grbl.encode_homing(1), grbl.encode_move(BenchPoint(-10.0, -20.0, -5.0), 10.0, 1),
        grbl.encode_coolant(True, 8), grbl.encode_coolant(False, 9),
    ],
    "smoothie_gantry": [
        smoothie.ASK_PLACE, smoothie.ASK_AIM, smoothie.ASK_HOMED, smoothie.ASK_VERSION, smoothie.ASK_SWITCHES,
        smoothie.HOME, smoothie.HALT, smoothie.CLEAR, smoothie.FORGET_HOME, smoothie.encode_move(BenchPoint(100.0, 50.5, 20.0), 10.0),
        smoothie.encode_switch(True), smoothie.encode_switch(False),
    ],
    "preciseflex_pf400": [
        preciseflex.ASK_VERSION, preciseflex.ASK_PLACE, preciseflex.ASK_JOINTS, preciseflex.ASK_MOTION,
        preciseflex.ASK_SYSTEM, preciseflex.ASK_HOMED, preciseflex.SELECT_ROBOT, preciseflex.ATTACH, preciseflex.HALT,
        preciseflex.encode_move(BenchPoint(300.0, 0.0, 60.0)), preciseflex.encode_grip(True),
        preciseflex.encode_grip(False), preciseflex.encode_signal_question(10001),
        preciseflex.POWER_ON + preciseflex.ATTACH + preciseflex.encode_set_up(150.0, 500.0, 100.0, 70.0)
        + preciseflex.HOME,
    ],
    "ur_eseries": [
        ur_dashboard.ASK_VERSION, ur_dashboard.ASK_REMOTE, ur_dashboard.ASK_RUNNING, ur_dashboard.RELEASE_BRAKES,
        ur_dashboard.STOP, ur_dashboard.UNLOCK,
    ],
    "ur_eseries_rtde": [ur_rtde.ASK_PROTOCOL, ur_rtde.ASK_OUTPUTS, ur_rtde.ASK_START, ur_rtde.ASK_PAUSE],
    "ur_eseries_script": [
        ur_script.encode_move(BenchPoint(250.0, 0.0, 100.0), 150.0, 300.0, 17), ur_script.encode_grip(0, True, 0.5, 18),
    ],
    "cavro_xcalibur": [
        cavro.encode_dt(1, data)[0]
        for data in (cavro.ASK_STATUS, cavro.ASK_POSITION, cavro.ASK_VALVE, cavro.ASK_FIRMWARE, cavro.STOP,
                     cavro.initialisation(9), cavro.valve_turn(6))
    ],
    "cavro_xlp_6000": [
        cavro.encode_oem(1, data)[0]
        for data in (cavro.ASK_POSITION, cavro.ASK_VALVE, cavro.ASK_FIRMWARE, cavro.STOP, cavro.initialisation(9))
    ] + [cavro.encode_oem(1, cavro.ASK_STATUS, 2)[0], cavro.encode_oem(1, cavro.valve_turn(6), 2)[0]],
    "new_era_ne1000": [
        new_era.encode_safe(0, text)
        for text in ("", "VER", "DIS", "SAF10", "RAT3000UM", "VOL500.0", "RUN", "STP")
    ] + [new_era.encode_basic(0, text) for text in ("", "VER", "DIS", "DIA20.00", "DIRWDR", "VOLML", "RUN", "STP")],
    "opentrons_ot2": [
        opentrons.ASK_HEALTH, opentrons.ASK_PIPETTES, opentrons.ASK_RUNS, opentrons.NEW_RUN, opentrons.stop("run-1"),
        opentrons.ask_commands("run-1", 0), opentrons.command("run-1", "k-0", "home", {}),
    ],
    "gantry_pipette": [
        grbl.encode_move(BenchPoint(-250.0, -250.0, -130.0), 100.0, Memo(has_tip=True, next_tip=1).number),
        grbl.encode_move(BenchPoint(-250.0, -250.0, -50.0), 100.0, Memo(has_tip=True, next_tip=1).number),
        grbl.ASK_MODES, grbl.RESET,
    ],
    "gantry_pipette_pump": [
        cavro.encode_dt(1, data)[0]
        for data in (cavro.initialisation(1), cavro.ASK_POSITION, cavro.plunger_move(1500, 300), cavro.STOP)
    ],
    "mettler_mt_sics": [
        mettler.RESET, mettler.ASK_SERIAL_NUMBER, mettler.ASK_MODEL, mettler.ASK_WEIGHT, mettler.ASK_TARE, mettler.TARE,
    ],
    "ika_rct_digital": [
        ika.ASK_NAME, ika.ASK_PROBE, ika.ASK_PLATE, ika.ASK_SPEED, ika.ASK_TARGET, ika.ASK_SAFETY, ika.ASK_TARGET_SPEED,
        ika.HEATER_ON, ika.HEATER_OFF, ika.MOTOR_ON, ika.MOTOR_OFF, ika.RESET, ika.encode_target(60.0),
        ika.encode_speed(300.0), ika.encode_watchdog(60),
    ],
    "eurotherm_2416": [
        RTU.frame(1, message, 0)
        for message in (
            *(messages.ask_registers(address, 1) for address in (23, 122, 258, 525, 8330)),
            messages.ask_registers(1, 5), messages.ask_registers(111, 2),
            messages.set_register(24, 800), messages.set_register(23, 1), messages.set_register(23, 2),
        )
    ],
    "eurotherm_3216p": [
        RTU.frame(1, message, 0)
        for message in (
            *(messages.ask_registers(address, 1) for address in (23, 122, 258, 525, 1280)),
            messages.ask_registers(1, 5), messages.ask_registers(111, 2),
            messages.set_register(24, 800), messages.set_register(23, 0), messages.set_register(23, 1),
        )
    ],
    "eurotherm_epc3016": [
        TCP.frame(1, message, transaction=1)
        for message in (
            *(messages.ask_registers(address, 1) for address in (23, 75, 122, 8330)),
            messages.ask_registers(1, 5), messages.ask_registers(11, 2), messages.ask_registers(0x8018, 2),
            messages.set_register(24, 800), messages.set_register(23, 1), messages.set_register(23, 2),
        )
    ],
    "yudian_ai518p": [
        *(aibus.encode_read(1, parameter) for parameter in (aibus.CONTROL, aibus.DECIMALS, aibus.RUN_STATE)),
        *(aibus.encode_write(1, aibus.RUN_STATE, state) for state in (aibus.RUN, aibus.STOP)),
        aibus.encode_write(1, aibus.FIRST_STEP, 200), aibus.encode_write(1, aibus.FIRST_STEP + 1, -121),
    ],
    "keithley_2400": [
        keithley.ASK_IDENTITY, keithley.ASK_OUTPUT, keithley.ASK_ERROR, keithley.ASK_READING, keithley.OUTPUT_ON,
        keithley.OUTPUT_OFF, keithley.encode_current(0.001), *keithley.encode_setup(compliance_v=2.0),
    ],
    "powder_handler": [
        numbered_lines.encode(number, *words)
        for number, words in (
            (1, [powder_handler.WHO]), (2, [powder_handler.STATE]), (3, [powder_handler.WATCHDOG, 300]),
            (4, [powder_handler.SHAKE, 1, 120, 1500]), (12, [powder_handler.STOP]),
            (10, [powder_handler.TRANSFER, 1, micrograms(150.0)]),
        )
    ],
    "vial_capper": [
        numbered_lines.encode(number, *words)
        for number, words in (
            (1, [vial_capper.WHO]), (2, [vial_capper.STATE]), (3, [vial_capper.CAP, 1, 800]),
            (9, [vial_capper.UNCAP, 1]), (7, [vial_capper.STOP]),
        )
    ],
    "powder_doser": [
        numbered_lines.encode(number, *words)
        for number, words in (
            (1, [powder_doser.WHO]), (2, [powder_doser.STATE]), (3, [powder_doser.HOPPERS]), (12, [powder_doser.STOP]),
            (4, [powder_doser.FILLED, 2, micrograms(250_000.0)]), (7, [powder_doser.WATCHDOG, 300]),
            (8, [powder_doser.DOSE, 1, 2, micrograms(500.0), micrograms(5.0)]),
        )
    ],
    "powder_diffractometer": [
        numbered_lines.encode(number, *words)
        for number, words in (
            (1, [powder_diffractometer.WHO]), (2, [powder_diffractometer.STATE]), (8, [powder_diffractometer.STOP]),
            (12, [powder_diffractometer.OPEN]), (15, [powder_diffractometer.CLOSE]),
            (3, [powder_diffractometer.SCAN, 1, *map(powder_diffractometer.units, (10.0, 80.0, 0.02)),
                 powder_diffractometer.milliseconds(0.137)]),
            (9, [powder_diffractometer.WHAT, 1]), (10, [powder_diffractometer.DATA, 1, 0]),
        )
    ],
}  # fmt: skip

scenes = pytest.mark.parametrize(
    ("bench", "model", "scene"),
    [
        pytest.param(BENCHES.get(model, "film_bench"), model, scene, id=f"{model}: {title}")
        for model in FRAMERS
        for title, scene in read_transcript(TRANSCRIPTS / f"{model}.txt").items()
    ],
    indirect=["bench"],
)


@scenes
def test_the_driver_finds_every_reply(bench: Any, model: str, scene: tuple[Exchange, ...]) -> None:
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
