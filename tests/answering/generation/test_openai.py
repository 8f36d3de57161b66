"""The real openai client against a real server that misbehaves in every way we know."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from bot.answering.generation.openai import OpenAIChatModel, build_chat_model
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable, FrontdeskError
from bot.ports import ChatMessage, Usage
from tests.servers.openai import ANSWER, OpenAIServer, openai_server

PROMPT = [ChatMessage("system", "Be short."), ChatMessage("user", "How long can I return it?")]


@contextlib.asynccontextmanager
async def chat_model(base_url: str, **settings: object) -> AsyncIterator[OpenAIChatModel]:
    config = GptConfig.model_validate({"timeout": 5.0, **settings, "base_url": base_url})
    model = build_chat_model(config, {"OPENAI_API_KEY": "sk-test"})
    assert model is not None
    try:
        yield model
    finally:
        await model.aclose()


async def read(model: OpenAIChatModel) -> tuple[str, list[Usage]]:
    parts = [part async for part in model.stream(PROMPT)]
    text = "".join(part for part in parts if isinstance(part, str))
    return text.strip(), [part for part in parts if isinstance(part, Usage)]


async def failure(*scripts: str, **settings: object) -> tuple[ChatModelUnavailable, OpenAIServer]:
    async with openai_server(*scripts) as server, chat_model(server.url, **settings) as model:
        with pytest.raises(ChatModelUnavailable) as caught:
            await read(model)
    return caught.value, server


async def test_completion_is_streamed_and_usage_comes_last() -> None:
    async with openai_server() as server, chat_model(server.url) as model:
        parts = [part async for part in model.stream(PROMPT)]
    assert len(parts) > 5
    assert "".join(str(part) for part in parts[:-1]).strip() == ANSWER
    assert parts[-1] == Usage(prompt_tokens=8, completion_tokens=len(ANSWER.split()))


async def test_request_carries_prompt_limit_and_key() -> None:
    async with openai_server() as server, chat_model(server.url, max_tokens=77) as model:
        await read(model)
    request = server.requests[0]
    assert request.headers["Authorization"] == "Bearer sk-test"
    assert request.body == {
        "model": "gpt-5-mini",
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "How long can I return it?"},
        ],
        "stream": True,
        "max_tokens": 77,
        "stream_options": {"include_usage": True},
    }


async def test_nothing_is_taken_from_the_clients_own_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "from-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: from-the-environment")
    async with openai_server() as server, chat_model(server.url) as model:
        await read(model)
    assert "from-the-environment" not in str(server.requests[0].headers)


def test_the_first_request_waits_for_no_import() -> None:
    """It would spend the customer's patience; a process of its own has imported nothing yet."""
    program = """
import asyncio, sys
from tests.answering.generation.test_openai import chat_model, openai_server, read

async def main():
    async with openai_server() as server, chat_model(server.url) as model:
        before = set(sys.modules)
        await read(model)
        print([name for name in set(sys.modules) - before if name.split(".")[0] in
               {"openai", "httpx2", "httpcore2", "pydantic"}])

asyncio.run(main())
"""
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=True
    )
    assert ran.stdout == "[]\n"


async def test_pieces_come_while_the_server_still_writes() -> None:
    async with (
        openai_server("hang_midway") as server,
        chat_model(server.url) as model,
        contextlib.aclosing(model.stream(PROMPT)) as parts,
    ):
        assert await anext(parts) == "You "
        await server.hung.wait()
        assert await anext(parts) == "can "


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "unauthorized",
            "status 401: Incorrect API key provided: check the key in OPENAI_API_KEY",
        ),
        ("forbidden", 'status 403: .*: let the key in OPENAI_API_KEY use "gpt-5-mini"'),
        ("not_found", 'status 404: .*: name a model that the server knows in gpt.model, now "gpt-'),
        ("too_many_requests", "status 429"),
        ("broken", "status 500"),
        ("refuses_everything", "status 400"),
        ("half", "ended before"),
        ("cut_midway", "cannot be reached"),
        ("error_midway", "failed"),
        ("nonsense_json", "failed: JSONDecodeError"),
        ("not_utf8", "failed: UnicodeDecodeError"),
        ("other_json", "wrong shape"),
        ("empty", "empty"),
        ("starved", "raise gpt.max_tokens"),
        ("filtered", "content filter"),
        ("endless", "does not end"),
        ("html", "text/html"),
    ],
)
async def test_every_failure_of_a_server_is_chat_model_unavailable(script: str, words: str) -> None:
    error, _ = await failure(script)
    assert re.search(words, str(error))
    assert error.__cause__ is not None


@pytest.mark.parametrize(
    "script", ["hang_before", "hang_after_headers", "hang_midway", "only_pings"]
)
async def test_silence_is_chat_model_unavailable_and_the_request_is_dropped(script: str) -> None:
    async with openai_server(script) as server, chat_model(server.url, timeout=0.2) as model:
        with pytest.raises(ChatModelUnavailable, match=r"sent nothing for 0\.2 s"):
            await read(model)
        await server.dropped.wait()


async def test_pauses_shorter_than_the_timeout_are_no_failure() -> None:
    answer = " ".join(["word"] * 12)
    async with (
        openai_server("slow", answer=answer) as server,
        chat_model(server.url, timeout=0.4) as model,  # the whole takes 0.6 s
    ):
        assert (await read(model))[0] == answer


async def test_server_that_is_not_there_is_chat_model_unavailable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with chat_model(f"http://127.0.0.1:{unused.getsockname()[1]}/v1") as model:
            with pytest.raises(ChatModelUnavailable, match="cannot be reached"):
                await read(model)


async def test_failure_of_a_moment_is_tried_again_once() -> None:
    async with (
        openai_server("busy_for_a_moment", "normal") as server,
        chat_model(server.url) as model,
    ):
        assert (await read(model))[0] == ANSWER
    assert len(server.requests) == 2


async def test_tries_are_bounded() -> None:
    _, server = await failure("broken")
    assert len(server.requests) == 2


@pytest.mark.parametrize("script", ["unauthorized", "too_many_requests"])
async def test_what_waiting_cannot_mend_is_not_tried_again(script: str) -> None:
    _, server = await failure(script)
    assert len(server.requests) == 1


async def test_started_answer_is_not_started_again() -> None:
    _, server = await failure("cut_midway", "normal")
    assert len(server.requests) == 1


async def test_refused_parameters_are_left_out_from_then_on() -> None:
    async with openai_server("old_dialect") as server, chat_model(server.url) as model:
        assert await read(model) == (ANSWER, [])
        asked = len(server.requests)
        assert await read(model) == (ANSWER, [])
    assert len(server.requests) == asked + 1
    assert "stream_options" not in server.requests[-1].body


async def test_a_schema_is_sent_and_no_longer_where_it_is_refused() -> None:
    schema = {"type": "object"}
    async with openai_server("no_schemas") as server, chat_model(server.url) as model:
        for _ in range(2):
            assert [part async for part in model.stream(PROMPT, schema)]
    first, *others = (request.body for request in server.requests)
    assert first["response_format"]["json_schema"]["schema"] == schema
    assert len(others) == 2
    assert all("response_format" not in body for body in others)


async def test_newer_name_of_the_limit_is_used_where_the_older_is_refused() -> None:
    async with openai_server("new_dialect") as server, chat_model(server.url) as model:
        assert (await read(model))[0] == ANSWER
    assert server.requests[-1].body["max_completion_tokens"] == 1000
    assert "max_tokens" not in server.requests[-1].body


async def test_answer_at_the_limit_of_tokens_is_an_answer() -> None:
    async with openai_server("cut_short") as server, chat_model(server.url) as model:
        assert (await read(model))[0] == ANSWER


async def test_leaving_amid_an_answer_drops_the_request() -> None:
    async with openai_server("hang_midway") as server, chat_model(server.url) as model:
        async with contextlib.aclosing(model.stream(PROMPT)) as parts:
            await anext(parts)
            await server.hung.wait()
        await server.dropped.wait()


async def test_cancelling_amid_an_answer_drops_the_request() -> None:
    async with openai_server("hang_midway") as server, chat_model(server.url) as model:
        reading = asyncio.create_task(read(model))
        await server.hung.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await server.dropped.wait()


async def test_closed_model_leaves_no_connection() -> None:
    async with openai_server() as server:
        async with chat_model(server.url) as model:
            await read(model)
            assert server.connections == 1
        await server.idle()


async def test_text_that_no_json_can_carry_is_sent_all_the_same() -> None:
    async with openai_server() as server, chat_model(server.url) as model:
        parts = [part async for part in model.stream([ChatMessage("user", "hi \ud800 there")])]
    assert parts
    assert server.requests[0].body["messages"][0]["content"] == "hi ? there"


async def test_many_answers_at_once_do_not_mix() -> None:
    async with openai_server("slow") as server, chat_model(server.url) as model:
        answers = await asyncio.gather(*(read(model) for _ in range(20)))
    assert {text for text, _ in answers} == {ANSWER}


def test_gpt_is_off_without_key_and_base_url() -> None:
    assert build_chat_model(GptConfig(), {}) is None
    assert build_chat_model(GptConfig(), {"OPENAI_API_KEY": "  "}) is None


def test_where_gpt_is_off_its_client_is_not_loaded() -> None:
    program = (
        "import sys; from bot.answering.generation.openai import build_chat_model; "
        "from bot.config.schema import GptConfig; "
        "print(build_chat_model(GptConfig(), {}), 'openai' in sys.modules)"
    )
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=True
    )
    assert ran.stdout == "None False\n"


async def test_base_url_alone_switches_gpt_on() -> None:
    async with openai_server() as server:
        model = build_chat_model(GptConfig(base_url=server.url), {})
        assert model is not None
        assert (await read(model))[0] == ANSWER
        await model.aclose()


async def test_key_alone_switches_gpt_on() -> None:
    model = build_chat_model(GptConfig(api_key_env="SHOP_KEY"), {"SHOP_KEY": "sk-test"})
    assert model is not None
    await model.aclose()


def test_base_url_that_is_no_address_is_named() -> None:
    with pytest.raises(FrontdeskError, match=r'gpt\.base_url: "localhost:8080"'):
        build_chat_model(GptConfig(base_url="localhost:8080"), {})
