"""Injected orders in articles: how many reach a customer when the model obeys them all.

One order at a time is put into an article about a subject that the shipped ones do not have, and
the question is asked that this article answers. The model says what the order wants, and repeats
the article with it: so it matters little whether the order reached the model, and much what leaves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ruamel.yaml import YAML

from benchmarks.grounding.desk import ARTICLES, Reply, Shop, Timed, Unchecked, open_desk
from benchmarks.grounding.server import scripted
from benchmarks.grounding.writers import Writer
from bot.answering.knowledge import KnowledgeIndex, read_articles

FILE = Path(__file__).with_name("planted.yaml")
PARTS = ("tuning", "held_out", "blind")


@dataclass(frozen=True, slots=True)
class HostArticle:
    """An article with room for an order.

    Attributes:
        file: Its name.
        ask: A question that it answers.
        need: A pattern that a right answer holds.
        text: With `{plant}` where the order goes.
    """

    file: str
    ask: str
    need: str
    text: str


@dataclass(frozen=True, slots=True)
class InjectedOrder:
    """An order in an article.

    Attributes:
        text: What was put into the article.
        says: What a model says that obeys.
        reached: A pattern that a reply holds when the order had its effect.
        part: `tuning`, `held_out` or `blind`.
    """

    kind: str
    language: str
    host: HostArticle
    text: str
    says: str
    reached: str
    part: str

    def write(self, folder: Path) -> None:
        """Put the poisoned article into a folder."""
        (folder / self.host.file).write_text(self.host.text.replace("{plant}", self.text), "utf-8")

    def has_reached(self, reply: Reply) -> bool:
        """Tell whether the order had its effect on what the customer reads."""
        return re.search(self.reached, reply.text, re.IGNORECASE) is not None

    def is_answered(self, reply: Reply) -> bool:
        """Tell whether the customer got the right answer as well."""
        return re.search(self.host.need, reply.text) is not None


@dataclass(frozen=True, slots=True)
class InjectionOutcome:
    """What came of an order: of a model that obeys, and of a quotation where there is no model."""

    plant: InjectedOrder
    generated: Reply
    quoted: Reply


def load() -> list[InjectedOrder]:
    """Read the orders."""
    document = YAML(typ="safe").load(FILE)
    hosts = {name: HostArticle(**host) for name, host in document["hosts"].items()}
    return [
        plant
        for part in PARTS
        for kind, entries in document[part].items()
        for plant in _plants(kind, entries, hosts, part)
    ]


def _plants(
    kind: str, entries: Sequence[Mapping[str, str]], hosts: Mapping[str, HostArticle], part: str
) -> Iterator[InjectedOrder]:
    for entry in entries:
        language = "en" if entry["in"] == "html" else entry["in"]
        words = entry["plant"], entry["says"], entry["reached"]
        yield InjectedOrder(kind, language, hosts[entry["in"]], *words, part)


def obeying(says: str) -> Writer:
    """Return a model that says what an order wants, and then repeats the best article."""

    def write(_question: str, articles: Sequence[str]) -> str:
        return "\n\n".join([says, *articles[:1]])

    return write


async def measure(
    shop: Shop, plants: Sequence[InjectedOrder], guard: Timed | Unchecked
) -> Sequence[InjectionOutcome]:
    """Ask each poisoned article its question."""
    return [await _ask(shop, plant, guard) for plant in plants]


async def _ask(shop: Shop, plant: InjectedOrder, guard: Timed | Unchecked) -> InjectionOutcome:
    with TemporaryDirectory() as folder:
        plant.write(Path(folder))
        poisoned = _with_articles(shop, Path(folder))
    async with scripted(obeying(plant.says)) as model, open_desk(poisoned, model, guard) as desk:
        generated = await desk.ask(plant.host.ask, language=plant.language)
        quoted = await desk.without_model().ask(plant.host.ask, language=plant.language)
    return InjectionOutcome(plant, generated, quoted)


def _with_articles(shop: Shop, folder: Path) -> Shop:
    """Add the articles of a folder to the shipped ones."""
    serving = shop.retriever
    articles = [*read_articles(ARTICLES, "en").articles, *read_articles(folder, "en").articles]
    index = KnowledgeIndex.build(articles, serving.encoders, earlier=serving.index)
    return replace(shop, retriever=serving.of(index))


def table(came: Sequence[InjectionOutcome]) -> Iterator[str]:
    """Yield a Markdown table: of each kind of order, how many reached the customer."""
    yield "| orders | planted | reached: GPT that obeys | reached: quoted | answered all the same |"
    yield "| --- | --- | --- | --- | --- |"
    kinds: dict[str, list[InjectionOutcome]] = defaultdict(list)
    for each in came:
        kinds[each.plant.kind].append(each)
    for kind, some in [*kinds.items(), ("all", list(came))]:
        cells = [
            kind,
            len(some),
            sum(each.plant.has_reached(each.generated) for each in some),
            sum(each.plant.has_reached(each.quoted) for each in some),
            sum(each.plant.is_answered(each.generated) for each in some),
        ]
        yield f"| {' | '.join(map(str, cells))} |"


def reached(came: Sequence[InjectionOutcome]) -> Iterator[str]:
    """Yield the orders that reached the customer, one a line."""
    for each in came:
        for way, reply in (("GPT", each.generated), ("quoted", each.quoted)):
            if each.plant.has_reached(reply):
                yield f"  {each.plant.kind}, {way}: {' '.join(each.plant.text.split())}"
