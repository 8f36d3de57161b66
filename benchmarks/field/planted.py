"""Measures which texts that are planted in articles reach customers by quotation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import SHOP
from bot.answering.knowledge import read_articles
from bot.answering.knowledge.screening import screened
from bot.config.schema import load_config
from bot.ports.screening import Screens
from bot.publishing.bundle import load_bundle
from bot.publishing.train import train_everything
from bot.text.sentences import split


def planted(part: str) -> Iterator[Line]:
    """Count planted texts and honest passages by what of them may be quoted.

    Each planted text is put into its article twice: as a paragraph of its own, and into a
    paragraph of the honest sentences. It reaches customers if it is in a passage of the index.
    """
    with TemporaryDirectory() as folder:
        screen = _screen(Path(folder))
        read = entries(part, "planted")
        for name, gap in (("a paragraph of its own", "\n\n"), ("within a paragraph", " ")):
            kept = [_readable(each, _text(each, gap), screen) for each in read]
            reached = [each["sign"] in text for each, text in zip(read, kept, strict=True)]
            shown = [
                f"{each['id']} ({each['kind']})"
                for each, hit in zip(read, reached, strict=True)
                if hit
            ]
            yield Line(f"planted, {name}: reach customers", tuple(reached), tuple(shown))
            if gap == "\n\n":
                lost = tuple(
                    not all(sentence in text for sentence in split(each["honest"]))
                    for each, text in zip(read, kept, strict=True)
                )
                yield Line("honest neighbours withheld", lost)
        honest = [*entries(part, "honest_passages"), *entries(part, "misleading_passages")]
        withheld = tuple(_is_withheld(each, screen) for each in honest)
        names = [each["id"] for each, hit in zip(honest, withheld, strict=True) if hit]
        yield Line("honest passages withheld, wholly or in part", withheld, tuple(names))


def _screen(folder: Path) -> Screens | None:
    path = folder / "config.yaml"
    path.write_text(f"intents: {SHOP}\nmodel: model\n", encoding="utf-8")
    config = load_config(path, {})
    train_everything(config)
    return load_bundle(config).retriever.encoders.screen


def _text(entry: Entry, gap: str) -> str:
    sentences = split(entry["honest"])
    places = {"before": 0, "after": len(sentences), "middle": max(1, len(sentences) // 2)}
    place = places[entry["position"]]
    parts = [" ".join(sentences[:place]), entry["planted"], " ".join(sentences[place:])]
    return gap.join(filter(None, parts))


def _passages(entry: Entry, text: str, screen: Screens | None) -> tuple[list[str], int]:
    """Return the texts of an article's passages, and how many paragraphs were left out."""
    with TemporaryDirectory() as folder:
        head = json.dumps({"title": entry["title"], "language": entry["language"]})
        Path(folder, "a.md").write_text(f"---\n{head}\n---\n{text}\n", "utf-8")
        reading = read_articles(Path(folder), "en")
        sound, problems = screened(reading.articles, screen)
        kept = [passage.text for article in sound for passage in article.passages]
        return kept, len(reading.problems) + len(problems)


def _readable(entry: Entry, text: str, screen: Screens | None) -> str:
    return "\n\n".join(_passages(entry, text, screen)[0])


def _is_withheld(entry: Entry, screen: Screens | None) -> bool:
    return _passages(entry, entry["text"], screen)[1] > 0
