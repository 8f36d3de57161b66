"""Personal forms that begin where others read go on in private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, select

from bot.app.private import CustomerZones, PrivatePlaces
from bot.clock import SystemClock
from bot.delivery.posting import ReplyRecorder
from bot.messages import Addressing, Author, Event, Message, Pressed, Readers, Received, Visibility
from bot.ownership import ConversationState, Owner
from bot.ports import ActionResult, EventOutcome, ReservedPost, Window
from bot.storage import Database, StoredTranscripts
from bot.storage.conversation_states import StoredStates
from bot.storage.forms import StoredForms, change_form
from bot.storage.outbox import enqueue
from bot.storage.outbox import reserve as reserve_posts
from bot.storage.relayed_posts import delivered, failed
from bot.storage.tables import choices, messages
from bot.storage.transcripts import record
from bot.storage.windows import StoredWindows
from tests.answering.forms.form_desk import ANN, NOON, FormDesk, ScriptedActions, taught
from tests.answering.forms.test_first_form import INFO, LATE, STATUS
from tests.answering.forms.test_proof_step import Asks

BOB = "test:w:bob"
THREAD = "test:app:c:7"
DIRECT = "test:app:dm-ann"
PERSONAL = STATUS.replace("    action:", "    visibility: private\n    action:")


class Platform:
    """Opens direct messages, unless they are closed, and tells the time zone of Ann."""

    def __init__(self, *, opens: bool = True) -> None:
        self.opens = opens

    async def direct_messages(self, person: str) -> str:
        return f"test:app:dm-{person.rpartition(':')[2]}" if self.opens else ""

    async def time_zone(self, person: str) -> str:
        return {ANN: "Asia/Tokyo", BOB: "Mars/Base"}.get(person, "")


class Desk(FormDesk):
    """A desk on a platform whose outcomes are stored as the worker stores them."""

    platform: Platform = Platform()

    async def public(self, text: str, author: str = ANN) -> EventOutcome:
        """Write where others read."""
        return await self.handle(Received(self.message(text, author, THREAD, public=True)))

    async def in_window(self, text: str, author: str = ANN) -> EventOutcome:
        """Answer in a window that was opened in the thread."""
        message = self.message(text, author, THREAD, public=True)
        return await self.handle(Received(replace(message, addressing=Addressing.EPHEMERAL)))

    async def unseen_press(self, button: str, author: str = ANN) -> EventOutcome:
        message = self.message("", author, THREAD, public=True)
        press = Pressed(replace(message, addressing=Addressing.EPHEMERAL), button)
        return await self.handle(press)

    async def handle(self, event: Event) -> EventOutcome:
        outcome = await ReplyRecorder(self.responder().respond(event)).outcome()

        def store(connection: Connection) -> None:
            if outcome.form is not None:
                change_form(connection, outcome.form, at=self.now)
            enqueue(connection, outcome.outgoing, now=self.now)
            record(connection, [(event, outcome)], self.now)

        await self.database.write(store)
        return outcome

    async def reserved(self) -> Sequence[ReservedPost]:
        """Return what the outbox delivers now."""
        soon = self.now + timedelta(seconds=1)
        due = partial(reserve_posts, adapters=["test"], limit=5, token="t", worker=0, now=soon)
        return await self.database.write(due)

    async def window(self, button: str, person: str = ANN) -> Window | None:
        return await StoredWindows(self.database, SystemClock()).window(button, person)


def desk_on(database: Database, folder: Path, text: str = PERSONAL, *, opens: bool = True) -> Desk:
    actions = ScriptedActions(INFO, {"get_order": (LATE,)})
    script = {"where is my order": "order_status", "where is 48213": "order_status"}
    platform = Platform(opens=opens)
    places = PrivatePlaces({"test": platform}, {"test": platform})
    now = datetime.now(UTC).replace(microsecond=0)
    intents = taught(folder / "intents", text, INFO)
    return Desk(database, intents, script, actions, now=now, private=places)


async def test_the_question_goes_into_a_direct_message_and_the_place_is_told(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    told = await desk.public("where is my order")
    assert told.reply == "This is personal, so I have sent you a direct message."
    assert not told.private
    (post,) = told.outgoing
    assert (post.conversation, post.markdown) == (DIRECT, "What is your order number?")
    assert (post.visibility, post.readers) == (Visibility.PRIVATE, Readers.AUTHOR)
    form = await desk.form(where=DIRECT)
    assert form is not None
    assert (form.origin, await desk.form(where=THREAD)) == (THREAD, None)
    answered = await desk.say("48213", where=DIRECT)
    assert answered.text == "48213 is late: Dec 1, 2026."
    assert await desk.form(where=DIRECT) is None


async def test_a_reply_at_once_is_said_in_the_direct_message_alone(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    told = await desk.public("where is 48213")
    assert "48213" not in told.reply
    assert [each.markdown for each in told.outgoing] == ["48213 is late: Dec 1, 2026."]


async def test_a_second_attempt_at_the_event_makes_the_same_form_and_post(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    event = Received(desk.message("where is my order", ANN, THREAD, public=True))
    killed = await ReplyRecorder(desk.responder().respond(event)).outcome()
    again = await desk.handle(event)
    assert (again.form, again.outgoing) == (killed.form, killed.outgoing)
    repeated = await desk.handle(replace(event, message=replace(event.message, id=f"{THREAD}:x")))
    assert [each.markdown for each in repeated.outgoing] == ["What is your order number?"]


async def test_a_window_asks_and_an_answer_in_it_goes_to_the_form(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path, opens=False)
    told = await desk.public("where is my order")
    assert told.reply.startswith("This is personal. Press **Continue in private**")
    assert not told.outgoing
    form = await StoredForms(database).moved(THREAD, ANN)
    assert form is not None
    assert form.conversation == "test:app:ann"
    button = await _button(desk, "Continue in private")
    window = await desk.window(button)
    assert window == Window(THREAD, "What is your order number?", "en")
    assert await desk.window(button, BOB) is None
    answered = await desk.in_window("48213")
    assert (answered.reply, answered.private) == ("48213 is late: Dec 1, 2026.", True)
    assert await desk.window(button) is None


async def test_a_question_that_one_person_sees_has_a_button_to_answer_it(
    database: Database, tmp_path: Path
) -> None:
    choice = "    slots:\n      size: {type: choice, choices: [small, large], ask: Which size?}\n"
    desk = desk_on(database, tmp_path, PERSONAL.replace("    slots:\n", choice), opens=False)
    await desk.public("where is 48213")
    again = await desk.in_window("neither of these")
    assert "Which size?" in again.reply
    window = await desk.window(await _button(desk, "Answer"))
    assert window is not None
    assert [each.label for each in window.buttons] == ["small", "large"]
    done = await desk.unseen_press(window.buttons[0].id)
    assert done.reply == "48213 is late: Dec 1, 2026."


async def test_what_was_said_last_can_be_read_where_direct_messages_are_closed(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    await desk.public("where is 48213")
    (post,) = await desk.reserved()
    give_up = partial(failed, reserved=post, reason="closed", now=desk.now)
    await database.write(give_up)
    (post,) = await desk.reserved()
    assert post.post.conversation == THREAD
    assert post.post.markdown.startswith("I could not send you a direct message.")
    (button,) = post.post.buttons
    assert button.opens
    window = await desk.window(button.id)
    assert window is not None
    assert (window.said, window.asks) == ("48213 is late: Dec 1, 2026.", False)
    assert await desk.window(button.id, BOB) is None


async def test_an_answer_that_others_read_is_asked_for_in_private(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    await desk.public("where is my order")
    told = await desk.public("48213")
    assert told.reply.startswith("Others can read this. Please answer in our direct messages")
    form = await desk.form(where=DIRECT)
    assert form is not None
    assert form.value("order_number") is None


async def test_a_form_that_is_open_there_is_finished_first(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    await desk.say("where is my order", where=DIRECT)
    told = await desk.public("where is my order")
    assert told.reply == "This is personal, so I have sent you a direct message."
    form = await desk.form(where=DIRECT)
    assert form is not None
    assert form.origin == ""


def proving(database: Database, folder: Path, *, opens: bool = True) -> tuple[Desk, Asks]:
    """Return a desk whose action needs a proof, and what asks for it."""
    desk, asks = desk_on(database, folder, opens=opens), Asks()
    unproven = ActionResult("unproven")
    actions = ScriptedActions(INFO, {"get_order": (unproven, unproven, LATE)})
    desk.actions, desk.proof = actions, asks
    return desk, asks


async def test_no_code_is_sent_before_the_customer_goes_on_in_private(
    database: Database, tmp_path: Path
) -> None:
    desk, asks = proving(database, tmp_path)
    told = await desk.public("where is 48213")
    (post,) = told.outgoing
    assert (post.markdown, [each.label for each in post.buttons]) == ("Shall I?", ["Yes", "No"])
    await desk.public("yes")
    assert asks.sent == 0
    assert (await desk.say("yes please", where=DIRECT)).text == "Your password?"
    assert asks.sent == 1
    assert (await desk.say("sesame", where=DIRECT)).text == (
        "Thank you.\n\n48213 is late: Dec 1, 2026."
    )


async def test_a_code_is_sent_by_a_button_of_the_window(database: Database, tmp_path: Path) -> None:
    desk, asks = proving(database, tmp_path, opens=False)
    await desk.public("where is 48213")
    window = await desk.window(await _button(desk, "Continue in private"))
    assert window is not None
    assert (window.said, asks.sent) == ("Shall I?", 0)
    agreed = await desk.unseen_press(window.buttons[0].id)
    assert (agreed.reply, agreed.private, asks.sent) == ("Your password?", True, 1)


async def test_a_code_that_is_not_wanted_is_not_sent(database: Database, tmp_path: Path) -> None:
    desk, asks = proving(database, tmp_path)
    await desk.public("where is 48213")
    assert "stopped" in (await desk.say("no", where=DIRECT)).text
    assert (asks.sent, await desk.form(where=DIRECT)) == (0, None)


@pytest.mark.parametrize("owner", [Owner.WAITING, Owner.HUMAN])
async def test_no_form_goes_on_where_a_person_has_the_direct_messages(
    database: Database, tmp_path: Path, owner: Owner
) -> None:
    desk = desk_on(database, tmp_path)
    states = StoredStates(database, SystemClock())
    assert desk.private is not None
    desk.private = replace(desk.private, states=states)
    assignee = "test:w:sam" if owner is Owner.HUMAN else ""
    await states.change(ConversationState(DIRECT, owner, assignee, "team"))
    told = await desk.public("where is my order")
    assert told.reply.startswith("This is personal. Press **Continue in private**")
    assert not told.outgoing
    assert await desk.form(where=DIRECT) is None
    assert (await desk.in_window("48213")).reply == "48213 is late: Dec 1, 2026."


async def test_what_is_asked_in_a_direct_message_is_a_line_of_its_transcript(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    await desk.public("where is my order")
    transcripts = StoredTranscripts(database)
    assert not (await transcripts.conversation(DIRECT, Author(ANN))).turns
    (post,) = await desk.reserved()
    sent = partial(delivered, reserved=post, platform_id="77", at=desk.now)
    await database.write(sent)
    await desk.say("48213", where=DIRECT)
    said = (await transcripts.conversation(DIRECT, Author(ANN))).turns
    assert [(each.role, each.text) for each in said] == [
        ("bot", "What is your order number?"),
        ("customer", "48213"),
        ("bot", "48213 is late: Dec 1, 2026."),
    ]
    assert not (await transcripts.conversation(DIRECT, Author(BOB))).turns


async def test_a_window_button_whose_owner_is_forgotten_shows_nobody_anything(
    database: Database, tmp_path: Path
) -> None:
    desk = desk_on(database, tmp_path)
    await desk.public("where is 48213")
    button = await _button(desk, "Continue in private")
    assert "48213 is late" in (await desk.unseen_press(button)).reply
    await database.write(lambda it: it.execute(delete(messages)))
    assert "48213" not in (await desk.unseen_press(button, BOB)).reply


async def test_days_are_meant_in_the_time_zone_of_the_customer() -> None:
    zones = CustomerZones(PrivatePlaces(zones={"test": Platform()}), ZoneInfo("Europe/Berlin"))
    assert str(await zones.zone(ANN)) == "Asia/Tokyo"
    assert str(await zones.zone(BOB)) == "Europe/Berlin"
    assert str(await CustomerZones(None, ZoneInfo("UTC")).zone(ANN)) == "UTC"


async def _button(desk: Desk, label: str) -> str:
    """Return the latest button with a label."""
    query = select(choices.c.id).where(choices.c.label == label)
    rows = await desk.database.query(lambda it: it.scalars(query).all())
    return str(rows[-1])


def test_messages_in_windows_are_answered_to_their_author_alone() -> None:
    message = Message("test:app:c:1", THREAD, Author(ANN), "x", NOON)
    assert replace(message, addressing=Addressing.EPHEMERAL).answered_alone
