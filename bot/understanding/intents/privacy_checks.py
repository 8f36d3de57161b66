"""Finds personal data in examples, which model folders and reports would contain."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import Problem
from bot.privacy import Span, find
from bot.privacy.kinds import KINDS
from bot.understanding.corpus import Example
from bot.understanding.intents.intent_set import IntentSet

_WARNINGS = {kind.name: kind.warning for kind in KINDS if kind.warning}


def personal_data(intents: IntentSet) -> Iterator[Problem]:
    """Yield a warning for each utterance that may contain personal data, without quoting it."""
    for intent in intents.intents:
        for key, utterances in (("examples", intent.examples), ("not", intent.near_misses)):
            for example in utterances:
                yield from _in(example, f"{intent.name}.{key}")
    for example in intents.out_of_scope:
        yield from _in(example, "out_of_scope")


def _counts(span: Span, example: Example) -> bool:
    """Return whether to report a finding: single names are often products, and identify nobody."""
    is_full = " " in example.text[span.start : span.end].strip()
    return span.type in _WARNINGS and (span.type != "PERSON" or is_full)


def _in(example: Example, key: str) -> Iterator[Problem]:
    kinds = sorted({_WARNINGS[span.type] for span in find(example.text) if _counts(span, example)})
    if kinds and example.path is not None:
        yield Problem(
            example.path,
            example.line,
            example.column,
            key,
            f"seems to contain {' and '.join(kinds)}",
            "replace it with an invented one, or leave the detail out",
            "warning",
        )
