"""Compares the decisions of two models on the same messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.ports import Prediction
from bot.understanding.evaluation.evaluate import Predictor
from bot.understanding.model.registry import Manifest

NOTHING = "no intent"
"""The decision when no intent is answered or asked about, which leads to the fallback."""

_OFFERED = 2


@dataclass(frozen=True, slots=True)
class Change:
    """Messages with the same decision before and the same other decision after."""

    before: str
    after: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The changed decisions between two models; the largest groups first."""

    messages: int
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        """Number of messages with a changed decision."""
        return sum(len(change.texts) for change in self.changes)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "messages": self.messages,
            "changed": self.count,
            "changes": [asdict(change) | {"count": len(change.texts)} for change in self.changes],
        }


def compare(old: Predictor, new: Predictor, texts: Sequence[str]) -> Difference:
    """Compare the decisions of two models on the same messages."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    decided = (
        [decision(one, model.manifest) for one in model.predict(texts)] for model in (old, new)
    )
    for text, before, after in zip(texts, *decided, strict=True):
        if before != after:
            groups[before, after].append(text)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return Difference(len(texts), tuple(Change(*pair, tuple(members)) for pair, members in ordered))


def decision(prediction: Prediction, manifest: Manifest) -> str:
    """Return the decision in words: an intent's name, the intents asked about, or `NOTHING`.

    Drafts are neither answered nor offered.
    """
    if not prediction.intents:
        return NOTHING
    drafts = {entry.name for entry in manifest.intents if entry.draft}
    best = prediction.intents[0]
    if best.name in drafts or best.confidence < prediction.ask_threshold:
        return NOTHING
    if best.confidence >= prediction.threshold:
        return best.name
    names = [one.name for one in prediction.intents[: _OFFERED + 1] if one.name not in drafts]
    return f"asks: {' or '.join(names[:_OFFERED])}"
