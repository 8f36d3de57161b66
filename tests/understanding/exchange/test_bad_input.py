"""Whatever stands where a reader expects something else, an import is done or refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import import_dialogflow, import_json, import_luis, import_rasa
from bot.understanding.intents import inspect_intents
from tests.understanding.exchange.test_dialogflow import AGENT, folder
from tests.understanding.exchange.test_luis import APP, CLU

RASA_JSON: dict[str, Any] = {
    "rasa_nlu_data": {
        "common_examples": [{"text": "hi", "intent": "greet", "entities": [{"entity": "x"}]}],
        "regex_features": [{"name": "x", "pattern": "[a-z]+"}],
        "lookup_tables": [{"name": "x", "elements": ["a"]}],
        "entity_synonyms": [{"value": "x", "synonyms": ["y"]}],
    }
}
TUTORIAL: dict[str, Any] = {"intents": [{"tag": "a", "patterns": ["b"], "responses": ["c"]}]}
RASA: dict[str, Any] = {
    "version": "3.1",
    "nlu": [
        {"intent": "a", "examples": "- one\n- [two](number)\n"},
        {"lookup": "number", "examples": "- one\n"},
    ],
    "intents": [{"a": {"triggers": "utter_a"}}],
    "slots": {"number": {"type": "text"}},
    "responses": {
        "utter_a": [
            {"text": "A {number}", "buttons": [{"title": "x", "payload": "/a"}]},
            {"condition": [{"type": "slot", "name": "language", "value": "de"}], "text": "B"},
        ]
    },
    "rules": [{"rule": "a", "condition": [], "steps": [{"intent": "a"}, {"action": "utter_a"}]}],
    "stories": [
        {
            "story": "b",
            "steps": [
                {"or": [{"intent": "a", "entities": ["x"]}]},
                {"action": "utter_a"},
                {"user": "some words"},
                {"action": "utter_a"},
                {"slot_was_set": [{"x": "y"}]},
            ],
        }
    ],
}

odd: st.SearchStrategy[object] = st.sampled_from(
    [None, 7, True, "", "x", [], {}, [[]], [7], ["x"], {"x": 7}, [{"x": []}]]
)


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value within a document."""
    yield way
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*way, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*way, number))


def replaced(document: object, way: tuple[Any, ...], value: object) -> Any:  # noqa: ANN401 - JSON
    if not way:
        return value
    document = copy.deepcopy(document)
    inner: Any = document
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return document


def agent(root: Path, document: Any) -> Path:  # noqa: ANN401 - whatever JSON holds
    return folder(
        root, document if isinstance(document, dict) and document else {"a.json": document}
    )


def file(root: Path, document: object) -> Path:
    path = root / "file.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def yaml(root: Path, document: object) -> Path:
    path = root / "project"
    path.mkdir()
    (path / "all.yml").write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return path


@pytest.mark.parametrize(
    ("document", "write", "run"),
    [
        (AGENT, agent, import_dialogflow),
        (APP, file, import_luis),
        (CLU, file, import_luis),
        (RASA_JSON, file, import_json),
        (TUTORIAL, file, import_json),
        (RASA, yaml, import_rasa),
    ],
    ids=["dialogflow", "luis", "clu", "rasa 1", "tutorial", "rasa 3"],
)
@settings(max_examples=30)
@given(data=st.data())
def test_an_odd_value_anywhere_never_crashes_an_import(
    tmp_path_factory: pytest.TempPathFactory,
    document: Any,  # noqa: ANN401 - whatever JSON holds
    write: Callable[[Path, Any], Path],
    run: Callable[[Path, Path], object],
    data: st.DataObject,
) -> None:
    root = tmp_path_factory.mktemp("odd")
    way = data.draw(st.sampled_from(list(places(document))))
    source = write(root, replaced(document, way, data.draw(odd)))
    try:
        run(source, root / "out")
    except IntentsError:
        return  # any other exception fails
    _, problems = inspect_intents(root / "out")
    errors = {problem.wrong for problem in problems if problem.severity == "error"}
    assert errors <= {"no file defines an intent"}
