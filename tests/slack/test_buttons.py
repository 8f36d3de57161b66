"""Buttons go out with an opaque id and come back with it, to the same conversation."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import Addressing, Button, MarkUsed, Offer, Say
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, Reply, again, answer, ask, connected, interrupted


async def test_buttons_without_text_are_posted(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answer(adapter, await ask(slack, recorder), Offer((Button("b_1", "Yes"),)))
    assert slack.workspace.posts[0].text == "Yes"


@pytest.mark.parametrize("channel", ["D7", "C1"])
async def test_pressed_button_comes_back_with_its_id_and_conversation(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    offer = Offer((Button("b_1", "Track <my> @here order"), Button("b_2", "Neither")))
    await answer(adapter, event, Say("Which?"), offer)
    envelope = slack.press(slack.workspace.posts[0], button=0, user="U1")
    await slack.sockets.settled()
    (pressed,) = recorder.pressed
    assert envelope.state == "acked"
    assert pressed.button == "b_1"
    assert pressed.message.text == "Track <my> @here order"
    assert pressed.message.conversation == event.message.conversation
    assert pressed.message.author.key == event.message.author.key
    assert pressed.message.id.startswith(f"slack:A1:{channel}:press:")
    wanted = Addressing.DIRECT if channel == "D7" else Addressing.MENTION
    assert pressed.message.addressing is wanted


async def test_answer_to_a_press_stands_in_the_same_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Which?"), Offer((Button("b_1", "This"),)))
    slack.press(slack.workspace.posts[0])
    await slack.sockets.settled()
    await answer(adapter, recorder.pressed[0], Say("This it is."))
    first, second = slack.workspace.posts
    assert first.thread_ts == second.thread_ts


async def test_press_that_cannot_be_stored_is_answered_for_their_eyes_only(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder) as adapter:
        event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
        await answer(adapter, event, Say("Which?"), Offer((Button("b_1", "This"),)))
        recorder.failures = 1
        envelope = slack.press(slack.workspace.posts[0], user="U7")
        await slack.sockets.settled()
    offered, told = slack.workspace.posts
    assert envelope.state == "acked"
    assert recorder.pressed == []
    assert (told.only_for, told.thread_ts) == ("U7", offered.thread_ts)
    assert told.text == BUILT_IN["try_again"]["en"]


ROW = Offer((Button("b_1", "Returns"), Button("b_2", "Neither")))


async def offered(slack: SlackServer, recorder: Recorder, adapter: SlackAdapter) -> None:
    """Have buttons posted into a thread, and the first one pressed."""
    await answer(
        adapter, await ask(slack, recorder, "<@UBOT> hi", channel="C1"), Say("Which?"), ROW
    )
    slack.press(slack.workspace.posts[0])
    await slack.sockets.settled()


async def test_a_used_row_shows_the_choice_in_the_place_of_its_buttons(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await offered(slack, recorder, adapter)
    labels = slack.workspace.posts[0].metadata
    await answer(adapter, recorder.pressed[0], MarkUsed(), Say("Send it back."))
    row, said = slack.workspace.posts
    assert row.markdown == "Which?"
    assert row.buttons == []
    assert row.blocks[-1]["elements"] == [{"type": "plain_text", "text": "✓ Returns"}]
    assert (row.edits, row.metadata) == (1, labels)
    assert said.markdown == "Send it back."


async def test_a_row_is_marked_once_however_often_its_press_is_answered(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await offered(slack, recorder, adapter)
    event = recorder.pressed[0]
    slack.faults.order("chat.postMessage", Fault(status=500))
    reply = Reply(event)
    await interrupted(adapter, reply, MarkUsed(), Say("Send it back."))
    await again(adapter, reply, MarkUsed(), Say("Send it back."))
    row, said = slack.workspace.posts
    assert (row.edits, said.markdown) == (1, "Send it back.")


async def test_another_process_marks_the_row_that_it_reads(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await offered(slack, recorder, adapter)
    async with connected(slack, Recorder()) as other:
        await answer(other, recorder.pressed[0], MarkUsed(), Say("Send it back."))
    row, _ = slack.workspace.posts
    assert row.blocks[-1]["elements"] == [{"type": "plain_text", "text": "✓ Returns"}]


async def test_a_row_that_cannot_be_marked_keeps_no_answer_back(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await offered(slack, recorder, adapter)
    slack.faults.order("chat.update", Fault(error="edit_window_closed"))
    await answer(adapter, recorder.pressed[0], MarkUsed(), Say("Send it back."))
    assert slack.workspace.posts[1].markdown == "Send it back."


async def test_a_row_that_one_person_alone_sees_is_marked_for_them(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.command("how?", command="/ask", channel="C1", user="U7")
    await slack.sockets.settled()
    await answer(adapter, recorder.events[0], Say("Which?"), ROW)
    slack.press(slack.workspace.posts[0], user="U7")
    await slack.sockets.settled()
    await answer(adapter, recorder.pressed[0], MarkUsed(), Say("Send it back."))
    row, said = slack.workspace.posts
    assert (row.markdown, row.buttons, row.only_for) == ("Which?", [], "U7")
    assert row.blocks[-1]["elements"] == [{"type": "plain_text", "text": "✓ Returns"}]
    assert said.only_for == "U7"


async def test_a_chosen_label_pings_nobody(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Which?"), Offer((Button("b_1", "<!here> @channel"),)))
    slack.press(slack.workspace.posts[0])
    await slack.sockets.settled()
    await answer(adapter, recorder.pressed[0], MarkUsed(), Say("This."))
    assert slack.workspace.posts[0].pings == []
