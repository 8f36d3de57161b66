"""Accuracy lost to int8 quantisation: quick training with the served and the original encoder.

    python -m benchmarks.quantisation --data DIR [--only NAME]

Both are taught the same examples and asked the same test messages; the difference is that of the
messages which one of them alone understands.
"""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.intent_sets import SETS, DataSet
from benchmarks.intents import read_rows
from bot.understanding.corpus import Corpus
from bot.understanding.encoders.cache import encoder_files, exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.export.bert import bert_graph
from bot.understanding.encoders.export.onnx_graph import save_graph
from bot.understanding.encoders.pretrained import load_pretrained
from bot.understanding.encoders.source import find_encoder
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.training.dataset import training_rows
from bot.understanding.training.fit import fit_scorer
from bot.understanding.training.progress import NoProgress


def exact_encoder(folder: Path) -> Encoder:
    """Export the embedded encoder to a folder in float32."""
    pretrained = load_pretrained(find_encoder("embedded"))
    for path in encoder_files(exported_encoder("embedded")):
        shutil.copy(path, folder)
    save_graph(bert_graph(pretrained.network, pretrained.max_tokens, reach=None), folder)
    return load_encoder_files(folder)


def understood(
    corpus: Corpus, encoder: Encoder, asked: list[str], labels: list[str]
) -> NDArray[np.bool_]:
    """Tell which messages a model over an encoder understands; nothing is held out to calibrate."""
    rows = training_rows(corpus)
    never_judged = np.full(len(rows.texts), -1, dtype=np.int64)
    reading = encoder.read(rows.texts)
    learned = fit_scorer(rows, reading, never_judged, seed=0, progress=NoProgress())
    best = learned.scorer.scores(asked, encoder.read(asked)).argmax(axis=1)
    names = [intent.label or intent.name for intent in corpus.intents]
    return np.array([names[i] == label for i, label in zip(best, labels, strict=True)])


def compare(dataset: DataSet, data: Path, served: Encoder, exact: Encoder) -> str:
    """Return a line of the table."""
    with tempfile.TemporaryDirectory() as temporary:
        import_csv(data / dataset.train, Path(temporary))
        corpus = load_intents(Path(temporary)).corpus()
    rows = [row for name in dataset.wanted[0].files for row in read_rows(data / name)]
    rows = [row for row in rows if row.label != dataset.out_of_scope_label]
    texts, labels = [row.text for row in rows], [row.label for row in rows]
    ours, theirs = (understood(corpus, one, texts, labels) for one in (served, exact))
    gained, lost = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    error = 196 * math.sqrt(gained + lost) / len(rows)
    return (
        f"| {dataset.name} | {len(rows)} | {100 * ours.mean():.2f} | {100 * theirs.mean():.2f} "
        f"| {100 * (gained - lost) / len(rows):+.2f} ± {error:.2f} | {gained}, {lost} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--only", default="", help="run the sets whose name contains this")
    arguments = parser.parse_args()
    served = load_encoder_files(exported_encoder("embedded"))
    print("| data set | messages | int8, % | float32, % | difference | int8 alone, float32 alone |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        exact = exact_encoder(Path(temporary))
        for dataset in sorted(SETS, key=lambda one: one.name):
            if not dataset.shots and arguments.only.lower() in dataset.name.lower():
                print(compare(dataset, arguments.data, served, exact), flush=True)


if __name__ == "__main__":
    main()
