"""What staff do with cases: one has it, everybody can read who, and nothing happens twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from bot.config.staff import TeamConfig
from bot.errors import AdapterError
from bot.messages import Author
from bot.ownership import Owner
from bot.sentiment import Sentiment
from bot.staff.desk import Outcome
from bot.storage.case_threads import touch_conversation
from bot.storage.conversation_states import StoredStates
from bot.storage.dialect import insert
from bot.storage.tables import audit, cases, messages
from tests.staff.desk.conftest import BOB, CLEO, CUSTOMERS, DeskRoom


async def _owner(room: DeskRoom) -> tuple[Owner, str]:
    state = await StoredStates(room.database, room.clock).state(CUSTOMERS)
    return state.owner, state.assignee


def _said(connection: Connection, texts: Sequence[str]) -> None:
    """Let the customer have written before."""
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    touch_conversation(connection, CUSTOMERS, at=start, spoken=True)
    for number, text in enumerate(texts):
        row = {
            "conversation": CUSTOMERS,
            "event": f"forum:app:help:before{number}",
            "role": "customer",
            "author": "forum:G1:U1",
            "text": text,
            "private": False,
            "at": start + timedelta(minutes=number),
        }
        connection.execute(insert(connection, messages).values(**row))


async def test_of_two_claims_at_once_one_wins_and_the_other_reads_who_has_it(
    room: DeskRoom,
) -> None:
    case = await room.opened()
    results = await asyncio.gather(
        room.desk.claim(case, BOB, cause="chat:app:CASES:press:1"),
        room.desk.claim(case, CLEO, cause="chat:app:CASES:press:2"),
    )
    await room.delivered()

    outcomes = {each.outcome for each in results}
    assert outcomes == {Outcome.DONE, Outcome.TAKEN}
    (winner,) = {each.assignee for each in results}
    assert await _owner(room) == (Owner.HUMAN, winner)
    name = "Bob" if winner == BOB.key else "Cleo"
    assert await room.inside(case) == [f"**{name}** has the case."]


async def test_a_case_is_assigned_to_staff_only(room: DeskRoom) -> None:
    case = await room.opened()
    assert (await room.desk.assign(case, BOB, "chat:T1:U9")).outcome is Outcome.UNKNOWN
    assert (await room.desk.assign(case, BOB, CLEO.key)).done
    await room.delivered()

    assert await _owner(room) == (Owner.HUMAN, CLEO.key)
    assert (await room.inside(case))[-1] == "**Bob** has given the case to **Cleo**."


async def test_closing_leaves_the_last_words_to_the_bots_memory_alone(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)
    for _ in range(2):
        result = await room.desk.close(
            case, BOB, "A new label was sent.", cause="chat:app:C:form:1"
        )
    await room.delivered()

    assert result.outcome is Outcome.AGAIN
    assert (await _owner(room))[0] is Owner.CLOSED
    assert room.outside() == []
    async with room.database.read() as connection:
        row = (await connection.execute(select(cases))).one()
        ends = select(messages.c.summary).where(messages.c.summary.is_not(None))
        assert list(await connection.scalars(ends)) == ["A new label was sent."]
        done = list(await connection.scalars(select(audit.c.action).order_by(audit.c.id)))
    assert (row.closed_by, row.closing) == (BOB.key, "A new label was sent.")
    assert done == ["case_claim", "case_close"]


async def test_a_returned_conversation_is_the_bots_again(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)
    assert (await room.desk.return_to_bot(case, CLEO)).done

    assert (await _owner(room))[0] is Owner.BOT
    assert (await room.desk.claim(case, BOB)).outcome is Outcome.CLOSED


async def test_a_line_in_a_closed_case_opens_it_again_unless_there_is_another(
    room: DeskRoom,
) -> None:
    case = await room.opened()
    await room.desk.close(case, BOB)
    again = await room.desk.line(case, await room.written(case, "!send One more thing"))
    assert again is not None
    assert again.done
    await room.desk.close(case, BOB)
    other = await room.opened("And order 5?")
    refused = await room.desk.line(case, await room.written(case, "!send And another"))
    await room.delivered()

    assert refused is not None
    assert (refused.outcome, refused.other) == (Outcome.OTHER_OPEN, other)
    assert room.outside() == ["**Team:** One more thing"]
    assert (await room.inside(case))[-1].endswith(f"has case {other} now: go on there.")


async def test_twenty_first_messages_at_once_open_one_case(room: DeskRoom) -> None:
    opening = room.opening()
    texts = [room.message(f"help {number}") for number in range(20)]
    opened = await asyncio.gather(*(room.desk.open(each, opening) for each in texts))
    await room.delivered()

    assert len({each.number for each in opened}) == 1
    assert sum(each.new for each in opened) == 1
    assert len([each for each in room.chat.standing.values() if each.title]) == 1


async def test_a_person_has_three_open_cases_at_most(room: DeskRoom) -> None:
    opening = room.opening()
    numbers = []
    for place in range(5):
        message = replace(room.message("help"), conversation=f"forum:app:help:{place}")
        numbers.append((await room.desk.open(message, opening)).number)
        if place == 4:
            assert await room.desk.to_staff(replace(room.message("hm"), conversation="forum:app:x"))
    await room.delivered()

    assert len(set(numbers)) == 3
    assert numbers[2] == numbers[3] == numbers[4]
    assert (await room.inside(numbers[2]))[-1] == "**Ann Lee (in `forum:app:x`):** hm"


async def test_told_waits_for_the_thread_and_no_longer(room: DeskRoom) -> None:
    opening = room.opening()
    case = await room.desk.open(room.message("help"), opening)
    assert not await room.desk.told(case.number, within=0.0)
    async with room.delivering():
        assert await room.desk.told(case.number, within=10)
    await room.desk.close(case.number, BOB)
    await room.delivered()

    room.chat.refusals.append(AdapterError("the channel is archived"))
    second = await room.desk.open(room.message("help again"), opening)
    async with room.delivering():
        assert not await room.desk.told(second.number, within=10)


async def test_without_a_channel_a_case_can_be_worked_on_all_the_same(room: DeskRoom) -> None:
    room.serve(default=TeamConfig())
    case = await room.opened()
    operator = Author("cli::ops", "ops", staff=True)
    assert not await room.desk.told(case, within=0)
    assert (await room.desk.claim(case, operator)).done
    assert (await room.desk.reply(case, operator, "Hello", cause="cli:a:b:1")).done
    assert await room.desk.to_staff(room.message("thanks"))
    await room.delivered()

    assert room.outside() == ["**Team:** Hello"]
    assert not room.chat.standing


async def test_another_team_reads_the_case_in_its_own_channel(room: DeskRoom) -> None:
    night = TeamConfig(title="Night shift", cases={"forum": "NIGHT"})
    room.serve(default=room.team, night=night)
    other = room.teams.named("night")
    case = await room.opened()
    first = await room.thread(case)
    for _ in range(2):
        assert await room.desk.ask(case, other, reason="Nobody has claimed it for 10 minutes")
    await room.desk.to_staff(room.message("hello?"))
    await room.delivered()

    assert room.chat.texts(first)[-1].startswith("Night shift is asked from now on")
    assert (await room.thread(case)).startswith("forum:app:NIGHT:")
    root, line = [each for each in room.forum.standing.values() if "NIGHT" in each.place]
    assert "order 48213" in root.text
    assert line.text == "**Ann Lee:** hello?"


async def test_the_first_post_says_what_staff_need_and_no_secret(room: DeskRoom) -> None:
    earlier = (
        "My parcel 48213 did not come. My card is 4111 1111 1111 1111.",
        "It was meant for my mother's birthday on Sunday.",
        "hi",
    )
    await room.database.write(partial(_said, texts=earlier))
    await room.opened(
        "I want a person! My password is tent!2024",
        sentiment=Sentiment(0.8, 0.05),
        reasons=("a part of the message asks for a person",),
        slots={"order_number": "48213"},
    )
    (root,) = room.chat.standing.values()

    assert root.title == "#1 Ann Lee: I want a person! My password is [secret]"
    assert [each.act for each in root.buttons] == ["claim", "assign", "reply", "return", "close"]
    for wanted in (
        "**Case 1: the customer asks for a person**",
        "- Who: Ann Lee (`forum:G1:U1`)",
        f"- Where: `{CUSTOMERS}`",
        "- Language: en",
        "- Feeling: frustrated (0.80)",
        "> I want a person! My password is [secret]",
        "- “My parcel 48213 did not come.”",
        "- “It was meant for my mother's birthday on Sunday.”",
        "- “My card is [card number].”",
        "- order_number: 48213",
        "- a part of the message asks for a person",
        "Talk here stays inside.",
    ):
        assert wanted in root.text
    assert "4111" not in root.text
