"""Measures `gpt.answers: rephrase`: true and false statements as GPT's own words."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

from benchmarks.grounding.scoring import share
from benchmarks.grounding.trades import Statement, Trade
from bot.answering.generation.openai import build_chat_model
from bot.answering.generation.prompt import build_judgement
from bot.answering.grounding import CheckOutcome, Evidence, Guard
from bot.config.schema import GptConfig
from bot.errors import FrontdeskError
from bot.ports import ChatModel, Passage

_ERRS = 0.1
"""Share of the sentences on which the scripted judge errs, either way."""

_PASSAGES = 4

_JUDGED = {CheckOutcome.KEPT, CheckOutcome.FOREIGN, CheckOutcome.PLAUSIBLE}
"""What a judge is asked about."""

Judges = Callable[[Statement, Sequence[Passage]], Awaitable[bool]]
"""From a statement and the passages to whether it follows from them."""


class ScriptedJudge:
    """Knows the truth, and errs on one sentence in ten."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311  # to be drawn again

    async def __call__(self, statement: Statement, passages: Sequence[Passage]) -> bool:
        """Return whether a statement is true, mostly."""
        del passages
        return statement.truth ^ (self._random.random() < _ERRS)


class ModelJudge:
    """A chat model, asked as `gpt.judge` asks it."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    async def __call__(self, statement: Statement, passages: Sequence[Passage]) -> bool:
        """Return whether the model confirms a statement."""
        said = ""
        prompt = build_judgement(statement.text, passages, "")
        async with aclosing(self._model.stream(prompt)) as pieces:
            async for piece in pieces:
                said += piece if isinstance(piece, str) else ""
        return said.strip(" .").lower() == "yes"


async def measure_rephrasing(trades: Sequence[Trade], judge: str | None) -> None:
    """Print which statements are shown without a judge and with one.

    Raises:
        FrontdeskError: A judge is named, and there is no key for it.
    """
    await _measure(trades, "without a judge", None)
    await _measure(trades, f"with a judge that errs on {_ERRS:.0%}", ScriptedJudge())
    if judge is not None:
        model = build_chat_model(GptConfig(model=judge), os.environ)
        if model is None:
            raise FrontdeskError("there is no key in OPENAI_API_KEY")
        async with aclosing(model):
            await _measure(trades, f"with {judge}", ModelJudge(model))


async def _measure(trades: Sequence[Trade], name: str, judge: Judges | None) -> None:
    shown: dict[Statement, bool] = {}
    for trade in trades:
        guard = Guard(trade.shop.encoder, trade.shop.wording, judged=judge is not None)
        for statement in trade.statements:
            shown[statement] = await _is_shown(trade, guard, statement, judge)
    for language in dict.fromkeys(statement.language for statement in shown):
        here = [statement for statement in shown if statement.language == language]
        lies = [shown[each] for each in here if not each.truth]
        truths = [shown[each] for each in here if each.truth]
        print(
            f"rephrase {name}, {language}: lies shown {sum(lies)} of {len(lies)} "
            f"({share(lies):.1f} %), truths kept {sum(truths)} of {len(truths)} "
            f"({share(truths):.1f} %)"
        )
    kinds = Counter(each.kind for each, is_shown in shown.items() if is_shown and not each.truth)
    if kinds:
        print("  lies shown by kind: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()))


async def _is_shown(trade: Trade, guard: Guard, statement: Statement, judge: Judges | None) -> bool:
    """Return whether customers would read a statement as GPT's words."""
    found = await trade.shop.retriever.search(
        statement.text, language=statement.language, limit=_PASSAGES
    )
    evidence = Evidence.of(found.passages)
    checked = await guard.check(statement.text, evidence, statement.language)
    if judge is None:
        return checked.outcome is CheckOutcome.KEPT
    passes = checked.outcome in _JUDGED
    return passes and await judge(statement, found.passages)
