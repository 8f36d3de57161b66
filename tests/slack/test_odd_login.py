"""What answers instead of Slack at login is an operator's to fix, never a bug of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from adapters.slack.config import SlackConfig
from adapters.slack.plugin import plugin
from bot.config.schema import load_config
from bot.errors import AdapterError, ConfigError
from bot.ports import CanLink
from tests.delivery.support import received
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, connected, environment, eventually, section

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
GOOD = '{"ok": true, "team_id": "T1", "user_id": "U1", "url": "https://x.slack.com/"}'

ODD: Mapping[str, tuple[str | bytes, str, int]] = {
    "a login page": ("<html>sign in</html>", "text/html", 200),
    "a page that calls itself JSON": ("<html>sign in</html>", "application/json", 200),
    "nothing": ("", "application/json", 200),
    "a list": ("[]", "application/json", 200),
    "null": ("null", "application/json", 200),
    "a number": ("7", "application/json", 200),
    "a text": ('"hello"', "application/json", 200),
    "no UTF-8": (b'{"ok": \xff}', "application/json", 200),
    "bytes": (b"\xff\xfe\x00", "application/octet-stream", 200),
    "no fields": ('{"ok": true}', "application/json", 200),
    "fields of other types": (
        '{"ok": true, "team_id": 1, "user_id": {}}',
        "application/json",
        200,
    ),
    "an error without a name": ('{"ok": false}', "application/json", 200),
    "another server": ('{"message": "no such path"}', "application/json", 404),
}


@asynccontextmanager
async def answering(answers: Mapping[str, tuple[str | bytes, str, int]]) -> AsyncIterator[str]:
    """Serve fixed answers by method, the last one for methods without; yield the address."""

    async def handle(request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        body, kind, status = answers.get(method, [*answers.values()][-1])
        content = body if isinstance(body, bytes) else body.encode()
        return web.Response(body=content, status=status, headers={"Content-Type": kind})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/api/"
    finally:
        await runner.cleanup()


async def refused(address: str) -> str:
    adapter = plugin.build(SlackConfig(api_url=address), TOKENS)
    with pytest.raises(AdapterError) as error:
        async with asyncio.timeout(20):
            await adapter.run(Recorder().accept)
    return str(error.value)


@pytest.mark.parametrize("odd", ODD)
async def test_odd_answer_to_the_login_names_the_setting(odd: str) -> None:
    async with answering({"auth.test": ODD[odd]}) as address:
        told = await refused(address)
        _, found = await plugin.doctor(SlackConfig(api_url=address), TOKENS, offline=False)
    assert told.startswith("slack: auth.test: ")
    assert "slack.api_url" in told
    assert "xoxb" not in told
    assert (found.state, f"slack: {found.found}") == ("fail", told)


@pytest.mark.parametrize("odd", ODD)
async def test_odd_answer_to_the_first_connection_names_the_setting(odd: str) -> None:
    answers: dict[str, tuple[str | bytes, str, int]] = {
        "auth.test": (GOOD, "application/json", 200),
        "apps.connections.open": ODD[odd],
    }
    async with answering(answers) as address:
        told = await refused(address)
    assert told.startswith("slack: apps.connections.open: ")
    assert "slack.api_url" in told


@pytest.mark.parametrize("status", [502, 503, 200])
async def test_odd_answer_to_a_later_connection_is_worth_another_attempt(
    slack: SlackServer, recorder: Recorder, status: int
) -> None:
    async with connected(slack, recorder) as adapter:
        slack.faults.order("apps.connections.open", Fault(status=status), times=2)
        slack.sockets.drop()
        await eventually(lambda: adapter.connections == 2)


async def test_gateway_that_fails_at_login_is_worth_another_attempt(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.faults.order("auth.test", Fault(status=502), times=2)
    async with connected(slack, recorder):
        slack.say("hello", channel="D2")
        await slack.sockets.settled()
    assert recorder.texts == ["hello"]


@pytest.mark.parametrize(
    "address",
    [
        "https://bot:s3cret@slack.example/api/",
        "https://s3cret@slack.example/api/",
        "https://slack.example/api/?token=s3cret",
        "https://slack.example/api/#s3cret",
        "s3cret.example/api",
        "ftp://s3cret.example",
        "http://[s3cret",
    ],
)
def test_address_that_is_none_or_holds_a_secret_is_refused_and_not_repeated(
    address: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f'slack:\n  api_url: "{address}"\n')
    with pytest.raises(ConfigError) as error:
        load_config(path, {}).adapter_section(plugin)
    assert f"{path}:2:12: slack.api_url: " in str(error.value)
    assert "s3cret" not in str(error.value)


async def test_message_in_a_channel_has_a_link_and_a_direct_one_has_none(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder) as adapter:
        slack.say("<@UBOT> hi", channel="C1")
        slack.say("hi", channel="D2")
        await slack.sockets.settled()
        links = [adapter.link(event.message) for event in recorder.events]
        assert isinstance(adapter, CanLink)
    stamp = recorder.events[0].message.id.rpartition(":")[2].replace(".", "")
    assert links == [f"https://example.slack.com/archives/C1/p{stamp}", ""]


async def test_nothing_is_linked_before_slack_has_told_where_it_is(slack: SlackServer) -> None:
    adapter = plugin.build(section(slack), environment(slack))
    assert adapter.link(received(1, "slack:A1:C1").message) == ""
