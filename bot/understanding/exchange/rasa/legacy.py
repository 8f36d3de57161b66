"""Reads training data, stories and responses of Rasa 1: Markdown and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.understanding.exchange.files import Row, objects, refusal, texts
from bot.understanding.exchange.rasa.data import RasaData, Response
from bot.understanding.exchange.rasa.dialogue import Step, turns
from bot.understanding.exchange.rasa.nlu import take_entry

_SECTION = re.compile(r"^##\s*(?P<kind>intent|synonym|lookup|regex)\s*:\s*(?P<name>.*)$")
_HEADING = re.compile(r"^##(?!#)\s*(?P<title>.*)$")
_ITEM = re.compile(r"^\s*[-*+]\s(?P<text>.*)$")
_SAID = re.compile(r"^\s*\*\s(?P<intents>.+)$")
_INTENT = re.compile(r"^(?P<name>[^\s{]+)\s*(?P<entities>\{.*\})?$")
_FAQ = re.compile(r"^\*\s+(?P<intent>[^\s{/]+/\S+)\s*$")


def is_rasa_json(document: object) -> bool:
    """Return whether a JSON document is training data of Rasa 1."""
    return isinstance(document, dict) and isinstance(document.get("rasa_nlu_data"), dict)


def is_rasa_markdown(text: str) -> bool:
    """Return whether a Markdown file is training data, stories or responses of Rasa 1."""
    lines = text.split("\n")
    sections = any(_SECTION.match(line) for line in lines)
    return sections or _has_stories(lines)


def _has_stories(lines: list[str]) -> bool:
    """Return whether an intent is followed by an action, or an FAQ by its answer."""
    return any(
        _FAQ.match(line) or re.match(r"^\s+-\s+(utter_|action_|respond_|slot\{|form\{)", after)
        for line, after in pairwise(lines)
        if _SAID.match(line)
    )


def take_markdown(data: RasaData, file: Path, text: str, language: str) -> None:
    """Collect the content of a Markdown file: training data, stories, or responses."""
    lines = text.split("\n")
    if any(_SECTION.match(line) for line in lines):
        _take_sections(data, file, lines, language)
    elif any(_FAQ.match(line) for line in lines) and not _has_actions(lines):
        _take_faqs(data, lines)
    else:
        _take_stories(data, lines)


def _has_actions(lines: list[str]) -> bool:
    return any(re.match(r"^\s*-\s+(utter_|action_)\w+\s*$", line) for line in lines)


def _take_sections(data: RasaData, file: Path, lines: list[str], language: str) -> None:
    section: re.Match[str] | None = None
    for number, line in enumerate(lines, start=1):
        if _HEADING.match(line):
            section = _SECTION.match(line)
        elif section is not None and (item := _ITEM.match(line)):
            texts = [(item["text"].strip(), number)]
            if texts[0][0]:
                take_entry(data, section["kind"], section["name"].strip(), texts, file, language)
        elif section is not None and section["kind"] == "lookup" and line.strip():
            texts = [(text, number) for text in _lookup(data, line.strip())]
            take_entry(data, "lookup", section["name"].strip(), texts, file)


def _lookup(data: RasaData, name: str) -> Iterator[str]:
    """Yield the lines of a lookup file, if it is inside the project."""
    file = (data.root / name).resolve()
    if file.is_relative_to(data.root.resolve()) and file.is_file():
        text = file.read_text(encoding="utf-8", errors="replace")
        yield from (line.strip() for line in text.split("\n") if line.strip())
    else:
        data.found.left_out.add("missing lookup files, left out", name)


def _take_stories(data: RasaData, lines: list[str]) -> None:
    story: list[Step] = []
    bound = False
    for line in lines:
        if _HEADING.match(line):
            data.turns += turns(story, bound=bound, is_rule=False)
            story, bound = [], False
        elif line.startswith(">"):
            bound = bound or not story  # a checkpoint before the first turn
        elif said := _SAID.match(line):
            story.append(_said(said["intents"]))
        elif item := _ITEM.match(line):
            name = item["text"].strip()
            is_action = re.fullmatch(r"[\w./-]+", name) is not None
            story.append(("action", (name,), False) if is_action else ("bound", (), False))
    data.turns += turns(story, bound=bound, is_rule=False)


def _said(written: str) -> Step:
    said = " ".join(written.split())
    parts = [_INTENT.match(part.strip()) for part in said.split(" OR ")]
    intents = tuple(part["name"].partition(":")[0] for part in parts if part)
    given = any(part is not None and part["entities"] for part in parts)
    return "intent", intents or (said,), bool(given)


def _take_faqs(data: RasaData, lines: list[str]) -> None:
    name = ""
    for line in lines:
        if faq := _FAQ.match(line):
            name = f"utter_{faq['intent']}"
        elif _HEADING.match(line):
            name = ""
        elif name and (item := _ITEM.match(line)) and item["text"].strip():
            data.responses[name].append(Response(item["text"].strip()))


def take_json(data: RasaData, file: Path, document: Mapping[str, Any]) -> None:
    """Collect training data of Rasa 1 in JSON (`rasa_nlu_data`).

    Raises:
        IntentsError: Its examples are not a list.
    """
    content = document["rasa_nlu_data"]
    parts = [content.get(key) or [] for key in ("common_examples", "intent_examples")]
    if not all(isinstance(part, list) for part in parts):
        raise refusal(file, 0, "`common_examples` is not a list", "export the data again")
    for number, example in enumerate((each for part in parts for each in part), start=1):
        if not isinstance(example, dict) or not isinstance(example.get("text"), str):
            place = f"{data.within(file)}: item {number}"
            data.found.left_out.add("examples without a text, left out", place)
            continue
        label = str(example.get("intent") or "")
        data.found.rows.append(Row(example["text"], label, 0, file=data.within(file)))
        for entity in objects(example.get("entities")):
            if entity.get("entity"):
                data.found.entities.note(label, str(entity["entity"]))
    _take_tables(data, file, content)


def _take_tables(data: RasaData, file: Path, content: Mapping[str, Any]) -> None:
    for regex in objects(content.get("regex_features")):
        pattern = [(str(regex.get("pattern", "")), 0)]
        take_entry(data, "regex", str(regex.get("name")), pattern, file)
    for table in objects(content.get("lookup_tables")):
        elements = [(text, 0) for text in texts(table.get("elements"))]
        take_entry(data, "lookup", str(table.get("name")), elements, file)
    for synonym in objects(content.get("entity_synonyms")):
        said = [(text, 0) for text in texts(synonym.get("synonyms"))]
        take_entry(data, "synonym", str(synonym.get("value")), said, file)
