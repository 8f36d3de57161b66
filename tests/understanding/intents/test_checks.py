"""What contradicts, repeats or lacks something, across intents and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import changed, found


def test_the_same_intent_twice(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("name: refund_status", "name: order_status"))
    assert problem == (
        "shop.yaml:12:11: order_status.name: another intent has this name (shop.yaml:3): "
        "rename one of them, or merge the two"
    )


@pytest.mark.parametrize("twin", ["where is my order", "WHERE  is my ｏrder "])
def test_the_same_example_in_two_intents_names_both_places(tmp_path: Path, twin: str) -> None:
    (problem,) = changed(tmp_path, ("where is my money", f'"{twin}"'))
    assert problem == (
        'shop.yaml:15:9: refund_status.examples[1]: "where is my order" is also an example of'
        " order_status (shop.yaml:6): keep it in one of the two"
    )


def test_the_same_example_in_drafts_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(
        tmp_path,
        ("where is my money", "where is my order"),
        ("In five days.", "x\n    draft: true"),
    )
    assert "warning: " in problem


def test_an_example_that_is_also_out_of_scope(tmp_path: Path) -> None:
    outside = "version: 1\nout_of_scope: [track my parcel]\n"
    (problem,) = changed(tmp_path, outside=outside)
    assert '"track my parcel" is also out of scope (outside.yaml:2)' in problem


def test_an_example_twice_in_one_intent_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("is my parcel late", "Where is my order"))
    assert problem == (
        "shop.yaml:7:9: warning: order_status.examples[2]: the same example is already in line 6: "
        "delete one of them"
    )


@pytest.mark.parametrize(
    ("examples", "draft", "said"),
    [
        ("[one]", False, "order_status.examples: 1 example, at least 2 are needed: add phrasings"),
        ("[]", False, "order_status.examples: 0 examples, at least 2 are needed"),
        ("[one, two]", False, "warning: order_status.examples: 2 examples, 5 are recommended"),
        ("[one, two, three, four]", False, "warning: order_status.examples: 4 examples"),
        ("{en: [one], zh: [二]}", False, "warning: order_status.examples: 2 examples"),
        ("[one]", True, "warning: order_status.examples: 1 example, 5 are recommended"),
    ],
)
def test_too_few_examples(tmp_path: Path, examples: str, draft: bool, said: str) -> None:
    text = f"version: 1\nintents: [{{name: order_status, examples: {examples}, reply: Soon., "
    (problem,) = found(tmp_path, a=text + f"draft: {str(draft).lower()}}}]\n")
    assert said in problem


def test_an_intent_without_a_reply(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("    reply: Soon.\n", ""))
    assert problem == (
        "shop.yaml:3:11: order_status.name: the intent has no reply: add `reply:`, "
        "`action:` or `handoff: true`, or mark it `draft: true`"
    )


@pytest.mark.parametrize("instead", ["draft: true", "handoff: true"])
def test_an_intent_that_needs_no_reply(tmp_path: Path, instead: str) -> None:
    assert changed(tmp_path, ("reply: Soon.", instead)) == []


def test_the_same_title_twice_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("title: My refund", "title: Track my order"))
    assert '13:12: warning: refund_status.title: "Track my order" is also the title of' in problem


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "suggestions: [refund_stats]",
            '4:19: order_status.suggestions[1]: unknown intent "refund_stats": did you mean',
        ),
        (
            "tests: [{say: hi, intent: ordr_status}]",
            'tests[1].intent: unknown intent "ordr_status": did you mean "order_status"?',
        ),
        ("tests: [{say: hi, not: nothing}]", 'tests[1].not: unknown intent "nothing"'),
    ],
)
def test_references_to_what_is_not_there(tmp_path: Path, line: str, said: str) -> None:
    problems = changed(tmp_path, ("title: Track my order", line))
    assert any(said in problem for problem in problems), problems


def test_intents_with_mistakes_are_not_unknown_to_others(tmp_path: Path) -> None:
    problems = changed(
        tmp_path,
        ("title: Track my order", "suggestions: [refund_status]"),
        ("title: My refund", "tittle: My refund"),
    )
    assert len(problems) == 1
    assert "tittle" in problems[0]
