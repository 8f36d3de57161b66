"""How well what customers want, avoid or do not mind is told apart, by the trained head.

    python -m benchmarks.attitudes

A quarter of the shipped messages, chosen by a fixed seed, is kept apart from training.
"""

from __future__ import annotations

import random
import time
from collections import Counter

from bot.ports import Attitude
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.multilingual import exported_multilingual
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.attitude_head import fit_lines, unmarked
from bot.understanding.model.shipped_examples import shipped_lines

APART, SEED = 0.25, 16

Line = tuple[str, str]
"""A language and a marked line."""


def main() -> None:
    """Print the share of mentions that are told right, and of those avoided or not, by language."""
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secrets
    learned: list[Line] = []
    apart: list[Line] = []
    for language, lines in shipped_lines("attitudes.yaml")["messages"].items():
        for line in lines:
            (apart if chance.random() < APART else learned).append((language, line))
    for language, lines in shipped_lines("attitudes.yaml")["ordinary"].items():
        learned += [(language, line) for line in lines]
    for name, folder in (
        ("english", exported_encoder("embedded")),
        ("multilingual", exported_multilingual("embedded")),
    ):
        encoder = load_encoder_files(folder)
        _measure(name, encoder, *(_read_by(name, each) for each in (learned, apart)))


def _read_by(encoder: str, lines: list[Line]) -> list[Line]:
    return [each for each in lines if encoder != "english" or each[0] == ENGLISH]


def _measure(name: str, encoder: Encoder, learned: list[Line], apart: list[Line]) -> None:
    head = fit_lines(encoder, learned)
    right: Counter[str] = Counter()
    denied: Counter[str] = Counter()
    count: Counter[str] = Counter()
    started = time.perf_counter()
    for language, line in apart:
        text, named, labels = unmarked(line)
        found = head.attitudes(text, named, language, encoder)
        for each, label in zip(found, labels, strict=True):
            best, is_ = max(each, key=lambda one: each[one]), list(Attitude)[label]
            count[language] += 1
            right[language] += best is is_
            denied[language] += (best is Attitude.AVOID) == (is_ is Attitude.AVOID)
    spent = 1_000 * (time.perf_counter() - started) / len(apart)
    for language, total in count.items():
        shares = f"{right[language] / total:.3f} right, {denied[language] / total:.3f}"
        print(f"{name}: {language}: {shares} avoided or not, of {total} mentions kept apart")
    print(f"{name}: {spent:.1f} ms a message, encoding included")


if __name__ == "__main__":
    main()
