"""In a shared place the bot answers what is meant for it, and leaves people to each other."""

from __future__ import annotations

import pytest

from bot.addressing import Addressees
from bot.messages import Addressing, DecisionKind
from bot.open_form import FormChange
from bot.ownership import Owner
from bot.storage import Database
from tests.open_forms import an_open_form
from tests.stages.shared_place import ANN, BEN, BOSS, Place

MENTION, AMBIENT, DIRECT = Addressing.MENTION, Addressing.AMBIENT, Addressing.DIRECT
ANSWERED, SILENT = DecisionKind.INTENT, DecisionKind.SILENT


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database)


@pytest.mark.parametrize("addressing", [MENTION, DIRECT])
@pytest.mark.parametrize("text", ["can I return boots?", "lol", "are you going on saturday?"])
async def test_who_speaks_to_the_bot_is_answered(
    place: Place, addressing: Addressing, text: str
) -> None:
    assert (await place.hear(ANN, text, addressing)).kind is ANSWERED


async def test_a_further_question_in_a_thread_is_answered(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    assert (await place.hear(ANN, "and without a receipt?")).kind is ANSWERED
    assert (await place.hear(BEN, "how much is it?")).kind is ANSWERED


@pytest.mark.parametrize("text", ["lol", "are you going on saturday?", "yes"])
async def test_talk_in_a_thread_is_left_alone(place: Place, text: str) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    decision = await place.hear(BEN, text)
    assert decision.kind is SILENT
    assert decision.reasons[0].startswith("not for the bot: no question for the desk (asks ")


async def test_right_after_its_answer_less_certainty_is_needed(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    assert (await place.hear(BEN, "is there parking?")).kind is SILENT
    await place.hear(ANN, "and without a receipt?")
    assert (await place.hear(ANN, "still clumpy")).kind is ANSWERED


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (Addressees(("test:team:ben",)), "it names somebody else"),
        (Addressees(("test:team:S7",)), "it names somebody else"),
        (Addressees(reply_to="test:team:ben", parent="7"), "it replies to somebody else"),
    ],
)
async def test_what_is_said_to_somebody_else_is_left_alone(
    place: Place, to: Addressees, reason: str
) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    decision = await place.hear(ANN, "and without a receipt?", to=to)
    assert (decision.kind, decision.reasons) == (SILENT, (f"not for the bot: {reason}",))


async def test_a_reply_to_oneself_is_one_to_nobody(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    own = Addressees(reply_to="test:other:ann", parent="7")
    assert (await place.hear(ANN, "and without a receipt?", to=own)).kind is ANSWERED


async def test_after_a_line_of_staff_nobody_is_answered_until_somebody_mentions_the_bot(
    place: Place,
) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    assert (await place.hear(BOSS, "I'll take this one")).kind is DecisionKind.STAFF
    silent = await place.hear(ANN, "and without a receipt?")
    assert silent.reasons == ("not for the bot: staff spoke last",)
    assert (await place.hear(ANN, "and without a receipt?", MENTION)).kind is ANSWERED
    assert (await place.hear(ANN, "how much is it?")).kind is ANSWERED


async def test_a_persons_conversation_is_left_to_them(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    state = await place.states.state("test:app:one:root")
    await place.states.change(state.moved(Owner.HUMAN, assignee="test:team:boss"))
    silent = await place.hear(ANN, "and without a receipt?")
    assert silent.reasons == ("not for the bot: a person owns the conversation",)


async def test_an_open_form_takes_any_answer_of_its_author(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    form = an_open_form("test:app:one:root", "test:team:ann")
    await place.forms.change(FormChange(None, form), at=form.expires_at)
    assert (await place.hear(ANN, "lol")).kind is ANSWERED
    assert (await place.hear(BEN, "lol")).kind is SILENT


@pytest.mark.parametrize("text", ["52017", "yes"])
async def test_an_answer_to_the_bots_question_is_for_the_bot(place: Place, text: str) -> None:
    await place.hear(ANN, "can I return boots?", MENTION, answer="Sure. Which order is it?")
    assert (await place.hear(BEN, "lol")).kind is SILENT
    assert (await place.hear(BEN, text)).kind is SILENT
    assert (await place.hear(ANN, "lol")).kind is SILENT
    assert (await place.hear(ANN, text)).kind is ANSWERED


async def test_an_answer_to_the_question_of_somebody_else_is_not(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION, answer="Sure. Which order is it?")
    await place.hear(BEN, "are you going on saturday?")
    assert (await place.hear(ANN, "yes")).kind is SILENT


async def test_a_model_without_the_head_answers_follow_ups_and_nothing_unasked(
    database: Database,
) -> None:
    place = Place(database, script={})
    await place.hear(ANN, "can I return boots?", MENTION)
    assert (await place.hear(BEN, "lol")).kind is ANSWERED
    assert (await place.hear(BEN, "how much is it?", AMBIENT)).kind is SILENT


async def test_a_question_in_a_support_channel_is_taken_up_and_talk_is_not(place: Place) -> None:
    assert (await place.hear(ANN, "how much is it?", AMBIENT)).kind is ANSWERED
    assert (await place.hear(ANN, "lol", AMBIENT)).kind is SILENT
    assert (await place.hear(ANN, "is there parking?", AMBIENT)).kind is SILENT
    others = Addressees(("test:team:ben",))
    assert (await place.hear(ANN, "how much is it?", AMBIENT, to=others)).kind is SILENT


async def test_for_some_minutes_after_staff_a_channel_is_left_to_them(place: Place) -> None:
    assert (await place.hear(BOSS, "which size do you need?", AMBIENT)).kind is DecisionKind.STAFF
    silent = await place.hear(ANN, "how much is it?", AMBIENT)
    assert silent.reasons == ("not for the bot: staff spoke last in the channel",)
    await place.wait(11)
    assert (await place.hear(ANN, "how much is it?", AMBIENT)).kind is ANSWERED


async def test_each_answer_is_made_of_its_askers_words_alone(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION, answer="Within 60 days.")
    await place.hear(BEN, "how much is it?", answer="Nine euro.")
    await place.hear(ANN, "and without a receipt?")
    turn = place.answering.turns[-1]
    said = [line.text for line in turn.conversation.turns]
    assert said == ["can I return boots?", "Within 60 days."]
    assert [each.question for each in turn.conversation.decisions] == ["can I return boots?"]
    assert len(turn.conversation.lines) == 4


async def test_lines_of_staff_are_context_only_where_one_customer_speaks(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    await place.hear(BOSS, "Ann, your order is 52017")
    await place.hear(ANN, "and without a receipt?", MENTION)
    assert "staff" in [line.role for line in place.answering.turns[-1].conversation.turns]
    await place.hear(BEN, "lol")
    await place.hear(ANN, "how much is it?", MENTION)
    assert "staff" not in [line.role for line in place.answering.turns[-1].conversation.turns]
