"""Measures how the feelings of customers are read: a list of messages, and GoEmotions."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.field.reading import Line, entries
from benchmarks.field.shop import Asked, Shop, open_shop
from bot.app.conversation_tests.collecting import Reply
from bot.messages import DecisionKind
from bot.sentiment import Feeling
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.message_heads import MessageHeads

_TIMED = 200


async def feelings(shop: Shop, part: str) -> list[Line]:
    """Ask each message of the list, in a conversation of its own."""
    read = entries(part, "feelings")
    replies = [await shop.ask(Asked(f"fe{i}", each["text"])) for i, each in enumerate(read)]
    pairs = list(zip(read, replies, strict=True))
    plain = [(e, r) for e, r in pairs if not e["sarcastic"]]
    sarcastic = [(e, r) for e, r in pairs if e["sarcastic"]]
    f1 = {each: _f1([(e["feeling"], _felt(r)) for e, r in plain], each) for each in Feeling}
    macro = sum(f1.values()) / len(f1)
    by_class = ", ".join(f"{each} {value:.2f}" for each, value in f1.items())
    caught = _f1([(e["feeling"], _felt(r)) for e, r in pairs if e["sarcastic"]], "frustrated")
    return [
        Line(
            f"right, of the plain ones (macro F1 {macro:.2f}: {by_class})",
            tuple(_felt(r) == e["feeling"] for e, r in plain),
            tuple(
                f"{e['feeling']}, read as {_felt(r)}: {e['text']}"
                for e, r in plain
                if _felt(r) != e["feeling"]
            ),
        ),
        Line(
            f"sarcastic, thanked or called pleased (F1 of frustrated {caught:.2f})",
            tuple(_thanked(shop, r) or _felt(r) == "pleased" for _, r in sarcastic),
            tuple(e["text"] for e, r in sarcastic if _thanked(shop, r) or _felt(r) == "pleased"),
        ),
    ]


def hostile(data: Path) -> Iterator[str]:
    """Yield how well frustration ranks the hostile messages of GoEmotions, which are not learned.

    Args:
        data: Folder with `sentiment/goemotions.csv`.
    """
    with (data / "sentiment" / "goemotions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    labels = np.array([row["hostile_broad"] == "1" for row in rows])

    async def scores() -> tuple[NDArray[np.float64], float]:
        async with open_shop() as shop:
            classifier = shop.bundle.classifier
            found = await MessageHeads(classifier).sentiments(texts, language=ENGLISH)
            recogniser = classifier.recogniser(ENGLISH)
            plain = [normalise(text) for text in texts[:_TIMED]]
            recogniser.recent.read(plain[:1])
            reading = recogniser.encoder.read(plain)
            head = recogniser.feelings
            assert head is not None  # noqa: S101 - it was just trained
            started = perf_counter()
            for row, text in enumerate(plain):
                head.sentiments([text], reading.take(np.array([row])))
            spent = (perf_counter() - started) * 1000 / len(plain)
            return np.array([each.frustrated for each in found]), spent

    found, spent = asyncio.run(scores())
    yield f"AUROC on hostile_broad ({labels.sum()} of {len(labels)}): {_auroc(found, labels):.3f}"
    yield f"milliseconds a message beyond the embedding: {spent:.2f}"


def _felt(reply: Reply) -> str:
    sentiment = reply.decision.sentiment if reply.decision else None
    return str(sentiment.feeling) if sentiment else ""


def _thanked(shop: Shop, reply: Reply) -> bool:
    """Return whether an intent that answers a courtesy was the answer."""
    decision = reply.decision
    if decision is None or decision.kind is not DecisionKind.INTENT or not decision.intents:
        return False
    return shop.bundle.intents.by_name[decision.intents[0].name].entry.small_talk


def _f1(pairs: Sequence[tuple[str, str]], kind: str) -> float:
    """Return the F1 of one class, from pairs of what is right and what was found."""
    both = sum(right == found == kind for right, found in pairs)
    either = sum(right == kind for right, _ in pairs) + sum(found == kind for _, found in pairs)
    return 2 * both / either if either else 0.0


def _auroc(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve, ties counting half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n_hostile, n_others = int(labels.sum()), int((~labels).sum())
    return float((ranks[labels].sum() - n_hostile * (n_hostile + 1) / 2) / (n_hostile * n_others))
