"""A status shows in the thread while the bot thinks, and never stays behind."""

from __future__ import annotations

import pytest
import structlog

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN, BotWording
from bot.config.responder import ResponderConfig
from bot.messages import Say
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, answer, ask, connected, eventually


def asked_for(slack: SlackServer) -> list[str]:
    return [method for method, _ in slack.api.calls if method == "assistant.threads.setStatus"]


async def asked(slack: SlackServer) -> None:
    """Wait until Slack was asked for a status: that is later than most answers."""
    await eventually(lambda: asked_for(slack))


async def test_status_shows_in_the_thread_until_the_reply_is_posted(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    async with adapter.thinking(event):
        await eventually(lambda: slack.workspace.statuses)
        await answer(adapter, event, Say("Hello."))
    thread = event.message.id.rpartition(":")[2]
    assert slack.workspace.statuses == [("C1", thread, "is thinking...")]


async def test_reply_waits_for_the_status_that_it_will_clear(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    slack.faults.order("assistant.threads.setStatus", Fault(hang=0.2))
    async with adapter.thinking(event):
        await asked(slack)
        await answer(adapter, event, Say("Hello."))
        assert len(slack.workspace.statuses) == 1


async def test_status_is_taken_back_when_nothing_is_said(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    async with adapter.thinking(event):
        await asked(slack)
        await answer(adapter, event)
    assert [words for _, _, words in slack.workspace.statuses] == ["is thinking...", ""]


async def test_answer_that_is_there_at_once_needs_no_status(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    async with adapter.thinking(event):
        await answer(adapter, event, Say("Hello."))
    assert not asked_for(slack)


async def test_status_can_be_switched_off(slack: SlackServer, recorder: Recorder) -> None:
    async with connected(slack, recorder, status="") as adapter:
        event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
        async with adapter.thinking(event):
            pass
    assert slack.workspace.statuses == []


async def test_status_is_in_the_words_of_the_bot_in_the_default_language(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    for own in ({}, {"texts": {"status": {"de": "sucht nach ..."}}}):
        adapter.use_wording(BotWording(ResponderConfig.model_validate(own), "de"))
        slack.api.calls.clear()
        async with adapter.thinking(event):
            await asked(slack)
    words = [words for _, _, words in slack.workspace.statuses if words]
    assert words == [BUILT_IN["status"]["de"], "sucht nach ..."]


async def test_refused_status_is_logged_once_and_not_asked_for_again(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.scopes = slack.workspace.scopes.replace("assistant:write", "files:write")
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
            async with adapter.thinking(event):
                await asked(slack)
                await answer(adapter, event, Say("Hello."))
    assert [entry["event"] for entry in logs].count("slack.no_status") == 1
    assert [method for method, _ in slack.api.calls].count("assistant.threads.setStatus") == 1


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(lose_answer=True)])
async def test_failing_status_does_not_keep_the_reply(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, fault: Fault
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    slack.faults.order("assistant.threads.setStatus", fault)
    async with adapter.thinking(event):
        await asked(slack)
        await answer(adapter, event, Say("Hello."))
    assert [post.markdown for post in slack.workspace.posts] == ["Hello."]
