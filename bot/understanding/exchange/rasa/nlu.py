"""Reads training data of Rasa 2 and 3: the section `nlu:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.understanding.exchange.files import Row
from bot.understanding.exchange.rasa.annotations import plain_text
from bot.understanding.exchange.rasa.data import RasaData, entries, text_of
from bot.yamlfile import Node

_KINDS = ("intent", "synonym", "lookup", "regex")
_ITEM = re.compile(r"^\s*[-*+]\s(?P<text>.*)$")


def take_nlu(data: RasaData, file: Path, section: Node, language: str) -> None:
    """Collect the examples, lookups, regular expressions and synonyms of a file."""
    for entry in section.items():
        kind = next((kind for kind in _KINDS if entry.get(kind)), None)
        examples = entry.get("examples")
        place = f"{data.within(file)}:{entry.line}"
        if kind is None or examples is None:
            what = "entries of `nlu:` without intent or examples, left out"
            data.found.left_out.add(what, place)
            continue
        texts = list(_texts(examples))
        take_entry(data, kind, text_of(entry.get(kind)).strip(), texts, file, language)


def take_entry(
    data: RasaData,
    kind: str,
    name: str,
    texts: list[tuple[str, int]],
    file: Path,
    language: str = "",
) -> None:
    """Collect one entry: an intent, a synonym, a lookup or a regex, with its texts and lines."""
    found, file = data.found, data.within(file)
    if kind == "intent":
        for text, line in texts:
            plain = plain_text(found, name, text, f"{file}:{line}")
            found.rows.append(Row(plain, name, line, language, "", file))
    elif kind == "synonym":
        said = ", ".join(text for text, _ in texts)
        found.left_out.add("synonyms, left out", f"{name} ({said})")
    else:
        kept = found.entities.choices if kind == "lookup" else found.entities.patterns
        kept[name] += [text for text, _ in texts]


def _texts(examples: Node) -> Iterator[tuple[str, int]]:
    """Yield the items of a text block or a list, with their line numbers."""
    if isinstance(examples.content, str):
        for number, line in enumerate(examples.content.split("\n"), start=1):
            if item := _ITEM.match(line):
                yield item["text"].strip(), examples.line + number
    for item_node in examples.items():
        text = item_node.get("text")
        if text is None and not any(entries(item_node)):
            text = item_node
        if said := text_of(text).strip():
            yield said.removeprefix("- "), item_node.line
