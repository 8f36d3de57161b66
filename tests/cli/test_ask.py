"""`ask`, `test` and `eval`."""

from __future__ import annotations

import re

import pytest

from tests.cli.command import Frontdesk


def test_answer_comes_with_its_decision(trained: Frontdesk) -> None:
    ran = trained("ask", "are you open today?")
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    first, *_ = ran.out.splitlines()
    assert first.split() == ["decision", "intent"]
    assert "opening_hours" in ran.out
    assert "threshold" in ran.out
    assert "because" in ran.out
    assert "We are open Monday to Saturday, 9 am to 6 pm." in ran.out
    assert "1) Talk to a person" in ran.out
    assert "took" not in ran.out


def test_trace_adds_durations_and_versions(trained: Frontdesk) -> None:
    ran = trained("ask", "what does shipping cost?", "--trace")
    assert "shipping.md#What does shipping cost?" in ran.out
    assert "shipping.md:" in ran.out
    assert "meaning 0." in ran.out
    assert "classify" in ran.out
    assert "model " in ran.out


def test_machines_get_the_whole_decision(trained: Frontdesk) -> None:
    answered = trained("ask", "are you open today?", "--json").json()
    assert answered["text"] == "are you open today?"
    assert answered["decision"] == "intent"
    assert answered["intent"] == "opening_hours"
    assert answered["intents"][0]["name"] == "opening_hours"
    assert answered["threshold"] <= answered["intents"][0]["confidence"] <= 1
    assert answered["reply"] == "We are open Monday to Saturday, 9 am to 6 pm."
    assert answered["buttons"] == ["Talk to a person"]
    assert answered["reasons"]
    assert answered["milliseconds"]["classify"] > 0


def test_article_is_quoted_where_no_intent_is_sure(trained: Frontdesk) -> None:
    answered = trained("ask", "what does shipping cost?", "--json").json()
    assert (answered["decision"], answered["intent"]) == ("quoted", None)
    assert answered["passages"][0]["citation"] == "shipping.md#What does shipping cost?"
    assert "4.90" in answered["reply"]


def test_off_topic_is_unknown_and_names_the_contact(trained: Frontdesk) -> None:
    answered = trained("ask", "what is the capital of France?", "--json").json()
    assert (answered["decision"], answered["intent"]) == ("unknown", None)
    assert "hello@example.com" in answered["reply"]


@pytest.mark.parametrize("text", ["", "\u200b🙂" + "a" * 10_000], ids=repr)
def test_any_text_gets_an_answer(trained: Frontdesk, text: str) -> None:
    ran = trained("ask", "--json", "--", text)
    assert ran.code == 0, ran.err
    assert ran.json()["reply"]


def test_failing_test_is_reported_with_its_place(copied: Frontdesk) -> None:
    shop = copied.folder / "intents" / "shop.yaml"
    text = shop.read_text()
    shop.write_text(
        text.replace(
            "    tests:                               # run by `frontdesk test`\n",
            "    tests:\n      - {say: where is my order, intent: opening_hours}\n"
            "      - {say: are you open today, not: opening_hours}\n",
        )
    )
    ran = copied("test")
    assert ran.code == 1
    wrong, unwanted, summary = ran.out.splitlines()
    line = 1 + shop.read_text().splitlines().index(
        "      - {say: where is my order, intent: opening_hours}"
    )
    assert wrong.startswith(
        f'intents/shop.yaml:{line}: "where is my order": expected opening_hours, got order_status'
    )
    assert "expected anything but opening_hours, got opening_hours" in unwanted
    assert summary == "3 tests, 2 failed"
    report = copied("test", "--json").json()
    assert report["tests"] == 3
    assert [failure["got"] for failure in report["failures"]] == ["order_status", "opening_hours"]


ROWS = """\
text,label
are you open today,opening_hours
where is my parcel,order_status
I'd like to return this,return_item
how do I grow tomatoes,oos
hi,thanks
"""


def test_evaluation_measures_labelled_messages(copied: Frontdesk) -> None:
    (copied.folder / "rows.csv").write_text(ROWS)
    ran = copied("eval", "rows.csv", "--json", "--out-of-scope", "oos")
    assert (ran.code, ran.err) == (0, "")
    report = ran.json()
    assert report["n"] == 5
    assert report["in_scope_accuracy"]["value"] == pytest.approx(0.75)
    assert report["oos_recall"]["value"] == 1.0
    (confusion,) = report["confusions"]
    assert (confusion["expected"], confusion["predicted"]) == ("thanks", "greeting")
    assert (confusion["count"], len(confusion["texts"])) == (1, 1)
    assert "thanks" in confusion["advice"]


def test_evaluation_is_a_table_for_people(copied: Frontdesk) -> None:
    (copied.folder / "rows.csv").write_text(ROWS)
    ran = copied("eval", "rows.csv", "--out-of-scope", "oos")
    assert ran.code == 0
    assert "in_scope_accuracy" in ran.out
    assert "75.0 %" in ran.out
    assert "-> greeting" in ran.out


def test_labels_that_no_answer_can_match_are_pointed_out(copied: Frontdesk) -> None:
    (copied.folder / "rows.csv").write_text(ROWS)
    ran = copied("eval", "rows.csv", "--json", "--out-of-scope", "ooos")
    assert "'oos'" in ran.err
    assert "no row has the label 'ooos'" in ran.err
    assert ran.json()["n"] == 5


@pytest.mark.slow
def test_promise_is_kept_by_labelled_messages_and_unknown_without_enough(
    copied: Frontdesk,
) -> None:
    (copied.folder / "rows.csv").write_text(ROWS)
    with (copied.folder / "config.yaml").open("a") as file:
        file.write("\nclassifier:\n  max_wrong: 20%\n")
    unknown = copied("check")
    assert unknown.code == 0
    assert re.search(
        r"config.yaml:\d+:14: warning: classifier.max_wrong: unknown: label \d+ more messages",
        unknown.out,
    )
    assert copied("eval", "--calibrate").code == 2  # examples promise nothing
    few = copied("eval", "--calibrate", "rows.csv")
    assert "at most 20 % of the answers wrong: unknown: label" in few.out
    assert "classifier.max_wrong" in copied("check").out

    lines = ROWS.splitlines()
    (copied.folder / "rows.csv").write_text("\n".join([lines[0], *lines[1:4] * 20]))
    report = copied("eval", "--calibrate", "rows.csv", "--json").json()
    assert [each["max_wrong"] for each in report["promises"]] == [0.05, 0.1, 0.2]
    assert report["promises"][-1]["answered"] > 0
    assert "classifier.max_wrong" not in copied("check").out

    with (copied.folder / "config.yaml").open("a") as file:
        file.write("  labelled: nowhere.csv\n")
    assert "nowhere.csv: cannot be read" in copied("check").out


def test_file_that_cannot_be_evaluated_is_refused_with_the_remedy(trained: Frontdesk) -> None:
    ran = trained("eval", "rows.csv")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "rows.csv: cannot be read (no such file or directory): check the path\n"
