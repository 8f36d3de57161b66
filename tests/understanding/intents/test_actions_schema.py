"""The JSON Schema of `actions.yaml` accepts what is shipped, and refuses what the check refuses."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.understanding.intents.actions.json_schema import (
    SCHEMA_PATH,
    actions_file_schema,
    actions_file_schema_text,
)
from tests.understanding.intents.test_intents import blocks

ROOT = Path(__file__).parents[3]
VALIDATOR = jsonschema.Draft202012Validator(actions_file_schema())


def loaded(text: str) -> Any:  # noqa: ANN401 - what YAML holds
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def shipped() -> Any:  # noqa: ANN401 - what YAML holds
    return loaded((ROOT / "intents" / "actions.yaml").read_text("utf-8"))


def test_the_schema_in_docs_is_up_to_date() -> None:
    kept = (ROOT / SCHEMA_PATH).read_text("utf-8")
    assert kept == actions_file_schema_text(), f"run: frontdesk schema --actions -o {SCHEMA_PATH}"


def test_the_schema_accepts_all_that_is_shipped_and_documented() -> None:
    VALIDATOR.validate(shipped())
    after_sales = ROOT / "benchmarks" / "after_sales" / "intents" / "actions.yaml"
    VALIDATOR.validate(loaded(after_sales.read_text("utf-8")))
    documented = [text for text in blocks(ROOT / "docs" / "actions.md") if "hosts:" in text]
    assert documented
    for text in documented:
        VALIDATOR.validate(loaded(text))


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_eror": "handoff"},
        {"kind": "delete"},
        {"proof": "password"},
        {"http": None},
        {"python": "get_order"},
        {"confirm": "Sure?"},
        {"returns": {"Status": "status"}},
        {"http": {"url": "https://shop.example", "timeout": "soon"}},
        {"http": {"url": "https://shop.example", "method": "HEAD"}},
    ],
)
def test_the_schema_refuses_what_the_check_refuses(wrong: dict[str, Any]) -> None:
    document = copy.deepcopy(shipped())
    action = document["actions"]["get_order"]
    action.update(wrong)
    if wrong.get("http", 1) is None:
        del action["http"]
    assert not VALIDATOR.is_valid(document)


def test_the_schema_refuses_unknown_keys_of_the_file() -> None:
    assert not VALIDATOR.is_valid({**shipped(), "host": []})
    assert not VALIDATOR.is_valid({"version": 1, "actions": {"Get-Order": {}}})
