"""Articles: what is read of them, and what an admin hears about those that cannot be read."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.knowledge import (
    Article,
    digest,
    knowledge_folder,
    load_articles,
    read_articles,
)
from bot.answering.knowledge.content import LARGEST_TEXT_FILE
from bot.answering.knowledge.conversion import Converted
from bot.answering.knowledge.passages import PASSAGE_WORDS, count_words, cut
from bot.config.schema import Config, KnowledgeConfig
from bot.errors import IntentsError
from tests.answering.knowledge.papers import pdf, word

RETURNS = """\
---
title: Returns
url: https://shop.test/returns
language: en-GB
audience: slack:C024BE91L
valid_from: 2026-01-01
valid_until: 2026-12-31
---
# Sending things back

You have 60 days.

## Costs

### Inside the EU

Four euros.

A second paragraph.

### Elsewhere

Twelve euros.
"""


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
    return path


def load(folder: Path) -> tuple[Article, ...]:
    return load_articles(folder, "en")


def complaints(folder: Path) -> list[str]:
    with pytest.raises(IntentsError) as caught:
        load_articles(folder, "en")
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_front_matter_and_passages_are_read(tmp_path: Path) -> None:
    write(tmp_path, "service/returns.md", RETURNS)
    (article,) = load_articles(tmp_path, "de")
    assert article.name == "service/returns.md"
    assert article.title == "Returns"
    assert article.url == "https://shop.test/returns"
    assert (article.language, article.audience) == ("en-GB", "slack:C024BE91L")
    assert (article.valid_from, article.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [(p.heading, p.place, p.text) for p in article.passages] == [
        ((), 11, "You have 60 days."),
        (("Costs", "Inside the EU"), 17, "Four euros.\n\nA second paragraph."),
        (("Costs", "Elsewhere"), 23, "Twelve euros."),
    ]


def test_article_without_front_matter_takes_its_title_from_the_first_heading(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a.md", "# Opening *hours*\n\nFrom ten to six.\n")
    (article,) = load_articles(tmp_path, "nl")
    assert (article.title, article.language, article.audience) == ("Opening hours", "nl", "public")
    assert article.valid_from is article.valid_until is None


def test_articles_come_in_the_order_of_their_names_and_hidden_files_are_none(
    tmp_path: Path,
) -> None:
    for name in ("b.md", "a.MD", "sub/c.markdown", ".draft.md", ".git/d.md", "notes.bak"):
        write(tmp_path, name, "# Title\n\nText.")
    assert [a.name for a in load_articles(tmp_path, "en")] == ["a.MD", "b.md", "sub/c.markdown"]


def test_line_ends_and_marks_of_other_systems_are_understood(tmp_path: Path) -> None:
    text = "\ufeff---\r\ntitle: Returns\r\n---\r\n\r\nYou have\r\n60 days.\r\n"
    write(tmp_path, "a.md", text.encode())
    (article,) = load_articles(tmp_path, "en")
    assert article.title == "Returns"
    assert [(p.place, p.text) for p in article.passages] == [(5, "You have\n60 days.")]


def test_comments_are_never_shown() -> None:
    markdown = (
        "Visible.\n\n<!-- internal:\nno refund -->\n\nAlso <!-- not --> visible.\n\n<!-- open"
    )
    (passage,) = cut(markdown).passages
    assert passage.text == "Visible.\n\nAlso  visible."


def test_headings_inside_code_are_text() -> None:
    (passage,) = cut("```\n# not a heading\n```").passages
    assert passage.heading == ()
    assert "# not a heading" in passage.text


def test_tables_and_lists_stay_whole() -> None:
    table = "| Size | Chest |\n| --- | --- |\n| M | 94 |"
    (passage,) = cut(f"# T\n\n## Men\n\n{table}\n\n1. one\n2. two\n").passages
    assert passage.text == f"{table}\n\n1. one\n2. two"


def test_long_section_is_cut_between_paragraphs() -> None:
    paragraphs = [f"Paragraph {n}. " + "word " * 88 for n in range(5)]
    passages = cut("# T\n\n## Long\n\n" + "\n\n".join(paragraphs)).passages
    assert [p.text.count("Paragraph") for p in passages] == [2, 2, 1]
    assert [p.place for p in passages] == [5, 9, 13]
    assert {p.heading for p in passages} == {("Long",)}


def test_long_paragraph_is_cut_between_sentences() -> None:
    passages = cut("\n".join(f"Sentence number {n} ends here." for n in range(120))).passages
    assert len(passages) > 2
    assert all(count_words(p.text) <= PASSAGE_WORDS for p in passages)
    assert all(p.text.endswith("here.") for p in passages)
    assert passages[1].text.startswith(f"Sentence number {passages[1].place - 1} ")


def test_chinese_is_cut_by_its_characters() -> None:
    passages = cut("收到商品后六十天内可以退货。" * 60).passages
    assert all(count_words(p.text) <= PASSAGE_WORDS for p in passages)
    assert "".join(p.text for p in passages) == "收到商品后六十天内可以退货。" * 60


@given(st.text(max_size=400))
def test_no_markdown_is_too_strange_to_cut(text: str) -> None:
    for passage in cut(text).passages:
        assert passage.text.strip()
        assert passage.place >= 1


def test_every_mistake_of_every_file_is_reported_with_its_place(tmp_path: Path) -> None:
    head = "---\naudiance: internal\nlanguage: english\nvalid_until: 2026-13-01\n---\nText.\n"
    write(tmp_path, "a.md", head)
    write(tmp_path, "b.txt", "This is a text without a title.\nIt has two lines.")
    write(tmp_path, "c.md", "---\ntitle: Empty\n---\n\n")
    write(tmp_path, "d.md", "# T\n\nCaf\xe9.".encode("latin-1"))
    write(tmp_path, "e.md", b"# T\n\n\x00\x01")
    write(tmp_path, "f.md", b"# T\n" + b"x" * LARGEST_TEXT_FILE)
    write(tmp_path, "g.md", "---\ntitle: Open\n\nText.")
    write(tmp_path, "h.md", "# Sound\n\nText.")
    assert complaints(tmp_path) == [
        'a.md:2:1: audiance: unknown key: did you mean "audience"?',
        (
            'a.md:4:14: valid_until: "2026-13-01" is no day: '
            "write year-month-day, for example 2026-12-31"
        ),
        "b.txt: no title: write `title: ...` into a file b.txt.yaml next to it",
        "c.md: warning: no text: write the article, or remove the file",
        "d.md:3:4: not UTF-8: save the file in the encoding UTF-8",
        "e.md: not a text: remove the file, or save it as what its name says",
        "f.md: larger than 1,000,000 bytes: split the article",
        "g.md:1:1: the front matter has no end: close it with a line of ---",
    ]
    assert [article.name for article in read_articles(tmp_path, "en").articles] == ["h.md"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("audience: everybody", '"everybody" is no audience'),
        ("audience:", "nothing is written here"),
        ("Audience: internal", 'did you mean "audience"?'),
        ("validUntil: 2026-01-31", 'did you mean "valid_until"?'),
        ("valid: 2026-01-31", 'did you mean "valid_from"?'),
        ("params:\n  audience: internal", "stands within params"),
        ("title: [a\naudience: internal", "not YAML"),
        ("title: a: b\nvisibility: private", "not YAML"),
        ("valid_from: 2026-02-01\nvalid_until: 2026-01-31", "is before valid_from"),
    ],
)
def test_wrong_front_matter_is_reported(tmp_path: Path, line: str, wrong: str) -> None:
    write(tmp_path, "a.md", f"---\n{line}\n---\n# T\n\nText.")
    (complaint,) = complaints(tmp_path)
    assert wrong in complaint


@pytest.mark.parametrize(
    ("name", "head", "wrong"),
    [
        (
            "a.txt",
            "---\naudience: internal\n---\n",
            ":1:1: only Markdown files have front matter",
        ),
        (
            "a.txt",
            "\n---\naudience: internal\n---\n",
            ":1:1: only Markdown files have front matter",
        ),
    ],
)
def test_what_was_meant_for_front_matter_never_makes_an_article_public(
    tmp_path: Path, name: str, head: str, wrong: str
) -> None:
    write(tmp_path, name, f"{head}# Title\n\nText.\n")
    reading = read_articles(tmp_path, "en")
    assert not reading.articles
    assert not reading.keeps(name)
    assert str(reading.problems[0]).startswith(f"{tmp_path / name}{wrong}")


def test_rule_at_the_head_of_an_article_is_no_front_matter(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "\n---\n\n# Title\n\nText.\n")
    (article,) = load(tmp_path)
    assert article.passages[0].text == "Text."


def test_symlink_loop_is_no_article(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# T\n\nText.")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "inside").symlink_to(tmp_path)
    assert [article.name for article in load_articles(tmp_path, "en")] == ["a.md"]


def test_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert complaints(tmp_path / "missing") == [
        f"{tmp_path}/missing: no such folder: create it, or correct knowledge.path in config"
    ]


def test_folder_beside_the_intents_is_used_when_it_is_there(tmp_path: Path) -> None:
    config = Config(intents=tmp_path)
    assert knowledge_folder(config) is None
    (tmp_path / "knowledge").mkdir()
    assert knowledge_folder(config) == tmp_path / "knowledge"
    named = config.model_copy(update={"knowledge": KnowledgeConfig(path=Path("elsewhere"))})
    assert knowledge_folder(named) == Path("elsewhere")


def test_shipped_articles_are_sound() -> None:
    articles = load_articles(Path("intents/knowledge"), "en")
    assert len(articles) >= 15
    assert all(article.audience == "public" for article in articles)


def test_every_format_is_an_article_with_its_place(tmp_path: Path) -> None:
    page = "<html lang=de><title>Rückgabe</title><body>\n<h2>Fristen</h2>\n<p>60 Tage.</p>"
    write(tmp_path, "a.html", page)
    write(tmp_path, "b.txt", "Opening hours\n\nFrom ten to six.")
    write(tmp_path, "c.pdf", pdf([("Title", "Warranty")], [("Normal", "It lasts ten years.")]))
    write(tmp_path, "d.docx", word(("Title", "Rental"), ("Normal", "Nine euros.")))
    found = {a.name: (a.title, a.unit, a.passages[-1].place) for a in load(tmp_path)}
    assert found == {
        "a.html": ("Rückgabe", "line", 3),
        "b.txt": ("Opening hours", "line", 1),
        "c.pdf": ("Warranty", "page", 2),
        "d.docx": ("Rental", "paragraph", 2),
    }


def test_file_beside_an_article_says_what_front_matter_would(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", pdf([("Normal", "Ten years.")]))
    write(tmp_path, "a.pdf.yaml", "title: Warranty\naudience: internal\nvalid_until: 2026-12-31\n")
    (article,) = load(tmp_path)
    assert (article.title, article.audience) == ("Warranty", "internal")
    assert article.valid_until == date(2026, 12, 31)


def test_defaults_of_folders_hold_until_something_nearer_says_otherwise(tmp_path: Path) -> None:
    write(tmp_path, "_defaults.yaml", "language: de\n")
    write(tmp_path, "staff/_defaults.yaml", "audience: internal\n")
    for name in ("a.md", "staff/b.md", "staff/deep/c.md"):
        write(tmp_path, name, "# T\n\nText.")
    write(tmp_path, "staff/d.md", "---\naudience: public\nlanguage: en\n---\n# T\n\nText.")
    assert {a.name: (a.language, a.audience) for a in load(tmp_path)} == {
        "a.md": ("de", "public"),
        "staff/b.md": ("de", "internal"),
        "staff/deep/c.md": ("de", "internal"),
        "staff/d.md": ("en", "public"),
    }


def test_what_looks_as_if_it_counted_and_does_not_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# T\n\nText.")
    write(tmp_path, "a.md.yaml", "audience: internal\n")
    write(tmp_path, "b.doc", b"\xd0\xcf\x11\xe0")
    write(tmp_path, "retruns.pdf.yaml", "audience: internal\n")
    write(tmp_path, "sub/_defaults.yaml", "audience: internl\ntitle: X\n")
    write(tmp_path, "sub/c.md", "# T\n\nText.")
    reading = read_articles(tmp_path, "en")
    assert not reading.articles
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in sorted(reading.problems)] == [
        (
            "a.md.yaml: Markdown has front matter: move its lines to the beginning of a.md, "
            "between --- lines"
        ),
        "b.doc: warning: not read: save it as DOCX or PDF, or remove it",
        (
            "retruns.pdf.yaml: belongs to no article: "
            "name it after one, such as returns.pdf.yaml, or _defaults.yaml"
        ),
        (
            'sub/_defaults.yaml:1:11: audience: "internl" is no audience: '
            "write public, internal, or PLATFORM:ID with the id of a channel or role there"
        ),
        (
            "sub/_defaults.yaml:2:1: title: unknown key: "
            "known are language, audience, valid_from, valid_until"
        ),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "audiance: internal",
        "audience: internl",
        "valid_until: soon",
        "title: [\naudience: internal",
        "draft: true",
    ],
)
def test_article_whose_readers_are_in_doubt_does_not_stay_as_it_was(
    tmp_path: Path, head: str
) -> None:
    write(tmp_path, "a.md", f"---\n{head}\n---\n# T\n\nText.")
    assert read_articles(tmp_path, "en").keeps("a.md") is False


def test_meta_tags_are_checked_like_front_matter(tmp_path: Path) -> None:
    write(tmp_path, "a.html", '<h1>T</h1>\n  <meta name="frontdesk-audience" content="all"><p>Text')
    assert complaints(tmp_path) == [
        (
            'a.html:2:3: audience: "all" is no audience: '
            "write public, internal, or PLATFORM:ID with the id of a channel or role there"
        )
    ]
    assert not read_articles(tmp_path, "en").keeps("a.html")


def test_what_is_converted_once_is_known_by_its_content(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", pdf([("Title", "Warranty"), ("Normal", "Ten years.")]))
    first = read_articles(tmp_path, "en")
    (tmp_path / "a.pdf").rename(tmp_path / "b.pdf")
    known = {key: Converted("# Known", (1,)) for key in first.conversions}
    assert not read_articles(tmp_path, "en", known).articles
    assert read_articles(tmp_path, "en", first.conversions).conversions == first.conversions


def test_files_that_cannot_be_read_are_reported_and_stay(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# T\n\nText.")
    (tmp_path / "b.md").symlink_to("gone.md")
    write(tmp_path, "c.md", "")
    (tmp_path / "huge.pdf").touch()
    os.truncate(tmp_path / "huge.pdf", 50_000_000)
    reading = read_articles(tmp_path, "en")
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in reading.problems] == [
        "b.md: warning: a link that leads nowhere: correct or remove it",
        "c.md: empty: write the article, or remove the file",
        "huge.pdf: larger than 20,000,000 bytes: split the article",
    ]
    assert [reading.keeps(name) for name in ("a.md", "b.md", "huge.pdf")] == [False, True, True]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are for their owner alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_folder_without_permission_is_reported_and_stays(open_folder: Path) -> None:
    tmp_path = open_folder
    write(tmp_path, "closed/a.md", "# T\n\nText.")
    write(tmp_path, "b.md", "# T\n\nText.")
    write(tmp_path, "c.md", "# T\n\nText.")
    (tmp_path / "closed").chmod(0o000)
    (tmp_path / "c.md").chmod(0o000)
    os.seteuid(65534)
    try:
        reading = read_articles(tmp_path, "en")
    finally:
        os.seteuid(0)
        (tmp_path / "closed").chmod(0o755)
    assert [article.name for article in reading.articles] == ["b.md"]
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in reading.problems] == [
        "closed: cannot be read (permission denied): correct its permissions",
        "c.md: cannot be read (permission denied): correct its permissions",
    ]
    assert reading.keeps("closed/a.md")


def test_names_of_any_bytes_are_articles(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"a#b > c.md", b"line\nend.md", "退货.md".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("# T\n\nText.")
    articles = load(tmp_path)
    assert {a.name for a in articles} == {"caf�.md", "a#b > c.md", "line�end.md", "退货.md"}
    assert digest(articles)
