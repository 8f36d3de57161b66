"""Slack's control sequences are read and made harmless, in any text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.text import escape, harmless, mentions, read_label, read_text
from tests.servers.slack.blocks import notified

PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "!", "@", "channel", "here", "everyone", "U123", "subteam^S1", "|", "](", "[",
         "\\", "&lt;", "&#33;", "&#60;", "&", " ", "\n", "`", "(", ")", "x", "&amp;",
         "&#64;", "&amp;lt;", "&commat;"]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES)
def test_no_arrangement_of_characters_pings(pieces: list[str]) -> None:
    text = harmless("".join(pieces))
    assert notified("", [{"type": "markdown", "text": text}]) == []


@given(st.text(alphabet="abc <>@!#&;\\[](|)\n`", max_size=80))
def test_making_harmless_loses_nothing_and_is_done_once(text: str) -> None:
    once = harmless(text)
    assert once.replace("\u2060", "") == text
    assert read_label(once) == html_free(text)


def html_free(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(st.text(max_size=80))
def test_escaped_text_is_read_back(text: str) -> None:
    escaped = escape(text)
    assert not re.search("[<>]", escaped)
    assert html.unescape(escaped) == html.unescape(text.replace("&", "&amp;"))
    assert read_text(escaped, "U1") == text.strip()


@pytest.mark.parametrize(
    "text", ["a@b.example", "5 < 6", "if a<b: pass", "#1 in stock", "https://x.example/#top"]
)
def test_ordinary_text_is_not_touched(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@U1> hello", "hello"),
        ("hello <@U1>!", "hello!"),
        ("<@U1|desk>, hello", "hello"),
        ("ask <@U2>", "ask @U2"),
        ("<https://x.example>", "https://x.example"),
        ("<https://x.example|x.example>", "x.example"),
        ("<tel:123|123>", "123"),
        ("<http://evil.example|http://bank.example>", "http://bank.example (http://evil.example)"),
        ("<http://evil.example/bank.com|bank.com>", "bank.com (http://evil.example/bank.com)"),
        ("<https://x.example/|https://x.example>", "https://x.example"),
        ("<!subteam^S1|@staff> <!date^1^x|today>", "@staff today"),
        ("<!here>", "@here"),
        ("<#C1|> and <#C2|news>", "#C1 and #news"),
        ("&amp;lt;", "&lt;"),
        ("1 &lt; 2", "1 < 2"),
        ("keep <this", "keep <this"),
    ],
)
def test_sequences_are_read_as_people_see_them(typed: str, read: str) -> None:
    assert read_text(typed, "U1") == read


def test_mentions_are_told_from_longer_ids() -> None:
    assert mentions("hi <@U1>", "U1")
    assert mentions("hi <@U1|desk>", "U1")
    assert not mentions("hi <@U12> U1", "U1")
