"""The charts of the page, as SVG with colours from its style sheet; every value is text as well."""

from __future__ import annotations

from collections.abc import Sequence

from bot.operations.analytics.figures import Figures, Scores
from bot.operations.analytics.intervals import Share
from bot.operations.analytics.wording import NOTHING, between, percent
from bot.text.shorten import shortened
from bot.understanding.evaluation.report.svg import Drawing

WIDTH = 368.0
"""Of every chart: as wide as a phone, so that its text is not shrunk there."""

OUTCOMES = ("confirmed", "unconfirmed", "came_back", "contradicted")
"""Order of the outcomes in a bar."""

_EDGE, _BAR, _LONGEST = 4.0, 14.0, 26
_TOPS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def outcome_bars(rows: Sequence[tuple[str, Figures]], title: str, name: str) -> str:
    """Draw the outcomes of answers as bars of 100 %, with their numbers beneath."""
    row = 70.0
    told = "; ".join(f"{label}: {_numbers(figures)}" for label, figures in rows)
    picture = Drawing(WIDTH, row * len(rows), title, told or "No answers.", name)
    for place, (label, figures) in enumerate(rows):
        y = row * place
        _head(picture, y, label, f"{figures.answers:,} answers")
        _outcomes(picture, y + 20, figures)
        for number, outcome in enumerate(OUTCOMES):
            x, line = _EDGE + WIDTH / 2 * (number % 2), y + 47 + 14 * (number // 2)
            picture.add("text", x=x, y=line, class_="axis small", text=_number(figures, outcome))
    return str(picture)


def _outcomes(picture: Drawing, y: float, figures: Figures) -> None:
    x, whole = _EDGE, WIDTH - 2 * _EDGE
    for name in OUTCOMES:
        found: Share = getattr(figures, name)
        width = whole * (found.share or 0.0)
        if width:
            tip = f"{_title(name)}: {found.number:,} of {found.of:,} ({percent(found.share)})"
            # A gap parts neighbours without help of their colours.
            inner = max(width - 1.5, 0.5)
            picture.add("rect", x=x, y=y, width=inner, height=_BAR, class_=name, tip=tip)
        x += width


def share_rows(
    rows: Sequence[tuple[str, Share]], title: str, name: str, *, limit: float | None = None
) -> str:
    """Draw shares as dots on their 95 % intervals, with the numbers beside them.

    Args:
        rows: Label and share.
        title: Of the chart, for screen readers.
        name: Prefix of its ids.
        limit: Drawn as a line across all rows.
    """
    row, top = 42.0, _top(rows, limit)
    told = "; ".join(f"{label}: {_told(found)}" for label, found in rows)
    height = row * len(rows) + 22
    picture = Drawing(WIDTH, height, title, told or "Nothing was counted.", name)
    for step in (0.0, 0.5, 1.0):
        x = _x(step * top, top)
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[step]
        picture.add("line", x1=x, x2=x, y1=20, y2=height - 18, class_="grid")
        picture.add(
            "text",
            x=x,
            y=height - 4,
            text_anchor=anchor,
            class_="axis small",
            text=f"{step * top * 100:g} %",
        )
    for place, (label, found) in enumerate(rows):
        y = row * place
        _head(picture, y, label, _told(found))
        _whisker(picture, y + 27, found, top)
    if limit is not None:
        x = _x(limit, top)
        picture.add("line", x1=x, x2=x, y1=20, y2=height - 18, class_="limit")
    return str(picture)


def _whisker(picture: Drawing, y: float, found: Share, top: float) -> None:
    if found.share is None or found.low is None or found.high is None:
        return
    low, high = _x(found.low, top), _x(found.high, top)
    picture.add("line", x1=low, x2=high, y1=y, y2=y, class_="whisker")
    for end in (low, high):
        picture.add("line", x1=end, x2=end, y1=y - 4, y2=y + 4, class_="whisker")
    picture.add("circle", cx=_x(found.share, top), cy=y, r=4.5, class_="point", tip=_told(found))


def score_bars(scores: Scores, title: str, name: str) -> str:
    """Draw how often each score was given, the best first."""
    row, most = 26.0, max(scores.counts, default=0) or 1
    told = "; ".join(f"{score}: {n}" for score, n in enumerate(scores.counts, start=1))
    picture = Drawing(WIDTH, row * len(scores.counts), title, told, name)
    whole = WIDTH - 90
    for place, score in enumerate(range(len(scores.counts), 0, -1)):
        count, y = scores.counts[score - 1], row * place
        picture.add("text", x=_EDGE, y=y + 16, text=str(score))
        length = max(whole * count / most, 1.0)
        picture.add("rect", x=24, y=y + 5, width=length, height=_BAR, class_="confirmed")
        picture.add("text", x=24 + length + 6, y=y + 16, text=f"{count:,}")
    return str(picture)


def _head(picture: Drawing, y: float, label: str, value: str) -> None:
    """Write what a row is about, and its number at the right end."""
    picture.add("text", x=_EDGE, y=y + 14, text=shortened(label, _LONGEST, "…"))
    picture.add("text", x=WIDTH - _EDGE, y=y + 14, class_="row axis", text=value)


def _numbers(figures: Figures) -> str:
    return ", ".join(_number(figures, name) for name in OUTCOMES)


def _number(figures: Figures, name: str) -> str:
    found: Share = getattr(figures, name)
    return f"{_title(name)} {found.number:,} ({percent(found.share)})"


def _title(name: str) -> str:
    return name.replace("_", " ")


def _told(found: Share) -> str:
    if found.share is None:
        return NOTHING
    return f"{percent(found.share)} of {found.of:,} ({between(found)})"


def _top(rows: Sequence[tuple[str, Share]], limit: float | None) -> float:
    highest = max([*(found.high or 0.0 for _, found in rows), limit or 0.0], default=1.0)
    return next(top for top in _TOPS if top >= highest)


def _x(share: float, top: float) -> float:
    inset = _EDGE + 4
    return inset + (WIDTH - 2 * inset) * min(share / top, 1.0)
