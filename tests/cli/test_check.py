"""`check` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.cli.command import Frontdesk
from tests.test_config_of_0_1 import NEW, OLD

HOURS = """\
version: 1
intents:
  - name: hours
    examples: [when are you open, opening hours please, are you open today,
      until when can I come, do you open on sundays]
    reply: From 9 to 6.
"""


@pytest.fixture
def hours(frontdesk: Frontdesk) -> Path:
    """One file of intents."""
    path = frontdesk.folder / "intents" / "hours.yaml"
    path.parent.mkdir()
    path.write_text(HOURS)
    return path


def test_all_mistakes_of_all_files_are_reported_at_once(frontdesk: Frontdesk, hours: Path) -> None:
    hours.write_text(HOURS.replace("reply", "rpely"))
    (hours.parent / "more.yaml").write_text("version: 1\nintents: 7\n")
    ran = frontdesk("check")
    assert ran.code == 1
    assert 'intents/hours.yaml:6:5: hours.rpely: unknown key: did you mean "reply"?' in ran.out
    assert "intents/more.yaml:2:" in ran.out
    assert ran.out.endswith(" errors, 0 warnings\n")


def test_broken_yaml_is_a_place_and_no_traceback(frontdesk: Frontdesk, hours: Path) -> None:
    hours.write_text(HOURS + "   - name: [\n")
    ran = frontdesk("check")
    assert ran.code == 1
    assert ran.out.startswith("intents/hours.yaml:7:")
    assert "Traceback" not in ran.out + ran.err


def test_warnings_do_not_fail(frontdesk: Frontdesk, hours: Path) -> None:
    hours.write_text(HOURS.replace(",\n      until when can I come, do you open on sundays", ""))
    ran = frontdesk("check")
    assert ran.code == 0
    assert ": warning: " in ran.out
    assert ran.out.endswith("\n1 intent, 3 examples: 0 errors, 1 warning\n")


def test_machines_get_every_problem_as_data(frontdesk: Frontdesk, hours: Path) -> None:
    hours.write_text(HOURS.replace("reply", "rpely"))
    ran = frontdesk("check", "--json")
    assert ran.code == 1
    report = ran.json()
    assert report["errors"] == len(report["problems"])
    assert {
        "path": "intents/hours.yaml",
        "line": 6,
        "column": 5,
        "key": "hours.rpely",
        "wrong": "unknown key",
        "remedy": 'did you mean "reply"?',
        "severity": "error",
    } in report["problems"]


def test_folder_that_is_not_there_is_an_error(frontdesk: Frontdesk) -> None:
    ran = frontdesk("check")
    assert ran.code == 1
    assert "intents" in ran.out


def test_config_names_other_folders(frontdesk: Frontdesk, hours: Path) -> None:
    elsewhere = frontdesk.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "my.yaml").write_text(f"intents: {hours.parent}\n")
    ran = frontdesk("check", "--config", "elsewhere/my.yaml")
    assert ran.out == "1 intent, 5 examples: 0 errors, 0 warnings\n"


def test_schema_accepts_what_check_accepts(frontdesk: Frontdesk, hours: Path) -> None:
    ran = frontdesk("schema")
    assert ran.code == 0
    jsonschema.validate(YAML(typ="safe").load(hours.read_text()), ran.json())


def test_schema_is_written_where_asked(frontdesk: Frontdesk) -> None:
    ran = frontdesk("schema", "--output", "editor/intents.schema.json")
    assert ran.code == 0
    written = json.loads((frontdesk.folder / "editor" / "intents.schema.json").read_text())
    assert written == frontdesk("schema").json()


def test_warnings_fail_when_that_is_asked_for(frontdesk: Frontdesk, hours: Path) -> None:
    assert frontdesk("check", "--strict").code == 0
    hours.write_text(HOURS.replace(",\n      until when can I come, do you open on sundays", ""))
    assert frontdesk("check", "--strict").code == 1


def test_without_a_model_the_meaning_is_not_looked_at(frontdesk: Frontdesk, hours: Path) -> None:
    ran = frontdesk("check")
    assert ran.code == 0
    assert "the meaning of the examples was not looked at: " in ran.err
    assert "run `frontdesk train`" in ran.err
    assert frontdesk("check", "--json").json()["remarks"] == ran.err.splitlines()


def test_with_a_model_the_meaning_is_looked_at(copied: Frontdesk) -> None:
    assert copied("check", "--json").json()["problems"] == []
    strange = "version: 1\nintents:\n  - name: visit\n    reply: Do!\n    examples:\n"
    texts = ("are you open today?", "where is the shop", "how do I get there", "is there parking")
    lines = "".join(f"      - {text}\n" for text in (*texts, "which bus goes there"))
    (copied.folder / "intents" / "visit.yaml").write_text(strange + lines)
    ran = copied("check")
    assert ran.code == 0
    assert "intents/visit.yaml:6:9: warning: visit.examples: " in ran.out
    assert "was not looked at" not in ran.err


def test_a_country_that_is_unset_is_named_and_one_without_known_numbers_refused(
    frontdesk: Frontdesk,
) -> None:
    assert "`safety.country` is not set" in frontdesk("check").err
    config = frontdesk.folder / "config.yaml"
    config.write_text("safety: {country: de}\n")
    assert "safety.country" not in frontdesk("check").err
    config.write_text("safety:\n  country: XX\n")
    ran = frontdesk("check")
    assert ran.code == 1
    assert 'config.yaml:2:12: safety.country: the emergency numbers of "XX" are not k' in ran.out


def test_names_in_stats_that_no_intent_has_are_warned_of(frontdesk: Frontdesk, hours: Path) -> None:
    assert hours.is_file()
    config = frontdesk.folder / "config.yaml"
    config.write_text("stats:\n  confirming: [hours, huors]\n")
    ran = frontdesk("check")
    assert ran.code == 0
    assert 'config.yaml:2:23: warning: stats.confirming[2]: no intent is called "huors' in ran.out


def test_a_model_of_an_earlier_version_does_not_say_which_examples_are_misunderstood(
    copied: Frontdesk,
) -> None:
    (manifest,) = copied.folder.rglob("manifest.json")
    document = json.loads(manifest.read_text())
    for name in ("held_out.json", "held_out.safetensors"):
        for part in ("", "multilingual/"):
            del document["files"][part + name]
            (manifest.parent / part / name).unlink()
    manifest.write_text(json.dumps(document))
    ran = copied("check")
    assert ran.code == 0
    assert "the model is of an earlier version: run `frontdesk train`" in ran.err


def test_nobody_to_reach_is_said(frontdesk: Frontdesk, hours: Path) -> None:
    config = frontdesk.folder / "config.yaml"

    def told() -> str:
        return " ".join(each["wrong"] for each in frontdesk("check", "--json").json()["problems"])

    assert "`responder.contact` is not set" in frontdesk("check").err
    config.write_text("slack:\n")
    assert "`responder.contact` is not set" in told()
    assert "no staff channel" not in told()
    hours.write_text(HOURS + "    handoff: true\n")
    assert "no staff channel" in told()
    assert "in place of the reply of hours" in told()
    config.write_text(
        "slack:\nresponder: {contact: a@b.c}\nstaff: {members: {slack: {channel: C0STAFF}}}\n"
    )
    assert told() == ""


def test_commands_print_the_warning_and_check_counts_it(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text(OLD)
    assert NEW in frontdesk("models").err
    checked = frontdesk("check", "--json")
    assert "renamed in 0.2" in str(checked.json()["problems"])
    assert "renamed in 0.2" not in checked.err


def test_wording_for_a_platform_that_is_not_installed_is_fine_unless_it_is_misspelt(
    frontdesk: Frontdesk, hours: Path
) -> None:
    reply = "{text: From 9 to 6., telegram: Nine to six., discrod: 9-6}"
    hours.write_text(HOURS.replace("From 9 to 6.", reply))
    problems = frontdesk("check", "--json").json()["problems"]
    assert [each["key"] for each in problems] == ["hours.reply.discrod"]
    assert problems[0]["severity"] == "warning"
    assert problems[0]["remedy"] == 'did you mean "discord"?'


def test_an_article_for_a_platform_that_is_not_installed_is_pointed_out(
    frontdesk: Frontdesk, hours: Path
) -> None:
    (hours.parent / "knowledge").mkdir(exist_ok=True)
    article = hours.parent / "knowledge" / "secret.md"
    article.write_text(
        "---\naudience: slak:C1\n---\n# Discounts\n\nColleagues may give 40 % off.\n"
    )
    (problem,) = frontdesk("check", "--json").json()["problems"]
    assert problem["wrong"] == 'nobody sees it: no adapter named "slak" is installed'
    assert problem["remedy"] == 'did you mean "slack"?'
