"""Markdown in a platform's form says the same, and what need not change stays as it was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.common.emphasis import with_visible_bold
from adapters.common.rewriting import rewritten, tables_apart
from adapters.common.tables import Table, as_text
from adapters.discord.render import RULES as DISCORD
from adapters.slack.render import RULES as SLACK
from tests.rendering.golden import CONSTRUCTS

PLAIN = st.text(alphabet="abc .,:字。é\n'()", max_size=300)
HOSTILE = st.text(alphabet="a字：**__`~|-#+1)[]!(\n ", max_size=200)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z字é]+", text)


@given(PLAIN)
def test_text_without_marks_is_not_touched(text: str) -> None:
    unindented = re.sub(r"(?m)^ +", "", text)
    assert rewritten(unindented, SLACK) == rewritten(unindented, DISCORD) == unindented


@given(HOSTILE)
def test_whatever_is_written_no_word_is_lost(text: str) -> None:
    for rules in (SLACK, DISCORD):
        assert set(words(text)) <= set(words(rewritten(text, rules))) | {"a"}


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
def test_rewriting_again_changes_nothing(name: str) -> None:
    for rules in (SLACK, DISCORD):
        once = rewritten(CONSTRUCTS[name], rules)
        assert rewritten(once, rules) == once


@pytest.mark.parametrize(
    "markdown",
    [
        "**粗体：**后面",
        "前面**「粗体」**后面",
        "**退货（三十天）**内",
        "价格**：约90€。**含税",
        "**太好了！**谢谢",
        "**送料：**無料です。**返品：**可能です",
    ],
)
def test_bold_between_ideographs_is_bold_to_a_reader_of_markdown(markdown: str) -> None:
    shown = MarkdownIt("commonmark").render(with_visible_bold(markdown))
    assert "<strong>" in shown
    assert "**" not in shown


@pytest.mark.parametrize("markdown", ["**Note:** fine", "(**a**)", "2**3**4", "**：**后", "****"])
def test_bold_that_is_seen_already_stays(markdown: str) -> None:
    assert with_visible_bold(markdown) == markdown


def test_table_is_apart_from_the_text_around_it() -> None:
    before, table, behind = tables_apart("One\n\n| a | b |\n|-|-|\n| 1 | |\n\nTwo")
    assert (before, behind) == ("One\n", "\nTwo")
    assert table == Table(("a", "b"), (("1", ""),))


def test_table_of_ideographs_is_aligned_by_what_they_take() -> None:
    shown = as_text(Table(("鞋", "b"), (("abcd", "1"),)))
    assert shown == "```\n鞋    b\n----  -\nabcd  1\n```"
