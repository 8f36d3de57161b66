"""Leaves planted paragraphs out of articles: what a trained head finds beside the patterns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.answering.knowledge.articles import Article
from bot.answering.knowledge.markup import plain
from bot.answering.knowledge.passages import ArticlePassage
from bot.errors import Problem
from bot.ports.screening import Screens
from bot.text.sentences import split

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_FEWEST = 6
"""Letters of a sentence that is screened."""


def screened(
    articles: Sequence[Article], screen: Screens | None, known: Collection[str] = ()
) -> tuple[list[Article], list[Problem]]:
    """Return the articles without planted paragraphs, and a warning for each that was left out.

    Internal articles stay as they are: they may say what to tell or to ask customers.

    Args:
        articles: As they were read.
        screen: Finds planted sentences; None where a model has none.
        known: Texts of passages that were screened before.
    """
    if screen is None:
        return list(articles), []
    kept: list[Article] = []
    problems: list[Problem] = []
    for article in articles:
        if article.audience == "internal":
            kept.append(article)
            continue
        passages = []
        for passage in article.passages:
            sound = passage.text if passage.text in known else _sound(passage, article, screen)
            if sound != passage.text:
                problems.append(_problem(article, passage))
            if sound:
                passages.append(replace(passage, text=sound))
        kept.append(replace(article, passages=tuple(passages)))
    return kept, problems


def _sound(passage: ArticlePassage, article: Article, screen: Screens) -> str:
    """Return the paragraphs of a passage in which no sentence looks planted."""
    paragraphs = _PARAGRAPHS.split(passage.text)
    sentences = [
        (number, sentence)
        for number, paragraph in enumerate(paragraphs)
        for sentence in _sentences(paragraph)
    ]
    doubts = screen.suspects([sentence for _, sentence in sentences], article.language)
    planted = {number for (number, _), doubt in zip(sentences, doubts, strict=True) if doubt}
    return "\n\n".join(p for number, p in enumerate(paragraphs) if number not in planted)


def _sentences(paragraph: str) -> Iterator[str]:
    for sentence in split(plain(paragraph)):
        if sum(map(str.isalpha, sentence)) >= _FEWEST:
            yield sentence


def _problem(article: Article, passage: ArticlePassage) -> Problem:
    line = passage.place if article.unit == "line" else 0
    key = "" if line else f"{article.unit} {passage.place}"
    wrong = "a paragraph is left out, it looks planted: an order, a trap or a dangerous claim"
    remedy = "write it for customers, in other words"
    return Problem(article.path, line, min(line, 1), key, wrong, remedy, "warning")
