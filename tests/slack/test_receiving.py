"""What people write reaches the inbox once, as they meant it; nothing else does."""

from __future__ import annotations

import pytest

from bot.messages import Addressing, Attachment
from tests.servers.slack import SlackServer
from tests.servers.slack.events import message_event
from tests.slack.conftest import Recorder, connected

pytestmark = pytest.mark.usefixtures("adapter")


async def test_direct_message_is_one_conversation_without_threads(
    slack: SlackServer, recorder: Recorder
) -> None:
    sent = slack.say("where is my order?", user="U7", channel="D7")
    await slack.sockets.settled()
    message = recorder.received[0].message
    assert message.id == f"slack:A1:D7:{sent.ts}"
    assert message.conversation == "slack:A1:D7"
    assert message.author.key == "slack:T1:U7"
    assert message.addressing is Addressing.DIRECT
    assert message.sent_at.timestamp() == pytest.approx(float(sent.ts))
    assert message.sent_at.tzinfo is not None


async def test_direct_message_in_a_thread_belongs_to_the_thread(
    slack: SlackServer, recorder: Recorder
) -> None:
    first = slack.say("hello", channel="D7")
    slack.say("more", channel="D7", thread_ts=first.ts)
    await slack.sockets.settled()
    assert recorder.received[1].message.conversation == f"slack:A1:D7:{first.ts}"
    assert recorder.received[1].message.addressing is Addressing.DIRECT


async def test_mention_is_accepted_once_although_slack_sends_it_as_two_events(
    slack: SlackServer, recorder: Recorder
) -> None:
    sent = slack.say("<@UBOT> can I return a tent?", channel="C1")
    await slack.sockets.settled()
    assert recorder.calls == [f"slack:A1:C1:{sent.ts}"] * 2
    message = recorder.received[0].message
    assert len(recorder.received) == 1
    assert message.text == "can I return a tent?"
    assert message.addressing is Addressing.MENTION
    assert message.conversation == f"slack:A1:C1:{sent.ts}"


@pytest.mark.parametrize("channel", ["C1", "G1", "G2"])
async def test_follow_up_in_a_thread_needs_no_mention(
    slack: SlackServer, recorder: Recorder, channel: str
) -> None:
    first = slack.say("<@UBOT> hello", channel=channel)
    slack.say("and how long does it take?", channel=channel, thread_ts=first.ts)
    await slack.sockets.settled()
    follow_up = recorder.received[1].message
    assert follow_up.addressing is Addressing.THREAD
    assert follow_up.conversation == recorder.received[0].message.conversation


async def test_talk_between_people_is_ambient(slack: SlackServer, recorder: Recorder) -> None:
    slack.say("lunch, anyone?", channel="C1")
    await slack.sockets.settled()
    assert recorder.received[0].message.addressing is Addressing.AMBIENT


async def test_reply_also_sent_to_the_channel_stays_in_its_thread(
    slack: SlackServer, recorder: Recorder
) -> None:
    first = slack.say("<@UBOT> hello", channel="C1")
    slack.say("thanks!", channel="C1", thread_ts=first.ts, subtype="thread_broadcast")
    await slack.sockets.settled()
    assert recorder.received[1].message.addressing is Addressing.THREAD


@pytest.mark.parametrize(
    "what",
    [
        {"bot_id": "B9"},
        {"bot_id": "B1", "user": "UBOT"},
        {"user": "UBOT"},
        {"user": "USLACKBOT"},
        {"app_id": "A9"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"subtype": "something_new"},
        {"hidden": True},
        {"user": None},
        {"ts": None},
        {"ts": "soon"},
        {"channel": None},
    ],
)
async def test_what_no_person_wrote_is_dropped_but_acknowledged(
    slack: SlackServer, recorder: Recorder, what: dict[str, object]
) -> None:
    noise = slack.write("noise", user="U1", channel="C1")
    envelope = slack.deliver(message_event(slack.workspace, noise) | what)
    await slack.sockets.settled()
    assert envelope.state == "acked"
    assert recorder.calls == []


async def test_events_that_nobody_listens_to_are_acknowledged(
    slack: SlackServer, recorder: Recorder
) -> None:
    envelope = slack.deliver({"type": "app_home_opened", "user": "U1", "tab": "messages"})
    await slack.sockets.settled()
    assert (envelope.state, envelope.sent) == ("acked", 1)
    assert recorder.calls == []


async def test_text_arrives_as_it_was_typed(slack: SlackServer, recorder: Recorder) -> None:
    slack.say(
        "<@UBOT>: is <https://shop.example/a?x=1&amp;y=2|this> &lt; 5 &amp; in <#C9|news>, "
        "<@U2|bob>? <!here> <mailto:a@b.example|a@b.example>",
        channel="C1",
    )
    await slack.sockets.settled()
    assert recorder.texts == [
        "is this (https://shop.example/a?x=1&y=2) < 5 & in #news, @bob? @here a@b.example"
    ]


async def test_mention_alone_is_an_empty_message(slack: SlackServer, recorder: Recorder) -> None:
    slack.say("<@UBOT>", channel="C1")
    await slack.sockets.settled()
    assert recorder.texts == [""]


async def test_files_are_named_but_not_fetched(slack: SlackServer, recorder: Recorder) -> None:
    file = {"name": "tear.jpg", "mimetype": "image/jpeg", "size": 2048, "url_private": "x"}
    slack.say("it is torn", subtype="file_share", files=[file])
    await slack.sockets.settled()
    assert recorder.received[0].message.attachments == (
        Attachment("tear.jpg", "image/jpeg", 2048, "x"),
    )


async def test_author_keeps_their_own_workspace_in_a_shared_channel(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.say("<@UBOT> hi", channel="C1", user_team="T9", team="T9", user="U9")
    await slack.sockets.settled()
    assert recorder.received[0].message.author.key == "slack:T9:U9"


async def test_messages_are_accepted_in_the_order_they_were_sent(
    slack: SlackServer, recorder: Recorder
) -> None:
    for number in range(50):
        slack.say(f"{number}")
    await slack.sockets.settled()
    assert recorder.texts == [str(number) for number in range(50)]


async def test_customer_text_stays_out_of_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder(failures=1)
    async with SlackServer(ack_timeout=0.3) as slack, connected(slack, recorder):
        slack.say("my card is 4111")
        slack.deliver({"type": "app_home_opened", "user": "U1", "text": "my card is 4111"})
        await slack.sockets.settled()
    assert recorder.texts == ["my card is 4111"]
    logged = capsys.readouterr()
    assert "slack.event_not_stored" in logged.out + logged.err + caplog.text
    assert "4111" not in logged.out + logged.err + caplog.text
