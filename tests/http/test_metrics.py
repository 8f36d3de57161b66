"""/metrics: what is counted, that the documentation knows all of it, and who is not in it."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.app.products import LiveProducts
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.delivery import Intake, Worker
from bot.errors import AdapterError, ServiceUnavailable
from bot.form_events import form_event
from bot.messages import Decision, DecisionKind, Done, Event, Part, Say, ScoredIntent, Voted
from bot.storage import StoredTranscripts
from tests.delivery.outgoing import post
from tests.delivery.platform import ListAdapter
from tests.delivery.support import received
from tests.http.conftest import Watched, watched

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "operations.md"


class Deciding:
    """A responder whose decision says all that can be counted."""

    def __init__(self, kind: DecisionKind = DecisionKind.INTENT) -> None:
        self._kind = kind

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        yield Say("fine")
        yield Done(
            Decision(
                id=f"d:{event.message.id}",
                message_id=event.message.id,
                kind=self._kind,
                intents=(ScoredIntent("greet", 0.83), ScoredIntent("bye", 0.1)),
                cost=0.25,
                milliseconds={"classify": 4.0, "answer_intent": 0.2},
            )
        )


@asynccontextmanager
async def working(
    desk: Watched, adapter: ListAdapter, kind: DecisionKind = DecisionKind.INTENT
) -> AsyncIterator[Intake]:
    """Let a worker answer what is accepted; at the end all of it has been."""
    meter = desk.operations.meter
    worker = Worker(
        desk.inbox,
        Deciding(kind),
        {"test": adapter},
        concurrency=2,
        clock=SystemClock(),
        meter=meter,
    )
    running = asyncio.create_task(worker.run())
    yield Intake(desk.inbox, StoredTranscripts(desk.database), meter=meter)
    while (await desk.inbox.backlog()).depth:  # noqa: ASYNC110 - a database has no event
        await asyncio.sleep(0.01)
    await worker.stop()
    await running


async def test_what_happens_to_messages_is_counted(tmp_path: Path) -> None:
    adapter = ListAdapter()
    async with watched(tmp_path, [adapter]) as desk:
        async with working(desk, adapter) as reception:
            for number in (1, 2, 2):
                await reception.accept(received(number))
        samples = await desk.port.samples()

    on_test = '{platform="test"}'
    assert samples["frontdesk_accepted_total" + on_test] == 2
    assert samples["frontdesk_repeated_total" + on_test] == 1
    assert samples['frontdesk_messages_total{kind="intent",platform="test"}'] == 2
    assert samples["frontdesk_answer_seconds_count" + on_test] == 2
    assert samples['frontdesk_stage_seconds_count{stage="classify"}'] == 2
    assert samples['frontdesk_stage_seconds_sum{stage="classify"}'] == 0.008
    assert samples['frontdesk_confidence_bucket{le="0.8"}'] == 0
    assert samples['frontdesk_confidence_bucket{le="0.9"}'] == 2
    assert samples["frontdesk_spend_total"] == 0.5
    assert samples["frontdesk_inbox_depth"] == 0
    assert samples["frontdesk_inbox_oldest_seconds"] == 0
    assert samples['frontdesk_model_info{intents_hash="9c1e",version="20260105-4f2a"}'] == 1
    assert samples["frontdesk_platform_connected" + on_test] == 1
    assert samples["process_resident_memory_bytes"] > 0


async def test_rate_limits_hit_are_counted(tmp_path: Path) -> None:
    adapter = ListAdapter()
    async with watched(tmp_path, [adapter]) as desk:
        async with working(desk, adapter, DecisionKind.LIMITED) as reception:
            await reception.accept(received(1))
        samples = await desk.port.samples()
    assert samples['frontdesk_rate_limited_total{platform="test"}'] == 1


async def test_what_fails_is_counted_by_error(tmp_path: Path) -> None:
    adapter = ListAdapter(ServiceUnavailable("away"), AdapterError("no permission"))
    async with watched(tmp_path, [adapter]) as desk:
        async with working(desk, adapter) as reception:
            await reception.accept(received(1))
        samples = await desk.port.samples()
    labels = '{{error="{}",platform="test"}}'
    assert samples["frontdesk_put_off_total" + labels.format("ServiceUnavailable")] == 1
    assert samples["frontdesk_given_up_total" + labels.format("AdapterError")] == 1


async def test_what_waits_is_counted_with_its_age(desk: Watched) -> None:
    await desk.inbox.accept(received(1))
    await desk.inbox.accept(received(2))
    first = await desk.port.samples()
    second = await desk.port.samples()
    assert first["frontdesk_inbox_depth"] == 2
    assert 0 < first["frontdesk_inbox_oldest_seconds"] < second["frontdesk_inbox_oldest_seconds"]


async def test_without_the_database_the_rest_is_still_told(desk: Watched) -> None:
    await desk.break_database()
    samples = await desk.port.samples()
    assert math.isnan(samples["frontdesk_inbox_depth"])
    assert samples["frontdesk_spend_total"] == 0


async def test_two_desks_in_one_process_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    adapter = ListAdapter()
    async with watched(tmp_path, [adapter]) as one, watched(tmp_path / "other", []) as other:
        async with working(one, adapter) as reception:
            await reception.accept(received(1))
        assert (await one.port.samples())["frontdesk_spend_total"] == 0.25
        assert (await other.port.samples())["frontdesk_spend_total"] == 0


async def test_nobody_and_nothing_that_was_said_is_in_the_metrics(tmp_path: Path) -> None:
    adapter = ListAdapter()
    async with watched(tmp_path, [adapter]) as desk:
        async with working(desk, adapter) as reception:
            await reception.accept(received(1, text="my secret"))
        text = (await desk.port.get("/metrics")).text
    assert "frontdesk_messages_total{" in text
    for private in ("secret", "ann", "test:app", "fine"):
        assert private not in text.lower()


class LinkedAdapter(ListAdapter):
    """A platform that tells how its connection is."""

    connected = True
    connections = 1


async def test_the_documentation_names_every_metric_with_type_and_labels(tmp_path: Path) -> None:
    adapter = LinkedAdapter(ServiceUnavailable("away"), AdapterError("no permission"))
    async with watched(tmp_path, [adapter]) as desk:
        async with working(desk, adapter, DecisionKind.LIMITED) as reception:
            for number in (1, 1, 2):
                await reception.accept(received(number))
        silent = replace(received(3).message, text="")
        voted = Voted(silent, received(1).message.id, "up")
        desk.operations.meter.accepted(voted, fresh=True)
        desk.operations.meter.actions.action_called("get_order", "done", 0.1)
        desk.operations.meter.forms.decided([form_event("order_status", "begun")])
        desk.operations.meter.forms.are_open({"order_status": 1})
        desk.operations.meter.post_delivered(post(1))
        desk.operations.proofs.proof("code", "asked")
        desk.operations.register(LiveProducts(Config(), SystemClock()))
        desk.operations.meter.post_retried(post(1), ServiceUnavailable("away"))
        desk.operations.meter.post_failed(post(1), AdapterError("no permission"))
        exported = _exported((await desk.port.get("/metrics")).text)
    assert _documented() == exported


def _exported(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return type and labels of each metric of ours in a scrape."""
    return {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            frozenset(label for sample in family.samples for label in sample.labels) - {"le"},
        )
        for family in text_string_to_metric_families(text)
        if family.name.startswith("frontdesk_") and not family.name.endswith("_created")
    }


def _documented() -> dict[str, tuple[str, frozenset[str]]]:
    """Return type and labels of each metric in the table."""
    text = DOCUMENTATION.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(frontdesk_\w+)` \| (\w+) \| (.*?) \|", text, re.MULTILINE)
    return {name: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


async def test_the_outbox_is_measured(tmp_path: Path) -> None:
    async with watched(tmp_path, ()) as desk:
        await desk.outbox.enqueue(post(1), post(2))
        samples = await desk.port.samples()
    assert samples["frontdesk_outbox_depth"] == 2
    assert samples["frontdesk_outbox_oldest_seconds"] > 0


async def test_votes_are_counted_once_and_their_reasons_are_no_votes(tmp_path: Path) -> None:
    message, answer = replace(received(3).message, text=""), received(1).message.id
    async with watched(tmp_path, [ListAdapter()]) as desk:
        meter = desk.operations.meter
        meter.accepted(Voted(message, answer, "down"), fresh=True)
        meter.accepted(Voted(message, answer, "down"), fresh=False)
        reason = replace(message, text="it is 30 days")
        meter.accepted(Voted(reason, answer, "down"), fresh=True)
        samples = await desk.port.samples()
    assert samples['frontdesk_feedback_total{platform="test",verdict="down"}'] == 1
