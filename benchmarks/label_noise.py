"""Label noise: precision and recall of the wrong labels that `frontdesk check` reports.

    python -m benchmarks.label_noise --data DIR

Labels of training examples are changed at random; no test file is read. Banking77-OOS needs no
change: its labels are compared with those of Banking77, where its texts come from.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.intents import write_rows
from bot.understanding.corpus import Example
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.exchange import import_csv
from bot.understanding.intents import Intent, IntentEntry, IntentSet, load_intents
from bot.understanding.intents.semantic_checks import semantic_problems
from bot.understanding.model.example_probabilities import ExampleProbabilities
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.train import train

NOISE = 0.05
SETS = (("banking77", 10), ("banking77", 50), ("clinc150", 20), ("hint3_sofmattress", 50))

Rows = list[tuple[str, str]]


def examples(file: Path, per_label: int) -> Rows:
    by_label: dict[str, list[str]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            by_label[row["label"]].append(row["text"])
    return [(text, label) for label, texts in by_label.items() for text in texts[:per_label]]


def relabelled(rows: Rows, changed: set[int], seed: int) -> Rows:
    chance, labels = np.random.default_rng(seed), sorted({label for _, label in rows})
    others = {label: [other for other in labels if other != label] for label in labels}
    return [
        (text, str(chance.choice(others[label])) if i in changed else label)
        for i, (text, label) in enumerate(rows)
    ]


def misplaced(encoder: Encoder, rows: Rows) -> tuple[set[int], float]:
    """Return the rows that are said to look like another intent, and the seconds that took."""
    by_label: dict[str, list[Example]] = defaultdict(list)
    for i, (text, label) in enumerate(rows):
        by_label[label].append(Example(text, path=Path("rows"), line=i))
    intents = IntentSet(
        tuple(
            Intent(label, IntentEntry(name="any", examples={}), tuple(members), (), Path("rows"), 0)
            for label, members in by_label.items()
        )
    )
    order = [example.line for intent in intents.intents for example in intent.examples]
    reading = encoder.read([text for text, _ in rows]).take(np.array(order))
    started = time.perf_counter()
    found = {one.line for one in semantic_problems(intents, reading) if "looks like" in one.wrong}
    return found, time.perf_counter() - started


def source_labels(data: Path) -> dict[str, str]:
    """Return the label of each text of Banking77, all in lower case."""
    found: dict[str, str] = {}
    for name in ("train.csv", "test.csv"):
        with (data / "banking77" / name).open(encoding="utf-8", newline="") as stream:
            found |= {_plain(row["text"]): _plain(row["label"]) for row in csv.DictReader(stream)}
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("?", "").split())


def held_out(rows: Rows) -> set[int]:
    """Train on rows; return those that are in doubt by models that were trained without them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_rows([LabelledText(text, label) for text, label in rows], folder / "train.csv")
        import_csv(folder / "train.csv", folder / "intents")
        manifest = train(load_intents(folder / "intents").corpus(), folder / "model")
        found = ExampleProbabilities.read(ModelRegistry(folder / "model").current())
    doubts = found.doubtful() if found is not None else ()
    labels = [intent.label for intent in manifest.intents]
    doubtful = {(_plain(one.text), _plain(labels[one.intent])) for one in doubts}
    return {i for i, row in enumerate(rows) if (_plain(row[0]), _plain(row[1])) in doubtful}


def real_noise(encoder: Encoder, data: Path) -> None:
    """Print how many of Banking77-OOS's wrong labels each check names."""
    source = source_labels(data)
    written = examples(data / "banking77_oos" / "train.csv", 10_000)
    rows = [(text, label) for text, label in written if _plain(text)]
    wrong = {i for i, (text, label) in enumerate(rows) if source[_plain(text)] != _plain(label)}
    print(f"\nbanking77_oos, {len(rows):,} examples, {len(wrong)} of them wrong\n")
    print("named | examples | of them wrong | found of the wrong")
    by_meaning, unseen = misplaced(encoder, rows)[0], held_out(rows)
    for name, found in (
        ("by meaning", by_meaning),
        ("held out", unseen),
        ("either", by_meaning | unseen),
    ):
        hits = len(found & wrong)
        print(f"{name} | {len(found)} | {hits / max(len(found), 1):.0%} | {hits / len(wrong):.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    encoder = load_encoder_files(exported_encoder("embedded"))
    print(
        "data, examples of each | examples | seconds | doubted as it is | found of changed | right"
    )
    for name, per_label in SETS:
        rows = examples(data / name / "train.csv", per_label)
        clean, seconds = misplaced(encoder, rows)
        changed = set(
            np.random.default_rng(0).permutation(len(rows))[: round(NOISE * len(rows))].tolist()
        )
        found, _ = misplaced(encoder, relabelled(rows, changed, 0))
        hits = len(found & changed)
        print(
            f"{name}, {per_label} | {len(rows):,} | {seconds:.1f} | {len(clean) / len(rows):.1%} | "
            f"{hits} of {len(changed)} | {hits / max(len(found), 1):.0%}"
        )
    real_noise(encoder, data)


if __name__ == "__main__":
    main()
