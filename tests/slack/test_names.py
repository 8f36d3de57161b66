"""People who are mentioned are named, in what is stored and so in what GPT reads."""

from __future__ import annotations

from adapters.slack.adapter import SlackAdapter
from adapters.slack.names import Names
from bot.messages import Addressing, Author, Message
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, ask


def asked(slack: SlackServer) -> list[str]:
    return [arguments["user"] for method, arguments in slack.api.calls if method == "users.info"]


async def test_mentioned_person_is_named_and_asked_for_once(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann Smith", "U3": "Bo<b>"}
    for _ in range(2):
        event = await ask(slack, recorder, "<@UBOT> can <@U2> or <@U3> call?", channel="C1")
        assert event.message.text == "can @Ann Smith or @Bo b call?"
    assert sorted(asked(slack)) == ["U2", "U3"]


async def test_person_mentioned_in_what_was_forwarded_is_named(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann"}
    shared = [{"is_share": True, "text": "ask <@U2>"}]
    slack.say("this:", channel="D7", attachments=shared)
    await slack.sockets.settled()
    assert recorder.texts == ["this:\n\nask @Ann"]


async def test_without_the_scope_ids_stand_and_nobody_is_asked_for_again(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.scopes = slack.workspace.scopes.replace(",users:read", "")
    for _ in range(2):
        event = await ask(slack, recorder, "where is <@U2>?", channel="D7")
        assert event.message.text == "where is @U2?"
    assert asked(slack) == ["U2"]


async def test_person_who_is_not_found_stands_by_id(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "where is <@U9>?", channel="D7")
    assert event.message.text == "where is @U9?"


async def test_slow_names_delay_nothing_for_long_and_keep_the_order(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann"}
    slack.faults.order("users.info", Fault(hang=5))
    slack.say("where is <@U2>?", channel="D7")
    slack.say("hello?", channel="D7")
    await slack.sockets.settled()
    assert recorder.texts == ["where is @U2?", "hello?"]


async def test_talk_that_is_not_meant_for_the_bot_asks_for_nobody(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann"}
    await ask(slack, recorder, "lunch, <@U2>?", channel="C1")
    assert asked(slack) == []


async def test_names_are_asked_for_again_after_a_day(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann"}
    now = [0.0]
    names = Names(adapter._client, "UBOT", clock=lambda: now[0])
    event = await ask(slack, recorder, channel="D7")
    said = Message(
        "slack:A1:D7:1.0", "slack:A1:D7", Author("slack:T1:U1"), "", event.message.sent_at,
        Addressing.DIRECT,
    )  # fmt: skip
    for later in (0.0, 86_399.0, 86_401.0):
        now[0] = later
        labelled = await names.labelled({"text": "<@U2>"}, said)
        assert labelled["text"] == "<@U2|Ann>"
    assert asked(slack) == ["U2", "U2"]
