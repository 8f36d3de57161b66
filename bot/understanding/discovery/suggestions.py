"""What would help a group of missed messages: examples, a new intent, or an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.ports import Prediction

_NEAR, _NEAR_TO_KNOW, _AHEAD = 0.4, 0.6, 0.25
"""Mean confidence in an intent from which a group wants its answer, the same for something to know,
and how far it must be ahead of the second one. Source of all these:
benchmarks/field/build/missed.yaml."""

_TO_DO = 0.4
"""Mean probability that something is to be done, from which a group is no matter of an article."""

_SAYS, _SAME = 0.2, 0.5
"""Mean score of an article from which it says the answer, and the share of messages of which it is
found first. Search quotes from 0.27 on, for each message by itself."""

_ABOUT_US, _IN_ARTICLES = 0.15, 0.06
"""Mean confidence in any intent, and mean score of any article, below both of which a group is
about something else than the desk."""


class Help(StrEnum):
    """What would help."""

    EXAMPLES = "examples for an intent"
    NEW_INTENT = "a new intent"
    NEW_ARTICLE = "an article: none says it"
    FOUND_ARTICLE = "an article says it, and search missed it"
    NOTHING = "nothing: it is about something else"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest intent of a group.

    Attributes:
        score: Mean confidence in it, in [0, 1].
        ahead: By how much that is more than of the second one.
    """

    intent: str = ""
    score: float = 0.0
    ahead: float = 0.0


@dataclass(frozen=True, slots=True)
class ArticleFound:
    """The article that is found for a group.

    Attributes:
        name: Path of its file below the folder of articles; empty: nothing is found.
        score: Mean score of its best passage, in [0, 1].
        share: Of how many messages it is found first, in [0, 1].
    """

    name: str = ""
    score: float = 0.0
    share: float = 0.0

    @property
    def says_it(self) -> bool:
        """Whether it holds the answer, as far as search can tell."""
        return bool(self.name) and self.score >= _SAYS and self.share >= _SAME


def nearest_intent(predictions: Sequence[Prediction]) -> Nearest:
    """Return the intent that messages are nearest to, taken together."""
    total: dict[str, float] = defaultdict(float)
    for prediction in predictions:
        for intent in prediction.intents:
            total[intent.name] += intent.confidence
    best = sorted(total.items(), key=lambda each: (-each[1], each[0]))[:2]
    if not best:
        return Nearest()
    score = best[0][1] / len(predictions)
    second = best[1][1] / len(predictions) if len(best) > 1 else 0.0
    return Nearest(best[0][0], score, score - second)


def found_article(found: Sequence[Sequence[tuple[str, float]]]) -> ArticleFound:
    """Return the article that is found for messages, taken together.

    Args:
        found: For each message the articles with the score of their best passage, best first.
    """
    total: dict[str, float] = defaultdict(float)
    first: Counter[str] = Counter()
    for articles in found:
        first.update(name for name, _ in articles[:1])
        for name, score in articles:
            total[name] += score
    if not total:
        return ArticleFound()
    best = min(total, key=lambda name: (-total[name], name))
    return ArticleFound(best, total[best] / len(found), first[best] / len(found))


def what_helps(nearest: Nearest, article: ArticleFound, to_do: float) -> Help:
    """Return what would help a group.

    Args:
        nearest: Its nearest intent, drafts included: one may have been suggested before.
        article: The article that is found for it.
        to_do: Mean probability that something is to be done.
    """
    enough = _NEAR if to_do >= _TO_DO else _NEAR_TO_KNOW
    if nearest.score >= enough and nearest.ahead >= _AHEAD:
        return Help.EXAMPLES
    if nearest.score < _ABOUT_US and article.score < _IN_ARTICLES:
        return Help.NOTHING
    if to_do >= _TO_DO:
        return Help.NEW_INTENT
    return Help.FOUND_ARTICLE if article.says_it else Help.NEW_ARTICLE
