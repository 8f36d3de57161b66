"""Messages become Markdown that reads the same elsewhere: nothing pings, only marks are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.slack.adapter import SlackAdapter
from adapters.slack.formatted import formatted_text, posted_markdown
from adapters.slack.render import render
from bot.messages import Say
from tests.servers.slack import SlackServer
from tests.servers.slack.blocks import notified
from tests.slack.conftest import Recorder

Marked = list[tuple[str, frozenset[str]]]

PARSER = MarkdownIt("commonmark").enable("strikethrough")
NAMES = {"strong": "bold", "em": "italic", "s": "strike"}
INVISIBLE = re.compile(r"[\s\u2060\u00a0+-]")
"""Left out of comparisons: `-` and `+` as well, which someone may have typed for a list."""

TEXT = st.text(alphabet="ab1*_~`[]()<>#!|\\&.:;@-+=\n é字。", min_size=1, max_size=12)
STYLES = st.fixed_dictionaries(
    {}, optional={mark: st.just(True) for mark in ("bold", "italic", "strike", "code")}
)


def text(said: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": said} | ({"style": style} if style else {})


def section(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": kind, "elements": list(elements)}


def message(*parts: dict[str, Any], said: str = "") -> dict[str, Any]:
    return {"text": said, "blocks": [{"type": "rich_text", "elements": list(parts)}]}


def markdown(*parts: dict[str, Any], said: str = "") -> str:
    return formatted_text(message(*parts, said=said), "UBOT")


def shown(said: str) -> Marked:
    """Return the characters that a reader of Markdown shows, with their marks."""
    return [
        (character, marks)
        for token in PARSER.parse(said)
        for part, marks in _pieces(token)
        for character in INVISIBLE.sub("", part)
    ]


def _pieces(token: Token) -> Iterator[tuple[str, frozenset[str]]]:
    if token.type in ("fence", "code_block"):
        yield token.content, frozenset({"block"})
    marks: list[str] = []
    for child in token.children or ():
        name = NAMES.get(child.tag, "")
        if name and child.nesting == 1:
            marks.append(name)
        elif name and child.nesting == -1:
            marks.remove(name)
        elif child.type == "code_inline":
            yield child.content, frozenset({*marks, "code"})
        elif child.type in ("text", "text_special", "html_inline"):
            yield child.content, frozenset(marks)


def expected(elements: Sequence[dict[str, Any]]) -> Marked:
    return [
        (character, frozenset(element.get("style", {})))
        for element in elements
        for character in INVISIBLE.sub("", element["text"])
    ]


@given(st.lists(st.builds(lambda said, style: text(said, **style), TEXT, STYLES), max_size=6))
@example([text("#"), text(" a", bold=True)])
@example([text("*"), text("*", bold=True), text("*", italic=True)])
@example([text("!"), text("`a`", code=True)])
@example([text(">\n* >")])
def test_any_text_reads_as_it_was_written(elements: list[dict[str, Any]]) -> None:
    assert shown(markdown(section(*elements))) == expected(elements)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rich_text_section", "rich_text_quote", "rich_text_list"]),
            st.text(alphabet="ab*_`#>\n 字", min_size=1, max_size=10),
            st.integers(0, 3),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_blocks_keep_all_that_they_say(parts: list[tuple[str, str, int, bool]]) -> None:
    blocks = []
    for kind, said, indent, ordered in parts:
        element = text(said)
        if kind == "rich_text_list":
            style = "ordered" if ordered else "bullet"
            items = [section(element), section(text("b"))]
            blocks.append({"type": kind, "elements": items, "style": style, "indent": indent})
        else:
            blocks.append(section(element, kind=kind))
    letters = "".join(said + ("b" if kind == "rich_text_list" else "") for kind, said, *_ in parts)
    read = "".join(character for character, _ in shown(markdown(*blocks)))
    assert read == INVISIBLE.sub("", letters)


PIECES = st.lists(
    st.sampled_from(
        ["<!here>", "<!channel|channel>", "<!everyone>", "<@U2>", "<@U2|everyone>", "<#C1>",
         "@here", "<!subteam^S1|@here>", "<https://a.example|@channel>", "*", "_", "`",
         "```", "&lt;", "!", "&amp;", "&gt;", "@", "here", " ", "\n", "x",
         "<", ">", "~", ":wave:", "[", "](", "\\"]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES)
def test_no_text_of_slack_pings_where_it_is_sent_on(pieces: list[str]) -> None:
    said = formatted_text({"text": "".join(pieces)}, "UBOT")
    for post in render([Say(said)], "").posts:
        assert notified(post.text, post.blocks) == []
    assert notified(said, [{"type": "markdown", "text": said}]) == []
    assert not re.search(r"@(everyone|here|channel)\b|<@[!&]?\d", said)


@given(PIECES)
def test_words_of_slacks_text_are_kept(pieces: list[str]) -> None:
    said = formatted_text({"text": "".join(pieces)}, "UBOT")
    typed = re.sub(r"<[^<>\n]*>|:wave:", "", "".join(pieces))
    for word in ("here", "x"):
        assert said.count(word) >= typed.count(word)


@pytest.mark.parametrize(
    ("element", "reads"),
    [
        ({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fc"}, "👋🏼"),
        ({"type": "emoji", "name": "our_logo"}, ":our_logo:"),
        ({"type": "emoji", "name": "tada", "unicode": "zz"}, "🎉"),
        ({"type": "user", "user_id": "U2"}, "@Ann Smith"),
        ({"type": "user", "user_id": "U9"}, "@U9"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@crew"),
        ({"type": "channel", "channel_id": "C1"}, "#news"),
        ({"type": "broadcast", "range": "here"}, "@\u2060here"),
        ({"type": "color", "value": "#ff00aa"}, "#ff00aa"),
        ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 Jan"}, "1 Jan"),
        ({"type": "link", "url": "https://a.example/b"}, "https://a.example/b"),
        (
            {"type": "link", "url": "https://a.example/b_(c)", "text": "see [it]"},
            r"[see \[it\]](https://a.example/b_%28c%29)",
        ),
        (
            {"type": "link", "url": "https://evil.example", "text": "bank.example"},
            "bank.example (https://evil.example)",
        ),
        ({"type": "link", "url": "mailto:a@b.example", "text": "a@b.example"}, "a@b.example"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, "x (javascript:alert(1))"),
        ({"type": "of tomorrow", "text": "said"}, "said"),
    ],
)
def test_elements_read_as_people_see_them(element: dict[str, Any], reads: str) -> None:
    said = "<@U2|Ann Smith> <!subteam^S1|@crew> <#C1|news>"
    assert markdown(section(element), said=said) == reads


def test_message_with_everything_in_it() -> None:
    item = section(text("one "), text("bold", bold=True))
    parts = (
        section({"type": "user", "user_id": "UBOT"}, text(": my order\n")),
        {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": [item, item]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [item]},
        section(text("They said"), kind="rich_text_section"),
        section(text("no\nway"), kind="rich_text_quote"),
        section(text("x = 1\n```"), kind="rich_text_preformatted"),
        section(text("thanks")),
    )
    assert markdown(*parts) == "\n".join(
        [
            "my order",
            "1. one **bold**",
            "2. one **bold**",
            "    - one **bold**",
            "",
            "They said",
            "> no",
            "> way",
            "",
            "````",
            "x = 1",
            "```",
            "````",
            "thanks",
        ]
    )


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ("*Bold* and _it_ and ~no~ and `c*d`", "**Bold** and *it* and ~~no~~ and `c*d`"),
        ("2*3*4 and snake_case_name", r"2\*3\*4 and snake_case_name"),
        ("*_both_* in one", "***both*** in one"),
        ("&gt; quoted\nnot", "> quoted\n\nnot"),
        ("look:```\na *b*\n```done", "look:\n```\na *b*\n```\ndone"),
        ("```never closed", r"\`\`\`never closed"),
        ("hi :wave::skin-tone-3: :our_logo: 10:30:15", "hi 👋🏼 :our_logo: 10:30:15"),
        ("<@UBOT> &lt;b&gt; <https://a.example/?x=1&amp;y=2|this>",
         r"\<b> [this](https://a.example/?x=1&y=2)"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("5*2 _ and 1` is", "5*2 _ and 1` is"),
        ("1. one\n3. three", "1\\. one\n3\\. three"),
    ],
)  # fmt: skip
def test_text_without_blocks_is_read_as_mrkdwn(said: str, reads: str) -> None:
    assert formatted_text({"text": said}, "UBOT") == reads


def test_what_was_forwarded_is_quoted() -> None:
    shared = [{"is_share": True, "text": "where is *it*?\nnow"}]
    event = {"text": "this:", "attachments": shared}
    assert formatted_text(event, "UBOT") == "this:\n\n> where is **it**?\n> now"


async def test_message_carries_its_markdown_with_names(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann Smith"}
    parts = (section({"type": "user", "user_id": "U2"}, text(" said "), text("no", bold=True)),)
    said = message(*parts, said="<@U2> said *no*")
    slack.say(said["text"], channel="D7", blocks=said["blocks"])
    slack.say("nothing to mark", channel="D7")
    await slack.sockets.settled()
    first, second = (event.message for event in recorder.received)
    assert (first.text, first.formatted) == ("@Ann Smith said *no*", "@Ann Smith said **no**")
    assert (second.text, second.formatted) == ("nothing to mark", "")


def test_post_of_ours_reads_as_it_was_posted() -> None:
    (post,) = render([Say("**Draft**\n\n> Hi @here, *it* left.")], "").posts
    assert posted_markdown({"blocks": list(post.blocks)}) == "**Draft**\n\n> Hi @here, *it* left."
    kept = message(section(text("Hi", italic=True), kind="rich_text_quote"))
    assert posted_markdown(kept) == "> *Hi*"
