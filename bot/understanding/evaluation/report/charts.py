"""The charts of a report, as SVG with colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.text.shorten import shortened
from bot.understanding.evaluation.report.contents import Bin, Point
from bot.understanding.evaluation.report.svg import Drawing

SHOWN = 30
"""Maximum number of intents in a confusion matrix; the most confused ones are shown."""

_CELL, _LABELS, _LONGEST = 22.0, 180.0, 26
_TOPS = (0.08, 0.2, 0.4, 0.6, 0.8, 1.0)
_SIZE, _LEFT, _BOTTOM, _TOP = 340.0, 56.0, 44.0, 14.0


def confusion_matrix(names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Draw the number of texts of each intent (row) predicted as each intent (column)."""
    shown = _most_confused(counts)
    size = _LABELS + _CELL * len(shown)
    wrong = sum(counts[i][j] for i in shown for j in shown if i != j)
    picture = Drawing(
        size + _LABELS / 2,
        size,
        "Confusion matrix",
        f"{len(shown)} intents; {wrong} texts are off the diagonal: they were predicted as another "
        "intent. The section on confusions lists them.",
        "matrix",
    )
    for place, i in enumerate(shown):
        middle = _LABELS + _CELL * (place + 0.5)
        label = shortened(names[i], _LONGEST, "…")
        picture.add("text", x=_LABELS - 8, y=middle + 4, class_="row", text=label)
        turned = f"translate({middle + 4:g} {_LABELS - 8:g}) rotate(-60)"
        picture.add("text", transform=turned, text=label)
        for column, j in enumerate(shown):
            _cell(picture, place, column, counts[i], j, own=i == j, names=(names[i], names[j]))
    return str(picture)


def _cell(
    picture: Drawing,
    row: int,
    column: int,
    counts: Sequence[int],
    j: int,
    *,
    own: bool,
    names: tuple[str, str],
) -> None:
    x, y = _LABELS + _CELL * column, _LABELS + _CELL * row
    side = _CELL - 1
    picture.add("rect", class_="empty", x=x, y=y, width=side, height=side)
    count = counts[j]
    if not count:
        return
    share = count / sum(counts)
    tip = f"{names[0]} predicted as {names[1]}: {count} of {sum(counts)}"
    tip = f"{names[0]}: {count} of {sum(counts)} right" if own else tip
    # The square root makes single mistakes visible among hundreds of right predictions.
    opacity = 0.15 + 0.85 * share**0.5
    kind = "right" if own else "wrong"
    picture.add(
        "rect", class_=kind, fill_opacity=opacity, tip=tip, x=x, y=y, width=side, height=side
    )
    strong = "number strong" if opacity > 0.6 else "number"
    picture.add("text", x=x + _CELL / 2 - 0.5, y=y + 15, class_=strong, text=_number(count))


def _most_confused(counts: Sequence[Sequence[int]]) -> list[int]:
    def mistakes(i: int) -> int:
        return sum(counts[i]) + sum(row[i] for row in counts) - 2 * counts[i][i]

    ranked = sorted(range(len(counts)), key=lambda i: -mistakes(i))
    return sorted(ranked[:SHOWN])


def reliability(bins: Sequence[Bin]) -> str:
    """Draw confidence against accuracy; a perfectly calibrated model is on the diagonal."""
    gaps = ", ".join(f"{one.confidence:.0%} and {one.right:.0%}" for one in bins)
    picture = _plot(
        "Reliability diagram", f"Confidence and share of right predictions: {gaps}.", "sure"
    )
    _axes(picture, "confidence", "right", 1.0)
    picture.add("line", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1), class_="diagonal")
    most = max((one.texts for one in bins), default=1)
    for one in bins:
        tip = f"{one.texts} texts: confidence {one.confidence:.1%}, right {one.right:.1%}"
        x = _x(one.confidence)
        picture.add("line", x1=x, y1=_y(one.confidence), x2=x, y2=_y(one.right), class_="gap")
        radius = 3 + 7 * (one.texts / most) ** 0.5
        picture.add("circle", cx=x, cy=_y(one.right), r=radius, class_="dot", tip=tip)
    return str(picture)


def answered_against_wrong(curve: Sequence[Point], today: Point) -> str:
    """Draw the answered and the wrong share for every threshold, and mark the current one."""
    highest = max(point.wrong for point in [*curve, today])
    top = next(top for top in _TOPS if top >= highest)
    picture = _plot(
        "Answered against wrong",
        f"The current threshold, {today.threshold:.2f}, answers {today.answered:.0%} of the texts; "
        f"{today.wrong:.1%} of these answers are wrong.",
        "curve",
    )
    _axes(picture, "answered", "wrong answers", top)
    points = " ".join(f"{_x(point.answered):.1f},{_y(point.wrong, top):.1f}" for point in curve)
    picture.add("polyline", points=points, class_="curve")
    x, y = _x(today.answered), _y(today.wrong, top)
    picture.add("line", x1=x, y1=_y(0), x2=x, y2=y, class_="diagonal")
    tip = f"threshold {today.threshold:.2f}: {today.answered:.1%} answered, {today.wrong:.1%} wrong"
    picture.add("circle", cx=x, cy=y, r=6, class_="today", tip=tip)
    left = x > _x(0.5)
    picture.add(
        "text",
        x=x - 10 if left else x + 10,
        y=y - 10,
        class_="row" if left else "label",
        text=f"current threshold {today.threshold:.2f}",
    )
    return str(picture)


def _plot(title: str, description: str, name: str) -> Drawing:
    return Drawing(_LEFT + _SIZE + 24, _TOP + _SIZE + _BOTTOM, title, description, name)


def _axes(picture: Drawing, bottom_label: str, left_label: str, top: float) -> None:
    for step in range(5):
        share = step / 4
        x, y = _x(share), _y(share * top, top)
        picture.add("line", x1=_x(0), y1=y, x2=_x(1), y2=y, class_="grid")
        picture.add("text", x=x, y=_TOP + _SIZE + 16, class_="tick", text=f"{share:.0%}")
        picture.add("text", x=_LEFT - 6, y=y + 4, class_="row", text=f"{share * top:.0%}")
    picture.add("text", x=_x(0.5), y=_TOP + _SIZE + 36, class_="tick axis", text=bottom_label)
    turned = f"translate(12 {_y(0.5):g}) rotate(-90)"
    picture.add("text", transform=turned, class_="tick axis", text=left_label)


def _x(share: float) -> float:
    return _LEFT + _SIZE * share


def _y(share: float, top: float = 1.0) -> float:
    return _TOP + _SIZE * (1 - share / top)


def _number(count: int) -> str:
    return str(count) if count < 1000 else f"{count / 1000:.0f}k"
