"""Intent classification on public data sets, through the public API, next to published figures.

    python -m benchmarks.intents --data DIR [--full] [--encoder NAME] [--only NAME]

DIR holds a folder of CSV files (columns text, label) for each data set; docs/benchmarks.md says
where they come from. Each set is imported to intent files, loaded, trained on with default
settings, and evaluated on its test files, with the threshold that training chose. Few-shot sets
are drawn from the training file, several times.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.intent_sets import DRAWS, SETS, DataSet, Wanted
from bot.ports import Prediction
from bot.understanding.evaluation.evaluate import Figure, LabelledText, assess
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import Manifest
from bot.understanding.training.train import TrainingOptions, train


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        low, high: Between which it lies: the 95 % bootstrap interval over the test texts or, of
            several draws, the lowest and the highest.
        draws: How many draws it is the mean of.
    """

    name: str
    measure: str
    value: float
    low: float
    high: float
    draws: int
    published: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was trained on one draw, and what it makes of the test files."""

    manifest: Manifest
    predictions: dict[str, tuple[list[LabelledText], list[Prediction]]]
    seconds: float


def measure(
    dataset: DataSet, data: Path, options: TrainingOptions, *, draws: int = DRAWS
) -> Iterator[Line]:
    """Train on a data set, once or on several draws, and yield its figures."""
    trained = [
        _train(dataset, data, seed, options) for seed in range(draws if dataset.shots else 1)
    ]
    for wanted in dataset.wanted:
        yield _line(dataset, wanted, [_figure(dataset, wanted, one) for one in trained])
    seconds = [one.seconds for one in trained]
    yield Line(
        dataset.name,
        "training, seconds",
        statistics.fmean(seconds),
        min(seconds),
        max(seconds),
        len(trained),
        (),
    )
    if options.full:
        yield from _compared(dataset, trained)


def _train(dataset: DataSet, data: Path, seed: int, options: TrainingOptions) -> Trained:
    """Import, train, and predict every test file."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows = read_rows(data / dataset.train)
        if dataset.shots:
            rows = draw(rows, dataset.shots, seed)
        write_rows(rows, folder / "train.csv")
        import_csv(folder / "train.csv", folder / "intents")
        corpus = load_intents(folder / "intents").corpus()
        started = time.perf_counter()
        manifest = train(corpus, folder / "model", options=options)
        seconds = time.perf_counter() - started
        classifier = load_classifier(folder / "model")
        predictions = {}
        for name in {name for wanted in dataset.wanted for name in wanted.files}:
            asked = read_rows(data / name)
            predictions[name] = asked, classifier.predict([row.text for row in asked])
    return Trained(manifest, predictions, seconds)


def draw(rows: Sequence[LabelledText], shots: int, seed: int) -> list[LabelledText]:
    """Choose some rows of each label, labels and rows in the order of the file."""
    random = np.random.default_rng(seed)
    by_label: dict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        by_label[row.label].append(position)
    return [
        rows[position]
        for positions in by_label.values()
        for position in sorted(
            random.choice(positions, min(shots, len(positions)), replace=False).tolist()
        )
    ]


def _figure(dataset: DataSet, wanted: Wanted, trained: Trained) -> Figure:
    parts = [trained.predictions[name] for name in wanted.files]
    rows = [row for asked, _ in parts for row in asked]
    predictions = [prediction for _, made in parts for prediction in made]
    evaluation = assess(
        trained.manifest, rows, predictions, out_of_scope_label=dataset.out_of_scope_label
    )
    return evaluation.figures[wanted.figure]


def _line(dataset: DataSet, wanted: Wanted, figures: Sequence[Figure]) -> Line:
    values = [figure.value for figure in figures if figure.value is not None]
    low, high = min(values), max(values)
    if len(figures) == 1 and figures[0].low is not None and figures[0].high is not None:
        low, high = figures[0].low, figures[0].high
    return Line(
        dataset.name,
        wanted.measure,
        statistics.fmean(values),
        low,
        high,
        len(figures),
        wanted.published,
    )


def _compared(dataset: DataSet, trained: Sequence[Trained]) -> Iterator[Line]:
    """Yield how many held-out training rows full training gained beside quick, net."""
    gains = [one.manifest.comparison.gain for one in trained if one.manifest.comparison is not None]
    if gains:
        yield Line(
            dataset.name,
            "gained over quick, held-out rows",
            statistics.fmean(gains),
            min(gains),
            max(gains),
            len(gains),
            (),
        )


def read_rows(file: Path) -> list[LabelledText]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [LabelledText(row["text"], row["label"]) for row in csv.DictReader(opened)]


def write_rows(rows: Sequence[LabelledText], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("text", "label"))
        writer.writerows((row.text, row.label) for row in rows)


def as_markdown(line: Line) -> str:
    """Render a line of the table; shares in per cent."""
    scale, unit = (1.0, " s") if line.measure.endswith("seconds") else (100.0, "")
    value, low, high = (f"{scale * x:.1f}" for x in (line.value, line.low, line.high))
    mean = f", mean of {line.draws} draws" if line.draws > 1 else ""
    published = ", ".join(f"{who} {figure:.1f}" for who, figure in line.published) or "–"
    return f"| {line.name} | {line.measure}{mean} | {value}{unit} ({low} to {high}) | {published} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--only", default="", help="run the sets whose name contains this")
    parser.add_argument("--draws", type=int, default=DRAWS, help="of each few-shot set")
    parser.add_argument("--full", action="store_true", help="fine-tune the encoder: an hour")
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")
    parser.add_argument("--encoder", default="embedded", help="classifier.encoder of config.yaml")
    arguments = parser.parse_args()
    options = TrainingOptions(encoder=arguments.encoder, full=arguments.full)
    if not arguments.json:
        print("| data set | measure | measured | published |\n| --- | --- | --- | --- |")
    for dataset in SETS:
        if arguments.only.lower() not in dataset.name.lower():
            continue
        for line in measure(dataset, arguments.data, options, draws=arguments.draws):
            printed: dict[str, Any] = asdict(line)
            print(json.dumps(printed) if arguments.json else as_markdown(line), flush=True)


if __name__ == "__main__":
    main()
