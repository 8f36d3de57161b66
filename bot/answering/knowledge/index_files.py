"""Index files: storage of a knowledge index as safetensors and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from bot.answering.knowledge.conversion import Converted
from bot.answering.knowledge.indexed_passage import IndexedPassage
from bot.answering.knowledge.vectors import PassageVectors
from bot.errors import ModelError

_FORMAT = 5
_PASSAGES = "passages.json"
_CONVERSIONS = "conversions.json"
_VECTORS = "vectors.safetensors"
_MANY = "multilingual.safetensors"


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """The stored parts of an index; see `KnowledgeIndex`."""

    articles: str
    passages: Sequence[IndexedPassage]
    vectors: PassageVectors
    many: PassageVectors | None
    conversions: Mapping[str, Converted]


def save(folder: Path, stored: StoredIndex) -> None:
    """Write an index into a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "format": _FORMAT,
        "articles": stored.articles,
        "multilingual": stored.many is not None,
        "passages": [asdict(passage) for passage in stored.passages],
    }
    _write(folder / _PASSAGES, document)
    _write(folder / _CONVERSIONS, {key: asdict(each) for key, each in stored.conversions.items()})
    _save_vectors(stored.vectors, folder / _VECTORS)
    if stored.many is not None:
        _save_vectors(stored.many, folder / _MANY)


def load(folder: Path) -> StoredIndex:
    """Read what `save` wrote.

    Raises:
        ModelError: It is missing, damaged or from another version.
    """
    try:
        document = json.loads((folder / _PASSAGES).read_text("utf-8"))
        if document["format"] != _FORMAT:
            raise ModelError(
                f"{folder}: written by another version of Frontdesk: run `frontdesk train`"
            )
        conversions = json.loads((folder / _CONVERSIONS).read_text("utf-8"))
        return StoredIndex(
            articles=str(document["articles"]),
            passages=[_passage(each) for each in document["passages"]],
            vectors=PassageVectors(**load_file(folder / _VECTORS)),
            many=PassageVectors(**load_file(folder / _MANY)) if document["multilingual"] else None,
            conversions={key: Converted.from_json(each) for key, each in conversions.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise ModelError(
            f"{folder}: the index of articles is damaged ({error}): run `frontdesk train`"
        ) from error


def _passage(stored: Mapping[str, Any]) -> IndexedPassage:
    """Read a passage; earlier versions stored no questions."""
    return IndexedPassage(**{**stored, "questions": tuple(stored.get("questions", ()))})


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def _save_vectors(vectors: PassageVectors, path: Path) -> None:
    arrays = {
        f.name: np.ascontiguousarray(getattr(vectors, f.name)) for f in fields(PassageVectors)
    }
    save_file(arrays, path)
