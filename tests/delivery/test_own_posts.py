"""A pause and a take-over stop the bot's own words in the outbox, and no line of a colleague."""

from __future__ import annotations

from functools import partial

import pytest

from bot.conversations import Owner
from bot.messages import Visibility
from bot.ports import CaseButton
from bot.staff.pauses import Pauses
from bot.storage.moves import move
from bot.storage.own_posts import PAUSED, TAKEN_OVER
from bot.storage.relays import Relay, add_relay
from tests.delivery.outgoing import post
from tests.delivery.support import START
from tests.delivery.test_outbox import ONE, Office, office
from tests.storage.conftest import database, url

__all__ = ["database", "office", "url"]

AGENT = "test:team:agent"
RETURN = CaseButton("return", 1, "Return to bot")


async def relayed(office: Office, number: int) -> int:
    """A line of a colleague to the customer."""
    (stored,) = await office.outbox.enqueue(post(number))
    relay = Relay(1, "to_customer", f"line-{number}", stored, AGENT, "test:team:ann")
    await office.database.write(partial(add_relay, relay=relay, at=START))
    return stored


async def taken_over(office: Office) -> None:
    await office.database.write(
        lambda it: move(it, ONE, Owner.HUMAN, cause="line", at=office.clock.now(), assignee=AGENT)
    )


@pytest.mark.parametrize("place", ["", "test:app:one"])
async def test_a_pause_stops_the_bots_own_words_alone(office: Office, place: str) -> None:
    await office.outbox.enqueue(post(1), post(2, "test:app:other"))
    await relayed(office, 3)
    await office.outbox.enqueue(
        post(4, visibility=Visibility.PRIVATE, author=AGENT, case_buttons=(RETURN,))
    )
    await Pauses(office.database, office.clock).pause(place, AGENT)

    async with office.delivering():
        elsewhere = "delivered" if place else "cancelled"
        await office.settled("cancelled", elsewhere, "delivered", "delivered")

    assert office.platform.texts() == ["line 3", "line 4"]
    assert (await office.rows())[0]["reason"] == PAUSED


async def test_a_colleagues_edit_passes_a_pause(office: Office) -> None:
    line = await relayed(office, 1)
    async with office.delivering():
        await office.settled("delivered")
    await Pauses(office.database, office.clock).pause("", AGENT)
    await office.outbox.enqueue(post(2, kind="edit", target=line))

    async with office.delivering():
        await office.settled("delivered", "delivered")


async def test_a_take_over_stops_the_bots_own_words_alone(office: Office) -> None:
    await office.outbox.enqueue(post(1))
    await relayed(office, 2)
    office.clock.move(1)
    await taken_over(office)
    office.clock.move(1)
    await office.outbox.enqueue(post(3))  # such as a word about a file of the customer's

    async with office.delivering():
        await office.settled("cancelled", "delivered", "delivered")

    assert office.platform.texts() == ["line 2", "line 3"]
    assert (await office.rows())[0]["reason"] == TAKEN_OVER


async def test_what_has_begun_is_seen_to_its_end(office: Office) -> None:
    await office.outbox.enqueue(post(1))
    (reserved,) = await office.outbox.reserve(["test"], 1)
    await office.outbox.retry(reserved, "no answer", 0.0)
    office.clock.move(1)
    await taken_over(office)

    (again,) = await office.outbox.reserve(["test"], 1)

    assert (again.number, again.attempt, again.relayed) == (reserved.number, 2, False)


async def test_whoever_delivers_is_told_what_a_person_wrote(office: Office) -> None:
    await relayed(office, 1)

    (reserved,) = await office.outbox.reserve(["test"], 1)

    assert reserved.relayed
