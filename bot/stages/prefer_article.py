"""Compares the best passage of the articles with the likeliest intent, on one scale.

A sure intent must not hide an article that says more ("is it safe to use a gas stove in the tent"),
and nothing is asked back where an article answers.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from bot.answering.knowledge.search import ArticleSearch, is_native
from bot.messages import Part
from bot.ports import Answer, Answers, Passage, Prediction
from bot.responder import Turn
from bot.stages.clarify import means_either

_BIAS, _BY_SCORE, _BY_WORDS, _BY_CONFIDENCE = -1.48, 8.58, 7.7, -1.2
"""Logistic regression of "the passage answers, not the intent" on the passage's score, the share
of the question's words that it holds, and the log-odds of the intent's calibrated confidence.
Source: the questions of benchmarks/field/build/, tests/data/shop_questions.yaml and the tuning half
of tests/data/knowledge_questions.yaml that one of the two answers, both kinds weighted alike, and a
quarter of the shop's examples, with a quarter of the weight."""

_SURE, _UNSURE = 1.8, -0.3
"""Log-odds from which a passage comes before an intent that would be answered, and before one that
would be asked about: customers ask for intents more often than the lists do, and asking back costs
them a message."""

_CONFIDENCES = (0.02, 0.998)
"""Confidences beyond these are taken for these."""

_LEAST = 0.15
"""Score from which a passage may be quoted for a message about the desk's subjects, and ..."""

_OURS = 0.7
"""... share of the confidence for asking back from which a message is about them. Source:
benchmarks/field/build/; one in 25 of the shop's out-of-scope examples is quoted something more."""

_NEW = 0.55
"""Share of a message that must be new for its intents not to be answered. Source: as above; of the
messages there that an intent answers, one in fifty."""

_SAME_ARTICLE = 1.5
"""Added for a follow-up to a quoted article, when the passage is in that article."""


class PreferArticle:
    """Prefers the articles to the intents where they answer better.

    Args:
        search: Finds the passages.
        answers: Tells which intents hand over: an article never hides those.
        novelty: Returns the share of a message about things that the desk has never heard of.
        takes: Returns whether a text, in a language, names the number of a case that the form of
            an intent asks for: no article knows of that case.
    """

    def __init__(
        self,
        search: ArticleSearch,
        answers: Answers,
        novelty: Callable[[str], float],
        takes: Callable[[str, str, str], bool],
    ) -> None:
        self._search = search
        self._answers = answers
        self._novelty = novelty
        self._takes = takes

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Search, and mark the turn when an article is preferred."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents:
            return
        turn = await self._search.find(turn)
        best = self._search.best(turn)
        if self._hands_over(turn, prediction) or self._looks_up(turn, prediction):
            yield turn
            return
        new = self._novelty(turn.question or turn.scored) if is_native(turn.language) else 0.0
        if new >= _NEW:
            reason = f"{new:.0%} of the message is about things that nothing here names"
            yield replace(turn, skips_intents=True).because(reason)
            return
        if best is None or means_either(turn, prediction):
            yield turn
            return
        margin = self._margin(turn, best, prediction)
        sure = prediction.intents[0].confidence >= prediction.threshold
        if margin > (_SURE if sure else _UNSURE) and self._is_near(turn, best, prediction):
            reason = f"{best.citation} answers better than {prediction.intents[0].name}"
            turn = replace(turn, skips_intents=True, quotes=best.citation)
            turn = turn.because(f"{reason} ({margin:+.1f})")
        yield turn

    def _margin(self, turn: Turn, best: Passage, prediction: Prediction) -> float:
        """Return the log-odds that the passage answers, not the intent."""
        least, most = _CONFIDENCES
        confidence = min(max(prediction.intents[0].confidence, least), most)
        odds = _BIAS + _BY_SCORE * best.score + _BY_WORDS * best.covered
        odds += _BY_CONFIDENCE * math.log(confidence / (1.0 - confidence))
        return odds + (_SAME_ARTICLE if self._search.stays(turn, best) else 0.0)

    def _is_near(self, turn: Turn, best: Passage, prediction: Prediction) -> bool:
        ours = prediction.intents[0].confidence >= _OURS * prediction.ask_threshold
        return best.score >= (_LEAST if ours else self._search.least(turn.language))

    def _looks_up(self, turn: Turn, prediction: Prediction) -> bool:
        """Return whether the likeliest intent, if worth asking about, looks up what is named."""
        first = prediction.intents[0]
        if first.confidence < prediction.ask_threshold:
            return False
        answer = self._answer(turn, first.name)
        named = answer is not None and answer.form
        return named and self._takes(first.name, turn.text, turn.language)

    def _hands_over(self, turn: Turn, prediction: Prediction) -> bool:
        """Return whether the message surely is an intent that hands over."""
        first = prediction.intents[0]
        if first.confidence < prediction.threshold:
            return False
        answer = self._answer(turn, first.name)
        return answer is not None and answer.handoff

    def _answer(self, turn: Turn, intent: str) -> Answer | None:
        return self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
