"""Fits the weights of `bot/answering/selection/nearness.py` on the questions of other trades.

    python -m benchmarks.grounding.nearness [--part build]

Prints the weights, and how well they tell the units that answer from the others when each
question is left out in turn with its trade.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.grounding.trades import PARTS, Trade, TradeQuestion, is_unit, load_trades
from bot.answering.knowledge.search import ArticleSearch, article_of
from bot.answering.selection.nearness import Nearness
from bot.answering.selection.offer import UnitOffer, UnitSearch
from bot.conversations.transcript import Conversation
from bot.messages import Author, Message, Received
from bot.ports import Audience
from bot.responder import Turn
from bot.text.catalogues import cue_words

_RIDGE = 0.5
"""Weight of the squared weights against the likelihood."""


@dataclass(frozen=True)
class QuestionFeatures:
    """The features of what is offered for a question.

    Attributes:
        features: Of each text that is asked, shape (n_asked, n_units, n_features).
        right: Which units answer, shape (n_units,).
        treats: Which units stand in an article that treats the question, shape (n_units,).
    """

    trade: str
    question: TradeQuestion
    offer: UnitOffer
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    treats: NDArray[np.bool_]


async def features_of(trades: Sequence[Trade]) -> AsyncIterator[QuestionFeatures]:
    """Yield the features of all questions."""
    for trade in trades:
        nearness = Nearness(trade.shop.retriever.encoders)
        search = ArticleSearch(trade.shop.retriever, lambda _: Audience())
        units = UnitSearch(search, nearness, cue_words("joints"))
        for question in trade.questions:
            turn = await search.find(_turn(question))
            offer = await units.offer(turn)
            found = nearness.features(
                offer.asked, offer.passages, offer.units, language=question.language
            )
            names = [
                article_of(offer.passages[u.passage].citation).removesuffix(".md")
                for u in offer.units
            ]
            yield QuestionFeatures(
                trade.name,
                question,
                offer,
                np.stack(list(found)),
                np.array([any(is_unit(u, t) for t in question.units) for u in offer.units]),
                np.array([name in question.articles for name in names]),
            )


def fit(rows: Sequence[QuestionFeatures]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression; units that answer weigh as much as the others.

    Of a question with several texts, a unit counts with the text that it is nearest to by meaning.
    """
    inputs = np.concatenate([row.features.max(axis=0) for row in rows])
    answers = np.concatenate([row.right for row in rows])
    weights = np.where(answers, 0.5 / answers.sum(), 0.5 / (~answers).sum()) * len(answers)
    signs = np.where(answers, 1.0, -1.0)

    def loss(parameters: NDArray[np.float64]) -> float:
        margins = signs * (inputs @ parameters[:-1] + parameters[-1])
        likelihood = float((weights * np.logaddexp(0.0, -margins)).sum())
        return likelihood + _RIDGE * float(parameters[:-1] @ parameters[:-1])

    found = minimize(loss, np.zeros(inputs.shape[1] + 1), method="L-BFGS-B")
    return np.asarray(found.x[:-1])


def area(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve."""
    ranks = np.argsort(np.argsort(scores)) + 1.0
    positives, negatives = int(right.sum()), int((~right).sum())
    below = ranks[right].sum() - positives * (positives + 1) / 2
    return float(below / (positives * negatives))


def _turn(question: TradeQuestion) -> Turn:
    now = datetime.now(UTC)
    person = Author("benchmark:team:ann")
    message = Message("benchmark:app:c:1", "benchmark:app:c", person, question.text, now)
    conversation = Conversation("benchmark:app:c", ())
    return Turn(Received(message), conversation, question.text, question.language)


async def main() -> None:
    """Fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="build")
    trades = load_trades(parser.parse_args().part)
    rows = [row async for row in features_of(trades)]
    scores, right, treats = [], [], []
    for name in dict.fromkeys(row.trade for row in rows):
        weights = fit([row for row in rows if row.trade != name])
        for row in rows:
            if row.trade == name:
                scores.append((row.features @ weights).max(axis=0))
                right.append(row.right)
                treats.append(row.treats)
    every = np.concatenate(scores), np.concatenate(right), np.concatenate(treats)
    print(f"area under the curve, each trade left out: {area(every[0], every[1]):.3f}")
    print(f"within the right articles: {area(every[0][every[2]], every[1][every[2]]):.3f}")
    print("weights:", ", ".join(f"{weight:.2f}" for weight in fit(rows)))


if __name__ == "__main__":
    asyncio.run(main())
