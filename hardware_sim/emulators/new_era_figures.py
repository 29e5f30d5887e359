"""Figures as a New Era pump keeps and shows them. Source: manual 1200-01, as the fact sheet and NESP-Lib tell it."""

COUNTER_MOST = 10_000.0
FASTEST_MM_PER_MIN, SLOWEST_MM_PER_MIN = 51.005, 0.04205 / 60  # of the plunger
UL_PER_VOLUME = {"UL": 1.0, "ML": 1000.0}
UL_PER_MIN = {"UM": 1.0, "MM": 1000.0, "UH": 1 / 60, "MH": 1000 / 60}


def cut(text: str) -> float | None:
    """A number as it keeps it: four digits, three of them decimals; the rest is cut off without a word.

    >>> cut("12.3456"), cut("1234.5"), cut("0.12345"), cut("")
    (12.34, 1234.0, 0.123, None)
    """
    if not text:
        return None
    whole, _, decimals = text.partition(".")
    whole = whole.lstrip("0")[:4] or "0"
    kept = decimals[: min(3, 4 - len(whole))]
    return float(f"{whole}.{kept}")


def figure(value: float) -> str:
    """Four digits and a point.

    >>> figure(1.5), figure(20.0), figure(1500.0), figure(333.33)
    ('1.500', '20.00', '1500.', '333.3')
    """
    value %= COUNTER_MOST  # a full counter begins anew (assumed)
    decimals = 4 - max(len(str(int(value + 1e-9))), 1)
    return f"{int(value * 10**decimals + 1e-6) / 10**decimals:.{decimals}f}" + "." * (decimals == 0)
