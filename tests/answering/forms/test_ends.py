"""How forms end beside their reply: expiry, changed intents, a kill, another device."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy import select

from bot.answering.wording import BotWording
from bot.config.forms import FormsConfig
from bot.config.schema import Config
from bot.messages import DecisionKind, Message, Pressed, Received
from bot.operations.form_expiry import FormExpiry
from bot.operations.form_metrics import FormMetrics
from bot.ownership import ConversationState, Owner
from bot.ports import HandoffRequest, HandoffStatus
from bot.storage import Database
from bot.storage.tables import outbox
from tests.answering.forms.form_desk import ANN, FormDesk, taught
from tests.answering.forms.test_first_form import INFO, STATUS, status_desk
from tests.delivery.support import MovableClock


async def test_a_form_that_expired_is_closed_with_a_word(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    desk.config = Config(forms=FormsConfig(expire=timedelta(minutes=10)))
    await desk.say("where is my order")
    desk.now += timedelta(minutes=9)
    assert "Back to" in (await desk.say("what?")).text or await desk.form() is not None
    desk.now += timedelta(minutes=11)
    late = await desk.say("48213")
    assert late.text.startswith("I have not heard from you for a while, so “Track my order” is")
    assert await desk.form() is None


async def test_a_form_whose_intent_asks_for_other_things_now_is_closed_with_a_word(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    desk.intents = taught(tmp_path / "newer", STATUS.replace("{5}", "{6}"), INFO)
    assert (await desk.say("48213")).text.startswith("“Track my order” works differently now")
    assert await desk.form() is None


async def test_a_form_whose_intent_is_gone_is_closed_with_a_word(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    desk.intents = taught(tmp_path / "newer", STATUS.replace("order_status", "other_thing"), INFO)
    assert "works differently now" in (await desk.say("48213")).text


async def test_words_may_change_under_an_open_form(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    desk.intents = taught(tmp_path / "newer", STATUS.replace("What is", "Say"), INFO)
    assert (await desk.say("48213")).text == "48213 is late: Dec 1, 2026."


ASIDES = """\
  - name: hours
    examples: [opening hours, when do you open, are you open, your hours, hours please]
    reply: From nine to five.
    suggestions: [charged_twice, order_status]
  - name: charged_twice
    title: Charged twice
    examples: [charged twice, paid twice, double charge, two charges, billed twice]
    handoff: {}
"""


class Staff:
    """Takes every conversation over."""

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        state = ConversationState(message.conversation, Owner.WAITING, "", "team")
        return HandoffStatus(True, state=state)


async def pressed_aside(desk: FormDesk, folder: Path) -> str:
    """Press what was suggested below the answer to a side question; return its id."""
    desk.intents = taught(folder / "more", STATUS + ASIDES, INFO)
    desk.script = {**desk.script, "opening hours?": "hours"}
    await desk.say("where is my order")
    return (await desk.say("opening hours?")).buttons["Charged twice"]


async def test_a_question_for_a_person_whom_nobody_can_tell_leaves_the_form_open(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    aside = await desk.press(await pressed_aside(desk, tmp_path))
    assert aside.kind is DecisionKind.HANDOFF
    assert aside.text.endswith("Back to “Track my order”: What is your order number?")
    assert (await desk.say("48213")).text == "48213 is late: Dec 1, 2026."


async def test_a_question_that_a_person_takes_over_asks_nothing_more(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    desk.handoffs = Staff()
    button = await pressed_aside(desk, tmp_path)
    aside, done = await desk.respond(Pressed(desk.message(""), button))
    assert "Back to" not in aside.text
    assert done.state is not None


async def test_the_open_form_asked_for_again_repeats_its_question(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    await pressed_aside(desk, tmp_path)
    again = await desk.press((await desk.say("opening hours?")).buttons["Track my order"])
    assert again.text == "Back to “Track my order”: What is your order number?"


async def test_a_kill_between_post_and_finish_asks_no_question_twice(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    event = Received(desk.message("where is my order"))
    first, done = await desk.respond(event)
    again, repeated = await desk.respond(event)
    assert (first.text, done.form) == (again.text, repeated.form)
    assert done.form is not None
    assert done.form.after is not None
    assert done.form.after.tries == 1


async def test_each_place_of_a_person_has_its_own_form(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    await desk.say("where is my order", where="test:app:other")
    assert (await desk.say("48213", where="test:app:other")).text.startswith("48213 is late")
    assert await desk.form() is not None


async def test_nobody_else_answers_a_form(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    assert "48213" not in (await desk.say("48213", author="test:w:bob")).text
    assert await desk.form() is not None


async def test_an_expired_form_is_closed_with_a_word_through_the_outbox(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    await desk.say("where is my order")
    clock = MovableClock()
    woken = list[str]()
    wording = BotWording(desk.config.responder, "en")
    registry = CollectorRegistry()
    metrics = FormMetrics(registry)
    job = FormExpiry(
        database, clock, wording, lambda intent, _: intent, lambda: woken.append("yes"), metrics
    )
    clock.move((desk.now + timedelta(minutes=29) - clock.now()).total_seconds())
    assert await job.look() == 0
    labels = {"intent": "order_status"}
    assert registry.get_sample_value("frontdesk_forms_open", labels) == 1
    clock.move(120)
    assert [await job.look(), await job.look(), woken] == [1, 0, ["yes"]]
    assert await desk.form() is None
    assert registry.get_sample_value("frontdesk_forms_open", labels) is None
    ended = registry.get_sample_value("frontdesk_forms_total", {**labels, "event": "expired"})
    assert ended == 1
    (post,) = await database.query(lambda it: it.execute(select(outbox)).all())
    assert post.author == ANN
    assert "“order_status” is closed. Nothing was changed." in post.payload["markdown"]
