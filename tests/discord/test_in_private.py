"""What is personal on Discord: direct messages, windows and menus."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import StorageError
from bot.messages import Addressing, Button, MarkUsed, Offer, Pressed, Received
from bot.ports import Window
from tests.discord.desk import Recorder, answer, response_to, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT

MESSAGE, DEFERRED_UPDATE, MODAL = 4, 6, 9
EPHEMERAL = 1 << 6
OPENS = Offer((Button("b_1", "Continue in private", opens=True),))
SIZES = tuple(Button(f"s_{each}", f"Size {each}", listed=True) for each in range(6))


class KnownWindows:
    """Windows by button and person."""

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
    server: DiscordServer, channel: int, recorder: Recorder, windows: KnownWindows
) -> AsyncIterator[DiscordAdapter]:
    async with serving(server, recorder, windows=windows) as running:
        yield running


async def pointer(
    server: DiscordServer,
    channel: int,
    adapter: DiscordAdapter,
    recorder: Recorder,
    windows: KnownWindows,
) -> tuple[int, str]:
    """Post a button whose window asks for a size; return the post and its conversation."""
    server.world.say(channel, 7, f"<@{BOT}> return it")
    event = await recorder.received()
    await answer(adapter, event, "This is personal.", OPENS)
    place = event.message.conversation
    said = "**Which** size? <@8>"
    windows.window_of["b_1", "discord:discord:7"] = Window(place, said, "en", SIZES[:2])
    return int(server.world.posts[-1].message["id"]), place


async def test_a_window_asks_and_what_is_written_in_it_is_a_message_of_the_thread(
    server: DiscordServer,
    channel: int,
    adapter: DiscordAdapter,
    recorder: Recorder,
    windows: KnownWindows,
) -> None:
    post, place = await pointer(server, channel, adapter, recorder, windows)
    opened = server.world.press(post, "frontdesk-window:b_1", 7)
    response = await response_to(server, opened)
    assert response["type"] == MODAL
    shown = response["data"]
    assert shown["title"] == "Continue in private"
    assert shown["components"][0]["content"].startswith("Which size?")
    submitted = server.world.answer_window(opened, 7, text=" the small one ")
    await recorder.until(2)
    written = recorder.events[-1]
    assert isinstance(written, Received)
    assert (written.message.text, written.message.conversation) == ("the small one", place)
    assert written.message.addressing is Addressing.EPHEMERAL
    assert (await response_to(server, submitted))["type"] == DEFERRED_UPDATE
    await answer(adapter, written, "Noted.")
    (said,) = server.world.interactions[submitted].followups
    assert (said["content"], said["flags"] & EPHEMERAL) == ("Noted.", EPHEMERAL)


async def test_what_is_chosen_in_a_window_is_a_press(
    server: DiscordServer,
    channel: int,
    adapter: DiscordAdapter,
    recorder: Recorder,
    windows: KnownWindows,
) -> None:
    post, place = await pointer(server, channel, adapter, recorder, windows)
    opened = server.world.press(post, "frontdesk-window:b_1", 7)
    await response_to(server, opened)
    empty = server.world.answer_window(opened, 7)
    assert (await response_to(server, empty))["type"] == DEFERRED_UPDATE
    server.world.answer_window(opened, 7, chosen="s_1")
    await recorder.until(2)
    pressed = recorder.events[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.button, pressed.message.conversation) == ("s_1", place)


@pytest.mark.parametrize(("fails", "said"), [(False, "expired"), (True, "try_again")])
async def test_who_may_not_open_a_window_is_told_so_alone(
    server: DiscordServer,
    channel: int,
    adapter: DiscordAdapter,
    recorder: Recorder,
    windows: KnownWindows,
    fails: bool,
    said: str,
) -> None:
    post, _ = await pointer(server, channel, adapter, recorder, windows)
    windows.fails = fails
    response = await response_to(server, server.world.press(post, "frontdesk-window:b_1", 9))
    assert (response["type"], response["data"]["flags"] & EPHEMERAL) == (MESSAGE, EPHEMERAL)
    assert response["data"]["content"] == BUILT_IN[said]["de"]


async def test_a_window_with_nothing_to_answer_is_a_message_for_one_person(
    server: DiscordServer,
    channel: int,
    adapter: DiscordAdapter,
    recorder: Recorder,
    windows: KnownWindows,
) -> None:
    post, _ = await pointer(server, channel, adapter, recorder, windows)
    late = Window("", "It is **late**.", "en", asks=False)
    windows.window_of["b_1", "discord:discord:7"] = late
    response = await response_to(server, server.world.press(post, "frontdesk-window:b_1", 7))
    assert (response["type"], response["data"]["content"]) == (MESSAGE, "It is **late**.")
    assert response["data"]["flags"] & EPHEMERAL


async def test_many_values_stand_in_a_menu_and_a_choice_is_a_press(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "which sizes")
    event = await recorder.received()
    await answer(adapter, event, "Which?", Offer((*SIZES, Button("b_9", "Stop"))))
    post = int(server.world.posts[0].message["id"])
    rows = server.world.message(post)["components"]
    assert [each["type"] for row in rows for each in row["components"]] == [3, 2]
    interaction = server.world.pick(post, "s_3", 7)
    assert (await response_to(server, interaction))["type"] == DEFERRED_UPDATE
    pressed = recorder.events[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.button, pressed.message.text) == ("s_3", "Size 3")
    await answer(adapter, pressed, MarkUsed(), "Size 3 it is.")
    menu = server.world.message(post)["components"][0]["components"][0]
    assert (menu["disabled"], menu["placeholder"]) == (True, "✓ Size 3")


async def test_direct_messages_are_named_before_anything_is_said_in_them(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    place = await adapter.direct_messages("discord:discord:7")
    assert place == f"discord:{BOT}:{server.world.direct_channel(7)['id']}"
    assert await adapter.direct_messages("discord:discord:nobody") == ""
    server.world.direct_channel(8)["recipients"].append(server.world.user(9))
    assert await adapter.direct_messages("discord:discord:8") == ""
