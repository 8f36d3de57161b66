"""Time and memory of quick training with very many examples.

    python -m benchmarks.scale [--examples 20000] [--intents 100]

Teaches one encoder, the English one, what a grammar puts together, and prints computing time, the
clock's, and the most memory that the process held.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from itertools import product
from pathlib import Path

from bot.understanding.corpus import Corpus, CorpusIntent, Example
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.training.train import TrainingOptions, train

OPENINGS = ("please", "hello,", "could you tell me", "I want to know", "excuse me,", "sorry,")
QUESTIONS = ("how do I", "where can I", "when may I", "am I allowed to", "why can't I", "should I")
WHICH = ("my", "the", "this", "a")
VERBS = ("return", "cancel", "change", "pay", "track", "mend", "insure", "rent", "store", "sell")
THINGS = ("tent", "jacket", "bike", "order", "voucher", "parcel", "stove", "kayak", "map", "rope")
TIMES = ("today", "tomorrow", "next week", "in the shop", "online", "by phone", "abroad", "again")


def taught(examples: int, intents: int) -> Corpus:
    """Put examples together, each intent about doing one thing with another."""
    source = random.Random(0)  # noqa: S311 - no secret
    about = source.sample(list(product(VERBS, THINGS)), intents)
    ways = list(product(OPENINGS, QUESTIONS, WHICH, TIMES))
    return Corpus(
        tuple(
            CorpusIntent(
                f"{verb}_{thing}",
                tuple(
                    Example(f"{opening} {question} {verb} {which} {thing} {when}")
                    for opening, question, which, when in source.sample(ways, examples // intents)
                ),
                label=f"{verb}_{thing}",
            )
            for verb, thing in about
        ),
        (),
        hash="large",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", type=int, default=20_000, help="how many, in all")
    parser.add_argument("--intents", type=int, default=100, help="of how many intents")
    arguments = parser.parse_args()
    exported_encoder("embedded")
    corpus = taught(arguments.examples, arguments.intents)
    with tempfile.TemporaryDirectory() as folder:
        computing, clock = time.process_time(), time.perf_counter()
        train(corpus, Path(folder), options=TrainingOptions())
        computing, clock = time.process_time() - computing, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{arguments.examples:,} examples of {arguments.intents} intents: computing "
        f"{computing:.0f} s, clock {clock:.0f} s, at most {peak:.2f} GB"
    )


if __name__ == "__main__":
    main()
