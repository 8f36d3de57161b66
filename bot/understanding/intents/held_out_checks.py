"""Examples that models trained without them took for another intent: warnings for `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import Problem
from bot.text.shorten import shortened
from bot.understanding.corpus import Example
from bot.understanding.intents.intent_set import Intent, IntentSet
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.tags import primary
from bot.understanding.model.example_probabilities import DoubtfulExample, ExampleProbabilities


def held_out_problems(
    intents: IntentSet,
    names: Sequence[str],
    english: ExampleProbabilities,
    others: ExampleProbabilities | None,
) -> Iterator[Problem]:
    """Yield a warning for each example whose own intent is improbable, see `doubtful`.

    Examples that were added, moved or changed since the model was trained are not judged.

    Args:
        intents: The intents as they are written now.
        names: The names of the model's intents, in order.
        english: The probabilities of its examples by its encoder for English.
        others: The same by its multilingual encoder; None if it has none.
    """
    by_encoder = [_doubts(names, each) for each in (english, others or english)]
    decided = {
        (intent.name, example.text) for intent in intents.intents for example in intent.near_misses
    }
    for intent in intents.intents:
        seen: set[str] = set()
        for example in intent.examples:
            doubts = by_encoder[primary(example.language) != ENGLISH]
            found = doubts.get((intent.name, example.text))
            if found is None or example.text in seen:
                continue
            seen.add(example.text)
            if (names[found.likelier], example.text) not in decided:
                yield _problem(intent, example, found, names[found.likelier])


def _doubts(
    names: Sequence[str], examples: ExampleProbabilities
) -> dict[tuple[str, str], DoubtfulExample]:
    return {(names[each.intent], each.text): each for each in examples.doubtful()}


def _problem(intent: Intent, example: Example, found: DoubtfulExample, likelier: str) -> Problem:
    return Problem(
        example.path or Path(),
        example.line,
        example.column,
        f"{intent.name}.examples",
        f'"{shortened(example.text, 60, "…")}" is recognised as {likelier} ({found.other:.2f}), '
        f"not as {intent.name} ({found.own:.2f}), by a model that was trained without it",
        f"move it to {likelier}; if it is right here, add it to `not:` of {likelier}, and more "
        "examples like it",
        "warning",
    )
