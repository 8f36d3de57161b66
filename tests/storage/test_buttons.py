from __future__ import annotations

from datetime import timedelta

from bot.messages import Button, Choice
from bot.storage import Database, StoredButtons
from bot.storage.buttons import LIFETIME, button_id
from tests.delivery.support import MovableClock

STATUS = Choice("intent", "order_status", "wheres my stuff", "en")
NEITHER = Choice("neither", "", "wheres my stuff", "en")


async def test_a_button_means_what_was_offered(database: Database) -> None:
    choices = StoredButtons(database, MovableClock())

    buttons = await choices.offer("m1", [("Track my order", STATUS), ("Neither", NEITHER)])

    assert buttons == (
        Button(button_id("m1", 0), "Track my order"),
        Button(button_id("m1", 1), "Neither"),
    )
    assert [await choices.choice(button.id) for button in buttons] == [STATUS, NEITHER]


async def test_an_offer_made_again_gives_the_same_buttons(database: Database) -> None:
    choices = StoredButtons(database, MovableClock())
    first = await choices.offer("m1", [("Track", STATUS)])

    again = await choices.offer("m1", [("Track", NEITHER)])

    assert again == first
    assert await choices.choice(first[0].id) == NEITHER


async def test_an_unknown_button_means_nothing(database: Database) -> None:
    assert await StoredButtons(database, MovableClock()).choice("b_made_up") is None


async def test_a_button_works_for_its_lifetime(database: Database) -> None:
    clock = MovableClock()
    choices = StoredButtons(database, clock)
    (button,) = await choices.offer("m1", [("Track", STATUS)])

    clock.move((LIFETIME - timedelta(seconds=1)).total_seconds())
    assert await choices.choice(button.id) == STATUS

    clock.move(2)
    assert await choices.choice(button.id) is None
