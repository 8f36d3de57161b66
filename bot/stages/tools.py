"""GPT looks something up for a customer who has proven who they are; rows are shown as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog

from bot.answering.generation.budget import Budget
from bot.answering.generation.prompt import Persona
from bot.answering.generation.request import BuildsPrompt, GenerationRequest, prepare_request
from bot.answering.selection.answer import SelectedAnswer
from bot.answering.selection.prompt import build_choice
from bot.answering.selection.reply import ChoiceReader, choice_schema
from bot.answering.selection.units import ArticleUnit
from bot.answering.tools import OfferedTool, build_tool_choice, checked_arguments, result_units
from bot.conversations.transcript import TranscriptEntry
from bot.errors import ChatModelUnavailable
from bot.messages import DecisionKind, Part, Say, Source, Visibility
from bot.ports import (
    Actions,
    CallsTools,
    ChatMessage,
    ChatModel,
    Passage,
    Proofs,
    ToolCall,
    Usage,
    Wording,
)
from bot.ports.actions import ActionRequest, ActionResult, ProofWay
from bot.privacy import Pseudonyms
from bot.responder import Turn
from bot.text.filling import fill

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToolPorts:
    """What tools are called with.

    Attributes:
        tools: Actions with `gpt: true`.
        actions: Calls them, and checks the proof once more.
        proofs: Tells whether a tool is offered; None: in rehearsals, where nothing is called.
    """

    tools: Sequence[OfferedTool]
    actions: Actions
    proofs: Proofs | None = None


class LookUp:
    """Lets GPT call read-only actions, and shows what they return, row by row.

    Only where the customer alone reads the answer, which is never kept for others.

    Args:
        model: Asks for tools, and chooses rows.
        ports: The tools.
        wording: The phrases between the rows.
        budget: Pays.
        persona: How much of the conversation is read.
        by: Model and code version.
    """

    def __init__(
        self,
        model: ChatModel,
        ports: ToolPorts,
        wording: Wording,
        budget: Budget,
        *,
        persona: Persona,
        by: str,
    ) -> None:
        self._model = model
        self._ports = ports
        self._wording = wording
        self._budget = budget
        self._persona = persona
        self._by = by

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer; pass on when no tool fits, when GPT fails, or when nothing is chosen."""
        if not turn.message.answered_alone or not isinstance(self._model, CallsTools):
            return
        offered = await self._offered(turn)
        if not offered:
            return
        turn, results = await self._looked_up(turn, offered, self._model)
        if not results:
            yield turn
            return
        passages = [_passage(tool) for tool, _ in results]
        units = result_units([result.values for _, result in results])
        turn, said = await self._chosen(turn, passages, units)
        yield turn
        if not said:
            return
        for text in (*said, *self._rehearsed(turn, results)):
            yield Say(text, Visibility.PRIVATE)
        named = ", ".join(tool.name for tool, _ in results)
        yield turn.decide(DecisionKind.GENERATED, f"GPT looked it up with {named}")

    async def _offered(self, turn: Turn) -> Mapping[str, OfferedTool]:
        """Return the tools whose proof holds; those without one need none."""
        proven: dict[tuple[ProofWay, ...], bool] = {(): True}
        for tool in self._ports.tools:
            if tool.proof not in proven:
                proofs, request = self._ports.proofs, _request(tool, {}, turn)
                proven[tool.proof] = proofs is None or bool(
                    await proofs.subject(request, tool.proof)
                )
        return {tool.name: tool for tool in self._ports.tools if proven[tool.proof]}

    async def _looked_up(
        self, turn: Turn, offered: Mapping[str, OfferedTool], model: CallsTools
    ) -> tuple[Turn, list[tuple[OfferedTool, ActionResult]]]:
        """Return the turn with its cost, and what the tools returned that GPT asked for."""
        request = await self._prepared(turn, self._tool_prompt)
        calls: list[ToolCall] = []
        async with self._budget.purchase(turn.message, request.prompt) as purchase:
            if purchase.refusal:
                return turn.because(f"GPT was not asked: {purchase.refusal}"), []
            asked = model.tool_calls(request.prompt, [tool.tool for tool in offered.values()])
            try:
                async with aclosing(asked) as found:
                    async for each in found:
                        if isinstance(each, Usage):
                            purchase.usage = each
                        else:
                            purchase.received += len(each.arguments)
                            calls.append(each)
            except ChatModelUnavailable as error:
                log.warning("gpt failed", reason=str(error))
                turn = turn.because(f"GPT failed: {error}")
        turn = replace(turn, cost=turn.cost + purchase.cost)
        return await self._called(turn, offered, calls, request)

    async def _called(
        self,
        turn: Turn,
        offered: Mapping[str, OfferedTool],
        calls: Sequence[ToolCall],
        request: GenerationRequest,
    ) -> tuple[Turn, list[tuple[OfferedTool, ActionResult]]]:
        said = [each.text for each in turn.conversation.turns if each.role == "customer"]
        results: list[tuple[OfferedTool, ActionResult]] = []
        for call in calls:
            tool = offered.get(call.name)
            words = [*said, turn.text]
            arguments = (
                checked_arguments(call.arguments, tool, words, request.vault) if tool else None
            )
            if tool is None or arguments is None:
                turn = turn.because("GPT asked for a call that is not allowed")
                continue
            result = await self._ports.actions.run(_request(tool, arguments, turn))
            turn = turn.because(f"GPT called {tool.name}: {result.error or result.state}")
            if result.state in ("done", "rehearsed") and result.values:
                results.append((tool, result))
        return turn, results

    async def _chosen(
        self, turn: Turn, passages: Sequence[Passage], units: Sequence[ArticleUnit]
    ) -> tuple[Turn, Sequence[str]]:
        """Return what GPT chose of the rows, as it is shown; it sees no personal data of them."""
        request = await self._prepared(turn, partial(self._choice_prompt, passages, units))
        answer = SelectedAnswer(passages, units, self._wording, turn.language)
        async with self._budget.purchase(turn.message, request.prompt) as purchase:
            if purchase.refusal:
                return turn.because(f"GPT was not asked: {purchase.refusal}"), ()
            reader = ChoiceReader(len(units))
            completion = purchase.follow(
                self._model.stream(request.prompt, choice_schema(len(units)))
            )
            try:
                async with aclosing(completion) as pieces:
                    async for piece in pieces:
                        for choice in reader.feed(piece) if isinstance(piece, str) else ():
                            answer.add(choice.part, choice.unit - 1)
            except ChatModelUnavailable as error:
                log.warning("gpt failed", reason=str(error))
                turn = turn.because(f"GPT failed: {error}")
        return replace(turn, cost=turn.cost + purchase.cost), answer.said

    async def _prepared(self, turn: Turn, build: BuildsPrompt) -> GenerationRequest:
        prepare = partial(prepare_request, persona=self._persona, by=self._by, build=build)
        return await asyncio.to_thread(prepare, turn, (), Visibility.PRIVATE)

    def _tool_prompt(self, question: str, turns: Sequence[TranscriptEntry]) -> list[ChatMessage]:
        return build_tool_choice(question, turns, memory=self._persona.memory)

    def _choice_prompt(
        self,
        passages: Sequence[Passage],
        units: Sequence[ArticleUnit],
        question: str,
        turns: Sequence[TranscriptEntry],
    ) -> list[ChatMessage]:
        memory, vault = self._persona.memory, Pseudonyms()
        hidden = [replace(each, text=vault.hide(each.text)) for each in units]
        return build_choice(question, passages, hidden, turns, memory=memory)

    def _rehearsed(
        self, turn: Turn, results: Sequence[tuple[OfferedTool, ActionResult]]
    ) -> Sequence[str]:
        """Return what says that nothing was called, where that is so."""
        if all(result.state != "rehearsed" for _, result in results):
            return ()
        said = fill(self._wording.say("form_rehearsed", turn.language), {"call": ""})
        return (f"\n\n{said}",)


def _request(tool: OfferedTool, arguments: Mapping[str, Any], turn: Turn) -> ActionRequest:
    return ActionRequest(tool.name, arguments, turn.message, turn.language)


def _passage(tool: OfferedTool) -> Passage:
    return Passage(tool.name, Source(tool.title), "", "", 1.0)
