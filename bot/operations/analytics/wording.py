"""How figures are written: shares in percent, times in two units."""

from __future__ import annotations

from bot.operations.analytics.intervals import Share

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))

NOTHING = "–"
"""Where there is nothing to count."""


def percent(value: float | None) -> str:
    """Return a share in percent.

    >>> percent(0.4142), percent(None)
    ('41 %', '–')
    """
    return NOTHING if value is None else f"{value:.0%}".replace("%", " %")


def between(share: Share) -> str:
    """Return the interval of a share.

    >>> between(Share(1, 2, 0.5, 0.095, 0.905)), between(Share(0, 0, None, None, None))
    ('10–90 %', '–')
    """
    if share.low is None or share.high is None:
        return NOTHING
    return f"{share.low * 100:.0f}–{share.high * 100:.0f} %"


def duration(seconds: float | None) -> str:
    """Return a time in its two largest units.

    >>> duration(3.4), duration(754.2), duration(231_600), duration(0), duration(None)
    ('3 s', '12 min 34 s', '2 d 16 h', '0 s', '–')
    """
    if seconds is None:
        return NOTHING
    left, parts = round(seconds), []
    for size, name in _UNITS:
        number, left = divmod(left, size)
        parts.append((number, name))
    first = next((i for i, (number, _) in enumerate(parts) if number), len(parts) - 1)
    shown = parts[first : first + 2]
    return " ".join(f"{number} {name}" for number, name in shown if number or name == shown[0][1])
