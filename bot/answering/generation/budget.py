"""Budget of the language model: prices, caps per person, conversation, channel and day."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.config.schema import BudgetConfig, GptConfig
from bot.conversations.key import channel_of
from bot.messages import Message
from bot.ports import Alerts, ChatMessage, Clock, Expense, Scope, SpendLog, Usage

_CHARACTERS_PER_TOKEN = 3.0
"""For estimates: English text has more, Chinese text fewer."""

CAP_REACHED = "spend-cap"
"""Name of the alert that the cap of the day is reached."""


@dataclass(slots=True)
class Purchase:
    """One request to the provider; its cost is known once it is settled.

    Attributes:
        refusal: Which cap forbids it; empty when it may be made.
        failure: Why the completion ended early; empty when it is complete.
        cost: In units of the currency; 0.0 until it is settled.
    """

    refusal: str = ""
    failure: str = ""
    cost: float = 0.0
    usage: Usage | None = None
    received: int = field(default=0)

    async def follow(
        self, pieces: AsyncGenerator[str | Usage, None]
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield a completion unchanged, and count it."""
        try:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    self.usage = piece
                else:
                    self.received += len(piece)
                yield piece
        finally:
            await pieces.aclose()


class Budget:
    """Keeps the cost of GPT within its caps.

    A running request counts with its highest possible cost, so that concurrent requests cannot
    exceed a cap. Each process knows only its own: several processes may exceed a cap by their
    running requests.
    """

    def __init__(
        self,
        budget: BudgetConfig,
        gpt: GptConfig,
        ledger: SpendLog,
        alerts: Alerts | None,
        clock: Clock,
    ) -> None:
        self._budget = budget
        self._gpt = gpt
        self._ledger = ledger
        self._alerts = alerts
        self._clock = clock
        self._under_way: Counter[Scope] = Counter()
        self._turn = asyncio.Lock()
        self._capped = True  # unknown at start: an earlier process may have alerted staff

    @asynccontextmanager
    async def purchase(
        self, message: Message, prompt: Sequence[ChatMessage], *, model: str = ""
    ) -> AsyncIterator[Purchase]:
        """Open a purchase; check its `refusal` before making the request.

        The cost is recorded however the request ends.

        Args:
            message: Its author and conversation pay.
            prompt: What is sent.
            model: Name of the model, if not `gpt.model`; at the same prices.
        """
        sent = estimate(sum(len(each.content) for each in prompt))
        most = self._cost(sent, self._gpt.max_tokens)
        scopes = [scope for scope, _, _ in self._caps(message)]
        async with self._turn:
            purchase = Purchase(await self._refusal(message, most))
            if not purchase.refusal:
                self._under_way.update(dict.fromkeys(scopes, most))
        if purchase.refusal:
            yield purchase
            return
        try:
            yield purchase
        finally:
            try:
                await self._settle(message, sent, purchase, model or self._gpt.model)
            finally:
                self._under_way.subtract(dict.fromkeys(scopes, most))

    def _caps(self, message: Message) -> Iterator[tuple[Scope, float, str]]:
        """Yield each scope that has a cap, the narrowest first."""
        channel = channel_of(message.id)
        caps = (
            (Scope(author=message.author.key), self._budget.user_day, "the person's"),
            (
                Scope(conversation=message.conversation),
                self._budget.conversation_day,
                "the conversation's",
            ),
            (Scope(channel=channel), self._budget.channel_day, "the channel's"),
            (Scope(), self._budget.day, "the whole"),
        )
        yield from ((scope, cap, whose) for scope, cap, whose in caps if cap > 0)

    async def _refusal(self, message: Message, most: float) -> str:
        """Return which cap a purchase would exceed; empty when it may be made."""
        caps = [*self._caps(message)]
        if not caps or most == 0:
            return ""
        spent = await self._ledger.spent([scope for scope, _, _ in caps], since=self._today())
        for (scope, cap, whose), before in zip(caps, spent, strict=True):
            if before + self._under_way[scope] + most > cap:
                if scope == Scope():
                    await self._alert(before)
                return f"{whose} budget of today is used up: {before:.4f} of {cap:g}"
        await self._all_clear()
        return ""

    async def _alert(self, spent: float) -> None:
        self._capped = True
        if self._alerts is None:
            return
        await self._alerts.alert(
            CAP_REACHED,
            f"GPT has cost {spent:.2f} {self._budget.currency} today, and `budget.day` allows "
            f"{self._budget.day:g}. Until midnight (UTC) articles are quoted instead; to "
            "continue now, raise the cap in config.yaml and restart.",
        )

    async def _all_clear(self) -> None:
        if self._capped and self._alerts is not None:
            await self._alerts.clear(CAP_REACHED)
        self._capped = False

    async def _settle(self, message: Message, sent: int, purchase: Purchase, model: str) -> None:
        """Record the cost of a purchase; nothing when the provider sent nothing."""
        usage = purchase.usage
        if usage is None and not purchase.received:
            return
        counted = usage or Usage(sent, estimate(purchase.received))
        purchase.cost = self._cost(counted.prompt_tokens, counted.completion_tokens)
        await self._ledger.record(
            Expense(
                message=message.id,
                conversation=message.conversation,
                author=message.author.key,
                model=model,
                prompt_tokens=counted.prompt_tokens,
                completion_tokens=counted.completion_tokens,
                estimated=usage is None,
                cost=purchase.cost,
            )
        )

    def _cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        if self._gpt.provider == "local":
            return 0.0
        budget = self._budget
        sent = prompt_tokens * budget.prompt_price
        return (sent + completion_tokens * budget.completion_price) / 1_000_000

    def _today(self) -> datetime:
        return self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def estimate(characters: int) -> int:
    """Return an estimate of the tokens in so many characters.

    >>> estimate(10)
    4
    """
    return -int(-characters // _CHARACTERS_PER_TOKEN)
