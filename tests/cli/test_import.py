"""`import` and `export`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Frontdesk

ROWS = "text,label\nhello,Greet Me!\nhi,Greet Me!\nbye,farewell\n,farewell\nso long,farewell\n"


def test_import_writes_drafts_that_check_accepts(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "rows.csv").write_text(ROWS)
    ran = frontdesk("import", "csv", "rows.csv", "--to", "intents")
    assert ran.code == 0
    assert "intents: 2 intents, 4 examples" in ran.out
    assert "without a text" in ran.out
    checked = frontdesk("check", "--json")
    assert checked.code == 0
    assert checked.json()["intents"] == 2


def test_machines_get_the_report_of_an_import(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "rows.csv").write_text(ROWS)
    report = frontdesk("import", "csv", "rows.csv", "--to", "intents", "--json").json()
    assert report["intents"] == 2
    assert report["renamed"] == {"Greet Me!": "greet_me"}
    assert report["without_text"] == [5]


def test_import_of_nothing_says_what_is_missing(frontdesk: Frontdesk) -> None:
    ran = frontdesk("import", "csv", "rows.csv", "--to", "intents")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("rows.csv: ")


def test_what_was_imported_is_exported_again(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "rows.jsonl").write_text('{"text": "hi, \\"you\\"", "label": "Greet!"}\n')
    assert frontdesk("import", "jsonl", "rows.jsonl", "--to", "intents").code == 0
    printed = frontdesk("export", "csv")
    assert printed.out == 'text,label,language\r\n"hi, ""you""",Greet!,en\r\n'
    assert frontdesk("export", "rasa", "--output", "rasa/nlu.yml").code == 0
    assert frontdesk("import", "rasa", "rasa", "--to", "again").code == 0
    assert (frontdesk.folder / "again" / "rasa.yaml").is_file()


RASA = {
    "data/nlu.yml": """\
nlu:
- intent: ask_hours
  examples: |
    - what are your hours
    - when does the shop open
    - are you open today
    - opening times please
    - how late are you open
- intent: ask_return
  examples: |
    - how do I send a [jacket](product) back
    - I want to return it
    - can I give it back
    - where do I send returns
    - return an order
- intent: ask_order
  examples: |
    - where is my parcel
    - has it been shipped
- intent: out_of_scope
  examples: |
    - sing something
    - what is two plus two
""",
    "data/rules.yml": """\
rules:
- rule: hours
  steps: [{intent: ask_hours}, {action: utter_hours}]
- rule: return
  steps: [{intent: ask_return}, {action: utter_return}]
- rule: order
  steps: [{intent: ask_order}, {action: action_find_order}]
""",
    "domain.yml": """\
responses:
  utter_hours:
  - text: We open at nine.
    buttons: [{title: Send it back, payload: /ask_return}]
  utter_return: [{text: Within 30 days.}]
""",
    "endpoints.yml": "# action_endpoint:\n",
    ".github/workflows/ci.yml": "on: [\n",
}


@pytest.mark.slow
def test_a_rasa_project_is_imported_checked_trained_and_answers(frontdesk: Frontdesk) -> None:
    for name, text in RASA.items():
        path = frontdesk.folder / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = frontdesk("import", "rasa", "project", "--to", "intents")
    assert ran.code == 0, ran.err
    assert "intents: 3 intents, 12 examples, 2 out of scope" in ran.out
    assert "2 with a reply, 1 draft" in ran.out
    checked = frontdesk("check", "--json").json()
    assert [each["severity"] for each in checked["problems"] if "draft" not in each["wrong"]] == [
        "warning"
    ]
    trained = frontdesk("train")
    assert trained.code == 0, trained.err
    assert "We open at nine." in frontdesk("ask", "what are your hours").out


def test_own_columns_and_a_language_are_named_on_the_command_line(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "rows.csv").write_text("Frage;Absicht\nwo?;wo\nwo denn;wo\n")
    options = ("--text", "Frage", "--label", "Absicht", "--language", "de")
    assert frontdesk("import", "csv", "rows.csv", "--to", "intents", *options).code == 0
    assert "de:" in (frontdesk.folder / "intents" / "rows.yaml").read_text()
    wrong = frontdesk("import", "csv", "rows.csv", "--to", "x", "--language", "german")
    assert wrong.code == 2
    assert 'did you mean "de"' in " ".join(wrong.err.replace("│", " ").split())


def test_every_kind_of_import_is_documented(frontdesk: Frontdesk) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    listed = frontdesk("import", "--help").out
    for kind in ("csv", "jsonl", "json", "rasa", "luis", "dialogflow"):
        assert f" {kind} " in listed
        assert f"import {kind}" in documented
