"""Intent classification on public data sets, through the public API: measured beside published.

    python -m benchmarks.intents --data DIR

DIR holds a folder of CSV files (columns text, label) for each data set; docs/benchmarks.md says
where they come from. Each set is imported to intent files, loaded, trained on quickly with default
settings, and evaluated on its test file, with the threshold that training chose.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.understanding.classifier import load_classifier
from bot.understanding.evaluation import Evaluation, Figure, LabelledText, evaluate
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.training import TrainingOptions, train


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A data set, what is measured on it, and what others reached.

    Attributes:
        train, tests: CSV files, relative to the data folder.
        measure: The figure that the published ones are compared with.
        published: In the unit of the figure, by who reached it.
        out_of_scope_label: The label that means "none of these intents".
    """

    name: str
    train: str
    tests: tuple[str, ...]
    measure: str
    published: tuple[tuple[str, float], ...]
    out_of_scope_label: str | None = None


BENCHMARKS = (
    Benchmark(
        "Banking77, full",
        "banking77/train.csv",
        ("banking77/test.csv",),
        "in_scope_accuracy",
        (("ConvBERT+MLM+Example", 94.06), ("BERT-large", 93.66)),
    ),
    Benchmark(
        "Banking77, 10-shot",
        "banking77/train_10.csv",
        ("banking77/test.csv",),
        "in_scope_accuracy",
        (("CPFT", 87.20), ("DNNC", 86.71), ("USE+ConveRT", 85.19), ("RoBERTa", 84.27)),
    ),
    Benchmark(
        "CLINC150, in scope",
        "clinc150/train.csv",
        ("clinc150/test.csv", "clinc150/oos_test.csv"),
        "in_scope_accuracy",
        (("ConvBERT+MLM+Example", 97.31), ("BERT", 96.2), ("Rasa", 90.9), ("Dialogflow", 90.8)),
        "oos",
    ),
    Benchmark(
        "HINT3 SOFMattress, Matthews correlation",
        "hint3_sofmattress/train.csv",
        ("hint3_sofmattress/test.csv",),
        "mcc",
        (("Dialogflow", 63.8), ("BERT", 61.7), ("Haptik", 58.8), ("LUIS", 58.1), ("Rasa", 52.6)),
        "NO_NODES_DETECTED",
    ),
)
"""Published: Larson et al. 2019 (CLINC150); Mehri et al. 2020, Zhang et al. 2020 and 2021
(Banking77); Arora et al. 2020 (HINT3, whose thresholds were the best in hindsight)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured on one data set."""

    benchmark: Benchmark
    evaluation: Evaluation
    training_seconds: float
    evaluation_seconds: float


def run(benchmark: Benchmark, data: Path, options: TrainingOptions) -> Result:
    """Import, train and evaluate."""
    with tempfile.TemporaryDirectory() as temporary:
        intents, model = Path(temporary) / "intents", Path(temporary) / "model"
        import_csv(data / benchmark.train, intents)
        corpus = load_intents(intents).corpus()
        started = time.perf_counter()
        train(corpus, model, options=options)
        trained = time.perf_counter()
        rows = [row for test in benchmark.tests for row in read_rows(data / test)]
        evaluation = evaluate(
            load_classifier(model), rows, out_of_scope_label=benchmark.out_of_scope_label
        )
        return Result(benchmark, evaluation, trained - started, time.perf_counter() - trained)


def read_rows(file: Path) -> list[LabelledText]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [LabelledText(row["text"], row["label"]) for row in csv.DictReader(opened)]


def table(results: Sequence[Result]) -> str:
    """Render as Markdown."""
    lines = [
        "| data set | measured | published | AUROC | out of scope refused | ECE | training |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        figures, benchmark = result.evaluation.figures, result.benchmark
        published = ", ".join(f"{who} {value:.1f}" for who, value in benchmark.published)
        lines.append(
            f"| {benchmark.name} | {percent(figures[benchmark.measure])} | {published} "
            f"| {percent(figures['auroc'])} | {percent(figures['oos_recall'])} "
            f"| {percent(figures['ece'])} | {result.training_seconds:.0f} s |"
        )
    return "\n".join(lines)


def percent(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{100 * figure.value:.1f} ({100 * figure.low:.1f} to {100 * figure.high:.1f})"


def as_json(result: Result) -> dict[str, Any]:
    return {
        "name": result.benchmark.name,
        "measure": result.benchmark.measure,
        "published": dict(result.benchmark.published),
        "training_seconds": result.training_seconds,
        "evaluation_seconds": result.evaluation_seconds,
        **result.evaluation.to_json(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--only", default="", help="run the sets whose name contains this")
    parser.add_argument("--full", action="store_true", help="fine-tune the encoder: hours")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    options = TrainingOptions(full=arguments.full)
    chosen = [one for one in BENCHMARKS if arguments.only.lower() in one.name.lower()]
    results = [run(benchmark, arguments.data, options) for benchmark in chosen]
    if arguments.json:
        print(json.dumps([as_json(result) for result in results], indent=2))
    else:
        print(table(results))


if __name__ == "__main__":
    main()
