"""Commands, shortcuts, presses and modals reach one router, and are acknowledged in time."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import Button, Offer, Say
from tests.servers.slack import SlackServer
from tests.servers.slack.socket_mode import Envelope
from tests.slack.conftest import Recorder, answer, ask, connected, eventually

OFFER = Offer((Button("b_1", "This"),))


def use(slack: SlackServer, kind: str) -> Envelope:
    """Let U7 press the button of the first post, or use a command."""
    if kind == "press":
        return slack.press(slack.workspace.posts[0], user="U7")
    return slack.command("pause", user="U7")


async def test_an_unknown_shortcut_on_a_message_is_answered_where_it_was_used(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder):
        message = slack.write("hi", user="U1", channel="C1")
        envelope = slack.shortcut("make_ticket", user="U7", message=message)
        await slack.sockets.settled()

    (post,) = slack.workspace.posts
    assert envelope.state == "acked"
    assert (post.channel, post.only_for) == ("C1", "U7")
    assert post.text == BUILT_IN["unknown_command"]["en"]
    assert recorder.calls == []


@pytest.mark.parametrize("kind", ["shortcut", "modal"])
async def test_what_is_unknown_and_was_used_nowhere_is_answered_in_direct_messages(
    slack: SlackServer, recorder: Recorder, kind: str
) -> None:
    async with connected(slack, recorder):
        send = slack.submit if kind == "modal" else slack.shortcut
        envelope = send("make_ticket", user="U7")
        await slack.sockets.settled()

    (post,) = slack.workspace.posts
    assert envelope.state == "acked"
    assert post.channel == "U7"
    assert post.text == BUILT_IN["unknown_command"]["en"]
    assert recorder.calls == []


async def test_a_button_of_another_version_is_answered_for_their_eyes_only(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder) as adapter:
        event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
        await answer(adapter, event, Say("Which?"), OFFER)
        offered = slack.workspace.posts[0]
        offered.blocks[-1]["elements"][0]["action_id"] = "rate_answer"
        envelope = slack.press(offered, user="U7")
        await slack.sockets.settled()

    _, told = slack.workspace.posts
    assert envelope.state == "acked"
    assert (told.only_for, told.text) == ("U7", BUILT_IN["expired"]["en"])
    assert recorder.pressed == []


async def test_a_button_that_is_a_link_is_acknowledged_and_not_answered(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder) as adapter:
        await answer(adapter, await ask(slack, recorder), Say("Which?"), OFFER)
        button = slack.workspace.posts[0].blocks[-1]["elements"][0]
        button |= {"action_id": "open_shop", "url": "https://example.org"}
        envelope = slack.press(slack.workspace.posts[0])
        await slack.sockets.settled()

    assert envelope.state == "acked"
    assert len(slack.workspace.posts) == 1


async def test_a_refusal_in_a_channel_without_the_bot_comes_as_a_direct_message(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder):
        recorder.failures = 1
        slack.command("pause", channel="C3", user="U7")
        await slack.sockets.settled()

    (post,) = slack.workspace.posts
    assert (post.channel, post.text) == ("U7", BUILT_IN["try_again"]["en"])


async def test_a_button_posted_before_a_restart_works_after_it(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder) as adapter:
        event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
        await answer(adapter, event, Say("Which?"), OFFER)
    async with connected(slack, recorder):
        envelope = slack.press(slack.workspace.posts[0])
        await slack.sockets.settled()

    (pressed,) = recorder.pressed
    assert envelope.state == "acked"
    assert (pressed.button, pressed.message.conversation) == ("b_1", event.message.conversation)


@pytest.mark.parametrize("kind", ["press", "command"])
async def test_slow_storage_delays_no_acknowledgement(
    slack: SlackServer,
    recorder: Recorder,
    adapter: SlackAdapter,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.common.interactions.ACKNOWLEDGE_WITHIN", 0.05)
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Which?"), OFFER)
    recorder.gate = asyncio.Event()
    envelope = use(slack, kind)
    await slack.sockets.settled()
    before = len(recorder.events)
    recorder.gate.set()
    await eventually(lambda: len(recorder.events) > before)

    assert envelope.state == "acked"
    assert before == 1
    assert len(slack.workspace.posts) == 1


@pytest.mark.parametrize("kind", ["press", "command"])
async def test_who_was_acknowledged_hears_when_storing_fails_later(
    slack: SlackServer, recorder: Recorder, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.common.interactions.ACKNOWLEDGE_WITHIN", 0.05)
    async with connected(slack, recorder) as adapter:
        event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
        await answer(adapter, event, Say("Which?"), OFFER)
        recorder.gate, recorder.failures = asyncio.Event(), 1
        envelope = use(slack, kind)
        await slack.sockets.settled()
        recorder.gate.set()

    _, told = slack.workspace.posts
    assert envelope.state == "acked"
    assert (told.only_for, told.text) == ("U7", BUILT_IN["try_again"]["en"])
