"""`/ask`: a question that nobody else sees, nor its answer."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.manifest import ASK_COMMAND, manifest
from bot.messages import Addressing, Button, Offer, Readers, Say, Visibility
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Channel
from tests.slack.conftest import Recorder, answer, ask

OFFER = Offer((Button("b_1", "Returns"),))


async def asked(slack: SlackServer, question: str = "how do I pay?", channel: str = "C1") -> None:
    slack.command(question, command="/ask", channel=channel, user="U7")
    await slack.sockets.settled()


def test_the_manifest_has_the_command() -> None:
    commands = manifest("Frontdesk")["features"]["slash_commands"]
    assert ASK_COMMAND in [each["command"] for each in commands]


async def test_a_question_comes_as_a_message_that_nobody_else_sees(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await asked(slack)
    message = recorder.events[0].message
    assert (message.text, message.conversation) == ("how do I pay?", "slack:A1:C1")
    assert (message.addressing, message.readers) == (Addressing.EPHEMERAL, Readers.OTHERS)
    assert message.id.startswith("slack:A1:C1:command:")


@pytest.mark.parametrize("visibility", [*Visibility])
async def test_the_answer_is_seen_by_its_asker_alone_with_its_buttons(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, visibility: Visibility
) -> None:
    await asked(slack)
    await answer(adapter, recorder.events[0], Say("By card.", visibility), OFFER)
    (post,) = slack.workspace.posts
    assert (post.channel, post.only_for, post.thread_ts) == ("C1", "U7", "")
    assert post.markdown == "By card."
    assert [each["text"]["text"] for each in post.buttons] == ["Returns"]


async def test_a_press_on_an_answer_that_one_person_sees_is_answered_as_privately(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await asked(slack)
    await answer(adapter, recorder.events[0], Say("Which?"), OFFER)
    slack.press(slack.workspace.posts[0], user="U7")
    await slack.sockets.settled()
    (pressed,) = recorder.pressed
    assert pressed.message.addressing is Addressing.EPHEMERAL
    assert pressed.message.conversation == "slack:A1:C1"
    await answer(adapter, pressed, Say("This one."))
    assert [post.only_for for post in slack.workspace.posts] == ["U7", "U7"]


async def test_a_press_on_a_private_answer_in_a_thread_is_answered_there_for_the_same_eyes(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    first = await ask(slack, recorder, "<@UBOT> hi", channel="C1", user="U7")
    await answer(adapter, first, Say("Hello."))
    thread = slack.workspace.posts[0].thread_ts
    event = await ask(slack, recorder, "my code?", channel="C1", user="U7", thread_ts=thread)
    await answer(adapter, event, Say("4711", Visibility.PRIVATE), OFFER)
    slack.press(slack.workspace.posts[1], user="U7")
    await slack.sockets.settled()
    (pressed,) = recorder.pressed
    assert pressed.message.conversation == event.message.conversation
    await answer(adapter, pressed, Say("This one."))
    told = slack.workspace.posts[2]
    assert (told.only_for, told.thread_ts) == ("U7", thread)


async def test_where_the_bot_is_not_in_the_channel_the_answer_is_a_direct_message(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await asked(slack, channel="C3")
    await answer(adapter, recorder.events[0], Say("By card.", Visibility.PRIVATE), OFFER)
    (post,) = slack.workspace.posts
    assert (post.channel, post.only_for) == ("U7", "")
    assert post.markdown == "By card."


async def test_a_question_in_direct_messages_is_answered_there(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await asked(slack, channel="D7")
    message = recorder.events[0].message
    assert (message.conversation, message.readers) == ("slack:A1:D7", Readers.AUTHOR)
    await answer(adapter, recorder.events[0], Say("By card."))
    (post,) = slack.workspace.posts
    assert (post.channel, post.only_for) == ("D7", "")


async def test_a_conversation_of_two_people_is_not_ours_though_slack_names_it_so(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.channels["D9"] = Channel("D9", kind="im", has_bot=False)
    await asked(slack, channel="D9")
    message = recorder.events[0].message
    assert (message.addressing, message.readers) == (Addressing.EPHEMERAL, Readers.OTHERS)
    await answer(adapter, recorder.events[0], Say("By card.", Visibility.PRIVATE))
    (post,) = slack.workspace.posts
    assert (post.channel, post.markdown) == ("U7", "By card.")


async def test_a_group_conversation_has_other_readers_and_its_asker_alone_sees_the_answer(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await asked(slack, channel="G2")
    assert recorder.events[0].message.readers is Readers.OTHERS
    await answer(adapter, recorder.events[0], Say("By card.", Visibility.PRIVATE))
    (post,) = slack.workspace.posts
    assert (post.channel, post.only_for) == ("G2", "U7")


async def test_direct_messages_are_private_only_where_slack_confirms_them(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.closed.add("U7")
    await asked(slack, channel="D7")
    assert recorder.events[0].message.readers is Readers.OTHERS


async def test_a_command_of_staff_in_a_conversation_of_two_has_other_readers(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.channels["D9"] = Channel("D9", kind="im", has_bot=False)
    line = slack.write("where is it?", user="U8", channel="D9")
    slack.shortcut("frontdesk_why", user="U7", message=line)
    slack.command("pause", channel="D9", user="U7")
    slack.command("pause", channel="D7", user="U7")
    await slack.sockets.settled()
    readers = [each.message.readers for each in recorder.events]
    assert readers == [Readers.OTHERS, Readers.OTHERS, Readers.AUTHOR]
