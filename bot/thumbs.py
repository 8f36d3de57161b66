"""Thumbs under answers: what their readers think of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from bot.messages import AskFeedback, DecisionKind, Done, Part
from bot.ports import Wording

_RATED: Final = frozenset({DecisionKind.INTENT, DecisionKind.GENERATED, DecisionKind.QUOTED})
"""Decisions that answer a question."""


class Thumbs:
    """Puts thumbs under answers.

    Args:
        wording: What they are called.
        unrated: Names of intents that answer nothing, as a greeting.
    """

    def __init__(self, wording: Wording, unrated: Collection[str] = ()) -> None:
        self._wording = wording
        self._unrated = frozenset(unrated)

    def before(self, part: Part, message_id: str) -> Iterator[AskFeedback]:
        """Yield thumbs before the end of an answer, and nothing before any other part.

        Args:
            part: A part of the reply.
            message_id: Of the message that is answered.
        """
        if not isinstance(part, Done) or part.decision.kind not in _RATED:
            return
        intents = part.decision.intents
        chatted = part.decision.kind is DecisionKind.INTENT and intents
        if chatted and intents[0].name in self._unrated:
            return
        language = part.decision.language
        up, down = (self._wording.say(key, language) for key in ("helpful", "not_helpful"))
        yield AskFeedback(message_id, up, down, language)
