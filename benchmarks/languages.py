"""Accuracy in other languages of ten shop intents that were trained in English.

    python -m benchmarks.languages [--data DIR]

Trains on the English examples of benchmarks/data/languages.yaml and asks in eight languages, once
with the multilingual encoder and once without. With DIR (see docs/benchmarks.md), also counts how
many English messages of the public data sets would be taken for another language, and whether any
prediction changes by that.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bot.ports import Prediction
from bot.understanding.corpus import Corpus, CorpusIntent, Example
from bot.understanding.exchange import import_csv
from bot.understanding.intents import load_intents
from bot.understanding.model.classifier import IntentClassifier, load_classifier
from bot.understanding.training.train import TrainingOptions, train

QUESTIONS = Path(__file__).parent / "data" / "languages.yaml"
LANGUAGES = ("en", "zh", "de", "tr", "ja", "ar", "fr", "es")
ENGLISH = {
    "Banking77, 10-shot": ("banking77/train_10.csv", "banking77/test.csv"),
    "HINT3 SOFMattress": ("hint3_sofmattress/train.csv", "hint3_sofmattress/test.csv"),
}
"""Training and test file of English data sets."""

Questions = Mapping[str, Mapping[str, Sequence[str]]]


def train_on(corpus: Corpus, multilingual: str) -> IntentClassifier:
    with tempfile.TemporaryDirectory() as temporary:
        train(corpus, Path(temporary), options=TrainingOptions(multilingual=multilingual))
        classifier = load_classifier(Path(temporary))
        if classifier.multilingual is not None:
            classifier.predict(["我的订单到哪了"])  # load it while its files are there
        return classifier


def accuracy_by_language(questions: Questions) -> list[str]:
    """Return the rows of a table: accuracy, share answered, and share of those that are wrong."""
    corpus = Corpus(
        tuple(
            CorpusIntent(name, tuple(Example(text) for text in texts["train"]))
            for name, texts in questions.items()
        )
    )
    both = [train_on(corpus, multilingual) for multilingual in ("off", "embedded")]
    rows = []
    for language in LANGUAGES:
        asked = [(text, name) for name in questions for text in questions[name][language]]
        cells = [_measured(classifier, asked) for classifier in both]
        rows.append(f"| {language} | {len(asked)} | {cells[0]} | {cells[1]} |")
    return rows


def _measured(classifier: IntentClassifier, asked: Sequence[tuple[str, str]]) -> str:
    predictions = classifier.predict([text for text, _ in asked])
    names = [name for _, name in asked]
    right = sum(_first(one) == name for one, name in zip(predictions, names, strict=True))
    answered = [
        _first(one) == name
        for one, name in zip(predictions, names, strict=True)
        if one.intents and one.intents[0].confidence >= one.threshold
    ]
    wrong = f"{100 * answered.count(False) / len(answered):.0f}" if answered else "–"
    share = 100 * len(answered) / len(asked)
    return f"{100 * right / len(asked):.0f} | {share:.0f} | {wrong}"


def english_unchanged(data: Path, train_file: str, test_file: str) -> str:
    """Return what the second encoder changes for an English data set."""
    with tempfile.TemporaryDirectory() as temporary:
        import_csv(data / train_file, Path(temporary) / "intents")
        corpus = load_intents(Path(temporary) / "intents").corpus()
    alone, both = train_on(corpus, "off"), train_on(corpus, "embedded")
    with (data / test_file).open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    texts = [text for text, _ in rows]
    before, after = alone.predict(texts), both.predict(texts)
    foreign = sum(both.language(text) != "en" for text in texts)
    changed = sum(_first(a) != _first(b) for a, b in zip(before, after, strict=True))
    names = {entry.name: entry.label for entry in both.manifest.intents}
    right = [
        sum(names.get(_first(one)) == label for one, (_, label) in zip(found, rows, strict=True))
        for found in (before, after)
    ]
    known = sum(label in names.values() for _, label in rows)
    shares = " | ".join(f"{100 * count / known:.2f}" for count in right)
    return f"{len(texts)} | {foreign} | {changed} | {shares}"


def _first(prediction: Prediction) -> str:
    return prediction.intents[0].name if prediction.intents else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of the English data sets")
    arguments = parser.parse_args()
    questions: Questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    print("In per cent; first the English encoder alone, then both.\n")
    print("| language | messages | right | answered | wrong | right | answered | wrong |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    print("\n".join(accuracy_by_language(questions)))
    if arguments.data:
        print("\n| English | messages | taken for foreign | changed | right alone | right both |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, files in ENGLISH.items():
            print(f"| {name} | {english_unchanged(arguments.data, *files)} |")


if __name__ == "__main__":
    main()
