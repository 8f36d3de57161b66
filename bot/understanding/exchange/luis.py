"""Reads LUIS apps (schema 1 to 7), and projects of its successor CLU."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import Row, refusal, texts
from bot.understanding.language.tags import canonical

_NONE = "None"
"""The intent of out-of-scope texts. Source: LUIS documentation, "Intents", None intent."""

_BUILT_IN = {"number": "number", "email": "email", "datetime": "date", "datetimev2": "date"}

_LEFT_OUT = {
    "patterns": "pattern",
    "composites": "name",
    "phraselists": "name",
    "model_features": "name",
    "hierarchicals": "name",
}
"""Parts without a counterpart in intent files, and the key of their name."""


def is_luis(document: object) -> bool:
    """Return whether a JSON document is a LUIS app or a CLU project."""
    if not isinstance(document, dict):
        return False
    is_app = isinstance(document.get("utterances"), list) and "intents" in document
    return "luis_schema_version" in document or is_app or bool(_assets(document))


def read_luis(file: Path, document: object) -> ImportedContent:
    """Read a LUIS app or a CLU project.

    Raises:
        IntentsError: The document is neither.
    """
    if not isinstance(document, dict) or not is_luis(document):
        remedy = "export the app as JSON (Manage > Versions > Export as JSON)"
        raise refusal(file, 0, "not a LUIS app: no `utterances` and `intents`", remedy)
    app = _assets(document) or document
    found = ImportedContent()
    culture = document.get("culture") or _get(document.get("metadata"), "language")
    language = _tag(culture)
    for utterance in _objects(app.get("utterances")):
        label = utterance.get("intent") or utterance.get("intentName")
        text = utterance.get("text")
        if isinstance(text, str) and isinstance(label, str):
            own = _tag(utterance.get("language")) or language
            found.rows.append(Row(text, label, 0, own))
            _take_entities(found, label, utterance)
    found.outside.add(_NONE)
    _take_types(found, app)
    for key, name in _LEFT_OUT.items():
        for part in _objects(app.get(key)):
            found.left_out.add(f"{key} of LUIS, left out", str(part.get(name, "")))
    found.entities.list_unused(found.left_out)
    return found


def _assets(document: Mapping[str, Any]) -> Mapping[str, Any]:
    assets = document.get("assets")
    return assets if isinstance(assets, dict) and "utterances" in assets else {}


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list; a text is treated as an object with this name."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item
        elif isinstance(item, str):
            yield {"name": item}


def _tag(culture: object) -> str:
    """Return the language of a culture such as `en-us`, without the region."""
    tag = canonical(culture.partition("-")[0]) if isinstance(culture, str) else None
    return tag or ""


def _take_entities(found: ImportedContent, label: str, utterance: Mapping[str, Any]) -> None:
    for key, name in (
        ("entities", "entity"),
        ("entities", "category"),
        ("entityLabels", "entityName"),
    ):
        for entity in _objects(utterance.get(key)):
            if isinstance(entity.get(name), str):
                found.entities.note(label, entity[name])


def _take_types(found: ImportedContent, app: Mapping[str, Any]) -> None:
    for listed in _objects(app.get("closedLists")):
        for part in _objects(listed.get("subLists")):
            found.entities.choices[str(listed.get("name"))].append(str(part.get("canonicalForm")))
            for synonym in texts(part.get("list")):
                found.left_out.add("synonyms, left out", f"{part.get('canonicalForm')}: {synonym}")
    for regex in _objects(app.get("regex_entities")):
        found.entities.patterns[str(regex.get("name"))].append(str(regex.get("regexPattern")))
    for key in ("prebuiltEntities", "bing_entities"):
        for built_in in _objects(app.get(key)):
            name = str(built_in.get("name"))
            found.entities.types[name] = _BUILT_IN.get(name.lower(), "text")
