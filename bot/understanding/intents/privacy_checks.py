"""Finds personal data in examples, which model folders and reports would contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import Problem
from bot.privacy import Span, find
from bot.privacy.kinds import KINDS, DataKind
from bot.understanding.corpus import Example
from bot.understanding.intents.intent_set import IntentSet


def personal_data(intents: IntentSet, kinds: Sequence[DataKind] = KINDS) -> Iterator[Problem]:
    """Yield a warning for each utterance that may contain personal data, without quoting it."""
    for intent in intents.intents:
        for key, utterances in (("examples", intent.examples), ("not", intent.near_misses)):
            for example in utterances:
                yield from _in(example, f"{intent.name}.{key}", kinds)
    for example in intents.out_of_scope:
        yield from _in(example, "out_of_scope", kinds)


def _is_reported(span: Span, example: Example) -> bool:
    """Return whether to report a finding: single names are often products, and identify nobody."""
    is_full = " " in example.text[span.start : span.end].strip()
    return span.type != "PERSON" or is_full


def _in(example: Example, key: str, kinds: Sequence[DataKind]) -> Iterator[Problem]:
    warnings = {kind.name: kind.warning for kind in kinds}
    found = [span for span in find(example.text, kinds) if _is_reported(span, example)]
    named = sorted({warning for span in found if (warning := warnings[span.type])})
    if named and example.path is not None:
        yield Problem(
            example.path,
            example.line,
            example.column,
            key,
            f"seems to contain {' and '.join(named)}",
            "replace it with an invented one, or leave the detail out",
            "warning",
        )
