from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.config.staff import MembersConfig
from bot.delivery import Intake
from bot.errors import StorageError
from bot.messages import (
    Addressing,
    Author,
    Message,
    Pressed,
    Received,
)
from bot.staff.roster import Roster
from bot.storage import StoredTranscripts
from tests.delivery.conftest import Desk
from tests.delivery.support import outcome, received


@pytest.fixture
def reception(desk: Desk) -> Intake:
    return Intake(desk.inbox, StoredTranscripts(desk.database))


@pytest.mark.parametrize("addressing", [Addressing.DIRECT, Addressing.MENTION])
async def test_who_speaks_to_the_bot_is_heard(reception: Intake, addressing: Addressing) -> None:
    assert await reception.accept(received(1, addressing=addressing))


@pytest.mark.parametrize("addressing", [Addressing.AMBIENT, Addressing.THREAD])
async def test_what_others_say_is_not_stored(
    desk: Desk, reception: Intake, addressing: Addressing
) -> None:
    assert not await reception.accept(received(1, addressing=addressing))

    await desk.inbox.accept(received(2))
    assert (await desk.inbox.claim()).event == received(2)


async def test_a_thread_goes_on_once_the_bot_has_spoken_in_it(
    desk: Desk, reception: Intake
) -> None:
    await reception.accept(received(1, addressing=Addressing.MENTION))
    claim = await desk.inbox.claim()
    await desk.inbox.finish(claim, outcome(claim.event))

    assert await reception.accept(received(2, addressing=Addressing.THREAD))


async def test_a_thread_in_which_the_bot_stayed_silent_is_not_its_own(
    desk: Desk, reception: Intake
) -> None:
    await reception.accept(received(1, addressing=Addressing.MENTION))
    claim = await desk.inbox.claim()
    await desk.inbox.finish(claim, outcome(claim.event, ""))

    assert not await reception.accept(received(2, addressing=Addressing.THREAD))


async def test_a_quick_follow_up_is_heard_before_the_bot_has_answered(reception: Intake) -> None:
    await reception.accept(received(1, addressing=Addressing.MENTION))

    assert await reception.accept(received(2, addressing=Addressing.THREAD))


async def test_a_follow_up_that_comes_together_with_the_mention_is_heard(
    reception: Intake,
) -> None:
    both = await asyncio.gather(
        reception.accept(received(1, addressing=Addressing.MENTION)),
        reception.accept(received(2, addressing=Addressing.THREAD)),
    )

    assert all(both)


async def test_what_comes_at_once_is_stored_in_the_order_that_it_came_in(
    desk: Desk, reception: Intake
) -> None:
    await asyncio.gather(*(reception.accept(received(number)) for number in range(20)))

    for number in range(20):
        claim = await desk.inbox.claim()
        assert claim.event.message.text == f"message {number}"
        await desk.inbox.finish(claim, outcome(claim.event))


async def test_a_pressed_button_is_always_heard(reception: Intake) -> None:
    press = received(1, addressing=Addressing.AMBIENT).message

    assert await reception.accept(Pressed(press, "b_1"))


async def test_a_payment_card_reaches_no_page_of_the_database(sqlite_desk: Desk) -> None:
    reception = Intake(sqlite_desk.inbox, StoredTranscripts(sqlite_desk.database))
    said = received(1, text="my visa 4111 1111 1111 1111 cvv 987 was charged")

    await reception.accept(said)
    claim = await sqlite_desk.inbox.claim()
    await sqlite_desk.inbox.finish(claim, outcome(claim.event))

    assert claim.event.message.text == "my visa [card number] cvv [check code] was charged"
    path = sqlite_desk.database.path
    assert path is not None
    stored = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert b"was charged" in stored
    assert b"4111" not in stored
    assert b"cvv 987" not in stored  # the digits alone may stand in a time
    assert b"987 was" not in stored


async def test_what_could_not_be_stored_is_not_acknowledged(sqlite_desk: Desk) -> None:
    await sqlite_desk.database.write(
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1").scalar_one()
    )
    reception = Intake(sqlite_desk.inbox, StoredTranscripts(sqlite_desk.database))

    with pytest.raises(StorageError, match="full"):
        await reception.accept(received(1, text="long" * 100_000))


async def test_the_author_is_stored_as_staff_or_as_a_customer(desk: Desk) -> None:
    roster = Roster({"test": MembersConfig(users=frozenset({"boss"}), roles=frozenset({"agents"}))})
    reception = Intake(desk.inbox, StoredTranscripts(desk.database), mark=roster.mark)
    authors = [
        Author("test:team:boss"),
        Author("test:team:ann"),
        Author("test:team:eve", roles=("agents",)),
        Author("test:team:eve", staff=True),  # an adapter does not decide that
    ]
    for number, author in enumerate(authors):
        place = f"test:app:{number}"
        message = replace(received(number, place).message, author=author)
        await reception.accept(Received(message))

    stored = {(claim := await desk.inbox.claim()).event.message.id: claim for _ in authors}
    assert [claim.event.message.author.staff for _, claim in sorted(stored.items())] == [
        True,
        False,
        True,
        False,
    ]


class Told:
    """Hears one channel unasked, and everybody but Eve."""

    def is_support(self, conversation: str) -> bool:
        return conversation.startswith("test:app:one")

    def admits(self, message: Message) -> bool:
        return message.author.key != "test:team:eve"


async def test_what_is_said_in_a_support_channel_is_heard(desk: Desk) -> None:
    reception = Intake(desk.inbox, StoredTranscripts(desk.database), listening=Told())
    ambient = Addressing.AMBIENT
    assert await reception.accept(received(1, "test:app:one", addressing=ambient))
    assert not await reception.accept(received(2, "test:app:two", addressing=ambient))
    assert await reception.accept(received(3, "test:app:one", addressing=Addressing.THREAD))
    assert not await reception.accept(received(4, "test:app:two", addressing=Addressing.THREAD))


@pytest.mark.parametrize("addressing", [Addressing.DIRECT, Addressing.MENTION, Addressing.AMBIENT])
async def test_who_is_not_let_in_is_neither_heard_nor_stored(
    desk: Desk, addressing: Addressing
) -> None:
    reception = Intake(desk.inbox, StoredTranscripts(desk.database), listening=Told())
    event = received(1, addressing=addressing)
    eve = replace(event.message, author=Author("test:team:eve"))
    assert not await reception.accept(Received(eve))
    assert not await reception.accept(Pressed(eve, "b"))
    assert await reception.accept(event)
