"""Programme 1 of the 2400 and EPC3000 series: a header, then sixteen segments of eight words. One decimal place."""

from collections.abc import Mapping

from hardware_sim.emulators.eurotherm_programmer import End, Kind, Part, signed

UNIT_S = (1.0, 60.0, 3600.0)  # codes of ramp and dwell units
HEADER = 8328  # holdback value; +2 ramp unit, +3 dwell unit
SEGMENTS, FIRST_SEGMENT, SEGMENT_WORDS = 16, 8336, 8
PROGRAMME_END = FIRST_SEGMENT + SEGMENTS * SEGMENT_WORDS
HIGHEST_COUNT = 9999  # of durations and rates: the panel shows four digits


class EightWordSegments:
    """A `Memory` for the programmer."""

    parts = SEGMENTS

    def __init__(self, max_c: float) -> None:
        self._max_c = max_c
        self._words: dict[int, int] = dict.fromkeys(range(HEADER, PROGRAMME_END), 0)
        self._words |= {HEADER + 2: 1, HEADER + 3: 1}

    @property
    def words(self) -> Mapping[int, int]:
        """Its registers."""
        return self._words

    @property
    def holdback_c(self) -> float:
        """How far the chamber may lag behind; 0 is as far as it likes."""
        return self._words[HEADER] / 10

    @property
    def dwell_unit_s(self) -> float:
        """What durations are counted in, in tenths."""
        return UNIT_S[self._words[HEADER + 3]]

    def part(self, number: int) -> Part:
        """A segment, counted from 1; beyond the last there is an end."""
        first = FIRST_SEGMENT + SEGMENT_WORDS * (number - 1)
        kind, target, amount, end, _, holds_back = (self._words.get(first + offset, 0) for offset in range(6))
        is_timed = kind in (Kind.RAMP_TIME, Kind.DWELL)
        return Part(
            Kind(kind),
            target_c=signed(target) / 10,
            rate_c_per_s=amount / 10 / UNIT_S[self._words[HEADER + 2]],
            duration_s=amount / 10 * self.dwell_unit_s if is_timed else 0.0,
            end=End(min(end, End.OUTPUT_OFF)),
            holds_back=holds_back != 0,
        )

    def fits(self, address: int, word: int) -> bool:
        """May this word stand there?"""
        if address < FIRST_SEGMENT:
            return word <= (2 if address in (HEADER + 2, HEADER + 3) else HIGHEST_COUNT)
        offset = (address - FIRST_SEGMENT) % SEGMENT_WORDS
        return word <= {0: 4, 1: round(self._max_c * 10), 3: 3, 5: 3}.get(offset, HIGHEST_COUNT)

    def is_target(self, address: int) -> bool:
        """Does a temperature stand there, in tenths?"""
        return address >= FIRST_SEGMENT and (address - FIRST_SEGMENT) % SEGMENT_WORDS == 1

    def store(self, address: int, word: int) -> None:
        """Put it there."""
        self._words[address] = word
