"""Slips of the pen in YAML: the report names the line of the slip and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.yamlfile import parse
from tests.understanding.shop import SOUND, changed, found

TITLE, REPLY, FIRST, SECOND = 4, 11, 6, 7
"""Lines of `SOUND`."""

NBSP, WIDE, NOTHING = "\u00a0", "\u3000", "\u200b"
SPACES = "type spaces in its place"
DASH = "the space after the dash is missing: write `- ` and then the text"
COLON = "the space after the colon is missing: write a space after it"
WIDE_COLON = "a full-width colon after a key: type an ordinary colon and a space"
MERGE = "a merge conflict: decide which lines stay, and delete the lines of <<<<<<<"
CLOSE = "close the quotes that begin here"
SECOND_LINE = "      - is my parcel late"
REPLY_LINE = "    reply: Soon."


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        # merges that were not finished
        ("version: 1", "<<<<<<< HEAD\nversion: 1\n=======\nversion: 1\n>>>>>>> b", 1, MERGE),
        (SECOND_LINE, f"<<<<<<< a\n{SECOND_LINE}\n=======\n      - x\n>>>>>>> b", SECOND, MERGE),
        (REPLY_LINE, f"<<<<<<< a\n{REPLY_LINE}\n||||||| o\n=======\n>>>>>>> b", REPLY, MERGE),
        (REPLY_LINE, f"    <<<<<<< a\n{REPLY_LINE}\n    =======\n    >>>>>>> b", REPLY, MERGE),
        # dashes
        (SECOND_LINE, "      -is my parcel late", SECOND, DASH),
        ("      - track my parcel", "      -track my parcel", 10, DASH),
        ("      - where is my order", "      -where is my order", FIRST, DASH),
        ("  - name: refund", "  -name: refund", 12, DASH),
        (SECOND_LINE, "      – is my parcel late", SECOND, "– begins no item of a list: write an"),
        ("      - where is", "      – where is", FIRST, "– begins no item of a list: write an"),
        (SECOND_LINE, "      • is my parcel late", SECOND, "• begins no item of a list: write an"),
        (SECOND_LINE, "      * is my parcel late", SECOND, "* begins no item of a list: write an"),
        (
            SECOND_LINE,
            "      is my parcel late",
            SECOND,
            "the dash is missing: begin the line",
        ),
        (
            "      - where is",
            "      where is",
            FIRST,
            "the dash is missing: begin the line",
        ),
        ("  - name: refund", "    name: refund", 12, "begin a new item with `- `, or keep one of"),
        (SECOND_LINE, "       - is my parcel late", SECOND, "the dash stands too deep"),
        # colons
        ("    title: Track", "    title:Track", TITLE, COLON),
        ("  - name: order", "  - name:order", 3, COLON),
        ("version: 1", "version:1", 1, COLON),
        ("    examples:", "    examples", 5, "the colon after the key is missing: write one"),
        ("intents:", "intents", 2, "the colon after the key is missing: write one"),
        ("    title: Track", "    title：Track", TITLE, WIDE_COLON),
        ("  - name: order", "  - name： order", 3, WIDE_COLON),
        ("    examples:", "    examples：", 5, WIDE_COLON),
        ("version: 1", "version：1", 1, WIDE_COLON),
        ("reply: Soon.", "reply: {en：Soon.}", REPLY, "a full-width colon in a key"),
        ("reply: Soon.", "reply: {en: Soon，zh: x}", REPLY, "the full-width sign ， parts nothing"),
        (REPLY_LINE, "    reply = Soon.", REPLY, "= after a key: write a colon and a space"),
        (REPLY_LINE, "    reply; Soon.", REPLY, "; after a key: write a colon and a space"),
        ("reply: Soon.", "reply: Note: soon.", REPLY, 'put text that holds ": " in quotes'),
        (SECOND_LINE, "      - Help: is it late", SECOND, 'put text that holds ": "'),
        # spaces that are none
        ("    title: Track", f"{NBSP * 4}title: Track", TITLE, SPACES),
        (SECOND_LINE, f"      -{NBSP}is my parcel late", SECOND, SPACES),
        ("    reply: Soon", f"    reply:{NBSP}Soon", REPLY, SPACES),
        (SECOND_LINE, f"{WIDE * 3}- is my parcel late", SECOND, SPACES),
        ("    reply: Soon", "\ufeff    reply: Soon", REPLY, SPACES),
        ("    reply: Soon", f"    {NOTHING}reply: Soon", REPLY, "delete the invisible U+200B"),
        (SECOND_LINE, "\t- is my parcel late", SECOND, "indent with spaces; YAML does not take"),
        # quotes
        ("reply: Soon.", "reply: “Soon: now.”", REPLY, "“ does not quote in YAML: type straight"),
        ("reply: Soon.", 'reply: "Soon.”', REPLY, "close it with a straight one"),
        (SECOND_LINE, '      - "is my parcel late', SECOND, CLOSE),
        (SECOND_LINE, "      - 'is my parcel late", SECOND, CLOSE),
        (SECOND_LINE, "      - 'it's late'", SECOND, "use double quotes around it, or write"),
        (
            "reply: Soon.",
            'reply: "Press "Track" now."',
            REPLY,
            "use single quotes around the",
        ),
        ("reply: Soon.", 'reply: "Soon" we say', REPLY, "needs quotes around the whole of it"),
        ("reply: Soon.", 'reply: "C:\\new\\users"', REPLY, "in which a backslash means itself"),
        ("reply: Soon.", 'reply: "in D:\\data"', REPLY, "in which a backslash means itself"),
        # signs that mean something to YAML
        (SECOND_LINE, "      - %50 off", SECOND, "put text that starts with this sign in quotes"),
        ("reply: Soon.", "reply: @team helps", REPLY, "put text that starts with this sign in q"),
        ("reply: Soon.", "reply: `track` it", REPLY, "put text that starts with this sign in q"),
        ("reply: Soon.", "reply: #1 choice", REPLY, "the # begins a comment, so nothing is writ"),
        ("reply: Soon.", "reply: &soon", REPLY, "put text that starts with & in quotes"),
        ("reply: Soon.", "reply: **Soon** we say", REPLY, "put text that starts with * in quotes"),
        ("reply: Soon.", "reply: ? soon", REPLY, "put text that starts with ? in quotes"),
        ("reply: Soon.", "reply: {contact} helps", REPLY, "needs quotes around the whole of it"),
        (SECOND_LINE, "      - [is it late", SECOND, "close the bracket that opens here"),
        # indentation
        (REPLY_LINE, "   reply: Soon.", REPLY, "indent it like its neighbours"),
        (REPLY_LINE, "      reply: Soon.", REPLY, "indent it like its neighbours"),
        (REPLY_LINE, "reply: Soon.", REPLY, "indent it like its neighbours"),
        ("    title: Track", "      title: Track", TITLE, "indent the line like its neighbours"),
        ("  - name: refund", " - name: refund", 12, "indent it like its neighbours"),
        (REPLY_LINE, f"{REPLY_LINE}\n    We hurry.", REPLY + 1, "the line belongs to nothing"),
        # what was pasted along
        ("version: 1", "```yaml\nversion: 1", 1, "a code fence: delete the lines of ```"),
        (REPLY_LINE, "+   reply: Soon.", REPLY, "a sign of a diff: delete it"),
        (REPLY_LINE, f"    // later\n{REPLY_LINE}", REPLY, "comments begin with # and a space"),
        ("  - name: refund", "---\n  - name: refund", 12, "keep one in a file: delete `---`"),
        (REPLY_LINE, f"{REPLY_LINE}\n{REPLY_LINE}", REPLY + 1, "keep one of them"),
        (SECOND_LINE, f"      - {'so late ' * 6_000}", SECOND, "an example of 47,999 characters"),
        (REPLY_LINE, f"    {'reply ' * 200}: Soon.", REPLY, "a key of more than 1,024 characters"),
    ],
)
def test_the_line_of_a_slip_is_named_with_its_remedy(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    problems = changed(tmp_path, (old, new))
    errors = [problem for problem in problems if ": warning: " not in problem]
    assert errors[0].startswith(f"shop.yaml:{line}:"), problems
    assert said in "".join(each for each in errors if each.startswith(f"shop.yaml:{line}:"))


@pytest.mark.parametrize(
    ("encoding", "text", "guess"),
    [
        ("gbk", "很快就到", "GBK"),
        ("big5", "很快就到了請稍候", "GBK, Big5, Shift-JIS or Windows-1251"),
        ("shift_jis", "もうすぐ届きます", "GBK, Big5, Shift-JIS or Windows-1251"),
        ("cp1251", "Скоро будет", "GBK, Big5, Shift-JIS or Windows-1251"),
        ("latin-1", "Schon überfällig", "Latin-1 or Windows-1252"),
        ("cp1252", "“Soon”", "Latin-1 or Windows-1252"),
    ],
)
def test_another_encoding_is_guessed_at_its_line(
    tmp_path: Path, encoding: str, text: str, guess: str
) -> None:
    (problem,) = found(tmp_path, shop=SOUND.replace("Soon.", text).encode(encoding))
    assert problem.startswith("shop.yaml:11:")
    assert problem.endswith(f"{guess}: save the file as UTF-8")


@pytest.mark.parametrize("path", ["D:\\new", "the \\Program Files"])
def test_a_path_that_a_backslash_breaks_is_doubted(tmp_path: Path, path: str) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", f'reply: "in {path}"'))
    assert problem.startswith(
        "shop.yaml:11:12: warning: order_status: a backslash in double quotes"
    )


def test_an_example_longer_than_messages_is_doubted(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, (SECOND_LINE, f"      - {'so late ' * 300}"))
    assert problem.startswith("shop.yaml:7:9: warning: order_status.examples: an example of 2,399")


def test_an_example_that_was_pasted_is_refused_unless_it_was_imported(tmp_path: Path) -> None:
    pasted = (SECOND_LINE, f"      - {'so late ' * 6_000}")
    (problem,) = changed(tmp_path, pasted, (REPLY_LINE, "    draft: true"))
    assert ": warning: " in problem


def test_quotes_that_close_in_a_later_line_are_reported_where_they_open(tmp_path: Path) -> None:
    problems = changed(
        tmp_path,
        (SECOND_LINE, '      - "is my parcel late'),
        ("- track my parcel", '- "track my parcel"'),
    )
    assert problems == [
        "shop.yaml:7:9: the quotes that open here are not closed in their line: close them"
    ]


def test_in_the_head_of_an_article_sound_yaml_is_not_doubted() -> None:
    written = b"summary: Returns\n  - in short\n\xe9\xa2\x98\xef\xbc\x9a: x\n"
    assert parse(Path("a.md"), written).problems == ()
    assert len(parse(Path("a.yaml"), written, doubt=True).problems) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reply: Soon.", "reply: |\n      Soon:\n      - by post\n      -by hand\n      x:y"),
        ("reply: Soon.", f"reply: |\n      {WIDE}Soon."),
        ("reply: Soon.", "reply: Soon, or\n      later, on\n      the day after."),
        ("reply: Soon.", 'reply: "Soon, or\n      later."'),
        ("reply: Soon.", "reply: See\n      https://example.com/a:b for more."),
        ("reply: Soon.", f"reply: 10{NBSP}euro, “quoted”, it's"),
        ("reply: Soon.", "reply: 'C:\\new'"),
        ("reply: Soon.", 'reply: "first\\nsecond\\tthird, plan B:\\nFourth"'),
        ("reply: Soon.", "reply: ======= soon ======="),
        (SECOND_LINE, "      - is it-late:now, 10:30"),
        (SECOND_LINE, "      - 我的包裹：晚了吗，是吗"),
    ],
)
def test_what_is_right_is_let_through(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, (old, new)) == []
