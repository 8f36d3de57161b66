"""Nothing is acknowledged before it is stored; connections come and go without loss."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.plugin import plugin
from bot.errors import AdapterError
from tests.servers.slack import Fault, SlackServer, Workspace
from tests.slack.conftest import Recorder, connected, environment, eventually, section


@pytest.mark.usefixtures("adapter")
async def test_event_is_not_acknowledged_before_it_is_stored(
    slack: SlackServer, recorder: Recorder
) -> None:
    recorder.gate = asyncio.Event()
    slack.say("hello")
    envelope = slack.sockets.envelopes[-1]
    await eventually(lambda: recorder.calls)
    await asyncio.sleep(0.05)
    assert envelope.state == "pending"
    recorder.gate.set()
    await slack.sockets.settled()
    assert envelope.state == "acked"


async def test_event_that_cannot_be_stored_is_delivered_again(recorder: Recorder) -> None:
    recorder.failures = 2
    async with (
        SlackServer(ack_timeout=0.3, retry_delays=(0, 0, 0)) as slack,
        connected(slack, recorder),
    ):
        slack.say("hello")
        await slack.sockets.settled()
        envelope = slack.sockets.envelopes[-1]
    assert (envelope.state, envelope.sent) == ("acked", 3)
    assert recorder.texts == ["hello"]


@pytest.mark.usefixtures("adapter")
async def test_two_hundred_events_three_times_each_are_two_hundred_messages(
    slack: SlackServer, recorder: Recorder
) -> None:
    for number in range(200):
        slack.say(f"question {number}", channel=f"D{number % 20}")
        again = slack.sockets.envelopes[-1]
        slack.sockets.deliver(again.type, again.payload)
    await slack.sockets.settled()
    first_round = list(slack.sockets.envelopes)
    await slack.sockets.disconnect("refresh_requested")
    await eventually(lambda: slack.sockets.connections_made == 2)
    for envelope in first_round[::2]:
        slack.sockets.deliver(envelope.type, envelope.payload)
    await slack.sockets.settled()
    assert len(recorder.calls) == 600
    assert len({event.message.id for event in recorder.events}) == len(recorder.events) == 200
    assert {envelope.state for envelope in slack.sockets.envelopes} == {"acked"}


@pytest.mark.usefixtures("adapter")
@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_new_connection_opens_before_the_old_one_closes(
    slack: SlackServer, recorder: Recorder, reason: str
) -> None:
    old = slack.sockets.sockets[0]
    slack.faults.order("apps.connections.open", Fault(hang=0.2))
    await slack.sockets.disconnect(reason)
    slack.say("in between")
    await slack.sockets.settled()
    assert recorder.texts == ["in between"]
    assert not old.ended.is_set()
    await eventually(old.ended.is_set)
    assert len(slack.sockets.sockets) == 1


@pytest.mark.usefixtures("adapter")
async def test_dropped_connection_comes_back_and_misses_nothing(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.sockets.drop()
    slack.say("are you there?")
    await slack.sockets.settled()
    assert recorder.texts == ["are you there?"]
    assert slack.sockets.connections_made == 2


@pytest.mark.usefixtures("adapter")
async def test_silent_connection_is_noticed_and_replaced(slack: SlackServer) -> None:
    slack.sockets.muted = True
    await eventually(lambda: slack.sockets.connections_made >= 2)
    slack.sockets.muted = False


@pytest.mark.usefixtures("adapter")
async def test_reconnecting_outlasts_an_outage(slack: SlackServer, recorder: Recorder) -> None:
    slack.faults.order("apps.connections.open", Fault(status=503))
    slack.faults.order("apps.connections.open", Fault(error="internal_error"))
    await slack.sockets.disconnect("refresh_requested")
    await eventually(lambda: slack.sockets.connections_made == 2)
    slack.say("back?")
    await slack.sockets.settled()
    assert recorder.texts == ["back?"]


@pytest.mark.usefixtures("adapter")
async def test_refused_websocket_is_tried_again_at_a_new_address(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.sockets.refusing = 1
    await slack.sockets.disconnect("warning")
    await eventually(lambda: slack.sockets.connections_made == 2)
    slack.say("back?")
    await slack.sockets.settled()
    assert recorder.texts == ["back?"]


async def test_sign_in_outlasts_an_outage(slack: SlackServer, recorder: Recorder) -> None:
    slack.faults.order("auth.test", Fault(status=500))
    async with connected(slack, recorder):
        slack.say("hello")
        await slack.sockets.settled()
    assert recorder.texts == ["hello"]


async def test_close_waits_until_events_under_way_are_stored_and_acknowledged(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    recorder.gate = asyncio.Event()
    slack.say("just in time")
    await eventually(lambda: recorder.calls)
    closing = asyncio.create_task(adapter.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    recorder.gate.set()
    await closing
    assert recorder.texts == ["just in time"]
    assert slack.sockets.envelopes[-1].state == "acked"


async def test_after_close_no_event_is_handed_in(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await adapter.close()
    await eventually(lambda: not slack.sockets.sockets)
    slack.say("too late")
    await asyncio.sleep(0.1)
    assert recorder.calls == []


async def test_close_ends_an_adapter_that_cannot_reach_slack(recorder: Recorder) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
    running = asyncio.create_task(adapter.run(recorder.accept))
    await asyncio.sleep(0.1)
    await adapter.close()
    await running


@pytest.mark.parametrize(
    ("revoked", "named"),
    [("xoxb-1-valid", "auth.test: token_revoked"), ("xapp-1-valid", "connections.open: token_rev")],
)
async def test_revoked_token_is_an_error_with_its_remedy(
    slack: SlackServer, recorder: Recorder, revoked: str, named: str
) -> None:
    slack.workspace.revoked.add(revoked)
    adapter = plugin.build(section(slack), environment(slack))
    with pytest.raises(AdapterError, match=rf"{named}.*install the app again") as caught:
        await adapter.run(recorder.accept)
    assert revoked not in str(caught.value)


async def test_token_revoked_while_running_ends_the_adapter(
    slack: SlackServer, recorder: Recorder
) -> None:
    adapter = plugin.build(section(slack), environment(slack))
    running = asyncio.create_task(adapter.run(recorder.accept))
    await eventually(lambda: slack.sockets.sockets)
    slack.workspace.revoked.add(slack.workspace.app_token)
    await slack.sockets.disconnect("refresh_requested")
    with pytest.raises(AdapterError, match="token_revoked"):
        await running
    assert not slack.sockets.sockets


async def test_unknown_token_is_an_error(slack: SlackServer, recorder: Recorder) -> None:
    tokens = environment(slack) | {"SLACK_BOT_TOKEN": "xoxb-of-another-app"}
    with pytest.raises(AdapterError, match=r"invalid_auth.*copy it again"):
        await plugin.build(section(slack), tokens).run(recorder.accept)


async def test_missing_scopes_are_named(recorder: Recorder) -> None:
    workspace = Workspace(scopes="app_mentions:read,im:history,channels:history")
    async with SlackServer(workspace) as slack:
        adapter = plugin.build(section(slack), environment(slack))
        with pytest.raises(AdapterError, match=r"lacks the scopes .*chat:write.*install"):
            await adapter.run(recorder.accept)


async def test_app_token_without_its_scope_is_an_error(recorder: Recorder) -> None:
    async with SlackServer(Workspace(app_scopes="authorizations:read")) as slack:
        adapter = plugin.build(section(slack), environment(slack))
        with pytest.raises(AdapterError, match=r"connections:write is missing: .*App-Level"):
            await adapter.run(recorder.accept)


async def test_slack_variables_in_the_environment_change_nothing(
    slack: SlackServer, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "APP_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "of-another-app")
    async with connected(slack, recorder):
        slack.say("hello")
        await slack.sockets.settled()
    assert recorder.texts == ["hello"]
