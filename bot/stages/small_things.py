"""Answers the small things that customers say: help, ok, no, hm, with nothing asked before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import DecisionKind, Part, Received, Say
from bot.ports import Topics, Wording
from bot.responder import Turn
from bot.stages.spoken import SpokenLanguage
from bot.text.filling import fill
from bot.understanding.language.cues import Cue, CueReading, small_phrases
from bot.understanding.language.words import Known

_SMALL = frozenset({Cue.YES, Cue.NO, Cue.NEITHER, Cue.UNSURE, Cue.ACKNOWLEDGEMENT, Cue.NEVER_MIND})


class SmallThings:
    """Says what the bot can do to who asks for help; asks what is wanted of who says yes, no or ok.

    Admins may teach intents for such words: their examples are left to the classifier.

    Args:
        topics: What customers can ask about.
        wording: The texts.
        spoken: Tells the language of short texts.
        known: Tells which words are no misspellings.
    """

    def __init__(
        self, topics: Topics, wording: Wording, spoken: SpokenLanguage, known: Known
    ) -> None:
        self._topics = topics
        self._wording = wording
        self._spoken = spoken
        self._known = known

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer a text of cue words alone."""
        if not isinstance(turn.event, Received):
            return
        said = small_phrases().read(turn.text, self._known)
        if said.rest or not said.cues or self._topics.is_taught(turn.text):
            return
        turn = replace(turn, language=self._spoken.of(said, turn))
        if Cue.HELP in said.cues:
            yield Say(self._help(turn.language))
            yield turn.decide(DecisionKind.HELP, "the customer asked what the bot can do")
        elif _is_small(said):
            yield Say(self._wording.say("go_on", turn.language))
            named = ", ".join(sorted(said.cues))
            yield turn.decide(DecisionKind.UNKNOWN, f"nothing was asked: the cues are {named}")

    def _help(self, language: str) -> str:
        topics = "\n".join(f"- {title}" for title in self._topics.topics(language))
        return fill(self._wording.say("help", language), {"topics": topics})


def _is_small(said: CueReading) -> bool:
    """Return whether a text only agrees, declines or acknowledges; thanks have their intent."""
    declines = {Cue.NO, Cue.NEITHER, Cue.NEVER_MIND} & said.cues
    return said.cues - {Cue.THANKS} <= _SMALL and (Cue.THANKS not in said.cues or bool(declines))
