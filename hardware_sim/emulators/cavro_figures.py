"""What sets Cavro pumps apart, how fast they are, and the letters of their command strings.

Sources: as for the emulator; what they leave open is marked as assumed. `K` and `k`, backlash and the gap that homing
leaves over the plunger, are kept and told, and have no effect.
"""

import re

PORTS = 9
STROKE = {"cavro_xcalibur": 3000, "cavro_xlp_6000": 6000}  # increments in mode N0
FINE = 8  # increments of modes N1 and N2 for one of N0
FIRMWARE = {"cavro_xcalibur": b"XCALIBUR 30052912-A", "cavro_xlp_6000": b"XLP6000 30039921-B"}  # wording assumed
CONFIGURATION = {"cavro_xcalibur": b"XCALIBUR,3000 STEPS", "cavro_xlp_6000": b"XLP6000,6000 STEPS"}  # wording assumed
HOMING_S = 3.0
VALVE_S, VALVE_S_PER_PORT = 0.2, 0.05  # assumed
SLOPE_PER_S2 = 2500  # increments per second squared and step of L
TOP_SPEED, SLOPE, START_SPEED, CUT_OFF = 1400, 14, 900, 900
SPEED_CODES = (
    6000, 5600, 5000, 4400, 3800, 3200, 2600, 2200, 2000, 1800, 1600, 1400, 1200, 1000, 800, 600, 400, 200, 190, 180,
    170, 160, 150, 140, 130, 120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 18, 16, 14, 12, 10,
)  # fmt: skip

STEP = re.compile(rb"([ZYAaPpDdIOVvcLSNMKk])([\d,]*)")
STRING = re.compile(rb"(?:[ZYAaPpDdIOVvcLSNMKk][\d,]*)*")
SETTINGS = {
    "V": (5, 6000), "v": (50, 1000), "c": (50, 2700), "L": (1, 20), "S": (0, 40), "N": (0, 2), "K": (0, 31), "k": (0, 80),
}  # fmt: skip
REPORTS = {b"?1": "v", b"?2": "V", b"?3": "c", b"?12": "K", b"?24": "k", b"?25": "L", b"?28": "N"}
DEFAULTS = {"V": TOP_SPEED, "v": START_SPEED, "c": CUT_OFF, "L": SLOPE, "N": 0, "K": 11, "k": 10}  # k assumed
MOVES = "AaPpDd"
HOMINGS = "ZY"
