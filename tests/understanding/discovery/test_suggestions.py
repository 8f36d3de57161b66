"""What would help a group, and what it is called."""

from __future__ import annotations

import pytest

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.discovery.naming import background, suggested_name
from bot.understanding.discovery.suggestions import (
    ArticleFound,
    Help,
    Nearest,
    found_article,
    nearest_intent,
    what_helps,
)
from bot.understanding.intents.names import is_name


def predicted(**confidences: float) -> Prediction:
    ranked = sorted(confidences.items(), key=lambda each: -each[1])
    return Prediction(tuple(ScoredIntent(*each) for each in ranked), 0.7, 0.4, "v", "h")


def test_the_nearest_intent_is_that_of_all_messages_together() -> None:
    nearest = nearest_intent(
        [predicted(a=0.6, b=0.5), predicted(b=0.4, a=0.1), predicted(a=0.5, c=0.4)]
    )
    assert (nearest.intent, round(nearest.score, 2), round(nearest.ahead, 2)) == ("a", 0.4, 0.1)
    assert nearest_intent([predicted()]) == Nearest()


def test_the_article_is_the_one_that_is_found_for_most() -> None:
    found = found_article([[("a.md", 0.3), ("b.md", 0.2)], [("b.md", 0.5)], [("b.md", 0.2)], []])
    assert (found.name, round(found.score, 3), found.share) == ("b.md", 0.225, 0.5)
    assert found.says_it
    assert found_article([[], []]) == ArticleFound()


@pytest.mark.parametrize(
    ("nearest", "article", "to_do", "helps"),
    [
        (Nearest("a", 0.7, 0.5), ArticleFound("x.md", 0.3, 0.9), 0.8, Help.EXAMPLES),
        (Nearest("a", 0.7, 0.1), ArticleFound("x.md", 0.3, 0.9), 0.8, Help.NEW_INTENT),
        (Nearest("a", 0.5, 0.3), ArticleFound(), 0.8, Help.EXAMPLES),
        (Nearest("a", 0.5, 0.3), ArticleFound(), 0.1, Help.NEW_ARTICLE),
        (Nearest("a", 0.5, 0.1), ArticleFound("x.md", 0.3, 0.9), 0.1, Help.FOUND_ARTICLE),
        (Nearest("a", 0.5, 0.1), ArticleFound("x.md", 0.3, 0.2), 0.1, Help.NEW_ARTICLE),
        (Nearest("a", 0.1, 0.1), ArticleFound("x.md", 0.02, 0.9), 0.8, Help.NOTHING),
    ],
)
def test_what_helps(nearest: Nearest, article: ArticleFound, to_do: float, helps: Help) -> None:
    assert what_helps(nearest, article, to_do) is helps


TEXTS = [
    ("would you sponsor our expedition", "ann"),
    ("we look for sponsors of a hike", "bob"),
    ("sponsoring an expedition?", "eve"),
    ("my friend Xaver needs help", "eve"),
]


def name(texts: list[tuple[str, str]], *taken: str) -> str:
    return suggested_name(
        texts, background(text for text, _ in texts), taken, people=2, otherwise="stock_other"
    )


def test_a_name_is_made_of_words_that_several_people_used() -> None:
    assert name(TEXTS) == "sponsor_expedition"
    assert "xaver" not in name(TEXTS)


def test_a_name_is_valid_and_not_taken() -> None:
    assert name(TEXTS, "sponsor_expedition") == "sponsor_expedition_2"
    assert name([("在哪里", "a"), ("什么", "b")]) == "stock_other"
    assert is_name(name([("[EMAIL_1] [EMAIL_1]", "a"), ("[EMAIL_1]", "b")]))
