"""Computes the contents of a report from a model's predictions for labelled texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bot.understanding.evaluation.evaluate import assess
from bot.understanding.evaluation.metrics import BINS
from bot.understanding.evaluation.predictions import OUT_OF_SCOPE, LabelledPrediction
from bot.understanding.evaluation.report.advice import Confused, advise
from bot.understanding.evaluation.report.contents import (
    Bin,
    ConfusionReport,
    IntentFigures,
    Point,
    Quote,
    Report,
    ReportSource,
)
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.error_bound import LabelledPredictions, error_bound
from bot.understanding.model.registry import Manifest

TEXTS = 5
"""Maximum number of texts quoted for a confusion."""

CURVE_POINTS = 200
"""Maximum number of points of the curve over thresholds."""

PROMISES = (0.05, 0.10, 0.20)
"""Values of `max_wrong` that every report shows."""


def build_report(
    manifest: Manifest,
    outcomes: Sequence[LabelledPrediction],
    source: ReportSource,
    *,
    labelled: LabelledPredictions,
    max_wrong: float | None,
    mask: Callable[[str], str],
) -> Report:
    """Compute the contents of a report.

    Args:
        manifest: Manifest of the evaluated model.
        outcomes: Its predictions for labelled texts.
        source: Origin of the labelled texts.
        labelled: Predictions for messages of customers, to verify error bounds on.
        max_wrong: The error bound in config; None without one.
        mask: Removes personal data from quoted texts.
    """
    rows, predictions = [one.row() for one in outcomes], [one.prediction for one in outcomes]
    names = _names(manifest, outcomes)
    matrix = _matrix(names, outcomes)
    return Report(
        source=source,
        evaluation=assess(manifest, rows, predictions, out_of_scope_label=OUT_OF_SCOPE),
        calibration=manifest.calibration,
        intents=tuple(_intent(name, outcomes) for name in names if name != OUT_OF_SCOPE),
        names=names,
        matrix=matrix,
        bins=tuple(_bins(outcomes)),
        curve=tuple(_curve(outcomes)),
        today=_today(outcomes, manifest.calibration),
        confusions=tuple(_confusions(outcomes, mask)),
        max_wrong=max_wrong,
        error_bounds=tuple(
            error_bound(labelled, share) for share in sorted({*PROMISES, max_wrong or PROMISES[0]})
        ),
    )


def _decided(one: LabelledPrediction) -> str:
    """Return the predicted name; for out-of-scope texts, the threshold is applied."""
    foreign = one.expected == OUT_OF_SCOPE
    return OUT_OF_SCOPE if foreign and not one.is_answered else one.first


def _names(manifest: Manifest, outcomes: Sequence[LabelledPrediction]) -> tuple[str, ...]:
    """Return the names that occur: intents in the model's order, then other labels."""
    seen = {name for one in outcomes for name in (one.expected, _decided(one))}
    known = [entry.name for entry in manifest.intents if entry.name in seen]
    foreign = [OUT_OF_SCOPE] if OUT_OF_SCOPE in seen else []
    return (*known, *sorted(seen - {*known, OUT_OF_SCOPE}), *foreign)


def _matrix(
    names: Sequence[str], outcomes: Sequence[LabelledPrediction]
) -> tuple[tuple[int, ...], ...]:
    counts = Counter((one.expected, _decided(one)) for one in outcomes)
    return tuple(tuple(counts[row, column] for column in names) for row in names)


def _intent(name: str, outcomes: Sequence[LabelledPrediction]) -> IntentFigures:
    own = [one for one in outcomes if one.expected == name]
    taken = sum(_decided(one) == name for one in outcomes)
    right = sum(one.is_right for one in own)
    precision, recall = _share(right, taken), _share(right, len(own))
    f1 = _share(2 * right, taken + len(own))
    answered = _share(sum(one.is_right and one.is_answered for one in own), len(own))
    return IntentFigures(name, len(own), precision, recall, f1, answered)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _bins(outcomes: Sequence[LabelledPrediction]) -> list[Bin]:
    filled: dict[int, list[LabelledPrediction]] = defaultdict(list)
    for one in outcomes:
        if one.expected != OUT_OF_SCOPE:
            filled[min(int(one.confidence * BINS), BINS - 1)].append(one)
    return [
        Bin(
            len(members),
            float(np.mean([one.confidence for one in members])),
            float(np.mean([one.is_right for one in members])),
        )
        for _, members in sorted(filled.items())
    ]


def _curve(outcomes: Sequence[LabelledPrediction]) -> list[Point]:
    """Return a point per threshold, from the strictest on; at most `CURVE_POINTS`."""
    ordered = sorted(outcomes, key=lambda one: -one.confidence)
    wrong, points = 0, []
    for count, one in enumerate(ordered, start=1):
        wrong += not one.is_right
        # A threshold cannot separate texts of equal confidence.
        if count == len(ordered) or ordered[count].confidence < one.confidence:
            points.append(Point(one.confidence, count / len(ordered), wrong / count))
    kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), CURVE_POINTS)).astype(int))
    return [points[i] for i in kept.tolist()]


def _today(outcomes: Sequence[LabelledPrediction], calibration: Calibration) -> Point | None:
    if not outcomes:
        return None
    answered = [one for one in outcomes if one.is_answered]
    wrong = sum(not one.is_right for one in answered) / max(len(answered), 1)
    thresholds = [one.prediction.threshold for one in outcomes]
    usual = min(thresholds, default=calibration.threshold)
    return Point(usual, len(answered) / len(outcomes), wrong)


def _confusions(
    outcomes: Sequence[LabelledPrediction], mask: Callable[[str], str]
) -> list[ConfusionReport]:
    """Return the confusions, those with the most wrong answers first."""
    pairs: dict[tuple[str, str], list[LabelledPrediction]] = defaultdict(list)
    sizes = Counter(one.expected for one in outcomes)
    for one in outcomes:
        if _decided(one) != one.expected and one.first != OUT_OF_SCOPE:
            pairs[one.expected, one.first].append(one)
    ordered = sorted(
        pairs.items(),
        key=lambda pair: (-sum(one.is_answered for one in pair[1]), -len(pair[1]), pair[0]),
    )
    return [
        _confusion(
            Confused(
                expected,
                predicted,
                tuple(
                    replace(one, text=mask(one.text))
                    for one in sorted(members, key=lambda one: -one.confidence)
                ),
                reverse=len(pairs.get((predicted, expected), ())),
                sizes=(sizes[expected], sizes[predicted]),
            )
        )
        for (expected, predicted), members in ordered
    ]


def _confusion(confused: Confused) -> ConfusionReport:
    return ConfusionReport(
        confused.expected,
        confused.predicted,
        count=len(confused.outcomes),
        answered=sum(one.is_answered for one in confused.outcomes),
        texts=tuple(
            Quote(one.text, _place(one), one.confidence) for one in confused.outcomes[:TEXTS]
        ),
        advice=advise(confused),
    )


def _place(one: LabelledPrediction) -> str:
    example = one.example
    return f"{example.path}:{example.line}" if example and example.path else ""
