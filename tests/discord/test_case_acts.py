"""What staff do with a case reaches the core: buttons, forms, `/reply`, a command on a line."""

from __future__ import annotations

import pytest

from adapters.common.case_forms import FORMS
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.case_ids import case_id, read_case_id
from bot.messages import Acted, Addressing, Readers, Say, Visibility
from bot.ports import CaseButton
from tests.discord.desk import Recorder, answer, named, response_to, serving
from tests.discord.outbox import BUTTONS, case_root, in_thread, place
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT, BOT_ROLE

MODAL, DEFERRED_UPDATE, DEFERRED = 9, 6, 5
AGENT = 8
EPHEMERAL = 1 << 6
DONE = Say("On its way to the customer.", Visibility.PRIVATE)


@pytest.fixture
async def root(adapter: DiscordAdapter, channel: int) -> int:
    """The root of a case's thread."""
    return int(await adapter.deliver(case_root(channel)))


async def acted(recorder: Recorder, number: int = 1) -> Acted:
    await recorder.until(number)
    event = recorder.events[number - 1]
    assert isinstance(event, Acted)
    return event


async def form(server: DiscordServer, message: int, act: str, about: str = "") -> tuple[int, Json]:
    """Press a button that opens a form; return the press and the form."""
    pressed = server.world.press(message, case_id(act, 7, about), AGENT)  # type: ignore[arg-type]
    response = await response_to(server, pressed)
    assert response["type"] == MODAL
    return pressed, response["data"]


@pytest.mark.parametrize("act", ["claim", "return"])
async def test_a_button_is_stored_and_acknowledged_and_its_answer_seen_by_one_person(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    root: int,
    recorder: Recorder,
    act: str,
) -> None:
    server.world.roles_of[AGENT] = (BOT_ROLE,)
    pressed = server.world.press(root, f"frontdesk-case:{act}:7", AGENT)
    event = await acted(recorder)

    assert (event.act, event.case, event.about, event.message.text) == (act, 7, "", "")
    assert event.message.conversation == place(channel, root)
    assert event.message.addressing is Addressing.EPHEMERAL
    assert event.message.readers is Readers.OTHERS
    assert (event.message.author.key, event.message.author.roles) == (
        "discord:discord:8",
        (str(BOT_ROLE),),
    )
    assert (await response_to(server, pressed))["type"] == DEFERRED_UPDATE
    await answer(adapter, event, DONE)
    (said,) = server.world.interactions[pressed].followups
    assert (said["content"], said["flags"] & EPHEMERAL) == (DONE.markdown, EPHEMERAL)
    assert len(server.world.standing) == 1


async def test_a_retry_names_the_post_that_failed(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, root: int, recorder: Recorder
) -> None:
    retry = CaseButton("retry", 7, "Retry", about="42")
    fields = {"case_buttons": (retry,)}
    line = int(await adapter.deliver(in_thread(channel, str(root), "It failed.", **fields)))
    server.world.press(line, "frontdesk-case:retry:7:42", AGENT)

    event = await acted(recorder)
    assert (event.act, event.case, event.about) == ("retry", 7, "42")
    assert event.message.conversation == place(channel, root)


async def test_a_reply_is_written_into_a_form(
    server: DiscordServer, adapter: DiscordAdapter, root: int, channel: int, recorder: Recorder
) -> None:
    pressed, shown = await form(server, root, "reply")
    (label,) = shown["components"]
    assert shown["title"] == FORMS["reply"].title
    assert (label["component"]["style"], label["component"]["max_length"]) == (2, 4000)
    assert recorder.offered == []
    submitted = server.world.fill_form(pressed, AGENT, text=" It left **today**. <:tent:5> ")

    event = await acted(recorder)
    assert (event.act, event.case, event.about) == ("reply", 7, "")
    assert event.message.text == "It left **today**. <:tent:5>"
    assert event.message.formatted == "It left **today**. :tent:"
    assert event.message.conversation == place(channel, root)
    assert event.message.addressing is Addressing.EPHEMERAL
    assert (await response_to(server, submitted))["type"] == DEFERRED_UPDATE
    await answer(adapter, event, DONE)
    (said,) = server.world.interactions[submitted].followups
    assert (said["content"], said["flags"] & EPHEMERAL) == (DONE.markdown, EPHEMERAL)


async def test_a_draft_is_filled_into_the_form_and_sent_as_a_reply(
    server: DiscordServer, adapter: DiscordAdapter, root: int, channel: int, recorder: Recorder
) -> None:
    draft = "**Draft**, not sent:\n\n> It leaves *today*.\n> Bye.\n\nSource: shipping"
    fields = {"case_buttons": (CaseButton("use", 7, "Use", about="9"),)}
    post = int(await adapter.deliver(in_thread(channel, str(root), draft, **fields)))
    pressed, shown = await form(server, post, "use", "9")
    assert shown["components"][0]["component"]["value"] == "It leaves *today*.\nBye."
    server.world.fill_form(pressed, AGENT, text="It leaves *now*.")

    event = await acted(recorder)
    assert (event.act, event.message.text) == ("reply", "It leaves *now*.")


async def test_a_member_of_staff_is_chosen_in_a_form(
    server: DiscordServer, adapter: DiscordAdapter, root: int, recorder: Recorder
) -> None:
    pressed, shown = await form(server, root, "assign")
    assert shown["components"][0]["component"]["type"] == 5
    server.world.fill_form(pressed, AGENT, chosen=9)

    event = await acted(recorder)
    assert (event.act, event.case, event.about) == ("assign", 7, "discord:discord:9")
    assert event.message.text == ""


@pytest.mark.parametrize("text", ["A new tent was sent.", ""])
async def test_a_case_is_closed_with_a_last_line_or_without(
    server: DiscordServer, adapter: DiscordAdapter, root: int, recorder: Recorder, text: str
) -> None:
    pressed, _ = await form(server, root, "close")
    server.world.fill_form(pressed, AGENT, text=text)

    event = await acted(recorder)
    assert (event.act, event.message.text) == ("close", text)


async def test_buttons_and_forms_work_after_a_restart(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, Recorder()) as first:
        root = int(await first.deliver(case_root(channel)))
        pressed, _ = await form(server, root, "reply")
    async with serving(server, recorder):
        server.world.fill_form(pressed, AGENT, text="It left.")
        assert (await acted(recorder)).act == "reply"
        server.world.press(root, "frontdesk-case:claim:7", AGENT)
        assert (await acted(recorder, 2)).act == "claim"


async def test_a_button_of_another_version_is_refused_for_one_persons_eyes(
    server: DiscordServer, adapter: DiscordAdapter, root: int, recorder: Recorder
) -> None:
    response = await response_to(server, server.world.press(root, "frontdesk-case:dance:7", AGENT))
    assert response["data"]["flags"] & EPHEMERAL
    assert recorder.offered == []


async def test_reply_is_a_command_in_the_thread_of_a_case(
    server: DiscordServer, adapter: DiscordAdapter, root: int, channel: int, recorder: Recorder
) -> None:
    used = server.world.reply(root, AGENT, "It left today.")
    event = await acted(recorder)

    assert (event.act, event.case, event.message.text) == ("reply", 0, "It left today.")
    assert event.message.conversation == place(channel, root)
    assert event.message.addressing is Addressing.EPHEMERAL
    response = await response_to(server, used)
    assert (response["type"], response["data"]["flags"]) == (DEFERRED, EPHEMERAL)
    await answer(adapter, event, DONE)
    assert server.world.interactions[used].edits[0]["content"] == DONE.markdown


async def test_reply_outside_of_a_thread_says_in_which_channel_it_was_used(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.reply(channel, AGENT, "It left today.")
    assert (await acted(recorder)).message.conversation == place(channel)


async def test_a_line_is_sent_from_its_context_menu_with_its_files(
    server: DiscordServer, adapter: DiscordAdapter, root: int, channel: int, recorder: Recorder
) -> None:
    sent = server.world.files.add("bill.pdf", b"12.50", "application/pdf")
    line = server.world.say(root, 9, "your bill, <@7>", attachments=(sent,))
    await recorder.until(1)
    used = server.world.context_command(line, AGENT, "Send to customer")
    event = await acted(recorder, 2)

    assert (event.act, event.case) == ("send", 0)
    assert event.about == recorder.events[0].message.id == f"discord:{BOT}:{root}:{line}"
    assert event.message.text == recorder.events[0].message.text
    assert named(event.message.attachments) == named(recorder.events[0].message.attachments)
    assert await adapter.fetch(event.message.attachments[0], limit=100) == b"12.50"
    assert event.message.conversation == place(channel, root)
    assert event.message.author.key == "discord:discord:8"
    assert (await response_to(server, used))["type"] == DEFERRED
    await answer(adapter, event, DONE)
    assert server.world.interactions[used].edits[0]["content"] == DONE.markdown


def test_a_custom_id_is_read_as_it_was_written() -> None:
    line = "discord:100000000000000900:1200000000000000001:1200000000000000002"
    for button in (*BUTTONS, CaseButton("send", 12_345_678, "Send", about=line)):
        written = case_id(button.act, button.case, button.about)
        assert len(written) <= 100
        assert read_case_id(written) == (button.act, button.case, button.about)


@pytest.mark.parametrize("text", ["frontdesk:claim:7", "frontdesk-case:claim:x", "frontdesk-case:"])
def test_other_custom_ids_are_none_of_a_case(text: str) -> None:
    assert read_case_id(text) is None
