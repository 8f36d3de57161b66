"""Article search: how often the right article ranks first, and the time per question.

    python -m benchmarks.retrieval --data DIR

DIR/faq holds stackfaq_faqs.jsonl (faq_id, question, answers) and stackfaq_queries.jsonl (query,
faq_id); docs/benchmarks.md says where they come from. Every question with its answers becomes one
article; a query has to find the article that it paraphrases. Without --data, speed alone is
measured, over synthesised articles: 1,000 and 20,000 passages of three sentences.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.answering.knowledge import (
    Article,
    Embeds,
    Encoders,
    KnowledgeIndex,
    KnowledgeRetriever,
    load_articles,
)
from bot.answering.knowledge.passages import cut
from bot.clock import SystemClock
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files

SIZES = (1_000, 20_000)
QUESTIONS = 200
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean with the 95 % interval of a bootstrap over queries."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Render as `0.961 (0.949 to 0.972)`."""
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Speed:
    """What an index of a size takes.

    Attributes:
        build: Seconds to embed and index all passages.
        megabytes: By which the process grew; the vectors of the index alone: `vectors`.
        p50, p95: Milliseconds of a search, the embedding of the question taken off.
        processor: Milliseconds of processor that it takes, median: what p50 is on a free machine.
        embedding: Milliseconds that this embedding takes, median.
    """

    passages: int
    build: float
    megabytes: float
    vectors: float
    p50: float
    p95: float
    processor: float
    embedding: float


class Timed:
    """An encoder that remembers how long its last call took.

    Attributes:
        seconds, processor: By the clock, and of the processor.
    """

    def __init__(self, encoder: Embeds) -> None:
        self._encoder = encoder
        self.seconds = self.processor = 0.0

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Embed texts."""
        started, spent = time.perf_counter(), time.process_time()
        vectors = self._encoder.embed(texts, passages=passages)
        self.seconds, self.processor = time.perf_counter() - started, time.process_time() - spent
        return vectors


class Random:
    """Vectors that mean nothing, at once: a search over them takes as long."""

    def __init__(self) -> None:
        self._draw = np.random.default_rng(0)

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Draw unit vectors."""
        del passages
        vectors = self._draw.standard_normal((len(texts), 384)).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)


async def measure_quality(folder: Path) -> dict[str, Spread]:
    """Ask every query of StackFAQ; return P@1 and MRR over articles."""
    encoders = Encoders(load_encoder_files(exported_encoder("embedded")))
    with tempfile.TemporaryDirectory() as articles:
        for faq in _rows(folder / "stackfaq_faqs.jsonl"):
            head = json.dumps(faq["question"], ensure_ascii=False)
            body = "\n\n".join(faq["answers"])
            text = f"---\ntitle: {head}\n---\n{body}\n"
            (Path(articles) / f"{faq['faq_id']}.md").write_text(text)
        index = KnowledgeIndex.build(load_articles(Path(articles), "en"), encoders)
    search = KnowledgeRetriever(index, encoders, SystemClock())
    ranks = [
        await _rank(search, row["query"], f"{row['faq_id']}.md")
        for row in _rows(folder / "stackfaq_queries.jsonl")
    ]
    found = np.array(ranks)
    return {
        "P@1": _spread(np.where(found == 1, 1.0, 0.0)),
        "MRR": _spread(1.0 / found),
    }


async def _rank(search: KnowledgeRetriever, query: str, article: str) -> float:
    """Return the rank of an article among articles; infinite when it is not found."""
    found = await search.search(query, language="en", limit=len(search.index.passages))
    articles = dict.fromkeys(p.citation.partition(" (")[0] for p in found.passages)
    ranks = {name: rank for rank, name in enumerate(articles, start=1)}
    return ranks.get(article, float("inf"))


def _spread(values: NDArray[np.float64]) -> Spread:
    draws = np.random.default_rng(0).choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Spread(float(values.mean()), float(low), float(high))


async def measure_speed(size: int, embedder: Embeds) -> Speed:
    """Index so many synthesised passages, and ask for some of them."""
    encoder, before = Timed(embedder), _megabytes()
    articles = list(_synthesised(size))
    started = time.perf_counter()
    index = KnowledgeIndex.build(articles, Encoders(encoder))
    build = time.perf_counter() - started
    search = KnowledgeRetriever(index, Encoders(encoder), SystemClock())
    passages = random.Random(1).sample(index.passages, min(QUESTIONS, size))  # noqa: S311  # no secret
    spent, processor, embedding = [], [], []
    for passage in passages:
        question = f"How is it with the {passage.heading.lower()}?"
        started, used = time.perf_counter(), time.process_time()
        await search.search(question, language="en", limit=4)
        spent.append(1_000 * (time.perf_counter() - started - encoder.seconds))
        processor.append(1_000 * (time.process_time() - used - encoder.processor))
        embedding.append(1_000 * encoder.seconds)
    known = index.known()
    return Speed(
        passages=size,
        build=build,
        megabytes=_megabytes() - before,
        vectors=sum(vector.nbytes for vector in known.values()) / 1e6,
        p50=statistics.median(spent),
        p95=statistics.quantiles(spent, n=20)[-1],
        processor=statistics.median(processor),
        embedding=statistics.median(embedding),
    )


def _synthesised(passages: int) -> Iterator[Article]:
    """Make articles of ten passages about products that nobody sells."""
    draw = random.Random(0)  # noqa: S311  # no secret
    for number in range(passages // 10):
        sections = "\n\n".join(_section(draw, number * 10 + n) for n in range(10))
        outline = cut(f"# {draw.choice(_THINGS).capitalize()} of series {number}\n\n{sections}")
        yield Article(
            path=Path(f"{number}.md"),
            name=f"{number}.md",
            title=outline.title,
            url="",
            language="en",
            audience="public",
            valid_from=None,
            valid_until=None,
            passages=outline.passages,
        )


def _section(draw: random.Random, number: int) -> str:
    thing, other, what = draw.choice(_THINGS), draw.choice(_THINGS), draw.choice(_MATTERS)
    days, price = draw.randint(2, 90), draw.randint(3, 900)
    return (
        f"## {what.capitalize()} of {thing} number {number}\n\n"
        f"The {what} of every {draw.choice(_KINDS)} {thing} takes {days} days and costs {price} "
        f"euros. With a {draw.choice(_KINDS)} {other} it is {draw.choice(_KINDS)} and needs a "
        f"{draw.choice(_MATTERS)} first. Ask the {draw.choice(_PEOPLE)} about code {number}."
    )


_THINGS = [
    "tent",
    "stove",
    "boot",
    "jacket",
    "rope",
    "pump",
    "lamp",
    "kayak",
    "bicycle",
    "saddle",
    "helmet",
    "bag",
    "filter",
    "pan",
]
_MATTERS = [
    "repair",
    "return",
    "delivery",
    "warranty",
    "rental",
    "cleaning",
    "storage",
    "exchange",
    "inspection",
]
_KINDS = [
    "light",
    "heavy",
    "waterproof",
    "foldable",
    "used",
    "new",
    "wooden",
    "steel",
    "blue",
    "large",
    "small",
]
_PEOPLE = ["workshop", "warehouse", "showroom", "driver", "office", "manufacturer"]


def _embedder(random_vectors: bool) -> Embeds:
    if random_vectors:
        return Random()
    return load_encoder_files(exported_encoder("embedded"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _megabytes() -> float:
    """Return the most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with faq/stackfaq_*.jsonl")
    parser.add_argument("--size", type=int, action="append", help="passages; may be repeated")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--random", action="store_true", help="random vectors: no time of building, quick"
    )
    options = parser.parse_args()
    quality = asyncio.run(measure_quality(options.data / "faq")) if options.data else {}
    sizes = SIZES if options.size is None else [size for size in options.size if size]
    with threadpool_limits(1, user_api="blas"):  # as in the service
        speeds = [asyncio.run(measure_speed(size, _embedder(options.random))) for size in sizes]
    if options.json:
        figures = {name: asdict(spread) for name, spread in quality.items()}
        print(json.dumps({"quality": figures, "speed": [asdict(speed) for speed in speeds]}))
        return
    for name, spread in quality.items():
        print(f"StackFAQ {name}: {spread}")
    for speed in speeds:
        print(
            f"{speed.passages:,} passages: built in {speed.build:.1f} s, {speed.megabytes:.0f} MB "
            f"more ({speed.vectors:.0f} MB of vectors); a search {speed.p50:.1f} ms p50, "
            f"{speed.p95:.1f} ms p95, {speed.processor:.1f} ms of processor, "
            f"beyond {speed.embedding:.1f} ms of embedding"
        )


if __name__ == "__main__":
    main()
