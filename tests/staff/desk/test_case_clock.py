"""The clock of cases: next teams, idle owners, silence, notices and surveys; the time is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import get_args

from sqlalchemy import select

from bot.errors import AdapterError
from bot.messages import Author, Choice
from bot.ownership import Owner
from bot.ports import Trigger
from bot.staff.notify import Notice, Undelivered
from bot.storage import Database, StoredButtons
from bot.storage.surveys import StoredSurveys
from bot.storage.tables import choices, surveys
from tests.staff.desk.casework import CaseRoom, room_of
from tests.staff.desk.conftest import ANN, BOB

TEAMS = {
    "default": {"title": "Support", "cases": {"chat": "CASES"}, "next": "second"},
    "second": {"title": "Second line", "cases": {"chat": "SECOND"}},
}
NEXT = (
    "Nobody has been free so far, so I have asked another team (Second line) as well. Until "
    "somebody answers here, go on asking me."
)
GONE = (
    "The colleague who was helping you has not answered for a while, so I have asked another team "
    "(Second line). Until somebody answers here, go on asking me."
)
LEFT = "I am sorry: nobody has been free so far, and I cannot say when somebody will be."
CALLED = "Nobody has been free so far; I have now called our team outside this chat as well."


async def waiting(database: Database, **staff: object) -> tuple[CaseRoom, int]:
    room = room_of(database, **{"teams": TEAMS, **staff})
    return room, (await room.ask()).case


async def test_the_next_team_is_asked_once_and_the_customer_told_by_two_processes_and_a_restart(
    database: Database,
) -> None:
    room, case = await waiting(database)
    room.clock.move(minutes=9)
    await room.look()
    assert room.outside() == []
    room.clock.move(minutes=1)
    await asyncio.gather(room.case_clock.look(), room.case_clock.look())
    room.restart()
    await room.look()
    await room.look()
    assert room.outside() == [NEXT]
    assert (await room.case(case)).team == "second"
    assert (await room.state()).team == "second"
    roots = [each.place for each in room.chat.standing.values() if each.title]
    assert roots == ["chat:app:CASES", "chat:app:SECOND"]
    old = room.chat.texts("chat:app:CASES:chat-1")
    assert [each for each in old if "Second line is asked from now on" in each] == old[-1:]
    room.clock.move(minutes=9)
    await room.look()
    assert room.outside() == [NEXT]
    room.clock.move(minutes=1)
    await room.look()
    await room.look()
    assert [each[:40] for each in room.outside()] == [NEXT[:40], LEFT[:40]]
    assert any("nobody left to ask: 1" in each for each in room.alerts)


async def test_a_next_team_that_cannot_be_told_is_no_news_for_the_customer(
    database: Database,
) -> None:
    room, _ = await waiting(database)
    room.clock.move(minutes=10)
    room.chat.refusals = [AdapterError("channel_not_found")] * 2
    await room.look()
    assert room.outside() == []
    room.clock.move(minutes=10)
    await room.look()
    assert [each[:30] for each in room.outside()] == [LEFT[:30]]


async def test_a_claim_in_time_stops_the_clock_and_closed_hours_do_not_count(
    database: Database,
) -> None:
    room, case = await waiting(database)
    room.clock.move(minutes=5)
    assert (await room.desk.claim(case, BOB, cause="c1")).done
    room.clock.move(minutes=5)
    await room.look()
    assert room.outside() == []
    assert (await room.case(case)).assignee == BOB.key


async def test_while_nobody_of_the_last_team_is_there_nobody_is_called(database: Database) -> None:
    hours = {"open": {"mon": "8:00-9:05", "tue": "8:00-18:00"}}
    teams = {"default": {"cases": {"chat": "CASES"}, "hours": hours}}
    room = room_of(database, teams=teams)
    await room.ask()
    room.clock.move(hours=12)
    await room.look()
    assert room.outside() == []
    room.clock.move(hours=11, minutes=6)
    await room.look()
    assert [each[:30] for each in room.outside()] == [LEFT[:30]]


async def test_an_owner_who_lets_the_customer_wait_loses_the_case_to_the_next_team(
    database: Database,
) -> None:
    room, case = await waiting(database)
    await room.desk.claim(case, BOB, cause="c1")
    room.clock.move(minutes=29)
    await room.look()
    assert (await room.case(case)).assignee == BOB.key
    room.clock.move(minutes=1)
    await room.look()
    assert room.outside() == [GONE]
    assert ((await room.case(case)).assignee, (await room.state()).owner) == ("", Owner.WAITING)


async def test_without_a_next_team_the_bot_goes_on_and_says_so(database: Database) -> None:
    room, case = await waiting(database, teams={"default": {"cases": {"chat": "CASES"}}})
    await room.desk.claim(case, BOB, cause="c1")
    room.clock.move(minutes=30)
    await room.look()
    (said,) = room.outside()
    assert said.startswith("The colleague who was helping you has not answered for a while. You a")
    assert (await room.state()).owner is Owner.BOT
    assert (await room.case(case)).closed_at is None


async def test_a_case_is_closed_by_silence_never_while_the_customer_waits(
    database: Database,
) -> None:
    room, case = await waiting(database, owner_idle=False)
    await room.desk.claim(case, BOB, cause="c1")
    room.clock.move(hours=100)
    await room.look()
    assert (await room.case(case)).closed_at is None
    await room.desk.reply(case, BOB, "It is on its way.", cause="r1")
    await room.delivered()
    room.clock.move(hours=71)
    await room.desk.note(case, "a note changes nothing", cause="n1")
    await room.look()
    assert (await room.case(case)).closed_at is None
    room.clock.move(hours=1)
    await room.look()
    closed = await room.case(case)
    assert (closed.closed_by, (await room.state()).owner) == ("silence", Owner.CLOSED)
    room.clock.move(minutes=1)
    await room.look()
    assert await asked(room) == []


async def asked(room: CaseRoom) -> Sequence[int | None]:
    query = select(surveys.c.score).order_by(surveys.c.case)
    return await room.database.query(lambda connection: connection.scalars(query).all())


async def helped(database: Database, **staff: object) -> tuple[CaseRoom, int]:
    """A case that a person helped with, and closed."""
    room, case = await waiting(database, **staff)
    await room.desk.reply(case, BOB, "It is on its way.", cause="r1")
    await room.desk.close(case, BOB, "sent", cause="x1")
    await room.look()
    return room, case


async def test_a_customer_is_asked_once_and_may_change_the_answer_for_seven_days(
    database: Database,
) -> None:
    room, case = await helped(database)
    await asyncio.gather(room.case_clock.look(), room.case_clock.look())
    await room.delivered()
    assert room.outside()[1:] == ["How well were you helped? 1 is very badly, 5 is very well."]
    query = select(choices.c.id).where(choices.c.kind == "csat").order_by(choices.c.value)
    ids = await database.query(lambda connection: connection.scalars(query).all())
    assert len(ids) == 5
    buttons, rating = StoredButtons(database, room.clock), StoredSurveys(database, room.clock)
    found = [await buttons.choice(each) for each in ids]
    pressed = [each for each in found if each is not None]
    assert pressed[3] == Choice("csat", "4", str(case), "en")
    assert await rating.rate(pressed[3], BOB.key) == "stranger"
    assert await rating.rate(pressed[3], ANN.key) == "stored"
    assert await asked(room) == [4]
    room.clock.move(days=6)
    assert await rating.rate(pressed[1], ANN.key) == "stored"
    room.clock.move(days=1)
    assert await rating.rate(pressed[4], ANN.key) == "expired"
    assert await asked(room) == [2]


async def test_nobody_is_asked_without_a_persons_part_or_where_config_says_so(
    database: Database,
) -> None:
    room, case = await waiting(database)
    await room.desk.close(case, BOB, cause="x1")
    await room.look()
    assert await asked(room) == []
    room.open(teams=TEAMS, csat=False)
    other = Author("forum:G1:U9", "Zoe")
    again = await room.ask(message=room.asking("hi", "forum:app:help:z", other))
    await room.desk.reply(again.case, BOB, "Hello.", cause="r2")
    await room.desk.close(again.case, BOB, cause="x2")
    await room.look()
    assert await asked(room) == []


class Way:
    """Takes notices, or refuses them."""

    def __init__(self, *refusals: str) -> None:
        self.refusals, self.taken = list(refusals), list[Notice]()

    async def notify(self, notice: Notice) -> None:
        if self.refusals:
            raise Undelivered(self.refusals.pop(0))
        self.taken.append(notice)


async def called(database: Database, ways: Mapping[str, Way], **staff: object) -> CaseRoom:
    """A case that nobody claims, with nobody left to ask."""
    teams = {"default": {"title": "Support", "cases": {"chat": "CASES"}}}
    room = room_of(database, teams=teams, **staff)
    given: dict[str, object] = dict(ways)
    room.case_clock._notices.ways = given  # type: ignore[assignment]
    object.__setattr__(room.case_clock._steps, "ways", tuple(ways))
    await room.ask("my card 4111 1111 1111 1111, please help")
    room.clock.move(minutes=10)
    return room


async def test_staff_are_called_outside_until_a_notice_is_taken(database: Database) -> None:
    hook, mail = Way("the webhook answered 500"), Way("refused", "refused")
    room = await called(database, {"webhook": hook, "mail": mail})
    await room.look()
    assert (hook.taken, mail.taken, room.outside()) == ([], [], [])
    assert any("by webhook" in each and "answered 500" in each for each in room.alerts)
    room.clock.move(seconds=30)
    await room.look()
    assert [(each.id, each.team, each.platform) for each in hook.taken] == [
        ("case-1-1", "Support", "forum")
    ]
    assert hook.taken[0].text == ""
    assert [each[:30] for each in room.outside()] == [CALLED[:30]]
    room.clock.move(minutes=2)
    await room.look()
    await room.look()
    assert len(hook.taken) == len(mail.taken) == 1
    assert len(room.outside()) == 1


async def test_a_notice_says_what_was_asked_only_where_config_includes_it(
    database: Database,
) -> None:
    hook = Way()
    room = await called(database, {"webhook": hook}, notify={"include_text": True})
    await room.look()
    (notice,) = hook.taken
    assert "4111" not in notice.text


async def test_where_no_notice_is_taken_the_customer_reads_that(database: Database) -> None:
    hook = Way(*["gone"] * 20)
    room = await called(database, {"webhook": hook})
    for _ in range(14):
        await room.look()
        room.clock.at += timedelta(minutes=10)
    assert [each[:30] for each in room.outside()] == [LEFT[:30]]


async def test_a_case_that_was_claimed_meanwhile_calls_nobody(database: Database) -> None:
    hook = Way("down")
    room = await called(database, {"webhook": hook})
    await room.look()
    await room.desk.claim(1, BOB, cause="c1")
    room.clock.move(minutes=5)
    await room.look()
    assert hook.taken == []


async def test_whatever_called_a_person_the_next_team_is_asked_also_after_a_restart(
    database: Database,
) -> None:
    on = {"ungrounded": True, "frustration": True, "keywords": ["x"]}
    room = room_of(database, teams=TEAMS, triggers=on)
    places = {each: f"forum:app:help:{each}" for each in get_args(Trigger)}
    for trigger, place in places.items():
        author = Author(f"forum:G1:{trigger}", "Ann")
        await room.ask(trigger=trigger, message=room.asking("help", place, author))
    room.clock.move(minutes=10)
    room.restart()
    await room.look()
    read = {place: room.forum.texts(place) for place in places.values()}
    assert read == {place: [NEXT] for place in places.values()}
