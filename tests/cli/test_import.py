"""`import` and `export`."""

from __future__ import annotations

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
