"""LLM as a judge: a second model call decides whether a sentence follows from the articles.

It belongs to `gpt.answers: rephrase`. It makes the guard stricter, with one exception: a sentence
in another language than the articles is shown if the judge confirms it and the checks of numbers,
names, links and promises have passed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from typing import Protocol

from bot.answering.generation.budget import Budget
from bot.answering.generation.prompt import build_judgement
from bot.errors import ChatModelUnavailable
from bot.messages import Message
from bot.ports import ChatMessage, ChatModel, Passage


class HearsAnswers(Protocol):
    """A judge: a chat model or a local one."""

    def hear(self, message: Message, passages: Sequence[Passage], question: str) -> HeardAnswer:
        """Return the judge of one answer's sentences.

        Args:
            message: Its author and conversation pay.
            passages: What sentences must follow from.
            question: What was asked, without personal data.
        """
        ...


class HeardAnswer(Protocol):
    """The sentences of one answer before a judge.

    Attributes:
        cost: Of all judgements so far, in units of the currency.
        failed: The judge did not answer, or may not be asked.
        capped: It may not be asked, by the budget.
    """

    cost: float
    failed: bool
    capped: bool

    async def objection(self, sentence: str) -> str:
        """Return why a sentence may not be shown; empty when the judge confirms it."""
        ...


class JudgeCapped(ChatModelUnavailable):
    """The budget does not allow another judgement."""


PATIENCE = 4.0
"""Seconds to wait for one judgement; the customer is waiting too."""

_OPINION = re.compile(r"\W*(yes|no)\W*", re.IGNORECASE)


class Judge:
    """Judges sentences of answers.

    Args:
        model: Gets the requests.
        budget: Pays for them, as for answers.
        name: Of the model, for the record of its cost.
        patience: Seconds to wait for one judgement.
    """

    def __init__(
        self, model: ChatModel, budget: Budget, name: str, *, patience: float = PATIENCE
    ) -> None:
        self._model = model
        self._budget = budget
        self._name = name
        self._patience = patience

    def hear(self, message: Message, passages: Sequence[Passage], question: str) -> JudgedAnswer:
        """Return the judge of one answer's sentences.

        Args:
            message: Its author and conversation pay.
            passages: What sentences must follow from.
            question: What was asked, without personal data.
        """
        return JudgedAnswer(self, message, passages, question)

    async def ask(self, message: Message, prompt: Sequence[ChatMessage]) -> tuple[str, float]:
        """Return the completion of a prompt, and its cost.

        Raises:
            ChatModelUnavailable: It failed, was too slow, or the budget is used up.
        """
        async with self._budget.purchase(message, prompt, model=self._name) as purchase:
            if purchase.refusal:
                raise JudgeCapped(purchase.refusal)
            said = ""
            try:
                async with (
                    asyncio.timeout(self._patience),
                    aclosing(purchase.follow(self._model.stream(prompt))) as pieces,
                ):
                    async for piece in pieces:
                        said += piece if isinstance(piece, str) else ""
            except TimeoutError:
                wrong = f"it took more than {self._patience:g} s"
                raise ChatModelUnavailable(wrong) from None
        return said, purchase.cost


class JudgedAnswer:
    """The sentences of one answer before the judge; who has failed once is not asked again.

    Attributes:
        cost: Of all judgements so far, in units of the currency.
        failed: It failed, or may not be asked.
        capped: It may not be asked, by the budget.
    """

    def __init__(
        self, judge: Judge, message: Message, passages: Sequence[Passage], question: str
    ) -> None:
        self._judge = judge
        self._message = message
        self._passages = passages
        self._question = question
        self._failure = ""
        self.failed = False
        self.capped = False
        self.cost = 0.0

    async def objection(self, sentence: str) -> str:
        """Return why a sentence may not be shown; empty when the judge confirms it."""
        if self._failure:
            return self._failure
        prompt = build_judgement(sentence, self._passages, self._question)
        try:
            said, cost = await self._judge.ask(self._message, prompt)
        except ChatModelUnavailable as error:
            self._failure = f"the judge failed: {error}"
            self.failed, self.capped = True, isinstance(error, JudgeCapped)
            return self._failure
        self.cost += cost
        opinion = _OPINION.fullmatch(said)
        if opinion is None:
            return "the judge answered neither yes nor no"
        return "" if opinion[1].lower() == "yes" else "the judge does not find it in the articles"
