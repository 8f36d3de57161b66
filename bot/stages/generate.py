"""GPT answers from the articles in its own words; each sentence is checked before it is shown.

This is `gpt.answers: rephrase`; by default GPT chooses sentences of the articles instead
(`bot/stages/select.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

import structlog

from bot.answering.generation.answer_check import CheckedAnswer, Checks
from bot.answering.generation.budget import Budget, Purchase
from bot.answering.generation.judge import HeardAnswer, HearsAnswers
from bot.answering.generation.prompt import Persona, is_refusal
from bot.answering.generation.request import GenerationRequest, prepare_request
from bot.answering.grounding import Evidence, Sentences
from bot.answering.knowledge.query_rewriting import completed
from bot.answering.knowledge.search import ArticleSearch
from bot.errors import ChatModelUnavailable
from bot.messages import Cite, DecisionKind, Part, Say
from bot.ports import ChatModel, KnownAnswer, KnownAnswers, Passage, Usage, Wording
from bot.responder import Stage, Turn
from bot.stages.quote import quotation, sources, visibility_of
from bot.streams import closing

log = structlog.get_logger(__name__)


class GenerateAnswer:
    """GPT answers from the passages, within a budget; each sentence is checked before it leaves.

    Args:
        model: Writes.
        search: Finds passages.
        guard: Checks each sentence by rules.
        wording: The bot's own texts.
        budget: Pays.
        known: Answers to equal questions; None: none are kept.
        persona: Of the bot.
        by: Model and code version, for the cache.
        judge: Confirms what the guard lets through; None: nobody does.
        instead: Answers where the judge fails before anything was posted; None: the next stage.
    """

    def __init__(
        self,
        model: ChatModel,
        search: ArticleSearch,
        guard: Checks,
        wording: Wording,
        budget: Budget,
        known: KnownAnswers | None,
        *,
        persona: Persona,
        by: str,
        judge: HearsAnswers | None = None,
        instead: Stage | None = None,
    ) -> None:
        self._model = model
        self._search = search
        self._guard = guard
        self._wording = wording
        self._budget = budget
        self._known = known
        self._judge = judge
        self._instead = instead
        self._named = (persona.bot, persona.contact)
        self._draft = partial(prepare_request, persona=persona, by=by)

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer; pass on when GPT fails, may not be asked, or finds no answer in the passages."""
        turn = await self._search.find(turn)
        yield turn
        if not turn.passages:
            return
        visibility = visibility_of(turn.passages)
        written = await asyncio.to_thread(self._draft, turn, turn.passages, visibility)
        if answer := await self._recall(written):
            for piece in answer.pieces:
                yield Say(piece, written.visibility)
            yield Cite(answer.sources)
            yield turn.decide(DecisionKind.GENERATED, "an equal question was answered before")
            return
        async with closing(self._generate(turn, turn.passages, written)) as parts:
            async for part in parts:
                yield part

    async def _generate(
        self, turn: Turn, passages: Sequence[Passage], written: GenerationRequest
    ) -> AsyncIterator[Part | Turn]:
        """Have an answer written, within the budget, and show what the guard lets through."""
        evidence = await asyncio.to_thread(
            Evidence.of,
            passages,
            question=turn.question or completed(turn.text, turn.conversation.turns),
            known=self._named,
        )
        hearing = self._hear(turn, passages, written)
        checked = CheckedAnswer(self._guard, evidence, turn.language, hearing)
        async with self._budget.purchase(turn.message, written.prompt) as purchase:
            if purchase.refusal:
                yield turn.because(f"GPT was not asked: {purchase.refusal}")
                return
            written_pieces = self._write(turn, written, purchase, checked, hearing)
            async with closing(written_pieces) as pieces:
                async for piece in pieces:
                    yield Say(piece, written.visibility)
        turn = self._accounted(turn, purchase, checked, hearing)
        yield turn
        if purchase.failure:
            if checked.said:
                interrupted = self._wording.say("interrupted", turn.language)
                yield Say(f"\n\n{interrupted}\n\n", written.visibility)
            return
        following = self._close(turn, written, checked, whole=not (hearing and hearing.failed))
        if hearing is not None and hearing.failed and not checked.said:
            if self._instead is None or hearing.capped:
                return
            following = self._instead.handle(turn)
        async with closing(following) as parts:
            async for part in parts:
                yield part

    def _accounted(
        self, turn: Turn, purchase: Purchase, checked: CheckedAnswer, hearing: HeardAnswer | None
    ) -> Turn:
        """Return the turn with what the answer cost, and why parts of it were left out."""
        refused = ("GPT found no answer in the articles",) if checked.refused else ()
        failed = (f"GPT failed: {purchase.failure}",) if purchase.failure else ()
        if purchase.failure:
            log.warning("gpt failed", reason=purchase.failure)
        turn = turn.because(*refused, *checked.reasons, *failed)
        cost = turn.cost + purchase.cost + (hearing.cost if hearing else 0.0)
        turn = turn.calling("ungrounded") if checked.dropped else turn
        return replace(turn, cost=cost, answered_from=checked.nearest)

    async def _close(
        self, turn: Turn, written: GenerationRequest, checked: CheckedAnswer, *, whole: bool
    ) -> AsyncIterator[Part | Turn]:
        """End the answer, or leave the question to the next stage; keep it if it is whole."""
        for piece in self._closing(turn, checked):
            checked.said.append(piece)
            yield Say(piece, written.visibility)
        if checked.kept:
            cited = checked.sources() or sources(turn.passages or ())
            answer = KnownAnswer(tuple(checked.said), cited)
            if whole:
                await self._keep(written, answer)
            yield Cite(answer.sources)
            yield turn.decide(
                DecisionKind.GENERATED, "no intent fits; GPT answered from the articles"
            )
        elif checked.said and self._search.quotable(turn) is None:
            yield turn.decide(
                DecisionKind.UNKNOWN, "GPT only made promises: a colleague was offered"
            )

    async def _write(
        self,
        turn: Turn,
        written: GenerationRequest,
        purchase: Purchase,
        checked: CheckedAnswer,
        hearing: HeardAnswer | None,
    ) -> AsyncIterator[str]:
        """Yield what may be shown of GPT's answer, and no more once GPT or the judge fails."""
        completion = purchase.follow(self._model.stream(written.prompt))
        hidden = self._wording.say("hidden", turn.language)
        try:
            async with aclosing(sentences(completion)) as answer:
                async for sentence in answer:
                    if is_refusal(sentence):
                        checked.refused = True
                        return
                    if text := await checked.add(sentence):
                        yield written.reveal(text, hidden)
                    if hearing is not None and hearing.failed:
                        return  # what follows cannot be judged either
        except ChatModelUnavailable as error:
            purchase.failure = str(error)

    def _closing(self, turn: Turn, checked: CheckedAnswer) -> Iterator[str]:
        """Yield what follows an answer that was not shown whole."""
        if checked.offer:
            yield f"\n\n{checked.offer}" if checked.kept else f"{checked.offer}\n\n"
        best = self._search.quotable(turn)
        if checked.kept and checked.dropped and best is not None:
            yield f"\n\n{quotation(best, self._wording, turn.language)}"

    def _hear(
        self, turn: Turn, passages: Sequence[Passage], written: GenerationRequest
    ) -> HeardAnswer | None:
        if self._judge is None:
            return None
        return self._judge.hear(turn.message, passages, written.question)

    async def _recall(self, written: GenerationRequest) -> KnownAnswer | None:
        if self._known is None or not written.key:
            return None
        return await self._known.recall(written.key)

    async def _keep(self, written: GenerationRequest, answer: KnownAnswer) -> None:
        if self._known is not None and written.may_keep(answer):
            await self._known.keep(written.key, answer)


async def sentences(pieces: AsyncGenerator[str | Usage, None]) -> AsyncGenerator[str, None]:
    """Join a model's pieces into whole sentences; together they are the same text."""
    splitter = Sentences()
    async with aclosing(pieces):
        async for piece in pieces:
            if not isinstance(piece, Usage):
                for sentence in splitter.feed(piece):
                    yield sentence
    if rest := splitter.rest():
        yield rest
