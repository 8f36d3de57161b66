"""A person is asked for: a case, somebody told or an alert, and one true sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Author
from bot.ownership import Owner
from bot.ports import HandoffRequest, Trigger
from bot.staff.handoffs import NoStaff
from bot.storage import Database
from tests.delivery.support import received
from tests.staff.desk.casework import room_of

TOLD = "I have told our team (Support)"
UNTIL = "until then, go on asking me."
CONTACT = "Of course. You can reach a person here: help@shop.example."
REACH = "If you would rather talk to a person, you can reach one here: help@shop.example."
OPEN = {"zone": "UTC", "open": {"daily": "8:00-18:00"}}
SHUT = {"zone": "Europe/Berlin", "open": {"tue-fri": "9:00-17:00"}}
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
ALL_ON = {"ungrounded": True, "frustration": True, "keywords": ["x"]}


def team(**keys: object) -> dict[str, object]:
    return {"default": {"title": "Support", "cases": {"chat": "CASES"}, **keys}}


WHEN = {
    "always": (None, f"{TOLD}. As soon as somebody is free, they answer here; {UNTIL}"),
    "open": (
        OPEN,
        f"{TOLD}. They are there now, and answer here as soon as somebody is free; {UNTIL}",
    ),
    "shut": (
        SHUT,
        (
            f"{TOLD}. Nobody is there at the moment; they are back on Tue, December 1, 9:00 AM "
            "(UTC+1). Until then, go on asking me."
        ),
    ),
}


def person(trigger: Trigger) -> tuple[str, Author]:
    """A place and a customer of their own."""
    return f"forum:app:help:{trigger}", Author(f"forum:G1:{trigger}", "Ann")


@pytest.mark.parametrize("hours", WHEN)
async def test_who_is_told_and_when_somebody_comes(database: Database, hours: str) -> None:
    given, said = WHEN[hours]
    room = room_of(database, teams=team(hours=given), triggers=ALL_ON)
    for trigger in TRIGGERS:
        place, author = person(trigger)
        status = await room.ask(trigger=trigger, message=room.asking("help", place, author))
        assert (status.told, status.new, status.said) == (True, True, said), trigger
        assert (status.closed == "") == (hours != "shut")
        assert (await room.case(status.case)).trigger == trigger
        assert (await room.state(place)).owner is Owner.WAITING
    assert room.alerts == []


@pytest.mark.parametrize("fault", ["no channel", "deleted", "broken"])
async def test_where_staff_cannot_be_told_nothing_is_promised_and_they_are_alerted(
    database: Database, fault: str
) -> None:
    cases = {} if fault == "no channel" else {"chat": "CASES"}
    room = room_of(database, teams=team(cases=cases), triggers=ALL_ON)
    room.requests._handoffs._patience = 0.05  # type: ignore[attr-defined]
    if fault == "deleted":
        room.chat.refusals = [AdapterError("channel_not_found")] * len(TRIGGERS)
    elif fault == "broken":
        room.chat.refusals = [ServiceUnavailable("500")] * 1_000
    for trigger in TRIGGERS:
        place, author = person(trigger)
        status = await room.ask(trigger=trigger, message=room.asking("help", place, author))
        wished = trigger in ("asked", "intent")
        said = CONTACT if wished else REACH
        assert (status.told, status.said, status.state) == (False, said, None), trigger
        assert (await room.case(status.case)).closed_at is None
    (alert,) = room.alerts
    assert "cannot post to the channel of the team `default`" in alert
    assert "help@" not in alert


async def test_a_trigger_that_is_off_calls_nobody(database: Database) -> None:
    for trigger in TRIGGERS:
        off: dict[str, object] = {"keywords": []} if trigger == "keyword" else {trigger: False}
        room = room_of(database, triggers={**ALL_ON, **off})
        status = await room.ask(trigger=trigger)
        assert (status.told, status.case, status.said) == (False, 0, ""), trigger
        assert room.chat.standing == {}


async def test_twenty_first_messages_are_one_case(database: Database) -> None:
    room = room_of(database)
    first = await room.ask("one")
    again = [await room.ask(f"line {n}") for n in range(19)]
    assert {each.case for each in again} == {first.case}
    assert not any(each.new for each in again)
    assert len([each for each in room.chat.standing.values() if each.title]) == 1


async def test_a_person_has_three_open_cases_and_further_ones_stand_in_the_latest(
    database: Database,
) -> None:
    room = room_of(database)
    found = [
        await room.ask(f"q {n}", message=room.asking(f"q {n}", f"forum:app:help:{n}"))
        for n in range(4)
    ]
    assert [each.told for each in found] == [True, True, True, False]
    assert found[3].said == CONTACT
    assert found[3].case == found[2].case
    await room.delivered()
    assert any(
        "another conversation" in each and "> q 3" in each
        for each in (await room.inside(found[2].case))
    )
    other = Author("forum:G1:U9", "Zoe")
    theirs = await room.ask(message=room.asking("hi", "forum:app:help:z", other))
    assert theirs.told


async def test_a_danger_in_a_waiting_conversation_is_said_in_its_thread(database: Database) -> None:
    room = room_of(database)
    first = await room.ask()
    second = await room.ask("it smokes", "safety", danger="fire_or_smoke")
    assert second.case == first.case
    await room.delivered()
    assert any(
        each.startswith("**Safety: a message about fire or smoke.")
        for each in (await room.inside(first.case))
    )


async def test_a_request_that_is_made_again_after_a_crash_is_the_same(database: Database) -> None:
    room = room_of(database)
    message = room.asking("get me a human")
    first = await room.ask(message=message)
    room.restart()
    again = await room.ask(message=message)
    assert replace(again, state=None) == replace(first, state=None)


async def test_the_language_and_the_title_are_the_customers(database: Database) -> None:
    room = room_of(database, teams=team(title={"en": "Billing", "de": "Rechnungen"}, hours=SHUT))
    request = HandoffRequest("Mensch bitte", "asked", language="de")
    async with room.delivering():
        status = await room.requests.request(room.asking("Mensch bitte"), request)
    assert status.said == (
        "Ich habe unserem Team (Rechnungen) Bescheid gegeben. Im Moment ist niemand da; ab Di., "
        "1. Dezember, 09:00 (UTC+1) ist wieder jemand erreichbar. Bis dahin fragen Sie gern mich "
        "weiter."
    )


async def test_the_team_that_an_intent_names_is_asked(database: Database) -> None:
    teams = {**team(), "billing": {"cases": {"chat": "BILLS"}}}
    room = room_of(database, teams=teams)
    status = await room.ask(trigger="intent", team="billing")
    assert status.team == "billing"
    assert [each.place for each in room.chat.standing.values()] == ["chat:app:BILLS"]
    assert (await room.state()).team == "billing"


async def test_an_instance_without_staff_tells_nobody() -> None:
    status = await NoStaff().request(received(1).message, HandoffRequest("a person please"))
    assert (status.told, status.said) == (False, "")
