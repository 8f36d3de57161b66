"""When Slack refuses a post: try again later, or say what to mend."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.delivery.retry import next_delay
from bot.errors import AccessLost, AdapterError
from bot.messages import Say
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, Reply, again, answer, ask, connected, interrupted


async def test_rate_limit_is_obeyed(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    slack.faults.order("chat.postMessage", Fault(retry_after=0), times=2)
    await answer(adapter, event, Say("Hello."))
    assert len(slack.workspace.posts) == 1
    assert [method for method, _ in slack.api.calls].count("chat.postMessage") == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault(retry_after=3600),
        Fault(status=500),
        Fault(status=503),
        Fault(error="internal_error"),
        Fault(error="service_unavailable"),
        Fault(lose_answer=True),
    ],
)
async def test_slack_being_away_is_worth_another_attempt(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, fault: Fault
) -> None:
    event = await ask(slack, recorder)
    slack.faults.order("chat.postMessage", fault)
    await interrupted(adapter, Reply(event), Say("Hello."))


async def test_hanging_call_ends(slack: SlackServer, recorder: Recorder) -> None:
    async with connected(slack, recorder, timeout=1.0) as adapter:
        event = await ask(slack, recorder)
        slack.faults.order("chat.postMessage", Fault(hang=20))
        await interrupted(adapter, Reply(event), Say("Hello."))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(error="channel_not_found"), "channel_not_found: invite the bot"),
        (Fault(error="is_archived"), "the channel is archived"),
        (Fault(error="not_in_channel"), "invite the bot to the channel"),
        (Fault(error="restricted_action"), "ask its owner"),
        (Fault(error="brand_new_error"), "brand_new_error"),
    ],
)
async def test_refusal_for_good_says_what_to_do(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, fault: Fault, message: str
) -> None:
    event = await ask(slack, recorder)
    slack.faults.order("chat.postMessage", fault)
    with pytest.raises(AdapterError, match=message) as refused:
        await answer(adapter, event, Say("Hello."))
    assert next_delay(refused.value, failures=1) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("token_revoked", "install the app again"),
        ("account_inactive", "install it again"),
        ("invalid_auth", "copy it again"),
    ],
)
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.history"])
async def test_reply_is_kept_while_the_token_is_not_valid(
    slack: SlackServer,
    recorder: Recorder,
    adapter: SlackAdapter,
    method: str,
    code: str,
    message: str,
) -> None:
    reply = Reply(await ask(slack, recorder))
    slack.faults.order(method, Fault(error=code))
    with pytest.raises(AccessLost, match=message) as lost:
        await again(adapter, reply, Say("Hello."))
    assert next_delay(lost.value, failures=1000) == 300.0
    await again(adapter, reply, Say("Hello."))
    assert len(slack.workspace.posts) == 1


async def test_missing_scope_is_named(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    slack.workspace.scopes = "im:history"
    with pytest.raises(AdapterError, match=r"scope chat:write is missing.*OAuth & Permissions"):
        await answer(adapter, event, Say("Hello."))
