"""GPT chooses sentences of the articles, within a budget; they are shown word for word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import structlog

from bot.answering.generation.budget import Budget, Purchase
from bot.answering.generation.prompt import Persona
from bot.answering.generation.request import GenerationRequest, prepare_request
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.selection.answer import SelectedAnswer
from bot.answering.selection.offer import UnitOffer, UnitSearch
from bot.answering.selection.prompt import build_choice
from bot.answering.selection.reply import choice_schema
from bot.answering.selection.selection import Selection
from bot.conversations.transcript import TranscriptEntry
from bot.errors import ChatModelUnavailable
from bot.messages import Cite, DecisionKind, Part, Say
from bot.ports import ChatMessage, ChatModel, KnownAnswer, KnownAnswers, Passage, Wording
from bot.responder import Turn
from bot.stages.quote import visibility_of
from bot.streams import closing
from bot.text.filling import fill

_OFFERED = 0.5
"""Share of the score for quoting from which an article is named where GPT found no answer."""

log = structlog.get_logger(__name__)


class SelectAnswer:
    """GPT chooses from the numbered units of the passages; what it chose is checked and shown.

    Whatever else it writes is dropped, so that nothing can be invented.

    Args:
        model: Chooses.
        search: Finds passages.
        units: Cuts them into units, and compares those with the question.
        wording: The phrases between the units.
        budget: Pays.
        known: Answers to equal questions; None: none are kept.
        persona: How much of the conversation is read.
        by: Model and code version, for the cache.
    """

    def __init__(
        self,
        model: ChatModel,
        search: ArticleSearch,
        units: UnitSearch,
        wording: Wording,
        budget: Budget,
        known: KnownAnswers | None,
        *,
        persona: Persona,
        by: str,
    ) -> None:
        self._model = model
        self._search = search
        self._units = units
        self._wording = wording
        self._budget = budget
        self._known = known
        self._persona = persona
        self._by = by

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer; pass on when GPT fails, may not be asked, or chooses nothing that is near."""
        turn = await self._search.find(turn)
        yield turn
        if not turn.passages:
            return
        offer = await self._units.offer(turn)
        if not offer.units:
            return
        request = await asyncio.to_thread(self._request, turn, offer)
        if answer := await self._recall(request):
            for piece in answer.pieces:
                yield Say(piece, request.visibility)
            yield Cite(answer.sources)
            yield turn.decide(DecisionKind.GENERATED, "an equal question was answered before")
            return
        async with closing(self._select(turn, offer, request)) as parts:
            async for part in parts:
                yield part

    def _request(self, turn: Turn, offer: UnitOffer) -> GenerationRequest:
        def build(question: str, turns: Sequence[TranscriptEntry]) -> list[ChatMessage]:
            memory = self._persona.memory
            return build_choice(question, offer.passages, offer.units, turns, memory=memory)

        visibility = visibility_of(offer.passages)
        return prepare_request(
            turn, offer.passages, visibility, persona=self._persona, by=self._by, build=build
        )

    async def _select(
        self, turn: Turn, offer: UnitOffer, request: GenerationRequest
    ) -> AsyncIterator[Part | Turn]:
        """Let GPT choose, within the budget, and show what the check admits."""
        answer = SelectedAnswer(offer.passages, offer.units, self._wording, turn.language)
        selection = Selection(self._units, offer, answer, turn.language)
        async with self._budget.purchase(turn.message, request.prompt) as purchase:
            if purchase.refusal:
                yield turn.because(f"GPT was not asked: {purchase.refusal}")
                return
            async with closing(self._read(request, purchase, selection, offer)) as pieces:
                async for piece in pieces:
                    yield Say(piece, request.visibility)
        turn = self._accounted(turn, purchase, selection)
        yield turn
        if purchase.failure:
            if answer.said:
                interrupted = self._wording.say("interrupted", turn.language)
                yield Say(f"\n\n{interrupted}\n\n", request.visibility)
            return
        async with closing(self._close(turn, request, selection)) as parts:
            async for part in parts:
                yield part

    async def _read(
        self, request: GenerationRequest, purchase: Purchase, selection: Selection, offer: UnitOffer
    ) -> AsyncIterator[str]:
        """Yield what may be shown of the choice, and no more once GPT fails."""
        schema = choice_schema(len(offer.units))
        completion = purchase.follow(self._model.stream(request.prompt, schema))
        try:
            async with closing(selection.read(completion)) as pieces:
                async for piece in pieces:
                    yield piece
        except ChatModelUnavailable as error:
            purchase.failure = str(error)

    def _accounted(self, turn: Turn, purchase: Purchase, selection: Selection) -> Turn:
        """Return the turn with what the choice cost, and the passages that it is from first."""
        if purchase.failure:
            log.warning("gpt failed", reason=purchase.failure)
        failed = (f"GPT failed: {purchase.failure}",) if purchase.failure else ()
        turn = turn.because(*selection.reasons, *failed)
        turn = turn.calling("ungrounded") if selection.withheld else turn
        used = selection.answer.passages()
        rest = tuple(each for each in turn.passages or () if each not in used)
        return replace(turn, cost=turn.cost + purchase.cost, passages=(*used, *rest))

    async def _close(
        self, turn: Turn, request: GenerationRequest, selection: Selection
    ) -> AsyncIterator[Part]:
        """End the answer, or say that there is none; pass on a reply that chooses nothing near."""
        shown = selection.answer
        if shown.said:
            known = KnownAnswer(tuple(shown.said), shown.sources())
            if self._known is not None and request.may_keep(known):
                await self._known.keep(request.key, known)
            yield Cite(known.sources)
            yield turn.decide(
                DecisionKind.GENERATED, "no intent fits; GPT chose sentences of the articles"
            )
        elif selection.declined and (nearest := self._nearest(turn)):
            title = {"title": nearest.source.title}
            text = fill(self._wording.say("nearest", turn.language), title)
            yield Say(text, visibility_of([nearest]))
            if nearest.source.url:
                yield Cite((nearest.source,))
            yield turn.decide(DecisionKind.UNKNOWN, "GPT found no answer in the articles")

    def _nearest(self, turn: Turn) -> Passage | None:
        """Return the passage whose article is offered where GPT found no answer."""
        best = self._search.best(turn)
        least = _OFFERED * self._search.least(turn.language)
        return best if best is not None and best.score >= least else None

    async def _recall(self, request: GenerationRequest) -> KnownAnswer | None:
        if self._known is None or not request.key:
            return None
        return await self._known.recall(request.key)
