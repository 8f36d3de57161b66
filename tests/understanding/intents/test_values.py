"""Keys and values that a file must not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import SOUND, changed, found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("examples:", "exmaples:", '5:5: order_status.exmaples: unknown key: did you mean "ex'),
        ("version: 1\n", "", "1:1: version: is missing: add `version: 1`"),
        ("version: 1", "version: 2", '1:10: version: unknown version "2": write `version: 1`'),
        ("name: order_status", "nam: order_status", "3:5: intents[1].name: is missing: add `name:"),
        ("name: order_status", "name: Order Status", 'did you mean "order_status"?'),
        ("reply: Soon.", "reply:", "11:11: order_status.reply: nothing is written here: write"),
        ("reply: Soon.", 'reply: " "', "11:12: order_status.reply: the text is empty"),
        (
            "reply: Soon.",
            "reply: Soon.\n    risk: private",
            '"private" is not known: known are nor',
        ),
        ("reply: Soon.", "reply: Soon.\n    risk: persnal", 'did you mean "personal"?'),
        ("reply: Soon.", "reply: Soon.\n    draft: maybe", '"maybe" is neither true nor false'),
        (
            "reply: Soon.",
            "reply: [Soon., Now.]",
            "a list of texts needs a language: write variants by language",
        ),
        ("reply: Soon.", "reply: {english: Soon.}", 'not a language tag: did you mean "en"?'),
        ("reply: Soon.", "reply: {cn: 马上}", '"cn" is not a language tag: did you mean "zh"?'),
        (
            "reply: Soon.",
            "reply: [{txt: Soon.}]",
            "order_status.reply[1].txt: unknown key: did you",
        ),
        (
            "- where is my order",
            "- Help: where is it",
            "6:9: order_status.examples[1]: a mapping w",
        ),
        ("- where is my order", "-", "6:8: order_status.examples[1]: nothing is written here"),
        ("- where is my order", '- ""', "6:9: order_status.examples[1]: the text is empty"),
        ("title: Track my order", "tests: [{say: hi}]", "neither `intent` nor `not`: write one of"),
        (
            "title: Track my order",
            "tests: [{say: hi, intent: order_status, not: order_status}]",
            "order_status.tests[1]: `intent` and `not`: write one of the two",
        ),
        (
            "title: Track my order",
            "slots: {n: {type: number, pattern: a}}",
            "belongs to `type:",
        ),
        (
            "title: Track my order",
            "slots: {n: {type: choice}}",
            "without `choices`: add `choices:`",
        ),
    ],
)
def test_mistakes_in_a_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = changed(tmp_path, (old, new))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"'(\d{5}'", "missing )"),
        (r"'(?=order)\d+'", "invalid perl operator: (?="),
        (r"'(\d)\1'", "invalid escape sequence"),
        (r"'\d{1000}{1000}'", "bad repetition operator"),
    ],
)
def test_bad_regular_expressions(tmp_path: Path, pattern: str, said: str) -> None:
    slots = f"slots: {{n: {{type: pattern, pattern: {pattern}}}}}"
    (problem,) = changed(tmp_path, ("title: Track my order", slots))
    assert problem.startswith("shop.yaml:4:")
    assert "order_status.slots.n.pattern: not a valid regular expression: " in problem
    assert said in problem


def test_every_mistake_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    problems = found(
        tmp_path,
        a="version: 1\nintents:\n\t- name: a\n",
        b=SOUND.replace("examples:", "exmaples:"),
        c="version: 1\nintents:\n  - {name: c, examples: [one], reply: '{nme}', action: x}\n",
        safety="version: 1\ntexts: {fire: off}\n",
    )
    files = [problem.partition(":")[0] for problem in problems]
    assert set(files) == {"a.yaml", "b.yaml", "c.yaml", "safety.yaml"}
    assert sum("exmaples" in problem for problem in problems) == 2
