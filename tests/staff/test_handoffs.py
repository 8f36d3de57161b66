"""Staff are told of a customer who asks for a person, and the customer learns what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Author, Message
from bot.ports import HandoffRequest
from bot.staff.alerts import QueuedAlerts, StaffAlerts
from bot.staff.handoffs import REPEATED, NoStaff, StaffHandoffs, announcement
from bot.storage import Database
from bot.storage.cases import Cases
from tests.delivery.support import MovableClock, received
from tests.staff.posters import Voice

PLEASE = HandoffRequest("a person please")


class Slow(Voice):
    """Posts after a while."""

    async def notify(self, channel: str, markdown: str) -> None:
        await asyncio.sleep(60)


class Desk:
    """The handoffs of a platform named test."""

    def __init__(self, database: Database, voice: Voice | None, *others: Voice) -> None:
        self.clock = MovableClock()
        self.cases = Cases(database, self.clock)
        channels = {"test": (voice, "C0")} if voice else {}
        channels |= {f"other{n}": (other, f"C{n}") for n, other in enumerate(others, start=1)}
        alerts = StaffAlerts(database, self.clock, channels)
        self.handoffs = StaffHandoffs(self.cases, channels, alerts, self.clock)

    async def ask(self, number: int = 1, conversation: str = "test:app:one") -> bool:
        message = received(number, conversation, text="a person please").message
        return (await self.handoffs.request(message, HandoffRequest(message.text))).told


async def test_staff_read_who_asks_where_and_what_and_find_a_case(database: Database) -> None:
    voice = Voice()
    desk = Desk(database, voice)

    assert await desk.ask()

    ((channel, text),) = voice.announced
    assert channel == "C0"
    for part in ("Ann", "`test:team:ann`", "`test:app:one`", "> a person please"):
        assert part in text
    (case,) = await desk.cases.listed()
    assert (case.kind, case.conversation, case.author) == (
        "handoff",
        "test:app:one",
        "test:team:ann",
    )


@pytest.mark.parametrize(
    "refusal", [AdapterError("no such channel"), ServiceUnavailable("slack: HTTP 503")]
)
async def test_a_channel_that_takes_nothing_leaves_a_case_and_an_alert_elsewhere(
    database: Database, refusal: Exception
) -> None:
    other = Voice()
    desk = Desk(database, Voice(refusal, refusal), other)

    assert not await desk.ask()

    assert await desk.cases.count("handoff") == 1
    ((_, text),) = other.announced
    assert str(refusal) in text


async def test_a_channel_that_is_slow_keeps_no_customer_waiting(database: Database) -> None:
    desk, clock = Desk(database, None), MovableClock()
    queued_alerts = QueuedAlerts(StaffAlerts(database, clock, {}))
    channels = {"test": (Slow(), "C0")}
    handoffs = StaffHandoffs(desk.cases, channels, queued_alerts, clock, patience=0.05)
    async with asyncio.timeout(20):
        assert not (await handoffs.request(received(1).message, PLEASE)).told


async def test_a_platform_without_a_channel_leaves_a_case_and_tells_no_other(
    database: Database,
) -> None:
    other = Voice()
    desk = Desk(database, None, other)

    assert not await desk.ask()

    assert await desk.cases.count("handoff") == 1
    assert other.announced == []


async def test_an_attempt_that_is_made_again_tells_nobody_twice(database: Database) -> None:
    voice = Voice()
    desk = Desk(database, voice)

    assert await desk.ask()
    desk.clock.move(2 * REPEATED.total_seconds())
    assert await desk.ask()

    assert len(voice.announced) == 1
    assert await desk.cases.count("handoff") == 1


async def test_asking_again_and_again_is_one_request_until_it_is_closed(
    database: Database,
) -> None:
    voice = Voice()
    desk = Desk(database, voice)

    assert [await desk.ask(number) for number in (1, 2, 3)] == [True] * 3
    assert len(voice.announced) == 1
    await desk.cases.close()
    assert await desk.ask(4)
    assert len(voice.announced) == 2
    desk.clock.move(REPEATED.total_seconds() + 1)
    assert await desk.ask(5)
    assert len(voice.announced) == 3
    assert await desk.ask(6, "test:app:two")
    assert len(voice.announced) == 4


async def test_an_attempt_that_told_nobody_is_made_again(database: Database) -> None:
    voice = Voice(ServiceUnavailable("away"), ServiceUnavailable("away"))
    desk = Desk(database, voice)

    assert [await desk.ask() for _ in range(2)] == [False, True]
    assert await desk.cases.count("handoff") == 1


async def test_without_staff_nobody_is_told() -> None:
    assert not (await NoStaff().request(received(1).message, PLEASE)).told


def said(name: str) -> Message:
    return replace(received(1).message, author=Author("test:team:ann", name))


def test_personal_data_is_replaced_and_a_name_is_no_markup() -> None:
    wish = "a person please, I am Maria Schmidt, maria@example.org\n**now**"
    text = announcement(said("[click](https://evil.example) `x`\n# Boss\x1b[31m"), wish, Voice())

    assert "maria@example.org" not in text
    assert "Maria Schmidt" not in text
    assert "[EMAIL_1]" in text
    who = text.splitlines()[0]
    assert "](" not in who
    assert "evil.example" not in who or "://" not in who
    assert "\x1b" not in text
    assert len(text.splitlines()) == 5


def test_a_long_question_is_cut() -> None:
    assert len(announcement(said("Ann"), "word " * 10_000, Voice())) < 1_500


def test_a_platform_that_can_link_gives_the_place_to_click() -> None:
    class Linking(Voice):
        def link(self, message: Message) -> str:
            return f"https://chat.example/{message.id}"

    text = announcement(said("Ann"), "", Linking())
    assert "[`test:app:one`](https://chat.example/test:app:one:1)" in text
    assert "> " not in text
