"""Error bounds on public data sets: half of each test set is labelled traffic, half verifies it.

    python -m benchmarks.error_bound --data DIR

Each set is trained on quickly with default settings. Its test messages, shuffled, are cut in two,
twenty times: the first half bears promises out as `frontdesk eval --calibrate` does, the second
says how many of the answers are wrong. A line also says how the middle band does: of the in-scope
messages that the bot asks back on, how many have the right intent among the two that it offers.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.intents import read_rows
from bot.understanding.evaluation.predictions import (
    OUT_OF_SCOPE,
    LabelledPrediction,
    as_labelled_predictions,
    labelled_predictions,
)
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.error_bound import LabelledPredictions, error_bound
from bot.understanding.training.train import TrainingOptions, train

SPLITS = 20
PROMISES = (0.05, 0.10, 0.20)
TOLERANCE = 1.25
"""A judge of finite size may find that much more than was promised."""

OFFERED = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """A data set: CSV files relative to the data folder, and the label that means out of scope."""

    name: str
    train: str
    tests: tuple[str, ...]
    out_of_scope: str | None = None


SETTINGS = (
    Setting(
        "HINT3 SOFMattress",
        "hint3_sofmattress/train.csv",
        ("hint3_sofmattress/test.csv",),
        "NO_NODES_DETECTED",
    ),
    Setting("Banking77, 10-shot", "banking77/train_10.csv", ("banking77/test.csv",)),
    Setting("Banking77, full", "banking77/train.csv", ("banking77/test.csv",)),
    Setting(
        "Banking77, 50 intents, others in domain",
        "banking77_oos/train.csv",
        ("banking77_oos/test.csv", "banking77_oos/id_oos_test.csv"),
        "oos",
    ),
    Setting(
        "CLINC150", "clinc150/train.csv", ("clinc150/test.csv", "clinc150/oos_test.csv"), "oos"
    ),
)


@dataclass(frozen=True, slots=True)
class Split:
    """What one half promised and the other found."""

    given: bool
    answered: float
    wrong: float

    def kept(self, max_wrong: float) -> bool:
        """Tell whether the judge agrees; where nothing was promised, nothing is broken."""
        return not self.given or self.wrong <= TOLERANCE * max_wrong


def splits(seen: LabelledPredictions, max_wrong: float) -> Iterator[Split]:
    """Promise by one random half, judge by the other."""
    for seed in range(SPLITS):
        order = np.random.default_rng(seed).permutation(len(seen.right))
        labelled, judge = np.split(order, [len(order) // 2])
        given = error_bound(
            LabelledPredictions(seen.confidence[labelled], seen.right[labelled]), max_wrong
        )
        answered = seen.confidence[judge] >= (given.threshold or np.inf)
        wrong = int((answered & ~seen.right[judge]).sum())
        share = wrong / max(int(answered.sum()), 1)
        yield Split(given.threshold is not None, float(answered.mean()), share)


def asked(judged: Sequence[LabelledPrediction]) -> tuple[int, int, int]:
    """Count the messages asked about, those in scope among them, and those offered rightly."""
    about = [
        one
        for one in judged
        if one.prediction.ask_threshold <= one.confidence < one.prediction.threshold
    ]
    offered = [[intent.name for intent in one.prediction.intents[:OFFERED]] for one in about]
    in_scope = sum(one.expected != OUT_OF_SCOPE for one in about)
    right = sum(one.expected in names for one, names in zip(about, offered, strict=True))
    return len(about), in_scope, right


def report(setting: Setting, data: Path, options: TrainingOptions) -> None:
    """Train, and print what is promised and kept."""
    with tempfile.TemporaryDirectory() as temporary:
        intents, model = Path(temporary) / "intents", Path(temporary) / "model"
        import_csv(data / setting.train, intents)
        train(load_intents(intents).corpus(), model, options=options)
        classifier = load_classifier(model)
    rows = [row for test in setting.tests for row in read_rows(data / test)]
    judged = labelled_predictions(classifier, rows, setting.out_of_scope)
    seen = as_labelled_predictions(judged, classifier.manifest)
    for max_wrong in PROMISES:
        print(_line(setting.name, max_wrong, list(splits(seen, max_wrong))))
    total, in_scope, right = asked(judged)
    share = f"{100 * right / in_scope:.0f} %" if in_scope else "-"
    print(
        f"{setting.name}: asks about {total} of {len(rows)}, {in_scope} of them in scope; "
        f"the right intent is among the two offered in {right} of those ({share})"
    )


def _line(name: str, max_wrong: float, found: Sequence[Split]) -> str:
    given = [split for split in found if split.given]
    kept = sum(split.kept(max_wrong) for split in found)
    answered = np.array([split.answered for split in given] or [0.0])
    wrong = np.array([split.wrong for split in given] or [0.0])
    return (
        f"{name}: at most {100 * max_wrong:g} %: promised in {len(given)} of {len(found)} splits, "
        f"kept in {kept}; where promised, answered {100 * answered.mean():.1f} % "
        f"({100 * answered.min():.1f} to {100 * answered.max():.1f}), "
        f"wrong {100 * wrong.mean():.1f} % ({100 * wrong.min():.1f} to {100 * wrong.max():.1f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--only", default="", help="run the sets whose name contains this")
    parser.add_argument("--full", action="store_true", help="fine-tune the encoder: hours")
    arguments = parser.parse_args()
    options = TrainingOptions(full=arguments.full)
    for setting in SETTINGS:
        if arguments.only.lower() in setting.name.lower():
            report(setting, arguments.data, options)


if __name__ == "__main__":
    main()
