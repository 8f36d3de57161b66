"""Lines are added to YAML files in place; everything else stays as it is."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.yamlfile import parse, plain, scalar
from bot.yamlfile.editing import (
    Key,
    Uneditable,
    append_block,
    append_items,
    append_texts_by_key,
    position_of,
)

FILE = """\
# Orders.
version: 1
intents:
  - name: status   # the first
    examples:
      en:
        - where is it  # short
        # a remark on the next one
        - >-
          where is my
          parcel
      zh: [到哪了, "查, 订单"]
    reply: Soon.

  # Refunds.
  - name: refund
    examples: [money back, 'refund, please']
    not:
    - exchange it
    reply: Later.
"""
PATH: list[Key] = ["intents", 0, "examples"]


def added(before: str, after: str) -> list[str]:
    """The added lines; none may be taken away or changed."""
    changes = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert not [line for line in changes if line.startswith("- ")]
    return [line[2:] for line in changes if line.startswith("+ ")]


def test_examples_are_appended_to_the_list_of_their_language() -> None:
    after = append_texts_by_key(FILE, PATH, {"en": ["no: it's late"]}, "en")
    assert added(FILE, after) == ['        - "no: it\'s late"']
    assert after.index("parcel") < after.index("no: it") < after.index("zh:")


def test_a_new_language_comes_last() -> None:
    after = append_texts_by_key(FILE, PATH, {"de": ["wo ist es", "wo"]}, "en")
    assert added(FILE, after) == ["      de:", "        - wo ist es", "        - wo"]
    assert list(yaml.safe_load(after)["intents"][0]["examples"]) == ["en", "zh", "de"]


def test_a_list_in_brackets_stays_in_brackets() -> None:
    after = append_texts_by_key(FILE, PATH, {"zh": ["在哪, 快"]}, "en")
    assert '      zh: [到哪了, "查, 订单", "在哪, 快"]' in after.splitlines()


def test_a_plain_list_becomes_that_of_its_language() -> None:
    path: list[Key] = ["intents", 1, "examples"]
    after = append_texts_by_key(FILE, path, {"en": ["cash"], "de": ["Geld"]}, "en")
    examples = yaml.safe_load(after)["intents"][1]["examples"]
    assert examples == {"en": ["money back", "refund, please", "cash"], "de": ["Geld"]}
    path = ["intents", 1, "not"]
    after = append_texts_by_key(FILE, path, {"de": ["tauschen"]}, "en")
    assert yaml.safe_load(after)["intents"][1]["not"] == {
        "en": ["exchange it"],
        "de": ["tauschen"],
    }


def test_an_intent_is_appended_in_the_columns_of_the_others() -> None:
    after = append_block(FILE, ["intents"], ["  - name: new", "    draft: true"])
    assert added(FILE, after) == ["  - name: new", "    draft: true"]
    narrow = "intents:\n- name: a\n"
    assert append_block(narrow, ["intents"], ["  - name: b", "    draft: true"]) == (
        "intents:\n- name: a\n- name: b\n  draft: true\n"
    )


def test_line_ends_stay_what_they_are() -> None:
    assert append_items("a:\r\n  - one\r\n", ["a"], ["two"]) == "a:\r\n  - one\r\n  - two\r\n"
    assert append_items("a:\n  - one", ["a"], ["two"]) == "a:\n  - one\n  - two\n"


def test_an_intent_is_found_by_its_name() -> None:
    assert position_of(FILE, ["intents"], "name", "refund") == 1
    with pytest.raises(Uneditable, match="there is no other"):
        position_of(FILE, ["intents"], "name", "other")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: one\n", "no list"),
        ("b: [one]\n", "there is no a"),
        ("base: &x\n  - one\na: *x\n", "alias"),
        ("a: [\n", "not valid"),
        ("", "there is no a"),
    ],
)
def test_what_cannot_be_edited_says_why(text: str, why: str) -> None:
    with pytest.raises(Uneditable, match=why):
        append_items(text, ["a"], ["two"])


def _read(text: str) -> object:
    """Return a file's values as they are typed."""
    root = parse(Path("a.yaml"), text.encode()).root
    return plain(root) if root else None


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


@given(old=st.lists(TEXTS, min_size=1, max_size=3), new=st.lists(TEXTS, min_size=1, max_size=3))
def test_any_text_reads_back_as_it_was_added(old: list[str], new: list[str]) -> None:
    block = "a:\n" + "".join(f"  - {scalar(each)}\n" for each in old) + "b: 1 # end\n"
    after = append_items(block, ["a"], new)
    assert _read(after) == {"a": [*old, *new], "b": "1"}
    flow = "a: [" + ", ".join(f'"{n}"' for n, _ in enumerate(old)) + "]\n"
    after = append_items(flow, ["a"], new)
    assert _read(after) == {"a": [*map(str, range(len(old))), *new]}
