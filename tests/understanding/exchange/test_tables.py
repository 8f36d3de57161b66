"""Tables and lists of messages: other headers, questions with answers, replies, languages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import (
    export_csv,
    export_rasa,
    import_csv,
    import_json,
    import_jsonl,
    import_rasa,
)
from bot.understanding.intents import Intent, IntentSet, inspect_intents, load_intents


def write(folder: Path, text: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def loaded(folder: Path) -> IntentSet:
    _, problems = inspect_intents(folder)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return load_intents(folder)


def texts(intent: Intent) -> dict[str, tuple[str, ...]]:
    (case,) = intent.entry.reply
    return dict(case.text)


@pytest.mark.parametrize(
    "header",
    ["intent,utterance", "intent,text", "Category,Query", "INTENT,Sentence", "class,example"],
)
def test_common_headers_are_found_in_any_order(tmp_path: Path, header: str) -> None:
    file = write(tmp_path, f"{header}\nreturn,how do I return\nreturn,send back\n")
    assert import_csv(file, tmp_path / "out").examples == 2
    assert loaded(tmp_path / "out").by_name["return"].examples[0].text == "how do I return"


def test_the_line_with_which_excel_names_its_separator_is_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, "sep=|\r\ntext|label\r\nhow, or; why|ret\r\n|ret\r\n")
    assert import_csv(file, tmp_path / "out").without_text == (4,)
    assert loaded(tmp_path / "out").by_name["ret"].examples[0].text == "how, or; why"


def test_own_headers_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, "Frage;Absicht;Antwort\nwo?;wo;Hier\nwo denn;wo;\n")
    report = import_csv(
        file, tmp_path / "out", text="Frage", label="absicht", reply="Antwort", language="de"
    )
    assert (report.intents, report.answered) == (1, 1)
    assert texts(loaded(tmp_path / "out").by_name["wo"]) == {"de": ("Hier",)}


def test_a_header_that_is_not_there_is_named_with_what_was_meant(tmp_path: Path) -> None:
    file = write(tmp_path, "utterance,tag\na,b\n")
    with pytest.raises(IntentsError) as caught:
        import_csv(file, tmp_path / "out", label="tags")
    assert 'rows.csv:1:1: no column "tags" (found: utterance, tag): did you mean "tag"?' in str(
        caught.value
    )
    with pytest.raises(IntentsError, match="or name the columns: `--text X --label Y`"):
        import_csv(file, tmp_path / "out")


def test_questions_with_answers_become_answered_intents(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        'Question,Answer\nHow do I return?,"Within 30 days."\nWhat does it cost?,4.95\n'
        "Opening hours,From nine {o'clock}\nUnanswered?,\n",
    )
    report = import_csv(file, tmp_path / "out")
    intents = loaded(tmp_path / "out").by_name
    assert set(intents) == {"how_do_i_return", "what_does_it_cost", "opening_hours"}
    first = intents["how_do_i_return"]
    assert [each.text for each in first.examples] == ["How do I return?", "how do I return"]
    assert texts(first) == {"en": ("Within 30 days.",)}
    assert first.entry.title == {"en": "How do I return?"}
    assert not first.entry.draft
    assert texts(intents["what_does_it_cost"]) == {"en": ("4.95",)}
    assert intents["opening_hours"].entry.draft
    assert texts(intents["opening_hours"]) == {"en": ("From nine {{o'clock}}",)}
    assert "questions without an answer, left out: 1 (Unanswered?)" in report.left_out


def test_questions_with_one_answer_are_one_intent(tmp_path: Path) -> None:
    rows = "q,a,category\nHow do I return?,In 30 days,x\nCan I send it back?,in 30 DAYS,y\n"
    import_csv(write(tmp_path, rows), tmp_path / "out")
    (intent,) = loaded(tmp_path / "out").intents
    assert [each.text for each in intent.examples] == ["How do I return?", "Can I send it back?"]


def test_a_category_of_questions_is_no_label(tmp_path: Path) -> None:
    rows = "Category,Question,Answer\nOrders,Where?,Here\nOrders,When?,Now\n"
    assert import_csv(write(tmp_path, rows), tmp_path / "out").intents == 2


def test_a_column_reply_becomes_the_reply_by_language(tmp_path: Path) -> None:
    rows = (
        "text,label,language,reply\nhow to return,ret,en,In {contact} 30 days\n"
        "send back,ret,en,Soon\n怎么退货,ret,zh,三十天\n"
    )
    import_csv(write(tmp_path, rows), tmp_path / "out")
    intent = loaded(tmp_path / "out").by_name["ret"]
    assert texts(intent) == {"en": ("In {contact} 30 days", "Soon"), "zh": ("三十天",)}
    assert not intent.entry.draft


def test_languages_and_out_of_scope_are_kept(tmp_path: Path) -> None:
    rows = (
        "text,label,language\nhow do I return,ret,en\n怎么退货,ret,zh\n"
        "tell me a joke,out_of_scope,en\n"
    )
    report = import_csv(write(tmp_path, rows), tmp_path / "out")
    assert (report.intents, report.out_of_scope) == (1, 1)
    again = export_csv(load_intents(tmp_path / "out"))
    assert again.splitlines() == rows.splitlines()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "text,label,language\na,b,english\n",
            'rows.csv:2:1: "english" is not a language tag: did',
        ),
        ("text,label,language\na,b,en\nc,b,\n", "rows.csv:3:1: no language, although other rows"),
        ("id,title,actions,active\n1,x,[],true\n", "rows.csv:1:1: these are Zendesk macros"),
        (
            "a,b\n1,2\n",
            "rows.csv:1:1: no column text and no column label (found: a, b): make text,label",
        ),
    ],
)
def test_tables_that_cannot_be_used_are_refused_in_a_line(
    tmp_path: Path, rows: str, said: str
) -> None:
    with pytest.raises(IntentsError) as caught:
        import_csv(write(tmp_path, rows), tmp_path / "out")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("run", [import_csv, import_json, import_jsonl, import_rasa])
def test_lu_files_are_refused_with_what_to_do(tmp_path: Path, run: object) -> None:
    assert callable(run)
    with pytest.raises(IntentsError, match=r"\.lu files of the Bot Framework .*bf luis:convert"):
        run(write(tmp_path, "# Greet\n- hi\n", "bot.lu"), tmp_path / "out")


def test_a_list_of_json_objects_is_read(tmp_path: Path) -> None:
    rows = '[{"text": "hi", "intent": "greet"}, {"text": "yo", "intent": "greet"}]'
    assert import_json(write(tmp_path, rows, "a.json"), tmp_path / "out").examples == 2


def test_intents_with_patterns_and_responses_are_read(tmp_path: Path) -> None:
    tagged = {"tag": "greet", "patterns": ["hi", "Hi", "yo"], "responses": ["Hello {you}", "Hey"]}
    file = write(tmp_path, json.dumps({"intents": [tagged]}), "intents.json")
    assert import_json(file, tmp_path / "out").answered == 1
    (intent,) = loaded(tmp_path / "out").intents
    assert [each.text for each in intent.examples] == ["hi", "yo"]
    assert texts(intent) == {"en": ("Hello {{you}}", "Hey")}
    file.write_text(json.dumps({"intents": [tagged, {"tag": 7, "patterns": []}]}))
    with pytest.raises(IntentsError, match="item 2: not an intent with patterns: write"):
        import_json(file, tmp_path / "again")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[\n{"text": }]', "a.json:2:10: not valid JSON"),
        ('[{"text": 1, "intent": "a"}]', "a.json: item 1: `text` and `label` must both be"),
        ("7", "a.json: not a list of messages"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(IntentsError) as caught:
        import_json(write(tmp_path, text, "a.json"), tmp_path / "out")
    assert said in str(caught.value)


def test_rasa_exports_what_is_out_of_scope_as_well(tmp_path: Path) -> None:
    rows = "text,label\nsend back,ret\nhow to return,ret\nsing,oos\n"
    import_csv(write(tmp_path, rows), tmp_path / "out")
    nlu = write(tmp_path, export_rasa(load_intents(tmp_path / "out")), "nlu.yml")
    assert import_rasa(nlu, tmp_path / "again").out_of_scope == 1


spoken = st.text(min_size=1, max_size=20).filter(str.strip)
labels = st.sampled_from(["refund", "Out-of-scope", "out_of_scope", "退款", "=cmd"])
languages = st.sampled_from(["en", "zh", "no", "pt-BR", "zh-Hans-CN"])


@settings(max_examples=30)
@given(st.lists(st.tuples(spoken, labels, languages), min_size=1, max_size=10))
def test_what_csv_exports_is_imported_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    keys = ("text", "label", "language")
    lines = [json.dumps(dict(zip(keys, row, strict=True))) for row in rows]
    rows_file = write(folder, "\n".join(lines), "rows.jsonl")
    import_jsonl(rows_file, folder / "first")
    if not any("scope" not in label for _, label, _ in rows):
        return  # a folder without intents is not loaded
    first = load_intents(folder / "first")
    import_csv(write(folder, export_csv(first)), folder / "second")
    second = load_intents(folder / "second")
    assert second.corpus().hash == first.corpus().hash
    assert outside(second) == outside(first)


def outside(intents: IntentSet) -> Counter[tuple[str, str]]:
    return Counter((example.text, example.language) for example in intents.out_of_scope)


answers = st.text(min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=30)
@given(st.lists(answers, min_size=1, max_size=4))
def test_every_reply_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, replies: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("replies")
    rows = [{"text": f"{n}", "label": "a", "reply": reply} for n, reply in enumerate(replies)]
    lines = "\n".join(json.dumps(row) for row in rows)
    import_jsonl(write(folder, lines, "rows.jsonl"), folder / "out")
    (intent,) = load_intents(folder / "out").intents
    written = [text.replace("{{", "{").replace("}}", "}") for text in texts(intent)["en"]]
    assert written == list(dict.fromkeys(reply.strip() for reply in replies))
