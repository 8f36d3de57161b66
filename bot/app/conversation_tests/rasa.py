"""Turns Rasa's test stories into conversations."""

from __future__ import annotations

from collections.abc import Iterable

from bot.app.conversation_tests.schema import ConversationEntry, Expectation, TurnEntry
from bot.understanding.exchange import TestStory
from bot.understanding.exchange.content import is_outside
from bot.understanding.intents.names import is_name, unique_slug


def conversations_of(stories: Iterable[TestStory]) -> list[ConversationEntry]:
    """Return a conversation for each story: its messages, and the intent that each is to have.

    Labels get the names that `import rasa` gives them. A message that is out of scope is to get
    no intent's answer.
    """
    taken: dict[str, str] = {}
    return [
        ConversationEntry(
            name=story.name or f"story {number}",
            turns=tuple(
                TurnEntry(say=turn.text, expect=_expected(turn.label, taken))
                for turn in story.turns
            ),
        )
        for number, story in enumerate(stories, start=1)
    ]


def _expected(label: str, names: dict[str, str]) -> Expectation | None:
    if not label:
        return None
    if is_outside(label):
        return Expectation(intent=())
    if label not in names:
        names[label] = label if is_name(label) else unique_slug(label, set(names.values()))
    return Expectation(intent=(names[label],))
