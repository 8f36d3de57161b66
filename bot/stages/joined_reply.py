"""Joins the replies to several requests into one, with one decision."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.messages import (
    Cite,
    DecisionKind,
    DecisionPart,
    Done,
    Offer,
    Part,
    Say,
    ScoredPassage,
    Visibility,
)
from bot.responder import Stage, Turn
from bot.streams import closing

_STRICTEST = (Visibility.INTERNAL, Visibility.PRIVATE, Visibility.PUBLIC)


@dataclass(slots=True)
class PartReply:
    """The reply to one of several requests."""

    said: list[Say] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    sources: list[Cite] = field(default_factory=list)
    done: Done | None = None


async def part_reply(stages: Sequence[Stage], turn: Turn) -> PartReply | None:
    """Return what the first of some stages replies to a turn; None when none handles it."""
    for stage in stages:
        found = PartReply()
        async with closing(stage.handle(turn)) as parts:
            async for part in parts:
                if isinstance(part, Turn):
                    turn = part
                else:
                    _keep(found, part)
        if found.done is not None:
            return found
    return None


async def handed_on(stage: Stage | None, turn: Turn) -> Turn:
    """Return the turn as a stage that never decides hands it on; unchanged without a stage."""
    if stage is None:
        return turn
    async with closing(stage.handle(turn)) as parts:
        async for part in parts:
            if isinstance(part, Turn):
                turn = part
    return turn


async def joined(turn: Turn, replies: Sequence[PartReply]) -> AsyncIterator[Part]:
    """Yield several replies as one; all of it for the narrowest readers that a part is for.

    Args:
        turn: The message, with why it was split.
        replies: At least one, each with its decision.
    """
    said = [say for reply in replies for say in reply.said]
    strictest = next((v for v in _STRICTEST if any(say.visibility is v for say in said)), None)
    for number, reply in enumerate(replies):
        if number:
            yield Say("\n\n", strictest or Visibility.PUBLIC)
        for say in reply.said:
            yield Say(say.markdown, strictest or say.visibility)
    buttons = [button for reply in replies for offer in reply.offers for button in offer.buttons]
    if buttons:
        yield Offer(tuple(buttons))
    cited = [source for reply in replies for cite in reply.sources for source in cite.sources]
    if cited:
        yield Cite(tuple(dict.fromkeys(cited)))
    yield _decision(turn, [reply.done for reply in replies if reply.done is not None])


def _decision(turn: Turn, ends: Sequence[Done]) -> Done:
    """Return one decision about all parts; it is of the kind of the first one."""
    decisions = [end.decision for end in ends]
    parts = tuple(DecisionPart(each.kind, each.intents, each.reasons) for each in decisions)
    reasons = [
        f"{number}: {reason}"
        for number, each in enumerate(decisions, start=1)
        for reason in each.reasons
    ]
    return Done(
        replace(
            decisions[0],
            passages=tuple(dict.fromkeys(_passages(ends))),
            cost=turn.cost + sum(each.cost for each in decisions),
            reasons=(*turn.reasons, *reasons),
            parts=parts,
        ),
        next((end.state for end in ends if end.state is not None), None),
        next((end.form for end in reversed(ends) if end.form is not None), None),
    )


def _passages(ends: Sequence[Done]) -> Iterator[ScoredPassage]:
    """Yield the passages of all parts: first those that are quoted, in the order of the parts."""
    for end in ends:
        if end.decision.kind is DecisionKind.QUOTED:
            yield from end.decision.passages[:1]
    for end in ends:
        yield from end.decision.passages


def _keep(reply: PartReply, part: Part) -> None:
    match part:
        case Say():
            reply.said.append(part)
        case Offer():
            reply.offers.append(part)
        case Cite():
            reply.sources.append(part)
        case Done():
            reply.done = part
