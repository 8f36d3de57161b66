"""The texts that admins wrote for a desk, with their languages."""

from __future__ import annotations

from collections.abc import Iterator

from bot.publishing.bundle import Bundle
from bot.understanding.intents import Intent


def desk_texts(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield BCP 47 tag and text of examples, titles, replies and articles."""
    for intent in bundle.intents.intents:
        yield from _of_intent(intent)
    for passage in bundle.retriever.index.passages:
        yield passage.language, f"{passage.subject}\n{passage.text}"


def _of_intent(intent: Intent) -> Iterator[tuple[str, str]]:
    for example in (*intent.examples, *intent.near_misses):
        yield example.language, example.text
    yield from (intent.entry.title or {}).items()
    for case in intent.entry.reply:
        for wording in (case.text, *case.platforms.values()):
            yield from ((tag, text) for tag, texts in wording.items() for text in texts)
