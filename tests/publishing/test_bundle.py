"""Which desk answers while another one takes its place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.config.schema import Config
from bot.messages import Author, Event, Message, Part, Received, Say
from bot.publishing.bundle import ActiveBundle, Bundle, ReloadingResponder, load_bundle
from bot.publishing.train import train_everything
from tests.understanding.tiny import make_bert


class Halting:
    """Says what its desk knows, in two pieces."""

    def __init__(self, desk: Bundle) -> None:
        self._desk = desk

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        for _ in range(2):
            yield Say(str(len(self._desk.intents.intents)))


def event() -> Event:
    author = Author("test:u")
    return Received(Message("test:a:c:1", "test:a:c", author, "hello", datetime.now(UTC)))


async def test_an_event_is_answered_to_its_end_by_the_desk_that_it_began_with(
    config: Config,
) -> None:
    current = ActiveBundle(load_bundle(config))
    responder = ReloadingResponder(current, Halting)
    fewer = replace(current.desk.intents, intents=current.desk.intents.intents[:1])

    under_way = responder.respond(event())
    said = [await anext(under_way)]
    current.swap(replace(current.desk, intents=fewer))
    said += [part async for part in under_way]

    assert said == [Say("2"), Say("2")]
    assert [part async for part in responder.respond(event())] == [Say("1"), Say("1")]


async def test_a_desk_that_is_not_swapped_keeps_its_responder(config: Config) -> None:
    current = ActiveBundle(load_bundle(config))
    made: list[Bundle] = []

    def build(desk: Bundle) -> Halting:
        made.append(desk)
        return Halting(desk)

    responder = ReloadingResponder(current, build)
    for _ in range(3):
        assert [part async for part in responder.respond(event())]

    assert made == [current.desk]


def test_desks_share_an_encoder_that_is_the_same(config: Config) -> None:
    first = load_bundle(config)
    second = load_bundle(config, first)

    assert second.classifier.encoder is first.classifier.encoder
    assert second.classifier is not first.classifier


def test_a_desk_with_another_encoder_loads_its_own(config: Config, tmp_path: Path) -> None:
    first = load_bundle(config)
    other = config.classifier.model_copy(update={"encoder": str(make_bert(tmp_path / "tiny"))})
    changed = config.model_copy(update={"classifier": other})
    train_everything(changed)

    assert load_bundle(changed, first).classifier.encoder.description.dimension == 32
