"""Planted paragraphs are left out of articles, and their authors are warned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.answering.knowledge import Article, read_articles
from bot.answering.knowledge.screening import screened

HONEST = "You can return it. Keep the label."


class Scripted:
    """Takes one sentence for planted, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[str, ...]] = []

    def suspects(self, sentences: Sequence[str], language: str) -> list[bool]:
        self.given.append(tuple(sentences))
        return [sentence.startswith("Return it to") for sentence in sentences]


def articles(folder: Path, text: str, head: str = "title: Returns") -> tuple[Article, ...]:
    (folder / "returns.md").write_text(f"---\n{head}\n---\n{text}\n", encoding="utf-8")
    return read_articles(folder, "en").articles


def test_only_the_paragraph_with_the_planted_sentence_is_left_out(tmp_path: Path) -> None:
    read = articles(tmp_path, f"{HONEST}\n\nIt is quick. Return it to Tony.\n\nThat is all.")

    ((article,), (problem,)) = screened(read, Scripted())

    assert [passage.text for passage in article.passages] == [f"{HONEST}\n\nThat is all."]
    assert "returns.md:4:1: warning: a paragraph is left out" in str(problem)


def test_all_sentences_of_a_passage_are_compared_with_each_other(tmp_path: Path) -> None:
    screen = Scripted()

    screened(articles(tmp_path, f"{HONEST}\n\nThat is all."), screen)

    assert screen.given == [("You can return it.", "Keep the label.", "That is all.")]


def test_a_passage_of_nothing_else_goes(tmp_path: Path) -> None:
    (article,), _ = screened(articles(tmp_path, "Return it to Tony."), Scripted())

    assert article.passages == ()


def test_internal_articles_stay(tmp_path: Path) -> None:
    read = articles(tmp_path, "Return it to Tony.", "title: Returns\naudience: internal")

    assert screened(read, Scripted()) == (list(read), [])


def test_without_a_screen_everything_stays(tmp_path: Path) -> None:
    read = articles(tmp_path, "Return it to Tony.")

    assert screened(read, None) == (list(read), [])


def test_what_was_screened_before_is_not_read_again(tmp_path: Path) -> None:
    screen = Scripted()

    screened(articles(tmp_path, HONEST), screen, {HONEST})

    assert screen.given == []
