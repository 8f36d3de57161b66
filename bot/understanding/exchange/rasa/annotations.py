"""Entity annotations in Rasa examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bot.understanding.exchange.content import ImportedContent

_ENTITY = re.compile(
    r"\[(?P<text>[^\[\]]+)\]"
    r"(?:\((?P<entity>[^:()]+)(?::(?P<value>[^)]{1,1000}))?\)"
    r"|(?P<one>\{[^{}]+\})"
    r"|\[(?P<several>\{[^{}]+\}(?:\s*,\s*\{[^{}]+\})*)\])"
)
"""An annotated entity. Source: Rasa 3 documentation, "Training Data Format", entities; Rasa 1
has the first form only."""


def plain_text(found: ImportedContent, intent: str, text: str, place: str) -> str:
    """Return an example without its annotations, and record the annotated entities."""

    def plain(match: re.Match[str]) -> str:
        for entity, details in _named(match):
            if not entity:
                found.left_out.add("entities without a name, left out", place)
                continue
            found.entities.note(intent, entity)
            if details:
                kind = f"{details} of entities, left out"
                found.left_out.add(kind, f"{entity} ({place})")
        return match["text"]

    return _ENTITY.sub(plain, text)


def _named(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield the entities of an annotation, each with the details that cannot be imported."""
    if match["entity"]:
        yield match["entity"].strip(), "values" if match["value"] else ""
        return
    written = match["one"] or match["several"]
    try:
        annotations = json.loads(f"[{written}]")
    except ValueError:
        annotations = [{}]
    for annotation in annotations:
        details = [f"{key}s" for key in ("value", "role", "group") if key in annotation]
        yield str(annotation.get("entity", "")), " and ".join(details)
