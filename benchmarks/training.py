"""Quick training compared with SetFit: same encoder, same examples.

    python -m benchmarks.training --data DIR [--setfit]

Trains on the published 10-shot draw of Banking77 and judges on its test file. `--setfit` needs
`pip install -c constraints.txt '.[train,bench]'` and takes a quarter of an hour or more. The
seconds of both count from the examples to a model that can be asked; the encoder's export, made
once a machine, is not in them. Computing time adds up the seconds of all cores: other programs do
not lengthen it as they do the clock's.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.corpus import Corpus
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.source import find_encoder
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.model.classifier import load_classifier
from bot.understanding.training.train import TrainingOptions, train

Predict = Callable[[Sequence[str]], Sequence[str]]
Rows = Sequence[tuple[str, str]]


def read(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as opened:
        return [(row["text"], row["label"]) for row in csv.DictReader(opened)]


def quick(examples: Path, folder: Path) -> Predict:
    """Train as `frontdesk train` does."""
    corpus: Corpus = load_intents(examples).corpus()
    train(corpus, folder, options=TrainingOptions())
    classifier = load_classifier(folder)
    labels = {entry.name: entry.label for entry in classifier.manifest.intents}
    return lambda texts: [labels[one.intents[0].name] for one in classifier.predict(texts)]


def setfit(rows: Rows) -> Predict:
    """Train as SetFit's paper does: 20 pairs of each kind for every example, one epoch.

    Today's default of the library pairs every two examples: 19 times as many steps here.

    Source: Tunstall et al. 2022, arXiv:2209.11055.
    """
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    examples = Dataset.from_dict({"text": [t for t, _ in rows], "label": [n for _, n in rows]})
    model = SetFitModel.from_pretrained(str(find_encoder("embedded").folder))
    arguments = TrainingArguments(
        num_iterations=20, report_to="none", save_strategy="no", show_progress_bar=False, seed=0
    )
    Trainer(model=model, args=arguments, train_dataset=examples).train()
    return lambda texts: [str(label) for label in model.predict(list(texts))]


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a way of training does, and what it costs.

    Attributes:
        right: Share of the test file's messages.
        computing: Seconds of all cores.
        clock: Seconds on the wall.
    """

    right: float
    computing: float
    clock: float


def measure(name: str, tests: Rows, train_it: Callable[[], Predict]) -> Measured:
    """Train, judge, and print a row."""
    clock, computing = time.perf_counter(), time.process_time()
    predict = train_it()
    computing, clock = time.process_time() - computing, time.perf_counter() - clock
    found = predict([text for text, _ in tests])
    right = sum(one == label for one, (_, label) in zip(found, tests, strict=True)) / len(tests)
    print(f"| {name} | {100 * right:.1f} | {computing:.1f} | {clock:.1f} |", flush=True)
    return Measured(right, computing, clock)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--setfit", action="store_true", help="train SetFit, too")
    arguments = parser.parse_args()
    examples = arguments.data / "banking77" / "train_10.csv"
    tests = read(arguments.data / "banking77" / "test.csv")
    exported_encoder("embedded")
    print("| trained with | right, % | computing, s | clock, s |", flush=True)
    print("| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        intents = Path(temporary) / "intents"
        import_csv(examples, intents)
        ours = measure("Frontdesk, quick", tests, lambda: quick(intents, Path(temporary) / "model"))
    if arguments.setfit:
        theirs = measure("SetFit", tests, lambda: setfit(read(examples)))
        print(
            f"quick training takes {theirs.computing / ours.computing:.0f} times less computing, "
            f"{theirs.clock / ours.clock:.0f} times less time"
        )


if __name__ == "__main__":
    main()
