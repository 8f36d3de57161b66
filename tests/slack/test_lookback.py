"""What stands before a mention that only points at it."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError
from bot.messages import Say
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, ask


async def test_in_a_channel_the_latest_lines_of_people_come_first(
    slack: SlackServer, adapter: SlackAdapter, recorder: Recorder
) -> None:
    for number in range(7):
        slack.write(f"line {number}", user="U2", channel="C1")
    slack.write("said by the bot", user="UBOT", channel="C1")
    event = await ask(slack, recorder, "<@UBOT> can you answer this?", channel="C1")
    slack.write("later", user="U2", channel="C1")
    lines = await adapter.earlier(event.message)
    assert [line.text for line in lines] == ["line 6", "line 5", "line 4", "line 3"]
    assert {line.author for line in lines} == {"slack:T1:U2"}


async def test_in_a_thread_its_first_line_comes_before_the_latest_ones(
    slack: SlackServer, adapter: SlackAdapter, recorder: Recorder
) -> None:
    first = slack.write("does it fit? &lt;40 l", user="U2", channel="C1")
    slack.write("no clue", user="U3", channel="C1", thread_ts=first.ts)
    slack.write("hmm", user="U2", channel="C1", thread_ts=first.ts)
    event = await ask(slack, recorder, "<@UBOT> do you know?", channel="C1", thread_ts=first.ts)
    lines = await adapter.earlier(event.message)
    assert [line.text for line in lines] == ["does it fit? <40 l", "hmm", "no clue"]
    assert lines[0].id == first.ts


async def test_answers_of_the_bot_are_left_out(
    slack: SlackServer, adapter: SlackAdapter, recorder: Recorder
) -> None:
    asked = await ask(slack, recorder, "<@UBOT> hello", channel="C1")
    await answer(adapter, asked, Say("Hello!"))
    thread = asked.message.conversation.rpartition(":")[2]
    event = await ask(slack, recorder, "<@UBOT> is that true?", channel="C1", thread_ts=thread)
    assert [line.text for line in await adapter.earlier(event.message)] == ["hello"]


async def test_a_place_that_may_not_be_read_is_refused(
    slack: SlackServer, adapter: SlackAdapter, recorder: Recorder
) -> None:
    event = await ask(slack, recorder, "<@UBOT> do you know?", channel="C1")
    slack.workspace.scopes = slack.workspace.scopes.replace("channels:history,", "")
    with pytest.raises(AdapterError, match="channels:history"):
        await adapter.earlier(event.message)
