"""Posts of the outbox about cases: roots of threads, edits, deletions and marks, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Button, Readers, Visibility
from bot.ports import ReservedPost
from bot.ports.outbox import CaseButton
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, ask
from tests.slack.test_outgoing import again, reserved

CASES = "slack:A1:C1"
BUTTONS = (
    CaseButton("claim", 7, "Claim", style="primary"),
    CaseButton("reply", 7, "Reply"),
    CaseButton("close", 7, "Close", style="danger"),
)


def of_case(
    markdown: str, *, kind: str = "post", where: str = CASES, **more: object
) -> ReservedPost:
    line = reserved(where, markdown)
    readers = {"readers": Readers.STAFF, "author": ""}
    return replace(line, post=replace(line.post, kind=kind, case=7, **readers, **more))  # type: ignore[arg-type]


async def opened(adapter: SlackAdapter, markdown: str = "Case 7") -> str:
    """Open the thread of a case; return its key."""
    root = await adapter.deliver(of_case(markdown, kind="thread", case_buttons=BUTTONS))
    return f"{CASES}:{root}"


def changing(first: ReservedPost, ids: str, kind: str, markdown: str = "") -> ReservedPost:
    """Return the post that changes another, which is named by some ids."""
    post = replace(first.post, kind=kind, markdown=markdown, target=first.number)  # type: ignore[arg-type]
    return replace(first, post=post, number=first.number + 100, changes=tuple(ids.split()))


async def test_root_of_a_case_stands_in_its_channel_with_buttons_for_staff(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    thread = await opened(adapter, "**Case 7**: Ann asks")
    (root,) = slack.workspace.posts
    assert (root.channel, root.thread_ts, thread) == ("C1", "", f"{CASES}:{root.ts}")
    assert root.markdown == "**Case 7**: Ann asks"
    assert [(each["text"]["text"], each["value"], each.get("style")) for each in root.buttons] == [
        ("Claim", "claim:7:", "primary"),
        ("Reply", "reply:7:", None),
        ("Close", "close:7:", "danger"),
    ]


async def test_root_whose_answer_was_lost_is_found(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    line = of_case("Case 7", kind="thread", case_buttons=BUTTONS)
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(line)
    found = await adapter.deliver(again(line))
    assert [post.ts for post in slack.workspace.posts] == [found]


async def test_what_a_root_has_no_room_for_stands_in_its_thread_once(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    line = of_case("word " * 4_000, kind="thread", case_buttons=BUTTONS)
    ids = await adapter.deliver(line)
    assert await adapter.deliver(again(line)) == ids
    root, *rest = slack.workspace.posts
    assert (root.ts, root.thread_ts, len(root.buttons)) == (ids, "", 3)
    assert [(post.thread_ts, post.buttons) for post in rest] == [(ids, [])] * len(rest)
    assert rest


async def test_line_in_a_case_thread_has_its_buttons_below_its_end(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    thread = await opened(adapter)
    retry = (CaseButton("retry", 7, "Retry", about="31"),)
    ids = await adapter.deliver(of_case("word " * 4_000, where=thread, case_buttons=retry))
    lines = slack.workspace.posts[1:]
    assert [post.ts for post in lines] == ids.split()
    assert {post.thread_ts for post in lines} == {thread.rpartition(":")[2]}
    assert [len(post.buttons) for post in lines] == [0] * (len(lines) - 1) + [1]
    assert lines[-1].buttons[0]["value"] == "retry:7:31"


async def test_buttons_for_customers_come_back_as_their_presses(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    line = reserved(event.message.conversation, "Did this help?")
    buttons = (Button("b_1", "Yes"), Button("b_2", "No"))
    await adapter.deliver(replace(line, post=replace(line.post, buttons=buttons)))
    slack.press(slack.workspace.posts[0], button=1)
    await slack.sockets.settled()
    (pressed,) = recorder.pressed
    assert (pressed.button, pressed.message.conversation) == ("b_2", event.message.conversation)


async def test_edit_changes_the_post_and_keeps_its_place(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    line = reserved(event.message.conversation, "On its way.")
    ids = await adapter.deliver(line)
    edit = changing(line, ids, "edit", "Delivered **today**.")
    assert await adapter.deliver(edit) == ids
    (post,) = slack.workspace.posts
    assert (post.markdown, post.edits) == ("Delivered **today**.", 1)


async def test_edit_whose_answer_was_lost_is_made_once(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    line = reserved(event.message.conversation, "On its way.")
    edit = changing(line, await adapter.deliver(line), "edit", "Delivered.")
    slack.faults.order("chat.update", Fault(lose_answer=True))
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(edit)
    await adapter.deliver(again(edit))
    (post,) = slack.workspace.posts
    assert (post.markdown, post.edits) == ("Delivered.", 1)


async def test_longer_and_shorter_edits_add_and_remove_posts(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    line = reserved(event.message.conversation, "Short.")
    ids = await adapter.deliver(line)
    ids = await adapter.deliver(changing(line, ids, "edit", "word " * 4_000))
    assert ids.split() == [post.ts for post in slack.workspace.posts]
    assert len(ids.split()) > 1
    ids = await adapter.deliver(changing(line, ids, "edit", "Short again."))
    assert [post.markdown for post in slack.workspace.posts] == ["Short again."]
    assert ids == slack.workspace.posts[0].ts


async def test_buttons_of_a_root_change_with_its_text(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    line = of_case("Case 7", kind="thread", case_buttons=BUTTONS)
    edit = changing(line, await adapter.deliver(line), "edit", "Case 7: closed")
    await adapter.deliver(replace(edit, post=replace(edit.post, case_buttons=())))
    (root,) = slack.workspace.posts
    assert (root.markdown, root.buttons) == ("Case 7: closed", [])


async def test_deletion_takes_all_messages_of_a_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    line = reserved(event.message.conversation, "word " * 4_000)
    gone = changing(line, await adapter.deliver(line), "delete")
    slack.faults.order("chat.delete", Fault(lose_answer=True))
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(gone)
    await adapter.deliver(again(gone))
    assert slack.workspace.posts == []


async def test_what_is_gone_already_is_said(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    line = reserved(event.message.conversation, "On its way.")
    ids = await adapter.deliver(line)
    slack.workspace.remove(slack.workspace.posts[0])
    for kind in ("delete", "edit"):
        with pytest.raises(AdapterError, match="the post is gone: it was deleted on Slack"):
            await adapter.deliver(changing(line, ids, kind, "Delivered."))


@pytest.mark.parametrize(
    ("method", "kind", "code", "said"),
    [
        ("chat.update", "edit", "edit_window_closed", "too old to be changed"),
        ("chat.update", "edit", "cant_update_message", "does not let the bot change"),
        ("chat.update", "edit", "is_archived", "the channel on Slack is archived"),
        ("chat.delete", "delete", "cant_delete_message", "does not let the bot delete"),
        ("chat.postMessage", "post", "not_in_channel", "invite it"),
        ("chat.postMessage", "post", "user_disabled", "account of the person on Slack is switched"),
        ("chat.postMessage", "post", "thread_not_found", "the thread on Slack is gone"),
    ],
)
async def test_refusals_are_said_in_words_that_staff_understand(
    slack: SlackServer, adapter: SlackAdapter, method: str, kind: str, code: str, said: str
) -> None:
    line = of_case("Case 7")
    ids = await adapter.deliver(line)
    slack.faults.order(method, Fault(error=code))
    changed = line if kind == "post" else changing(line, ids, kind, "Closed.")
    with pytest.raises(AdapterError, match=rf"{said}.*\({code}\)"):
        await adapter.deliver(changed)


async def test_what_one_person_alone_sees_can_not_be_changed(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    line = reserved(event.message.conversation, "Your order is 1.")
    private = replace(line, post=replace(line.post, visibility=Visibility.PRIVATE))
    ids = await adapter.deliver(private)
    with pytest.raises(AdapterError, match="what one person alone sees"):
        await adapter.deliver(changing(private, ids, "edit", "Your order is 2."))
    with pytest.raises(AdapterError, match="one person alone saw it"):
        await adapter.deliver(changing(private, ids, "delete"))


async def test_marks_take_each_others_place_and_are_set_once(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    line = slack.write("!send hello", user="U5", channel="C1")
    for mark, shown in (
        ("sent", "white_check_mark"),
        ("failed", "x"),
        ("sent", "white_check_mark"),
    ):
        post = of_case("", kind="mark", marked=f"{CASES}:{line.ts}", mark=mark)
        await adapter.deliver(post)
        await adapter.deliver(again(post))
        assert line.reactions == [shown]


async def test_mark_on_a_post_of_ours(slack: SlackServer, adapter: SlackAdapter) -> None:
    thread = await opened(adapter)
    line = of_case("Sent: hello", where=thread)
    ids = await adapter.deliver(line)
    await adapter.deliver(changing(line, ids, "mark"))
    assert slack.workspace.posts[1].reactions == ["white_check_mark"]


async def test_mark_on_a_line_that_is_gone_is_refused(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    with pytest.raises(AdapterError, match="gone"):
        await adapter.deliver(of_case("", kind="mark", marked=f"{CASES}:1700000000.000100"))


async def test_without_the_scope_a_mark_says_which_one(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    line = slack.write("!send hello", user="U5", channel="C1")
    slack.workspace.scopes = slack.workspace.scopes.replace(",reactions:write", "")
    with pytest.raises(AdapterError, match="reactions:write"):
        await adapter.deliver(of_case("", kind="mark", marked=f"{CASES}:{line.ts}"))
