"""Where growing Markdown is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.blocks import split_finished

MARKDOWN = st.lists(
    st.sampled_from(["a word ", "\n", "\n\n", "```\n", "~~~\n", "- item\n", "   more\n", "# T\n"])
).map("".join)


@given(MARKDOWN)
def test_nothing_is_lost(markdown: str) -> None:
    assert "".join(split_finished(markdown)) == markdown


@given(MARKDOWN, MARKDOWN)
def test_what_is_finished_stays_finished_whatever_comes(before: str, after: str) -> None:
    finished, _ = split_finished(before)
    assert split_finished(before + after)[0].startswith(finished)


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_code_block_is_never_cut(fence: str) -> None:
    code = f"{fence}python\na = 1\n\nb = 2\n"
    assert split_finished(code) == ("", code)
    closed = f"{code}{fence}\n\n"
    assert split_finished(f"{closed}after") == (closed, "after")
