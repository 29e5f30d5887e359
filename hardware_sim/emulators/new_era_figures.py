"""Figures as a New Era pump keeps and shows them. Source: manual 1200-01, as the fact sheet and NESP-Lib tell it."""

COUNTER_MOST = 10_000.0


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
