"""Factory of chat models: at a provider, on a server of your own, or local."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress

from bot.answering.generation.circuit_breaker import Breaker
from bot.answering.generation.local import LocalChatModel, check_local
from bot.answering.generation.openai import OpenAIChatModel, build_chat_model, load_client
from bot.config.schema import GptConfig
from bot.errors import FrontdeskError
from bot.ports import Alerts, ChatMessage, ChatModel, Clock

_PATIENCE = 10.0
"""Seconds that a start waits for a local model; a larger one loads in the background."""


SMALL = 1_000_000_000
"""Bytes of a local model's file below which it chooses worse than the encoder ranks. Measured with
models of 0.1 and 0.5 GB (docs/decisions/0024-selection.md)."""


@asynccontextmanager
async def open_chat_model(
    config: GptConfig, environment: Mapping[str, str], clock: Clock, alerts: Alerts | None = None
) -> AsyncIterator[ChatModel | None]:
    """Open the GPT, behind a circuit breaker; None when it is off.

    Args:
        config: Which one.
        environment: Holds the key, under the name that config gives.
        clock: For the pause of the circuit breaker.
        alerts: Where to report that GPT does not answer.

    Raises:
        FrontdeskError: Config names none that could be opened; the message holds the remedy.
    """
    if config.provider == "local":
        local = LocalChatModel(config, connect)
        async with aclosing(local):
            local.start()
            await asyncio.to_thread(load_client)
            with suppress(TimeoutError):
                await asyncio.wait_for(local.ready(), _PATIENCE)
            yield Breaker(local, clock, alerts)
        return
    model = build_chat_model(config, environment)
    if model is None:
        yield None
        return
    async with aclosing(model):
        yield Breaker(model, clock, alerts)


@asynccontextmanager
async def open_judge(
    config: GptConfig, environment: Mapping[str, str], clock: Clock
) -> AsyncIterator[ChatModel | None]:
    """Open the chat model that judges sentences, behind a breaker of its own; None for none.

    Raises:
        FrontdeskError: Config names none that could be opened; the message holds the remedy.
    """
    if config.judge is None or config.judge.model is not None or config.answers == "select":
        yield None
        return
    if config.provider == "local":
        raise FrontdeskError(
            "gpt.judge: a local model answers one question at a time and cannot judge its own "
            "answer meanwhile: remove gpt.judge, or use a server"
        )
    judging = config.model_copy(update={"model": judging_model(config)})
    async with open_chat_model(judging, environment, clock) as model:
        yield model


async def request_one_word(config: GptConfig, environment: Mapping[str, str], clock: Clock) -> None:
    """Send a test request to the GPT that config names, and to its judge.

    Raises:
        FrontdeskError: Config names none that could be opened, or one does not answer.
    """
    async with (
        open_chat_model(config, environment, clock) as model,
        open_judge(config, environment, clock) as judge,
    ):
        for each in (model, judge):
            if each is not None:
                async with aclosing(each.stream([ChatMessage("user", "Say yes.")])) as pieces:
                    await anext(pieces)


def is_on(config: GptConfig, environment: Mapping[str, str]) -> bool:
    """Return whether config names a GPT that can be opened; sends no request.

    Raises:
        FrontdeskError: Config names none that could be opened.
    """
    if config.provider == "local":
        check_local(config)
        return True
    return build_chat_model(config, environment) is not None


def is_ranked(config: GptConfig) -> bool:
    """Return whether the encoder's ranking chooses the sentences, and no GPT is asked."""
    if config.answers != "select" or config.chooser != "auto":
        return config.answers == "select" and config.chooser == "ranking"
    if config.provider != "local" or config.model_path is None:
        return False
    with suppress(OSError):
        return config.model_path.stat().st_size < SMALL
    return False


def connect(config: GptConfig, key: str) -> OpenAIChatModel:
    """Return a client of the server that config names."""
    return OpenAIChatModel(config, key, random.Random(0))  # noqa: S311  # jitter


def answering_model(config: GptConfig) -> str:
    """Return an identifier of model, mode and judge: part of the key of cached answers.

    It includes the server, so that an answer of a test server is not used later, even though
    `gpt.model` has not changed.

    >>> answering_model(GptConfig(model="small", base_url="http://127.0.0.1:8080/v1"))
    'openai http://127.0.0.1:8080/v1 small, select'
    """
    server = f"{config.provider} {config.base_url or ''} {config.model}"
    if config.provider == "local":
        server = f"local {config.model_path}"
    if config.answers == "select" or config.judge is None:
        return f"{server}, {config.answers}"
    judge = config.judge
    second = f"{judge.model} from {judge.threshold}" if judge.model else judging_model(config)
    return f"{server}, {config.answers} judged by {second}"


def judging_model(config: GptConfig) -> str:
    """Return the name of the model that judges.

    >>> judging_model(GptConfig(model="large", judge=True)), judging_model(GptConfig(judge="small"))
    ('large', 'small')
    """
    return (config.judge.name if config.judge else "") or config.model
