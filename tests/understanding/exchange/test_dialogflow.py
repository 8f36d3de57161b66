"""Agents of Dialogflow ES: phrases, responses, fallbacks, languages; and hostile archives."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import IntentsError
from bot.understanding.exchange import ImportReport, import_dialogflow
from bot.understanding.intents import Intent, inspect_intents, load_intents


def message(*speech: str, lang: str = "en") -> dict[str, Any]:
    return {"type": "0", "lang": lang, "speech": list(speech)}


def intent(name: str, *messages: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"name": name, "responses": [{"messages": list(messages)}], "contexts": [], **more}


def phrases(*texts: str) -> list[dict[str, Any]]:
    return [{"data": [{"text": text, "userDefined": False}]} for text in texts]


DATE = {"text": "tomorrow", "meta": "@sys.date", "alias": "date", "userDefined": True}

AGENT: dict[str, Any] = {
    "agent.json": {"language": "en", "supportedLanguages": ["de"]},
    "package.json": {"version": "1.0.0"},
    "intents/Hours.json": intent(
        "Hours", message("We open at nine.", "From {nine}."), message("Ab neun.", lang="de")
    ),
    "intents/Hours_usersays_en.json": [
        {"data": [{"text": "are you open ", "userDefined": False}, DATE]},
        *phrases("opening hours"),
        {"data": [{"text": "@time open"}], "isTemplate": True},
    ],
    "intents/Hours_usersays_de.json": phrases("habt ihr offen", "Zeiten"),
    "intents/Default Fallback Intent.json": intent(
        "Default Fallback Intent", message("What?"), fallbackIntent=True
    ),
    "intents/Default Fallback Intent_usersays_en.json": phrases("sing a song"),
    "intents/Yes.json": intent("Yes", message("Good."), contexts=["asked"]),
    "intents/Yes_usersays_en.json": phrases("yes", "yep"),
    "intents/Order.json": intent(
        "Order", message("On $date.original, #ctx.city"), webhookUsed=True
    ),
    "intents/Order_usersays_en.json": phrases("where is it", "my order"),
    "intents/Card.json": intent("Card", {"type": "1", "title": "x"}, message("", lang="en")),
    "intents/Card_usersays_en.json": phrases("card", "cards"),
    "intents/Empty.json": None,
}


def folder(root: Path, agent: dict[str, Any]) -> Path:
    for name, content in agent.items():
        path = root / "agent" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if content is None else json.dumps(content), encoding="utf-8")
    return root / "agent"


def archive(root: Path, agent: dict[str, Any]) -> Path:
    path = root / "agent.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in agent.items():
            file.writestr(name, "" if content is None else json.dumps(content))
    return path


def taken(root: Path, path: Path) -> tuple[ImportReport, dict[str, Intent]]:
    report = import_dialogflow(path, root / "out")
    _, problems = inspect_intents(root / "out")
    assert [problem for problem in problems if problem.severity == "error"] == []
    return report, dict(load_intents(root / "out").by_name)


@pytest.mark.parametrize("made", [folder, archive])
def test_an_agent_becomes_answered_intents(
    tmp_path: Path, made: Callable[[Path, dict[str, Any]], Path]
) -> None:
    report, intents = taken(tmp_path, made(tmp_path, AGENT))
    hours = intents["hours"]
    assert [(each.text, each.language) for each in hours.examples] == [
        ("habt ihr offen", "de"),
        ("Zeiten", "de"),
        ("are you open tomorrow", "en"),
        ("opening hours", "en"),
    ]
    (case,) = hours.entry.reply
    assert case.text == {"en": ("We open at nine.", "From {{nine}}."), "de": ("Ab neun.",)}
    assert not hours.entry.draft
    assert [each.text for each in load_intents(tmp_path / "out").out_of_scope] == ["sing a song"]
    assert (report.intents, report.answered, report.out_of_scope) == (4, 1, 1)


def test_replies_that_need_a_dialogue_or_a_webhook_stay_drafts(tmp_path: Path) -> None:
    report, intents = taken(tmp_path, folder(tmp_path, AGENT))
    assert all(intents[name].entry.draft for name in ("yes", "order", "card"))
    (case,) = intents["order"].entry.reply
    assert case.text == {"en": ("On {date}, {ctx_city}",)}
    assert "follow-up intents, kept as drafts: 1 (Yes)" in report.left_out
    assert "intents answered by a webhook, kept as drafts: 1 (Order)" in report.left_out
    assert "cards in replies, left out: 1 (Card)" in report.left_out
    assert any(line.startswith("template phrases, left out: 1") for line in report.left_out)


def test_several_messages_of_an_intent_become_one_reply(tmp_path: Path) -> None:
    agent = AGENT | {"intents/Hours.json": intent("Hours", message("a", "b"), message("c"))}
    _, intents = taken(tmp_path, folder(tmp_path, agent))
    assert dict(intents["hours"].entry.reply[0].text) == {"en": ("a\n\nc", "b\n\nc")}


def test_an_archive_may_hold_the_agent_in_a_folder(tmp_path: Path) -> None:
    agent = {f"my agent/{name}": content for name, content in AGENT.items()}
    assert taken(tmp_path, archive(tmp_path, agent))[0].intents == 4


@pytest.mark.parametrize(
    "name", ["../../etc/x.json", "/etc/x.json", "a/../../x.json", "..\\x.json", "C:/x.json"]
)
def test_an_archive_with_files_that_lead_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntentsError, match="path outside of the archive"):
        import_dialogflow(archive(tmp_path, AGENT | {name: {}}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("intents/a.json", " " * 60_000_000)
    with pytest.raises(IntentsError, match="unpacks to 200 times its size"):
        import_dialogflow(path, tmp_path / "out")


def test_an_archive_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(3):
            file.writestr(f"intents/{number}.json", " " * 30_000_000)
    with pytest.raises(IntentsError, match="bytes: export the agent again"):
        import_dialogflow(path, tmp_path / "out")


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ({"a.json": {}}, "not a Dialogflow ES agent: no intents"),
        ({"agent.json": {}, "flows/Default/Default.json": {}}, "a Dialogflow CX agent"),
        ({"intents/a.json": intent("a", message("b"))}, "no intent has training phrases"),
    ],
)
def test_what_is_no_agent_is_refused(tmp_path: Path, agent: dict[str, Any], said: str) -> None:
    with pytest.raises(IntentsError, match=said):
        import_dialogflow(folder(tmp_path, agent), tmp_path / "out")


def test_broken_json_is_refused_with_its_place(tmp_path: Path) -> None:
    root = folder(tmp_path, AGENT)
    (root / "intents" / "Hours.json").write_text('{\n"name": }')
    with pytest.raises(IntentsError, match=r"intents/Hours\.json:2:9: not valid JSON"):
        import_dialogflow(root, tmp_path / "out")


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(IntentsError, match="not a readable zip archive"):
        import_dialogflow(tmp_path / "a.zip", tmp_path / "out")
    with pytest.raises(IntentsError, match="cannot be read"):
        import_dialogflow(tmp_path / "none.zip", tmp_path / "out")
