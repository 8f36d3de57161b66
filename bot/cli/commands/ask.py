"""`frontdesk ask`: answers one question and explains the decision."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.lifecycle import warn_when_stale
from bot.cli.options import (
    ConfigOption,
    JsonOption,
    environment,
    print_json,
    settings,
    stdout,
)
from bot.conversations.key import AuthorKey, ConversationKey
from bot.messages import (
    Author,
    Button,
    Cite,
    Decision,
    DecisionKind,
    Done,
    Message,
    Offer,
    Readers,
    Received,
    Say,
    Source,
)
from bot.streams import closing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config.schema import Config
    from bot.messages import Part


def ask(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What a customer might write.")],
    config: ConfigOption = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Also show durations and versions.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Answer one question and explain the decision: intents, confidence, threshold, reply."""
    answered = asyncio.run(_answer(settings(config), text))
    if json:
        print_json(_as_data(text, answered))
    else:
        _show(answered, trace=trace)


@dataclass(frozen=True, slots=True)
class FullReply:
    """A whole reply."""

    reply: str
    buttons: tuple[Button, ...]
    sources: tuple[Source, ...]
    decision: Decision


async def _answer(config: Config, text: str) -> FullReply:
    """Ask as a customer who has already seen the introduction."""
    from bot.app.build import open_service

    responder = config.responder.model_copy(update={"introduction": False})
    config = config.model_copy(update={"responder": responder})
    place = ConversationKey("terminal", "local", "ask")
    author = Author(str(AuthorKey(place.platform, place.app, "ask")))
    message = Message(
        str(place.message(1)),
        str(place),
        author,
        text,
        datetime.now(UTC),
        readers=Readers.AUTHOR,
    )
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        database = f"sqlite:///{Path(folder) / 'ask.db'}"
        async with open_service(
            config, environment(), adapters=(), database_url=database
        ) as service:
            warn_when_stale(config)
            return await _collect(service.responder.respond(Received(message)))


async def _collect(parts: AsyncIterator[Part]) -> FullReply:
    said: list[str] = []
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    async with closing(parts):
        async for part in parts:
            match part:
                case Say(markdown):
                    said.append(markdown)
                case Offer(buttons):
                    pass
                case Cite(sources):
                    pass
                case Done(decision):
                    return FullReply("".join(said), buttons, sources, decision)
    raise AssertionError("a reply ends with Done")


def _as_data(text: str, answered: FullReply) -> dict[str, Any]:
    """Describe the answer; `intent` is the one that was answered, if one was."""
    decision = asdict(answered.decision)
    kind = decision.pop("kind")
    by_intent = kind in {DecisionKind.INTENT, DecisionKind.HANDOFF} and decision["intents"]
    return {
        "text": text,
        "decision": str(kind),
        "intent": decision["intents"][0]["name"] if by_intent else None,
        "reply": answered.reply,
        "buttons": [button.label for button in answered.buttons],
        "sources": [asdict(source) for source in answered.sources],
        **decision,
    }


def _show(answered: FullReply, *, trace: bool) -> None:
    from rich.markdown import Markdown
    from rich.text import Text

    from bot.cli.explain import explain

    console = stdout()
    console.print(explain(answered.decision, trace=trace))
    console.print()
    if console.color_system:
        console.print(Markdown(answered.reply, hyperlinks=False))
    else:
        console.print(Text(answered.reply), soft_wrap=not console.is_terminal)
    for source in answered.sources:
        console.print(Text(f"from {source.title} {source.url}".rstrip()), soft_wrap=True)
    for number, button in enumerate(answered.buttons, start=1):
        console.print(Text(f"{number}) {button.label}"), soft_wrap=True)
