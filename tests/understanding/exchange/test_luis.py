"""Apps of LUIS in several versions, and of its successor CLU."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import IntentsError
from bot.understanding.exchange import ImportReport, import_json, import_luis
from bot.understanding.intents import Intent, inspect_intents, load_intents

APP: dict[str, Any] = {
    "luis_schema_version": "3.2.0",
    "culture": "de-de",
    "intents": [{"name": "Order.Status"}, {"name": "None"}],
    "closedLists": [
        {"name": "size", "subLists": [{"canonicalForm": "small", "list": ["tiny"]}]},
    ],
    "regex_entities": [{"name": "number", "regexPattern": r"\d{5}"}],
    "prebuiltEntities": [{"name": "email", "roles": []}],
    "phraselists": [{"name": "colours"}],
    "patterns": [{"pattern": "where is {number}", "intent": "Order.Status"}],
    "utterances": [
        {
            "text": "wo ist 48213",
            "intent": "Order.Status",
            "entities": [{"entity": "number", "startPos": 7, "endPos": 11}],
        },
        {"text": "wo bleibt small", "intent": "Order.Status", "entities": [{"entity": "size"}]},
        {"text": "sing was", "intent": "None", "entities": []},
    ],
}

OLD: dict[str, Any] = {
    "luis_schema_version": "1.3.0",
    "culture": "en-us",
    "intents": [{"name": "greet"}],
    "bing_entities": ["number"],
    "utterances": [{"text": "hi", "intentName": "greet", "entityLabels": []}],
}

CLU: dict[str, Any] = {
    "projectFileVersion": "2022-05-01",
    "metadata": {"language": "en-us"},
    "assets": {
        "intents": [{"category": "greet"}],
        "utterances": [
            {"text": "hi", "intent": "greet", "language": "en-us", "entities": []},
            {"text": "hallo", "intent": "greet", "language": "de", "entities": []},
        ],
    },
}


def taken(folder: Path, app: object) -> tuple[ImportReport, dict[str, Intent]]:
    file = folder / "luis.json"
    file.write_text(json.dumps(app), encoding="utf-8")
    report = import_luis(file, folder / "out")
    _, problems = inspect_intents(folder / "out")
    assert [problem for problem in problems if problem.severity == "error"] == []
    return report, dict(load_intents(folder / "out").by_name)


def test_utterances_become_drafts_and_none_is_out_of_scope(tmp_path: Path) -> None:
    report, intents = taken(tmp_path, APP)
    status = intents["order_status"]
    assert [(each.text, each.language) for each in status.examples] == [
        ("wo ist 48213", "de"),
        ("wo bleibt small", "de"),
    ]
    assert status.entry.slots["number"].pattern == r"\d{5}"
    assert status.entry.slots["size"].choices == {"small": {}}
    assert (report.intents, report.out_of_scope) == (1, 1)


def test_what_has_no_counterpart_is_grouped(tmp_path: Path) -> None:
    report, _ = taken(tmp_path, APP)
    assert "patterns of LUIS, left out: 1 (where is {number})" in report.left_out
    assert "phraselists of LUIS, left out: 1 (colours)" in report.left_out
    assert "synonyms, left out: 1 (small: tiny)" in report.left_out


@pytest.mark.parametrize(
    ("app", "languages"), [(OLD, {"en"}), (APP | {"luis_schema_version": "7.0.0"}, {"de"})]
)
def test_every_version_is_read(tmp_path: Path, app: object, languages: set[str]) -> None:
    _, intents = taken(tmp_path, app)
    found = {each.language for intent in intents.values() for each in intent.examples}
    assert found == languages


def test_projects_of_clu_are_read(tmp_path: Path) -> None:
    _, intents = taken(tmp_path, CLU)
    assert {each.language for each in intents["greet"].examples} == {"en", "de"}


def test_import_json_reads_an_app_of_luis_and_training_data_of_rasa(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(OLD))
    assert import_json(tmp_path / "a.json", tmp_path / "a").intents == 1
    rasa = {"rasa_nlu_data": {"common_examples": [{"text": "hi", "intent": "greet"}]}}
    (tmp_path / "b.json").write_text(json.dumps(rasa))
    assert import_json(tmp_path / "b.json", tmp_path / "b").intents == 1


@pytest.mark.parametrize("app", [[], {}, {"utterances": 7}])
def test_what_is_no_app_is_refused(tmp_path: Path, app: object) -> None:
    with pytest.raises(IntentsError, match="not a LUIS app"):
        taken(tmp_path, app)
