"""YAML that is right, but probably not what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import changed, found


@pytest.mark.parametrize(
    "written",
    [
        "[where is my order, please]",
        "[I ordered a tent last week, and it never came]",
        "{en: [where is my order, please, any news of the parcel]}",
    ],
)
def test_an_inline_list_that_splits_a_sentence_is_pointed_out(tmp_path: Path, written: str) -> None:
    text = f"version: 1\nintents: [{{name: a, examples: {written}, reply: Soon.}}]\n"
    problems = found(tmp_path, a=text)
    assert any(
        "warning: a.examples: the comma splits" in problem
        and "put the sentence in quotes" in problem
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    "written",
    [
        "[hi, hello, hey]",
        "[where is my order, track my parcel now]",
        '["where is my order, please", "any news, please"]',
        "[Where is my order?, please help]",
    ],
)
def test_an_inline_list_of_whole_sentences_is_fine(tmp_path: Path, written: str) -> None:
    text = f"version: 1\nintents: [{{name: a, examples: {written}, reply: Soon.}}]\n"
    assert not any("comma" in problem for problem in found(tmp_path, a=text))


def test_a_text_that_a_hash_cuts_is_pointed_out(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("where is my order", "where is order #48213"))
    assert problem == (
        'shop.yaml:6:9: warning: order_status: the text ends before the #: "where is order": '
        "put the text in quotes, or write a space after the # of a comment"
    )


def test_a_comment_is_no_cut_text(tmp_path: Path) -> None:
    assert changed(tmp_path, ("where is my order", "where is my order  # often asked")) == []
