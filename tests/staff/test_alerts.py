"""Staff are told what they must know: once, wherever it is noticed, until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from bot.app.background import running
from bot.app.service import Service
from bot.clock import SystemClock
from bot.delivery import Intake, Worker
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import Accept, Adapter
from bot.staff.alerts import AGAIN, QueuedAlerts, StaffAlerts
from bot.staff.watchdog import INTERVAL, LONGEST_WAIT, Watchdog
from bot.storage import Database, StoredTranscripts
from bot.storage.cases import Cases
from bot.storage.tables import alerts as alerts_table
from bot.storage.tables import events
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import MovableClock, received
from tests.staff.posters import Voice


def alerting(database: Database, clock: MovableClock, *posters: Voice) -> StaffAlerts:
    channels = {f"p{number}": (voice, f"C{number}") for number, voice in enumerate(posters)}
    return StaffAlerts(database, clock, channels)


async def test_staff_are_told_once_on_every_platform(database: Database) -> None:
    slack, discord, clock = Voice(), Voice(), MovableClock()
    alerts = alerting(database, clock, slack, discord)

    for _ in range(3):
        await alerts.alert("queue", "it grows")

    assert slack.announced == [("C0", "**Attention:** it grows")]
    assert discord.announced == [("C1", "**Attention:** it grows")]


async def test_what_an_alert_quotes_is_replaced_and_links_nowhere(database: Database) -> None:
    voice = Voice()
    refused = "GPT refused: maria@example.org said [bank](http://evil.com) \u202e\x1b]52;c;x\x07"
    await alerting(database, MovableClock(), voice).alert("gpt", refused)

    ((_, told),) = voice.announced
    assert told == (
        "**Attention:** GPT refused: [EMAIL_1] said [bank]\u2060(http://evil.com) ]52;c;x"
    )


async def test_a_restart_or_a_second_process_repeats_nothing(database: Database) -> None:
    voice, clock = Voice(), MovableClock()
    await alerting(database, clock, voice).alert("queue", "it grows")
    await asyncio.gather(
        *(alerting(database, clock, voice).alert("queue", "it grows") for _ in range(5))
    )

    assert len(voice.announced) == 1


async def test_what_comes_back_is_told_again(database: Database) -> None:
    voice, clock = Voice(), MovableClock()
    alerts = alerting(database, clock, voice)
    await alerts.alert("queue", "first")
    await alerts.alert("model", "another kind")
    await alerts.clear("queue")
    await alerts.alert("queue", "second")

    assert [text.removeprefix("**Attention:** ") for _, text in voice.announced] == [
        "first",
        "another kind",
        "second",
    ]


async def test_what_is_not_over_is_told_again_after_hours(database: Database) -> None:
    voice, clock = Voice(), MovableClock()
    alerts = alerting(database, clock, voice)
    await alerts.alert("queue", "it grows")
    clock.move(AGAIN.total_seconds() - 1)
    await alerts.alert("queue", "it grows")
    assert len(voice.announced) == 1

    clock.move(1)
    await alerts.alert("queue", "it grows")
    assert len(voice.announced) == 2


async def test_a_platform_that_is_away_hinders_no_other(database: Database) -> None:
    away, there = Voice(ServiceUnavailable("away")), Voice()
    await alerting(database, MovableClock(), away, there).alert("queue", "it grows")

    assert len(there.announced) == 1


async def test_what_nobody_heard_is_told_at_the_next_occasion(database: Database) -> None:
    voice = Voice(AdapterError("not in the channel"))
    alerts = alerting(database, MovableClock(), voice)
    await alerts.alert("queue", "it grows")
    await alerts.alert("queue", "it grows")

    assert len(voice.announced) == 1


async def test_without_a_channel_the_log_is_told(database: Database) -> None:
    alerts = alerting(database, MovableClock())
    with capture_logs() as logs:
        await alerts.alert("queue", "it grows")
        await alerts.alert("queue", "it grows")

    assert [line["reason"] for line in logs if line["event"] == "alert"] == ["it grows"]


async def test_what_cannot_be_stored_is_told_once_all_the_same(desk: Desk) -> None:
    voice, clock = Voice(), MovableClock()
    alerts = alerting(desk.database, clock, voice)
    await desk.database.write(
        lambda connection: connection.exec_driver_sql("DROP TABLE alerts").rowcount
    )

    with capture_logs() as logs:
        for _ in range(3):
            await alerts.alert("database", "it refuses writes")
        clock.move(AGAIN.total_seconds())
        await alerts.alert("database", "it still does")
        await alerts.clear("database")
        await alerts.alert("database", "it does so again")

    assert [line["event"] for line in logs][:2] == ["alert not stored", "alert"]
    assert [text.removeprefix("**Attention:** ") for _, text in voice.announced] == [
        "it refuses writes",
        "it still does",
        "it does so again",
    ]


async def test_an_errand_keeps_nobody_waiting_and_the_order_is_kept(database: Database) -> None:
    voice, clock = Voice(), MovableClock()
    queued_alerts = QueuedAlerts(alerting(database, clock, voice))
    await queued_alerts.alert("gpt", "it is away")
    await queued_alerts.clear("gpt")
    await queued_alerts.alert("gpt", "it is away again")
    await queued_alerts.alert("gpt", "and again")
    assert voice.announced == []

    async with running(queued_alerts):
        async with asyncio.timeout(20):
            while len(voice.announced) < 2:  # noqa: ASYNC110 - a job tells them
                await asyncio.sleep(0.01)
    told = [text for _, text in voice.announced]
    assert told == ["**Attention:** it is away", "**Attention:** it is away again"]


# --- what is watched ---------------------------------------------------------------------------


@asynccontextmanager
async def watching(
    desk: Desk, clock: MovableClock, voice: Voice, *adapters: Adapter
) -> AsyncIterator[None]:
    alerts = alerting(desk.database, clock, voice)
    async with running(Watchdog(desk.inbox, Cases(desk.database, clock), alerts, clock, adapters)):
        yield


async def look(clock: MovableClock, until: Callable[[], object]) -> None:
    """Let the watch look, again and again, until something is so."""
    async with asyncio.timeout(20):
        while not until():
            clock.move(INTERVAL)
            await asyncio.sleep(0.01)


async def test_staff_hear_of_messages_that_could_not_be_answered(desk: Desk) -> None:
    clock, voice = MovableClock(), Voice()
    for number in range(2):
        await desk.inbox.accept(received(number))
        await desk.inbox.dead_letter(await desk.inbox.claim(), "AdapterError: no permission")
    async with watching(desk, clock, voice):
        await look(clock, lambda: voice.announced)

    assert "could not be answered: 2" in voice.announced[0][1]
    cases = await Cases(desk.database, clock).listed()
    assert [case.note for case in cases] == ["AdapterError: no permission"] * 2


class LimitedAdapter(ListAdapter):
    """An adapter whose platform may withhold something."""

    limitations: Sequence[str] | None = None


async def test_staff_hear_once_of_what_a_platform_does_not_allow_until_it_does(
    sqlite_desk: Desk,
) -> None:
    clock, voice, adapter = MovableClock(), Voice(), LimitedAdapter()
    async with watching(sqlite_desk, clock, voice, adapter):
        adapter.limitations = ("it may not read: switch it on",)
        await look(clock, lambda: voice.announced)
        adapter.limitations = ()
        rows = select(func.count()).select_from(alerts_table)
        async with asyncio.timeout(20):
            while await sqlite_desk.database.query(lambda c: c.scalar(rows)):
                clock.move(INTERVAL)
                await asyncio.sleep(0.01)
        adapter.limitations = ("it may not read: switch it on",)
        await look(clock, lambda: len(voice.announced) == 2)
    told = {text for _, text in voice.announced}
    assert told == {"**Attention:** test: it may not read: switch it on"}


async def test_staff_hear_of_a_queue_that_does_not_move(sqlite_desk: Desk) -> None:
    clock, voice = MovableClock(), Voice()
    await sqlite_desk.inbox.accept(received(1))  # at the system's time, long after START
    await _age_events(sqlite_desk, LONGEST_WAIT + 60)
    async with watching(sqlite_desk, clock, voice):
        await look(clock, lambda: voice.announced)

    assert voice.announced[0][1].startswith("**Attention:** 1 messages wait for an answer")


async def _age_events(desk: Desk, seconds: float) -> None:
    then = SystemClock().now() - timedelta(seconds=seconds)
    older = update(events).values(accepted_at=then)
    await desk.database.write(lambda connection: connection.execute(older).rowcount)


async def test_a_job_that_fails_is_logged_and_hurts_nobody(database: Database) -> None:
    class Broken:
        name = "broken"

        async def run(self) -> None:
            raise KeyError("oops")

    with capture_logs() as logs:
        async with running(Broken()):
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    assert [(line["job"], repr(line["exc_info"])) for line in logs] == [
        ("broken", "KeyError('oops')")
    ]


# --- the end of a service ----------------------------------------------------------------------


class Refused(Voice):
    """A platform that no longer knows our token."""

    name = "refused"

    async def run(self, accept: Accept) -> None:
        raise AdapterError("refused: the token was revoked: get a new one")


class Connected(Voice):
    """A platform that works."""

    def __init__(self) -> None:
        super().__init__()
        self._closing = asyncio.Event()

    async def run(self, accept: Accept) -> None:
        await self._closing.wait()

    async def close(self) -> None:
        self._closing.set()


async def test_a_platform_that_refuses_us_is_told_on_the_others(desk: Desk) -> None:
    refused, connected, clock = Refused(), Connected(), MovableClock()
    worker = Worker(desk.inbox, Echo(), {}, concurrency=1, clock=clock)
    reception = Intake(desk.inbox, StoredTranscripts(desk.database))
    alerts = alerting(desk.database, clock, connected)
    service = Service([refused, connected], reception, worker, Echo(), alerts=alerts)

    with pytest.raises(AdapterError, match="revoked"):
        await service.run()
    ((_, text),) = connected.announced
    assert "the token was revoked: get a new one" in text
