"""Quotes the best article passage; where there is none, admits not to know the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import structlog

from bot.answering.knowledge.search import ArticleSearch
from bot.messages import Cite, DecisionKind, Part, Say, Source, Visibility
from bot.ports import Passage, Wording
from bot.responder import Turn
from bot.text.filling import fill
from bot.text.markdown import block_quote, shorten

QUOTED_CHARACTERS = 1_500

log = structlog.get_logger(__name__)


class QuoteArticle:
    """Quotes the best passage when it is near enough to the question."""

    def __init__(self, search: ArticleSearch, wording: Wording) -> None:
        self._search = search
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Quote the best passage, or pass on."""
        turn = await self._search.find(turn)
        yield turn
        best = self._search.quotable(turn)
        if best is None:
            return
        more = self._search.companions(turn, best)
        quote = quotation(best, self._wording, turn.language, more)
        yield Say(quote, visibility_of([best, *more]))
        if best.source.url:
            yield Cite((best.source,))
        yield turn.decide(DecisionKind.QUOTED, self._search.why(turn, best))


class AdmitUnknown:
    """Says that the bot does not know the answer, and how to reach a person."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Say so; handles every turn."""
        yield Say(self._wording.say("unknown", turn.language))
        yield turn.decide(DecisionKind.UNKNOWN, "neither an intent nor an article fits")


def visibility_of(passages: Sequence[Passage]) -> Visibility:
    """Return who may read what is made of passages."""
    if any(passage.personal for passage in passages):
        return Visibility.PRIVATE
    if any(passage.internal for passage in passages):
        return Visibility.INTERNAL
    return Visibility.PUBLIC


def sources(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Return the sources of passages, each once, best first."""
    return tuple(dict.fromkeys(passage.source for passage in passages))


def quotation(
    passage: Passage, wording: Wording, language: str, more: Sequence[Passage] = ()
) -> str:
    """Quote a passage, and more of its article, under the title of the article."""
    lead = fill(wording.say("quoted", language), {"title": passage.source.title})
    text = "\n\n".join(_under_heading(each) for each in (passage, *more))
    return f"{lead}\n\n{block_quote(shorten(text, QUOTED_CHARACTERS))}"


def _under_heading(passage: Passage) -> str:
    """Return a passage below its own heading, which may name what the text is about."""
    heading = passage.heading.rpartition(" > ")[2]
    return f"**{heading}**\n\n{passage.text}" if heading else passage.text
