"""Latency and throughput of serving, next to a plain transformers forward of the same encoder.

    python -m benchmarks.serving --data DIR [--encoder NAME]

Trains quickly on the published 10-shot draw of Banking77 (77 intents) and asks what its test file
asks. Ours does everything that serving does: language, encoder, words, nearest examples,
calibration. Theirs tokenises, runs BERT with a classification layer, and takes the largest. Both
run in this process, in turns: on one core, so that neither waits for threads of other programs, and
on all cores, with as many threads as torch chooses. Memory and start are measured in a process of
its own, throughput on all cores. On a machine that is busy with other work the clock counts that,
too; the processor's time for a message on one core counts less of it.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.serving_process import desk_config
from bot.publishing.train import train_everything
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings
from bot.understanding.encoders.pretrained import silence
from bot.understanding.encoders.source import find_encoder
from bot.understanding.exchange import import_csv
from bot.understanding.model.batched import Batched
from bot.understanding.model.classifier import (
    IntentClassifier,
    load_classifier,
    load_encoder,
)
from bot.understanding.model.features import NgramFeatures
from bot.understanding.model.head import Head
from bot.understanding.model.neighbours import ExampleIndex
from bot.understanding.model.scorer import Scorer

ROUNDS, MESSAGES, BATCH = 5, 40, 64
CALLERS = 200

Predict = Callable[[Sequence[str]], object]


def plain(n_intents: int, encoder: str) -> Callable[[Sequence[str]], object]:
    """Return what most tutorials do: tokenizer, BERT, argmax."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = find_encoder(encoder).folder
    with silence():
        tokenizer = AutoTokenizer.from_pretrained(folder)
        bert = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=n_intents)
    bert.eval()

    def predict(texts: Sequence[str]) -> object:
        with torch.inference_mode():
            tokens = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
            return bert(**tokens).logits.argmax(dim=1).tolist()

    return predict


def seconds(predict: Predict, batches: Sequence[Sequence[str]]) -> list[float]:
    """Return how long each batch takes."""
    spent = []
    for batch in batches:
        started = time.perf_counter()
        predict(batch)
        spent.append(time.perf_counter() - started)
    return spent


def beside(ours: Predict, theirs: Predict, texts: Sequence[str], size: int, cores: int) -> str:
    """Return the figures of both for batches of one size, in interleaved rounds."""
    import torch

    torch.set_num_threads(cores)
    count = MESSAGES if size == 1 else 2
    for predict in (ours, theirs):
        predict(texts[:size])
    mine: list[float] = []
    other: list[float] = []
    ratios = []
    for number in range(ROUNDS):
        at = number * count * size % (len(texts) - count * size)
        batches = [texts[at + i * size : at + (i + 1) * size] for i in range(count)]
        first, second = seconds(ours, batches), seconds(theirs, batches)
        ratios.append(statistics.median(second) / statistics.median(first))
        mine += first
        other += second
    cells = [
        f"{1000 * np.percentile(spent, at) / size:.2f}"
        for spent in (mine, other)
        for at in (50, 99)
    ]
    return f"| {size} | {cores} | {' | '.join(cells)} | {statistics.median(ratios):.1f} |"


def print_processor_time(ours: Predict, theirs: Predict, texts: Sequence[str]) -> None:
    """Print the median milliseconds of the processor for a message of both."""
    medians = []
    for predict in (ours, theirs):
        spent = []
        for text in texts[:MESSAGES]:
            started = time.process_time()
            predict([text])
            spent.append(time.process_time() - started)
        medians.append(1000 * statistics.median(spent))
    print(f"| 1, processor's time | 1 | {medians[0]:.2f} | – | {medians[1]:.2f} | – | – |")


def throughput(classifier: IntentClassifier, texts: Sequence[str]) -> str:
    """Return how many messages a second many callers get, in interleaved rounds."""
    measured = [
        asyncio.run(messages_a_second(classifier, texts[start : start + CALLERS]))
        for start in range(0, ROUNDS * CALLERS, CALLERS)
    ]
    alone, together = (statistics.median(column) for column in zip(*measured, strict=True))
    ratio = statistics.median(many / one for one, many in measured)
    return (
        f"{CALLERS} callers at once: {together:.0f} messages a second, one by one {alone:.0f}: "
        f"{ratio:.1f} times as many"
    )


async def messages_a_second(
    classifier: IntentClassifier, texts: Sequence[str]
) -> tuple[float, float]:
    """Return messages a second, one by one and from many callers at once."""
    started = time.perf_counter()
    for text in texts:
        await classifier.classify(text)
    middle = time.perf_counter()
    batched = Batched(classifier)
    await asyncio.gather(*(batched.classify(text) for text in texts))
    end = time.perf_counter()
    return len(texts) / (middle - started), len(texts) / (end - middle)


def of_many_intents(encoder: Encoder, n_intents: int, texts: Sequence[str]) -> float:
    """Return milliseconds a message with so many intents of ten examples each.

    Only time is measured, so that the weights may be random.
    """
    random = np.random.default_rng(0)
    words = NgramFeatures.fit(texts)
    many = [texts[i % len(texts)] for i in range(10 * n_intents)]
    dimension = encoder.description.dimension
    vectors = random.standard_normal((len(many), dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    known = np.ones(len(many), dtype=np.float32)
    intents = np.repeat(np.arange(n_intents), 10)
    weights = random.standard_normal((2 * dimension, n_intents)).astype(np.float32)
    grams = random.standard_normal((len(words.grams), n_intents)).astype(np.float16)
    head = Head(weights, grams, np.zeros(n_intents, dtype=np.float32))
    scorer = Scorer(
        head, words, ExampleIndex(many, TextEmbeddings(vectors, vectors, known), intents), n_intents
    )
    readings = [encoder.read([text]) for text in texts[:MESSAGES]]
    spent = []
    for text, reading in zip(texts, readings, strict=False):
        started = time.perf_counter()
        scorer.scores([text], reading)
        spent.append(time.perf_counter() - started)
    return 1000 * statistics.median(spent)


def process(root: Path, encoder: str, *questions: str) -> dict[str, float]:
    """Return what a process of its own needs to answer some questions."""
    module, began = "benchmarks.serving_process", str(time.time())
    command = [sys.executable, "-m", module, str(root), began, encoder, *questions]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own module
    measured: dict[str, float] = json.loads(run.stdout)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--encoder", default="embedded", help="classifier.encoder of config.yaml")
    arguments = parser.parse_args()
    with (arguments.data / "banking77" / "test.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    np.random.default_rng(0).shuffle(texts)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        import_csv(arguments.data / "banking77" / "train_10.csv", root / "intents")
        train_everything(desk_config(root, arguments.encoder))
        measure(root, texts, arguments.encoder)


def measure(root: Path, texts: Sequence[str], encoder_name: str) -> None:
    for name, questions in (
        ("English", texts[:100]),
        ("English and others", [*texts[:100], "我的卡到哪了", "Wo ist meine Karte?"]),
    ):
        one = process(root, encoder_name, *questions)
        print(
            f"{name}: ready after {one['ready']:.2f} s, {one['megabytes']:.0f} MB after "
            f"{len(questions)} messages, torch or transformers loaded: {bool(one['torch'])}",
            flush=True,
        )
    classifier = load_classifier(root / "model")
    encoder = load_encoder(root / "model")
    theirs = plain(len(classifier.manifest.intents), encoder_name)
    print("\n| texts | cores | ours p50, ms a text | p99 | transformers p50 | p99 | times faster |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    everything = os.sched_getaffinity(0)
    for cores in ({max(everything)}, everything):
        os.sched_setaffinity(0, cores)
        with threadpool_limits(1, user_api="blas"):
            for size in (1, BATCH):
                print(beside(classifier.predict, theirs, texts, size, len(cores)), flush=True)
            if len(cores) == 1:
                print_processor_time(classifier.predict, theirs, texts)
    with threadpool_limits(1, user_api="blas"):
        print(f"\n{throughput(classifier, texts)}")
        for n_intents in (10, 100, 1000):
            cost = of_many_intents(encoder, n_intents, texts)
            print(f"{n_intents} intents: scoring takes {cost:.2f} ms a message")


if __name__ == "__main__":
    main()
