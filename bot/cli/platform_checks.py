"""What intents and articles say for platforms that are not installed: `check` doubts slips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from bot.errors import Problem
from bot.yamlfile import resembling

if TYPE_CHECKING:
    from bot.answering.knowledge import Article
    from bot.understanding.intents import IntentSet


def mistyped_wording(intents: IntentSet, installed: Collection[str]) -> Iterator[Problem]:
    """Warn of a reply's own wording for what looks like a misspelt platform.

    Wording for a platform that is not installed here is no mistake: intents may be shared.
    """
    for intent in intents.intents:
        path = next((example.path for example in intent.examples if example.path), None)
        names = {name for case in intent.entry.reply for name in case.platforms}
        for name in sorted(names.difference(installed)):
            remedy = resembling(name, installed)
            if path is not None and remedy.startswith("did you mean"):
                wrong = "own wording for a platform that is not installed"
                yield Problem(path, 0, 0, f"{intent.name}.reply.{name}", wrong, remedy, "warning")


def unseen_articles(articles: Iterable[Article], installed: Collection[str]) -> Iterator[Problem]:
    """Warn of articles that nobody can see, since they are for a platform that is not installed."""
    for article in articles:
        platform, colon, _ = article.audience.partition(":")
        if colon and platform not in installed:
            wrong = f'nobody sees it: no adapter named "{platform}" is installed'
            remedy = resembling(platform, installed)
            yield Problem(article.path, 0, 0, "audience", wrong, remedy, "warning")
