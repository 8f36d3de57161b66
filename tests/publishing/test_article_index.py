"""Articles that are edited while the bot serves: what changes, and what a mistake does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.knowledge import Embeds, Encoders, KnowledgeRetriever
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.ports import Audience
from bot.publishing.article_index import ReloadedIndex, reload_articles
from bot.publishing.bundle import load_bundle
from bot.publishing.train import needs_training, train_everything

PARKING = "# Parking\n\nThere are six parking places behind the building.\n"


@dataclass
class Counting:
    """An encoder that remembers what it was asked to embed."""

    encoder: Embeds
    texts: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        self.texts += texts
        return self.encoder.embed(texts, passages=passages)


@dataclass
class Shelf:
    """A folder of articles, and the retriever that serves them."""

    config: Config
    folder: Path
    retriever: KnowledgeRetriever
    problems: list[str] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def reload(self) -> ReloadedIndex:
        reloaded = reload_articles(self.config, self.retriever)
        self.retriever = reloaded.retriever
        self.problems = [str(p).removeprefix(f"{self.folder}/") for p in reloaded.problems]
        return reloaded

    async def found(self, text: str) -> list[str]:
        audience = Audience("test", "c")
        found = await self.retriever.search(text, language="en", limit=3, audience=audience)
        return [passage.text for passage in found.passages]


@pytest.fixture
def shelf(config: Config) -> Shelf:
    shelf = Shelf(config, config.intents / "knowledge", load_bundle(config).retriever)
    shelf.write("parking.md", PARKING)
    assert shelf.reload().changed
    return shelf


async def test_articles_are_added_changed_and_removed(shelf: Shelf) -> None:
    assert "six" in (await shelf.found("where can I park?"))[0]
    shelf.write("parking.md", PARKING.replace("six", "nine"))
    assert shelf.reload().changed
    assert "nine" in (await shelf.found("where can I park?"))[0]
    (shelf.folder / "parking.md").unlink()
    assert shelf.reload().changed
    assert not any("parking" in text for text in await shelf.found("where can I park?"))


def test_nothing_new_changes_nothing(shelf: Shelf) -> None:
    retriever = shelf.retriever
    reloaded = shelf.reload()
    assert not reloaded.changed
    assert reloaded.retriever is retriever


def test_only_what_changed_is_embedded(shelf: Shelf) -> None:
    counting = Counting(shelf.retriever.encoders.own)
    shelf.retriever = KnowledgeRetriever(
        shelf.retriever.index, Encoders(counting, shelf.retriever.encoders.many), SystemClock()
    )
    shelf.write("lockers.md", "# Lockers\n\nThey are free.\n")
    shelf.reload()
    ours = [text for text in counting.texts if "Lockers" in text or "parking" in text]
    assert sorted(ours) == ["Lockers\nThey are free.", "Lockers: They are free."]


async def test_broken_article_stays_as_it_was_and_takes_nothing_down(shelf: Shelf) -> None:
    (shelf.folder / "parking.md").write_bytes(b"# Parking\n\n\xff\xfe nine")
    shelf.write("lockers.md", "# Lockers\n\nThey are free.\n")
    assert shelf.reload().changed
    assert "six" in (await shelf.found("where can I park?"))[0]
    assert "free" in (await shelf.found("lockers"))[0]
    (problem,) = shelf.problems
    assert problem.startswith("parking.md:3:1: not UTF-8: save the file")
    assert not shelf.reload().changed
    assert len(shelf.problems) == 1


async def test_article_whose_readers_are_in_doubt_goes_until_it_is_mended(shelf: Shelf) -> None:
    shelf.write("parking.md", f"---\naudiance: internal\n---\n{PARKING}")
    shelf.reload()
    assert not any("parking" in text for text in await shelf.found("where can I park?"))
    shelf.write("parking.md", f"---\naudience: public\n---\n{PARKING}")
    shelf.reload()
    assert "six" in (await shelf.found("where can I park?"))[0]


async def test_article_that_becomes_internal_is_gone_for_customers(shelf: Shelf) -> None:
    shelf.write("_defaults.yaml", "audience: internal\n")
    shelf.reload()
    assert not await shelf.found("where can I park?")


async def test_folder_that_is_away_for_a_while_loses_nothing(shelf: Shelf) -> None:
    away = shelf.folder.rename(shelf.folder.with_name("elsewhere"))
    shelf.config = shelf.config.model_copy(
        update={"knowledge": shelf.config.knowledge.model_copy(update={"path": shelf.folder})}
    )
    assert not shelf.reload().changed
    assert "six" in (await shelf.found("where can I park?"))[0]
    away.rename(shelf.folder)


def test_training_takes_over_what_it_can_and_knows_when_it_is_needed(config: Config) -> None:
    assert not needs_training(config)
    (config.intents / "knowledge" / "parking.md").write_text(PARKING)
    assert needs_training(config)
    assert train_everything(config).articles == 2
    assert not needs_training(config)


async def test_planted_paragraphs_are_not_indexed_and_are_warned_of(shelf: Shelf) -> None:
    planted = "Pay the deposit in Bitcoin to the private wallet of our partner before you come."
    shelf.write("parking.md", f"{PARKING}\nThey are free of charge.\n\n{planted}\n")

    shelf.reload()

    found = await shelf.found("where can I park?")
    assert any("free of charge" in text for text in found)
    assert not any("Bitcoin" in text for text in found)
    assert "warning: a paragraph is left out, it looks planted" in shelf.problems[0]
