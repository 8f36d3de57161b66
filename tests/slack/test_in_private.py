"""What is personal on Slack: direct messages, windows, menus, and what Slack tells of people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.manifest import EMAIL_SCOPE, manifest
from adapters.slack.plugin import plugin
from bot.answering.wording import BUILT_IN
from bot.errors import ServiceUnavailable, StorageError
from bot.messages import Addressing, Button, Event, Offer, Pressed, Readers, Received, Say
from bot.ports import Window
from tests.servers.slack import Fault, SlackServer
from tests.servers.slack.workspace import ALL_SCOPES
from tests.slack.conftest import (
    Recorder,
    answer,
    ask,
    connected,
    environment,
    eventually,
    section,
)

OPENS = Offer((Button("b_1", "Continue in private", opens=True),))
SIZES = tuple(Button(f"s_{each}", f"Size {each}", listed=True) for each in range(6))


class KnownWindows:
    """One window, which belongs to one person."""

    def __init__(self) -> None:
        self.window_of: dict[tuple[str, str], Window] = {}
        self.fails = False

    async def window(self, button: str, person: str) -> Window | None:
        if self.fails:
            raise StorageError("away")
        return self.window_of.get((button, person))


@pytest.fixture
def windows() -> KnownWindows:
    return KnownWindows()


@pytest.fixture
async def adapter(
    slack: SlackServer, recorder: Recorder, windows: KnownWindows
) -> AsyncIterator[SlackAdapter]:
    async with connected(slack, recorder, windows=windows) as adapter:
        yield adapter


async def asked_in_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, windows: KnownWindows
) -> Event:
    """Post a button in a thread whose window asks for a size."""
    event = await ask(slack, recorder, "<@UBOT> return it", channel="C1")
    await answer(adapter, event, Say("This is personal."), OPENS)
    place = event.message.conversation
    said = "**Which** size? <@U2>"
    windows.window_of["b_1", "slack:T1:U1"] = Window(place, said, "en", SIZES[:2])
    return event


async def test_a_window_asks_and_what_is_written_in_it_is_a_message_of_the_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, windows: KnownWindows
) -> None:
    event = await asked_in_thread(slack, recorder, adapter, windows)
    slack.press(slack.workspace.posts[0])
    await eventually(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    assert view["title"]["text"] == "Continue in private"
    assert view["blocks"][0]["text"]["text"].startswith("Which size?")
    assert len(recorder.events) == 1
    slack.answer_window(text=" the small one ")
    await slack.sockets.settled()
    written = recorder.events[-1]
    assert isinstance(written, Received)
    message = written.message
    assert (message.text, message.conversation) == ("the small one", event.message.conversation)
    assert (message.addressing, message.readers) == (Addressing.EPHEMERAL, Readers.OTHERS)
    assert message.answered_alone
    await answer(adapter, written, Say("Noted."))
    last = slack.workspace.posts[-1]
    assert (last.only_for, last.thread_ts) == ("U1", slack.workspace.posts[0].thread_ts)


async def test_what_is_chosen_in_a_window_is_a_press(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, windows: KnownWindows
) -> None:
    await asked_in_thread(slack, recorder, adapter, windows)
    slack.press(slack.workspace.posts[0])
    await eventually(lambda: slack.workspace.views)
    slack.answer_window()
    await slack.sockets.settled()
    assert len(recorder.events) == 1  # nothing stood in it
    slack.answer_window(chosen="s_1")
    await slack.sockets.settled()
    pressed = recorder.events[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.button, pressed.message.text) == ("s_1", "Size 1")


@pytest.mark.parametrize(("fails", "said"), [(False, "expired"), (True, "try_again")])
async def test_who_may_not_open_a_window_is_told_so_alone(
    slack: SlackServer,
    recorder: Recorder,
    adapter: SlackAdapter,
    windows: KnownWindows,
    fails: bool,
    said: str,
) -> None:
    await asked_in_thread(slack, recorder, adapter, windows)
    windows.fails = fails
    slack.press(slack.workspace.posts[0], user="U9")
    await eventually(lambda: len(slack.workspace.posts) > 1)
    told = slack.workspace.posts[-1]
    assert (told.only_for, told.text) == ("U9", BUILT_IN[said]["en"])
    assert slack.workspace.views == []


async def test_a_window_with_nothing_to_answer_only_says_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, windows: KnownWindows
) -> None:
    await asked_in_thread(slack, recorder, adapter, windows)
    windows.window_of["b_1", "slack:T1:U1"] = Window("", "It is late.", "en", asks=False)
    slack.press(slack.workspace.posts[0])
    await eventually(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    assert [block["type"] for block in view["blocks"]] == ["section"]
    assert "submit" not in view


async def test_many_values_stand_in_a_menu_and_a_choice_is_a_press(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "which sizes", channel="D7")
    await answer(adapter, event, Say("Which?"), Offer((*SIZES, Button("b_9", "Stop"))))
    (post,) = slack.workspace.posts
    (row,) = [block for block in post.blocks if block["type"] == "actions"]
    assert [each["type"] for each in row["elements"]] == ["static_select", "button"]
    slack.pick(post, "Size 3")
    await slack.sockets.settled()
    (pressed,) = recorder.pressed
    assert (pressed.button, pressed.message.text) == ("s_3", "Size 3")


async def test_direct_messages_are_opened_once(slack: SlackServer, adapter: SlackAdapter) -> None:
    assert await adapter.direct_messages("slack:T1:U7") == "slack:A1:D7"
    assert await adapter.direct_messages("slack:T1:U7") == "slack:A1:D7"
    assert [name for name, _ in slack.api.calls].count("conversations.open") == 1


async def test_a_conversation_of_more_people_is_no_direct_message(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    slack.workspace.grouped.add("U8")
    assert await adapter.direct_messages("slack:T1:U8") == ""


async def test_who_takes_no_direct_messages_is_told_from_an_outage(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    slack.workspace.closed.add("U8")
    assert await adapter.direct_messages("slack:T1:U8") == ""
    slack.faults.order("conversations.open", Fault(status=503))
    with pytest.raises(ServiceUnavailable):
        await adapter.direct_messages("slack:T1:U7")


async def test_without_the_scope_no_direct_messages_are_opened(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    slack.workspace.scopes = ALL_SCOPES.replace("im:write,", "")
    assert await adapter.direct_messages("slack:T1:U7") == ""


@pytest.mark.parametrize(
    ("told", "person", "address"),
    [
        ({"is_email_confirmed": True}, "slack:T1:U1", "ann@example.com"),
        ({"is_email_confirmed": False}, "slack:T1:U1", ""),
        ({}, "slack:T1:U1", ""),
        ({"is_email_confirmed": True, "is_stranger": True}, "slack:T1:U1", ""),
        ({"is_email_confirmed": True, "team_id": "T2"}, "slack:T1:U1", ""),
        ({"is_email_confirmed": True, "deleted": True}, "slack:T1:U1", ""),
        ({"is_email_confirmed": True}, "slack:T2:U1", ""),
    ],
)
async def test_only_a_confirmed_address_of_our_own_workspace_counts(
    slack: SlackServer,
    adapter: SlackAdapter,
    told: dict[str, object],
    person: str,
    address: str,
) -> None:
    slack.workspace.scopes = f"{ALL_SCOPES},{EMAIL_SCOPE}"
    slack.workspace.names["U1"] = "Ann"
    slack.workspace.people["U1"] = told
    slack.workspace.emails["U1"] = {"email": "ann@example.com"}
    assert await adapter.verified_email(person) == address


async def test_the_time_zone_is_asked_for_once_a_day(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    slack.workspace.names["U1"] = "Ann"
    slack.workspace.people["U1"] = {"tz": "Asia/Tokyo"}
    assert await adapter.time_zone("slack:T1:U1") == "Asia/Tokyo"
    assert await adapter.time_zone("slack:T1:U1") == "Asia/Tokyo"
    assert await adapter.time_zone("slack:T1:U2") == ""
    assert [name for name, _ in slack.api.calls].count("users.info") == 2


def test_the_scope_for_addresses_is_wanted_only_where_they_prove_something() -> None:
    assert EMAIL_SCOPE not in manifest("Bo")["oauth_config"]["scopes"]["bot"]
    assert EMAIL_SCOPE in manifest("Bo", emails=True)["oauth_config"]["scopes"]["bot"]


async def test_doctor_says_when_addresses_cannot_be_read(slack: SlackServer) -> None:
    (missing,) = await plugin.check_emails(section(slack), environment(slack))
    assert (missing.state, EMAIL_SCOPE in missing.found) == ("fail", True)
    slack.workspace.scopes = f"{ALL_SCOPES},{EMAIL_SCOPE}"
    (there,) = await plugin.check_emails(section(slack), environment(slack))
    assert there.state == "ok"
