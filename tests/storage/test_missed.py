"""Which stored messages count as missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.conversations.key import AuthorKey
from bot.messages import (
    Author,
    Choice,
    DecisionKind,
    DecisionPart,
    Message,
    Readers,
    ScoredIntent,
    Voted,
)
from bot.storage import Database, StoredButtons
from bot.storage.case_threads import keep_line
from bot.storage.feedback import StoredFeedback
from bot.storage.missed import Miss, MissedMessage, missed_messages
from bot.storage.transcripts import record
from bot.storage.unanswered import UnansweredQuestions
from tests.delivery.support import START, MovableClock, outcome, received


async def say(
    database: Database,
    number: int,
    kind: DecisionKind = DecisionKind.UNKNOWN,
    *,
    author: str = "test:team:ann",
    conversation: str = "",
    text: str = "",
    readers: Readers = Readers.OTHERS,
    parts: int = 1,
) -> Message:
    event = received(number, conversation or f"test:app:{number}", text=text)
    message: Message = replace(event.message, author=Author(author), readers=readers)
    event = replace(event, message=message)
    ranked = (ScoredIntent("refund", 0.5),)
    each = (DecisionPart(kind, ranked, ()),) * parts
    said = outcome(event)
    decision = replace(said.decision, kind=kind, intents=ranked, parts=each, language="en")
    answered = [(event, replace(said, decision=decision))]
    await database.write(partial(record, answered=answered, at=START))
    return message


async def missed(database: Database, *staff: str) -> list[MissedMessage]:
    return await missed_messages(
        database, since=START, staff=[AuthorKey.parse(key) for key in staff]
    )


async def texts(database: Database, *staff: str) -> list[str]:
    return [each.text for each in await missed(database, *staff)]


async def test_what_was_not_answered_is_missed_the_latest_first(database: Database) -> None:
    await say(database, 1)
    await say(database, 2, DecisionKind.INTENT)
    await say(database, 3)

    found = await missed(database)
    assert [each.text for each in found] == ["message 3", "message 1"]
    assert (found[0].why, found[0].author) == (Miss.UNANSWERED, ("test", "ann"))
    assert await missed_messages(database, since=START + timedelta(hours=1), staff=()) == []


async def test_a_thumb_down_makes_an_answer_wrong_and_a_thumb_up_does_not(
    database: Database,
) -> None:
    feedback = StoredFeedback(database, MovableClock())
    for number, verdict in ((1, "down"), (2, "up")):
        message = await say(database, number, DecisionKind.INTENT)
        vote = replace(message, id=f"{message.id}:vote", text="")
        await feedback.vote(Voted(vote, message.id, "down" if verdict == "down" else "up"))

    (found,) = await missed(database)
    assert (found.text, found.why) == ("message 1", Miss.WRONG)


async def test_an_offer_counts_as_missed_until_an_intent_is_chosen(database: Database) -> None:
    buttons = StoredButtons(database, MovableClock())
    for number in (1, 2, 3):
        message = await say(database, number, DecisionKind.CLARIFY)
        choices = [
            ("Refund", Choice("intent", "refund", message.text, "en")),
            ("Neither", Choice("neither", "", message.text, "en")),
        ]
        offered = await buttons.offer(message.id, choices)
        if number < 3:
            press = replace(message, id=f"{message.id}:press", text="")
            await buttons.pressing(offered[number - 1].id, press)

    found = {each.text: each.why for each in await missed(database)}
    assert found == {"message 2": Miss.WRONG, "message 3": Miss.UNANSWERED}


async def test_a_line_of_staff_after_a_message_answers_it(database: Database) -> None:
    place = "test:app:one"
    await say(database, 1, DecisionKind.INTENT, conversation=place)
    await say(database, 2, DecisionKind.SILENT, conversation=place, text="can I rent skis?")
    helps = "test:team:helps"
    for number, text in ((3, "Yes, in winter."), (4, "For ten euro a day.")):
        await say(database, number, DecisionKind.STAFF, conversation=place, author=helps, text=text)
    await say(database, 5, DecisionKind.SILENT, conversation=place)

    (found,) = await missed(database)
    assert (found.text, found.why) == ("can I rent skis?", Miss.BY_STAFF)
    assert (found.answer, found.quiet) == ("Yes, in winter.\nFor ten euro a day.", True)


async def test_talk_of_staff_in_a_case_thread_is_no_answer(database: Database) -> None:
    await say(database, 1, conversation="test:app:one")
    note = received(2, "test:app:cases:7", text="he is always angry", author="helps").message
    await database.write(partial(keep_line, message=note, at=START))

    (found,) = await missed(database)
    assert (found.why, found.answer) == (Miss.UNANSWERED, "")


async def test_questions_kept_for_staff_are_missed(database: Database) -> None:
    message = received(1).message
    await UnansweredQuestions(database).add(message, "who is [PERSON_1]?", "en")

    (found,) = await missed(database)
    assert (found.text, found.why, found.event) == (
        "who is [PERSON_1]?",
        Miss.UNANSWERED,
        message.id,
    )


async def test_what_is_private_or_no_single_question_is_left_out(database: Database) -> None:
    await say(database, 1, readers=Readers.STAFF)
    await say(database, 2, parts=2)
    await say(database, 3, author="test:team:listed")
    for number, kind in enumerate(
        (DecisionKind.SAFETY, DecisionKind.FORM, DecisionKind.LIMITED, DecisionKind.SILENT), 4
    ):
        await say(database, number, kind)

    assert await texts(database, "test::listed") == []
