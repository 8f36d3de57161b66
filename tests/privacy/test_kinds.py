"""Kinds of personal data: a new one is a function and one row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.privacy import Pseudonyms, Span, find
from bot.privacy.kinds import KINDS, DataKind
from bot.privacy.pseudonyms import PLACEHOLDER
from bot.privacy.spans import matches
from bot.understanding.intents import load_intents
from bot.understanding.intents.privacy_checks import personal_data

_LOYALTY = re.compile(r"\bLC-\d{8}\b")


def loyalty_cards(text: str) -> Iterator[Span]:
    return matches(_LOYALTY, text, "LOYALTY_CARD")


NEW = DataKind("LOYALTY_CARD", "LOYALTY", "a loyalty card", loyalty_cards)
TEXT = "my loyalty card is LC-20261128, mail maria@example.org"


def test_a_new_kind_is_a_function_and_one_row() -> None:
    pseudonyms = Pseudonyms(kinds=(NEW, *KINDS))

    hidden = pseudonyms.hide(TEXT)

    assert hidden == "my loyalty card is [LOYALTY_1], mail [EMAIL_1]"
    assert pseudonyms.restore(hidden) == TEXT
    assert pseudonyms.veil("Your card [LOYALTY_1]", "…") == "Your card …"


def test_an_example_with_a_new_kind_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "loyalty.yaml"
    examples = [TEXT, "points", "my points", "loyalty", "collect points"]
    entry = {"name": "loyalty", "reply": "Yes.", "examples": examples}
    file.write_text(json.dumps({"version": 1, "intents": [entry]}), "utf-8")
    intents = load_intents(tmp_path)

    (problem,) = personal_data(intents, (NEW, *KINDS))

    assert problem.wrong == "seems to contain a loyalty card and an email address"


def test_the_earlier_row_wins_where_two_kinds_overlap() -> None:
    def everything(text: str) -> Iterator[Span]:
        yield Span(0, len(text), "EVERYTHING")

    widest = DataKind("EVERYTHING", "ALL", "", everything)

    assert [span.type for span in find(TEXT, (widest, NEW))] == ["EVERYTHING"]
    assert [span.type for span in find(TEXT, (NEW, widest))] == ["LOYALTY_CARD"]


def test_a_recogniser_of_several_kinds_finds_only_those_that_are_asked_for() -> None:
    (email,) = (kind for kind in KINDS if kind.label == "EMAIL")

    found = find("maria@example.org at 192.168.0.1", [email])

    assert [span.type for span in found] == ["EMAIL_ADDRESS"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_placeholder_of_its_own(kind: DataKind) -> None:
    assert PLACEHOLDER.fullmatch(f"[{kind.label}_1]")
    assert [each.name for each in KINDS if each.label == kind.label] == [kind.name]
