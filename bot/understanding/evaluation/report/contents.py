"""The contents of a report as plain values, rendered by `page` or written as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.understanding.evaluation.evaluate import Evaluation
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.error_bound import ErrorBound


@dataclass(frozen=True, slots=True)
class ReportSource:
    """The data and the model that the figures come from.

    Attributes:
        name: A file's name, or `cross-validation`.
        model: Version of the evaluated model; empty for cross-validation.
        created: Creation time of the report: ISO 8601, UTC.
    """

    name: str
    model: str
    created: str


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """Precision, recall and F1 of one intent, by the likeliest intent, whatever its confidence.

    An out-of-scope text counts against an intent only if it would be answered.

    Attributes:
        texts: Number of texts of this intent.
        answered: Share of them that is answered correctly at the current threshold.
    """

    name: str
    texts: int
    precision: float | None
    recall: float | None
    f1: float | None
    answered: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of in-scope texts by confidence: number, mean confidence, share of right ones."""

    texts: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Point:
    """A threshold with the share of texts that it answers, and the share of wrong answers."""

    threshold: float
    answered: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted text with its position in an intent file, if it is an example."""

    text: str
    place: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ConfusionReport:
    """Texts of one intent that are predicted as another, the most confident first, and advice."""

    expected: str
    predicted: str
    count: int
    answered: int
    texts: tuple[Quote, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Report:
    """All contents of a report.

    Attributes:
        names: Names of the rows and columns of the matrix.
        matrix: Number of texts by expected and predicted name.
        today: The current threshold; None without texts.
        max_wrong: The error bound in config; None without one.
        error_bounds: Error bounds on labelled messages, for `max_wrong` and for common values.
    """

    source: ReportSource
    evaluation: Evaluation
    calibration: Calibration
    intents: tuple[IntentFigures, ...]
    names: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    today: Point | None
    confusions: tuple[ConfusionReport, ...]
    max_wrong: float | None
    error_bounds: tuple[ErrorBound, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values: those of the evaluation, and everything else on the page."""
        return {
            **self.evaluation.to_json(),
            "source": asdict(self.source),
            "intents": [asdict(intent) for intent in self.intents],
            "matrix": {"names": list(self.names), "counts": [list(row) for row in self.matrix]},
            "reliability": [asdict(one) for one in self.bins],
            "curve": [asdict(point) for point in self.curve],
            "today": asdict(self.today) if self.today else None,
            "confusions": [asdict(confusion) for confusion in self.confusions],
            "max_wrong": self.max_wrong,
            "promises": [asdict(each) for each in self.error_bounds],
        }
