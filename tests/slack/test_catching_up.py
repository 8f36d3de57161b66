"""What Slack gave up delivering is found in the conversations that the bot takes part in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.common.wording import AdapterWording
from adapters.slack.adapter import SlackAdapter
from adapters.slack.bolt_app import BoltApp
from adapters.slack.catchup import CatchUp
from adapters.slack.client import web_client
from adapters.slack.identity import Identity
from adapters.slack.names import Names
from adapters.slack.used_buttons import UsedButtons
from bot.errors import StorageError
from bot.messages import Readers
from tests.servers.slack import Fault, SlackServer
from tests.servers.slack.events import callback, message_event
from tests.slack.conftest import Recorder, connected, eventually, section

BEFORE = datetime.now(UTC) - timedelta(hours=1)
US = Identity("UBOT", "B1", "T1")


@dataclass
class Memory:
    """A `History` that knows conversations and when they began."""

    known: Mapping[str, datetime]
    failures: list[Exception] = field(default_factory=list)
    asked: int = 0
    kept: set[str] = field(default_factory=set)

    async def accepted(self, prefix: str) -> Sequence[str]:
        return []

    async def conversations(
        self, prefix: str, *, since: datetime, limit: int
    ) -> Mapping[str, datetime]:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return {key: begun for key, begun in self.known.items() if key.startswith(prefix)}

    async def first_start(self, source: str, now: datetime) -> datetime:
        return min(BEFORE, now)

    async def readers(self, conversation: str) -> Readers | None:
        return Readers.AUTHOR if ":D" in conversation else Readers.OTHERS

    async def stored(self, prefix: str, *, since: datetime, conversation: str = "") -> set[str]:
        return {each for each in self.kept if each.startswith(conversation or prefix)}

    async def replies(self, conversation: str, *, since: datetime) -> Sequence[str]:
        return []


@asynccontextmanager
async def desk(
    slack: SlackServer,
    recorder: Recorder,
    *keys: str,
    kept: frozenset[str] = frozenset(),
    **settings: object,
) -> AsyncIterator[SlackAdapter]:
    memory = Memory(dict.fromkeys(keys, BEFORE), kept=set(kept))
    settings = {"catch_up_pace": 0.0, **settings}
    async with connected(slack, recorder, past=memory, **settings) as adapter:
        yield adapter


def looks(slack: SlackServer) -> list[str]:
    methods = ("conversations.history", "conversations.replies")
    return [method for method, _ in slack.api.calls if method in methods]


async def test_direct_messages_and_open_threads_are_read_in_order(
    slack: SlackServer, recorder: Recorder
) -> None:
    root = slack.write("<@UBOT> hi", user="U1", channel="C1")
    for number in range(2):
        slack.write(f"direct {number}", user="U2", channel="D2")
        slack.write(f"reply {number}", user="U1", channel="C1", thread_ts=root.ts)
    slack.write("small talk", user="U1", channel="C1")
    slack.write("strangers", user="U3", channel="D3")
    async with desk(slack, recorder, f"slack:A1:C1:{root.ts}", "slack:A1:D2"):
        await eventually(lambda: len(recorder.events) == 5)
    assert recorder.texts == ["hi", "reply 0", "reply 1", "direct 0", "direct 1"]
    conversations = {event.message.conversation for event in recorder.events}
    assert conversations == {f"slack:A1:C1:{root.ts}", "slack:A1:D2"}


async def test_message_has_the_id_that_its_event_has(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with desk(slack, recorder, "slack:A1:D2"):
        slack.say("hello", channel="D2", user="U2")
        await slack.sockets.settled()
    async with desk(slack, recorder, "slack:A1:D2"):
        await eventually(lambda: len(recorder.calls) >= 2)
    assert recorder.texts == ["hello"]
    assert len(set(recorder.calls)) == 1


async def test_talk_from_before_the_bot_was_asked_in_is_left_alone(
    slack: SlackServer, recorder: Recorder
) -> None:
    root = slack.write("our plans", user="U1", channel="C1")
    slack.write("among ourselves", user="U2", channel="C1", thread_ts=root.ts)
    asked = slack.write("<@UBOT> and you?", user="U1", channel="C1", thread_ts=root.ts)
    slack.write("well?", user="U1", channel="C1", thread_ts=root.ts)
    begun = datetime.fromtimestamp(float(asked.ts), UTC)
    memory = Memory({f"slack:A1:C1:{root.ts}": begun})
    async with connected(slack, recorder, past=memory, catch_up_pace=0.0):
        await eventually(lambda: len(recorder.events) == 2)
    assert recorder.texts == ["and you?", "well?"]


async def test_root_of_a_thread_that_is_older_than_the_limit_is_left_alone(
    slack: SlackServer, recorder: Recorder
) -> None:
    root = slack.write("<@UBOT> hi", user="U1", channel="C1")
    slack.write("reply", user="U1", channel="C1", thread_ts=root.ts)
    a_moment = 1e-9
    async with desk(slack, recorder, f"slack:A1:C1:{root.ts}", catch_up_hours=a_moment):
        await eventually(lambda: looks(slack))
    assert recorder.events == []


async def test_nothing_is_read_when_that_is_switched_off(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.write("hello", user="U2", channel="D2")
    async with desk(slack, recorder, "slack:A1:D2", catch_up_hours=0):
        slack.say("live", channel="D4")
        await slack.sockets.settled()
    assert recorder.texts == ["live"]
    assert looks(slack) == []


async def test_channel_where_only_a_command_was_given_is_not_read(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.write("hello", user="U2", channel="D2")
    async with desk(slack, recorder, "slack:A1:C1", "slack:A1:D2"):
        await eventually(lambda: recorder.events)
    assert looks(slack) == ["conversations.history"]


async def test_long_conversation_is_read_page_by_page(
    slack: SlackServer, recorder: Recorder
) -> None:
    for number in range(250):
        slack.write(f"{number}", user="U2", channel="D2")
    async with desk(slack, recorder, "slack:A1:D2"):
        await eventually(lambda: len(recorder.events) == 250)
    assert recorder.texts == [str(number) for number in range(250)]
    assert len(looks(slack)) == 3


async def test_rate_limit_is_waited_for_and_refused_conversations_are_passed_over(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.faults.order("conversations.history", Fault(retry_after=1))
    slack.faults.order("conversations.history", Fault(status=503))
    for channel in ("D2", "D4"):
        slack.write(f"hello from {channel}", user="U2", channel=channel)
    closed = "slack:A1:C3:1700000000.000100"
    async with desk(slack, recorder, closed, "slack:A1:D2", "slack:A1:D4"):
        await eventually(lambda: len(recorder.events) == 2)
    assert recorder.texts == ["hello from D2", "hello from D4"]


async def test_reconnecting_at_once_needs_no_look(slack: SlackServer, recorder: Recorder) -> None:
    async with desk(slack, recorder, "slack:A1:D2"):
        await eventually(lambda: looks(slack))
        await slack.sockets.disconnect("refresh_requested")
        await eventually(lambda: slack.sockets.connections_made == 2)
        slack.say("live", channel="D4")
        await slack.sockets.settled()
    assert len(looks(slack)) == 1


async def test_message_that_could_not_be_stored_is_looked_for_where_nobody_had_written_before(
    slack: SlackServer, recorder: Recorder
) -> None:
    client = web_client(slack.workspace.bot_token, section(slack))
    catch_up = CatchUp(client, US, recorder.accept, Memory({}), 24.0, 0.0, retries=0.05)
    failing = Recorder(failures=1).accept
    used, names = UsedButtons(client), Names(client, US.user)
    app = BoltApp(client, US, failing, catch_up.not_stored, AdapterWording({}), used, names)
    message = slack.write("hello", user="U2", channel="D2")
    event = callback(slack.workspace, message_event(slack.workspace, message))
    socket = SocketModeClient(slack.workspace.app_token)
    looking = asyncio.create_task(catch_up.run())
    await app.handle(socket, SocketModeRequest("events_api", "envelope", event))
    await eventually(lambda: recorder.events)
    looking.cancel()
    await asyncio.wait([looking])
    await socket.close()  # type: ignore[no-untyped-call]
    assert recorder.texts == ["hello"]


async def test_look_is_repeated_when_storage_is_away(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.write("hello", user="U2", channel="D2")
    memory = Memory({"slack:A1:D2": BEFORE}, [StorageError("away")])
    async with connected(slack, recorder, past=memory, catch_up_pace=0.0):
        await eventually(lambda: recorder.events)
    assert memory.asked == 2


async def test_leaving_does_not_wait_for_a_look(slack: SlackServer, recorder: Recorder) -> None:
    slack.faults.order("conversations.history", Fault(hang=60.0))
    async with asyncio.timeout(10), desk(slack, recorder, "slack:A1:D2"):
        await eventually(lambda: looks(slack))


async def test_in_support_channels_what_nobody_put_to_the_bot_is_read_as_well(
    slack: SlackServer, recorder: Recorder
) -> None:
    root = slack.write("is it in stock?", user="U1", channel="C1")
    slack.write("a reply", user="U2", channel="C1", thread_ts=root.ts)
    slack.write("elsewhere", user="U1", channel="G1")
    keys = {"C1": {"support": True}, "G1": {"support": False}}
    async with desk(slack, recorder, "slack:A1:D2", channels=keys):
        await eventually(lambda: recorder.events and len(looks(slack)) == 2)
    assert recorder.texts == ["is it in stock?"]
    assert recorder.received[0].message.id == f"slack:A1:C1:{root.ts}"
