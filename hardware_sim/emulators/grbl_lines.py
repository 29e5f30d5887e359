"""Lines of GRBL as it reads them, and its settings."""

import re

from robot.device_settings import GrblGantrySettings

NUMBER, LETTER = 2, 1  # errors


class GrblError(Exception):
    """What becomes `error:N`."""


def settings_of(settings: GrblGantrySettings) -> dict[int, str]:
    """As a machine built after the lab file would have them; the rest as GRBL is delivered."""
    values: dict[int, str] = {0: "10", 1: "25", 10: "1", 13: "0", 20: "1", 21: "0", 22: "1", 23: "0", 27: "1.000"}
    for axis, travel_mm in enumerate(settings.travel_mm):
        values[100 + axis] = "250.000"
        values[110 + axis] = f"{settings.speed_mm_per_s * 60:.3f}"
        values[120 + axis] = f"{settings.acceleration_mm_per_s2:.3f}"
        values[130 + axis] = f"{travel_mm:.3f}"
    return dict(sorted(values.items()))


_AT_REST_ONLY = re.compile(r"G0*4(?!\d)|M[0-9]|^\$H")


def waits_for_rest(line: str) -> bool:
    """Dwelling and outputs come after all motion before them; so do `$` lines that write."""
    return _AT_REST_ONLY.search(line) is not None


def words_in(line: str) -> list[tuple[str, float]]:
    r"""Cut a line into letters and numbers.

    >>> words_in("G1X-1.5F600")
    [('G', 1.0), ('X', -1.5), ('F', 600.0)]
    """
    words = re.findall(r"([A-Z])([-+]?\d*\.?\d*)", line)
    if "".join(letter + number for letter, number in words) != line:
        raise GrblError(LETTER)
    try:
        return [(letter, float(number)) for letter, number in words]
    except ValueError as err:
        raise GrblError(NUMBER) from err
