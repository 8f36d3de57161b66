"""Edits and deletions reach the core as what they are; unfurls and echoes of deletions do not."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Addressing, Deleted, Edited, Readers, Say
from tests.servers.slack import Post, SlackServer
from tests.servers.slack.events import changed_event, message_event
from tests.slack.conftest import Recorder, Reply, answer, ask, done, eventually, parts_of
from tests.slack.test_catching_up import desk, looks

pytestmark = pytest.mark.usefixtures("adapter")


async def test_an_edit_names_the_message_and_says_what_it_says_now(
    slack: SlackServer, recorder: Recorder
) -> None:
    said = slack.say("where is my oder?", user="U7", channel="D7")
    slack.edit(said, "where is my <https://shop.example|order>?", after=20)
    await slack.sockets.settled()
    edit = recorder.events[1]
    assert isinstance(edit, Edited)
    assert edit.original == recorder.received[0].message.id
    assert edit.message.text == "where is my order (https://shop.example)?"
    assert edit.message.author.key == "slack:T1:U7"
    assert edit.message.conversation == "slack:A1:D7"
    assert edit.message.addressing is Addressing.DIRECT
    assert edit.message.readers is Readers.AUTHOR
    assert edit.message.sent_at == recorder.received[0].message.sent_at
    seconds = (edit.edited_at - edit.message.sent_at).total_seconds()
    assert seconds == pytest.approx(20, abs=0.01)


async def test_an_edit_that_slack_delivers_again_is_the_same_edit(
    slack: SlackServer, recorder: Recorder
) -> None:
    said = slack.say("hi", channel="D7")
    slack.edit(said, "hello")
    first = slack.sockets.envelopes[-1]
    slack.sockets.deliver(first.type, first.payload)
    slack.edit(said, "hello there", after=5)
    await slack.sockets.settled()
    assert len(set(recorder.calls)) == 3
    assert [event.message.text for event in recorder.events] == ["hi", "hello", "hello there"]


async def test_an_edit_in_a_thread_belongs_to_the_thread(
    slack: SlackServer, recorder: Recorder
) -> None:
    first = slack.say("<@UBOT> hello", channel="C1")
    said = slack.say("and to Noway?", channel="C1", thread_ts=first.ts)
    slack.edit(said, "and to Norway?")
    await slack.sockets.settled()
    edit = recorder.events[-1]
    assert isinstance(edit, Edited)
    assert edit.message.conversation == f"slack:A1:C1:{first.ts}"
    assert edit.message.addressing is Addressing.THREAD


async def test_a_link_that_is_unfurled_is_no_edit(slack: SlackServer, recorder: Recorder) -> None:
    said = slack.say("see https://shop.example/a", channel="D7")
    slack.unfurl(said)
    slack.edit(said, "see https://shop.example/b")
    slack.unfurl(said)
    await slack.sockets.settled()
    assert len(recorder.calls) == 3 - 1


async def test_what_the_bot_itself_edits_or_deletes_is_no_event(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    await answer(adapter, event, Say("Hello."))
    (post,) = slack.workspace.posts
    slack.edit(post, "Hello!")
    slack.delete(post)
    await slack.sockets.settled()
    assert len(recorder.calls) == 1


async def test_a_deletion_names_the_message_and_holds_nothing_of_it(
    slack: SlackServer, recorder: Recorder
) -> None:
    said = slack.say("my secret", user="U7", channel="D7")
    slack.delete(said)
    await slack.sockets.settled()
    deletion = recorder.events[1]
    assert isinstance(deletion, Deleted)
    assert deletion.original == recorder.received[0].message.id
    assert deletion.message.text == ""
    assert deletion.message.author.key == "slack:T1:U7"
    assert deletion.message.sent_at >= recorder.received[0].message.sent_at


async def test_a_deletion_without_the_message_still_names_it(
    slack: SlackServer, recorder: Recorder
) -> None:
    said = slack.say("my secret", user="U7", channel="D7")
    event = message_event(slack.workspace, said) | {
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": said.ts,
        "user": None,
        "text": None,
    }
    slack.deliver(event)
    await slack.sockets.settled()
    deletion = recorder.events[1]
    assert isinstance(deletion, Deleted)
    assert deletion.original == recorder.received[0].message.id
    assert deletion.message.author.key == ""


async def test_a_deleted_root_with_replies_is_a_deletion_and_its_replies_are_unchanged(
    slack: SlackServer, recorder: Recorder
) -> None:
    root = slack.say("<@UBOT> my secret", user="U7", channel="C1")
    slack.say("and more", channel="C1", thread_ts=root.ts)
    slack.delete(root)
    await slack.sockets.settled()
    (deletion,) = recorder.events[2:]
    assert isinstance(deletion, Deleted)
    assert deletion.original == recorder.received[0].message.id


@pytest.mark.parametrize(
    "broken",
    [
        {"message": None},
        {"message": {}},
        {"message": {"ts": "soon", "user": "U1", "text": "x", "edited": {"ts": "1.1"}}},
        {"message": {"ts": "1.1", "user": "U1", "text": "x", "edited": {"ts": "never"}}},
        {"message": {"ts": "1.1", "user": "U1", "text": "x", "edited": {}}},
        {"message": {"ts": "1.1", "bot_id": "B9", "text": "x", "edited": {"ts": "1.1"}}},
        {"subtype": "message_deleted", "deleted_ts": None},
        {"subtype": "message_deleted", "deleted_ts": "1.1", "channel": None},
    ],
)
async def test_changes_of_a_strange_shape_are_dropped_and_acknowledged(
    slack: SlackServer, recorder: Recorder, broken: dict[str, object]
) -> None:
    noise = Post(slack.workspace.new_ts(), "C1", "U1", "noise")
    envelope = slack.deliver(changed_event(slack.workspace, noise, {}) | broken)
    await slack.sockets.settled()
    assert envelope.state == "acked"
    assert recorder.calls == []


async def test_an_answer_that_is_made_again_is_edited_and_gets_the_posts_it_needs(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = await answer(adapter, await ask(slack, recorder), Say("Two days."))
    (first,) = slack.workspace.posts
    long = Say("\n\n".join(["Word. " * 1_000] * 3))
    await adapter.post(reply, parts_of(long, done(reply.event)))
    posts = slack.workspace.posts
    assert len(posts) == 3
    assert posts[0] is first
    assert first.edits == 1
    assert reply.posted == tuple(post.ts for post in posts)

    await adapter.post(reply, parts_of(Say("Three days."), done(reply.event)))
    assert [post.markdown for post in slack.workspace.posts] == ["Three days."]
    assert reply.posted == (first.ts,)


async def test_an_answer_that_becomes_silence_is_deleted(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = await answer(adapter, await ask(slack, recorder), Say("Two days."))
    await adapter.post(reply, parts_of(done(reply.event)))
    assert slack.workspace.posts == []
    assert reply.posted == ()


@pytest.mark.parametrize("channel", ["D7", "C1"])
async def test_a_withdrawn_answer_leaves_no_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    reply = await answer(adapter, event, Say("\n\n".join(["Word. " * 1_000] * 3)))
    calls = len(looks(slack))
    await adapter.withdraw(reply)
    assert slack.workspace.posts == []
    assert reply.posted == ()
    assert len(looks(slack)) == calls, "what is known need not be looked for"


async def test_a_withdrawn_answer_that_nobody_noted_is_found_and_deleted(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Hello."))
    await adapter.withdraw(Reply(event, attempt=2))
    assert slack.workspace.posts == []


async def test_a_post_that_staff_have_deleted_is_no_obstacle(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = await answer(adapter, await ask(slack, recorder), Say("Hello."))
    slack.workspace.remove(slack.workspace.posts[0])
    await adapter.withdraw(reply)
    assert slack.workspace.posts == []


async def test_edits_and_deletions_that_were_missed_are_found(slack: SlackServer) -> None:
    recorder = Recorder()
    kept = slack.write("as it was", user="U1", channel="D8")
    changed = slack.write("where is my oder?", user="U1", channel="D8")
    gone = slack.write("my secret", user="U1", channel="D8")
    root = slack.write("<@UBOT> my secret", user="U1", channel="C1")
    slack.write("a reply", user="U2", channel="C1", thread_ts=root.ts)
    ids = [f"slack:A1:{each.channel}:{each.ts}" for each in (kept, changed, gone, root)]
    slack.edit(changed, "where is my order?", tell=False)
    slack.delete(gone, tell=False)
    slack.delete(root, tell=False)
    keys = ("slack:A1:D8", f"slack:A1:C1:{root.ts}")
    async with desk(slack, recorder, *keys, kept=frozenset(ids)):
        await eventually(lambda: sum(isinstance(each, Deleted) for each in recorder.events) == 2)
    edits = [each for each in recorder.events if isinstance(each, Edited)]
    deletions = [each.original for each in recorder.events if isinstance(each, Deleted)]
    assert [each.original for each in edits] == [ids[1]]
    assert edits[0].message.text == "where is my order?"
    assert sorted(deletions) == sorted(ids[2:])
