"""Learning from the desk's own traffic: what approved messages without labels are worth.

    python -m benchmarks.traffic --data DIR [--draws N] [--json]

Banking77 with 10 examples of each intent, drawn from the training file as `benchmarks.intents`
draws them. The traffic is 3,000 other messages of the training file, without their labels, and half
as many messages from other domains (CLINC150 without banking and credit cards): one in three is out
of scope. A quick model of the examples labels it, and everything that `frontdesk learn` proposes is
learned beside the examples, as if somebody had approved it unread. Judged on the test file and on
CLINC150's out-of-scope questions.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.intent_sets import DRAWS
from benchmarks.intents import draw, read_rows
from bot.understanding.evaluation.evaluate import LabelledText, assess
from bot.understanding.exchange import import_csv
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.model.classifier import IntentClassifier, load_classifier
from bot.understanding.traffic.learned_file import Learned
from bot.understanding.traffic.pseudo_labels import Labelled, propose, usable
from bot.understanding.training.train import TrainingOptions, train

SHOTS = 10
UNLABELLED = 3_000
FOREIGN = UNLABELLED // 2
OUT_OF_SCOPE = "(out of scope)"
FIGURES = {
    "in_scope_accuracy": "in-scope accuracy",
    "ece": "calibration error",
    "auroc": "AUROC, out of scope",
    "answered": "answered",
    "wrong_of_answered": "wrong of answered",
    "oos_answered": "out of scope answered",
}

_BANKING = (
    "freeze_account routing pin_change bill_due pay_bill account_blocked interest_rate min_payment "
    "bill_balance transfer order_checks balance spending_history transactions report_fraud "
    "replacement_card_duration expiration_date damaged_card improve_credit_score report_lost_card "
    "card_declined credit_limit_change apr redeem_rewards credit_limit rewards_balance "
    "application_status credit_score new_card international_fees exchange_rate"
)
BANKING = frozenset(_BANKING.split())
"""CLINC150's intents about banking and credit cards, which are no foreign traffic here."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The figures of one draw.

    Attributes:
        before, after: Figures of the model of the examples, and of the one that learned.
        learned: Messages learned.
        wrong: Those of them with a wrong label.
        foreign: Those of them from other domains.
        seconds: What training took, with the messages embedded anew.
    """

    before: dict[str, float]
    after: dict[str, float]
    learned: int
    wrong: int
    foreign: int
    seconds: tuple[float, float]


def measure(data: Path, seed: int) -> Draw:
    """Train on one draw, label the traffic, and train again."""
    everything = read_rows(data / "banking77" / "train.csv")
    examples = draw(everything, SHOTS, seed)
    traffic = [*_rest(everything, examples, seed), *_foreign(data, seed)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write_answered(examples, folder / "train.csv")
        import_csv(folder / "train.csv", folder / "intents")
        intents = load_intents(folder / "intents")
        before, quick_seconds = _trained(intents, (), folder / "before", folder / "before")
        learned = _learned(before, intents, traffic)
        after, seconds = _trained(intents, learned, folder / "after", folder / "before")
        names = {entry.name: entry.label for entry in before.manifest.intents}
        labels = [(traffic[int(row.author, 16)].label, names[row.intent]) for row in learned]
        return Draw(
            _figures(before, data),
            _figures(after, data),
            len(learned),
            sum(one not in (own, OUT_OF_SCOPE) for one, own in labels),
            sum(one == OUT_OF_SCOPE for one, _ in labels),
            (quick_seconds, seconds),
        )


def _write_answered(rows: Sequence[LabelledText], file: Path) -> None:
    """Write examples with replies: nothing is learned for drafts."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("text", "label", "reply"))
        writer.writerows((row.text, row.label, f"About {row.label}.") for row in rows)


def _rest(
    everything: Sequence[LabelledText], examples: Sequence[LabelledText], seed: int
) -> list[LabelledText]:
    """Draw messages that are no examples."""
    taken = {row.text for row in examples}
    rest = [row for row in everything if row.text not in taken]
    chosen = np.random.default_rng(seed + 1_000).permutation(len(rest))[:UNLABELLED]
    return [rest[position] for position in chosen.tolist()]


def _foreign(data: Path, seed: int) -> list[LabelledText]:
    """Draw messages from other domains."""
    rows = read_rows(data / "clinc150" / "train.csv")
    rows = [LabelledText(row.text, OUT_OF_SCOPE) for row in rows if row.label not in BANKING]
    chosen = np.random.default_rng(seed + 2_000).permutation(len(rows))[:FOREIGN]
    return [rows[position] for position in chosen.tolist()]


def _learned(
    model: IntentClassifier, intents: IntentSet, traffic: Sequence[LabelledText]
) -> tuple[Learned, ...]:
    """Return what would be proposed of the traffic; each author is the number of the message."""
    predictions = model.predict([row.text for row in traffic])
    messages = [
        Labelled(row.text, prediction, date(2026, 1, 5), f"{number:016x}")
        for number, (row, prediction) in enumerate(zip(traffic, predictions, strict=True))
    ]
    return propose(messages, intents, ()).rows


def _trained(
    intents: IntentSet, learned: Sequence[Learned], folder: Path, known: Path
) -> tuple[IntentClassifier, float]:
    corpus = intents.corpus()
    if learned:
        corpus = corpus.with_learned(usable(learned, intents), "benchmark")
    started = time.perf_counter()
    train(corpus, folder, options=TrainingOptions(known=known))
    return load_classifier(folder), time.perf_counter() - started


def _figures(model: IntentClassifier, data: Path) -> dict[str, float]:
    rows = read_rows(data / "banking77" / "test.csv")
    foreign = read_rows(data / "clinc150" / "oos_test.csv")
    rows = [*rows, *(LabelledText(row.text, OUT_OF_SCOPE) for row in foreign)]
    predictions = model.predict([row.text for row in rows])
    found = assess(model.manifest, rows, predictions, out_of_scope_label=OUT_OF_SCOPE)
    return {name: found.figures[name].value or 0.0 for name in FIGURES}


def as_markdown(draws: Sequence[Draw]) -> Iterator[str]:
    """Yield the lines of the table; shares in per cent, means with the lowest and the highest."""
    for name, measure_name in FIGURES.items():
        before, after = (
            [getattr(one, when)[name] for one in draws] for when in ("before", "after")
        )
        yield f"| {measure_name}, % | {_mean(before)} | {_mean(after)} |"
    for count in ("learned", "wrong", "foreign"):
        numbers = [getattr(one, count) for one in draws]
        yield f"| messages {count} | – | {statistics.fmean(numbers):,.0f} |"
    first, second = (statistics.fmean(one.seconds[i] for one in draws) for i in (0, 1))
    yield f"| training, seconds | {first:.1f} | {second:.1f} |"


def _mean(values: Sequence[float]) -> str:
    low, mean, high = (100 * x for x in (min(values), statistics.fmean(values), max(values)))
    return f"{mean:.1f} ({low:.1f} to {high:.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--draws", type=int, default=DRAWS, help="of the 10 examples")
    parser.add_argument("--json", action="store_true", help="print a JSON object a draw")
    arguments = parser.parse_args()
    draws = []
    for seed in range(arguments.draws):
        draws.append(measure(arguments.data, seed))
        if arguments.json:
            print(json.dumps(asdict(draws[-1])), flush=True)
    if not arguments.json:
        print("| measure | examples alone | with traffic |\n| --- | --- | --- |")
        print("\n".join(as_markdown(draws)))


if __name__ == "__main__":
    main()
