"""Informativeness: finds sentences without information (headings, echoes, repetitions).

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.grounding import lexicon
from bot.answering.grounding.alignment import is_light, pairs
from bot.answering.grounding.entailment import STRICT
from bot.answering.grounding.evidence import VERB, Evidence
from bot.answering.grounding.parsing import HAN, ParsedText

_HAN_VERB = re.compile(r"[是有在会能可要需须请得到收付寄退换买用做为凭给让不没未]")
_AMOUNT = re.compile(
    r"\b(?:most|many|much|few|half|both|several|little|rarely|often|usually|sometimes|some)\b|多数|部分",
    re.IGNORECASE,
)
"""Words that alone answer "how much" or "how often"."""

_WORD = re.compile(r"[^\W\d_]+")
_OF_ITSELF = re.compile(
    r"\b(?:the|this|that|your) (?:question|answer|sentence|statement|text)s? (?:is|are)"
    r"(?: \w+)? (?:about|an?|not)\b"
    r"|(?:问题|答案|回答)(?:都|也)?是?关于",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"(\b\w+\s\w[^.!?]*)\W+(?:(?:or|and)\s+)?\1\b|([\u3400-\u9fff]{2,})\W*\2", re.IGNORECASE
)
"""A phrase that is repeated at once: a degenerate output of the model."""

_ASKS = re.compile(r"[?？吗呢]\W*$")
_OPEN = re.compile(
    r"(?:^|[.!?,;:]\s*|\b(?:and|but|so|hi|hello|please)\s+)"
    r"(?:how|what(?!'?s? (?:about|if|happens))|which|when|where|why)\b(?! about)"
    r"|多少|多久|几|什么|怎么|怎样|哪|为何|何时|如何",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(?:^|[.!?,;:]\s*|\b(?:and|but|so|hi|hello|please)\s+)"
    r"(?:is|are|am|was|were|do|does|did|can|could|will|would|may|must|should|have|has)(?:n't)?\b"
    r"|\b(?:or|whether|if|who|whose|right\?)(?:\b|$)"
    r"|吗|吧|谁|还是|是否|(.)不\1|有没有",
    re.IGNORECASE,
)


def is_uninformative(claim: ParsedText, evidence: Evidence) -> str:
    """Return why a sentence is uninformative; empty when it is informative.

    Args:
        claim: The sentence, without a yes or no at its beginning.
        evidence: Holds the question, the earlier sentences, and the titles of the articles.
    """
    if _is_bare_number(claim):
        return "it is a number without a word"
    if _OF_ITSELF.search(claim.text):
        return "it is about the question or the answer"
    if _AGAIN.search(claim.text):
        return "it repeats itself"
    if any(_adds_nothing(claim, [said]) for said in evidence.said):
        return "it repeats an earlier sentence"
    question = evidence.question
    if (_ASKS.search(claim.text) or _is_open(question)) and _adds_nothing(claim, [question]):
        return "it only repeats the question"
    if any(_is_heading(claim, heading, question) for heading in _headings(evidence)):
        return "it only repeats a heading"
    return ""


def _is_heading(claim: ParsedText, heading: ParsedText, question: ParsedText) -> bool:
    """Return whether a sentence without a verb repeats a heading or the question.

    Verbs are known in English and Chinese only; in other languages only a literal copy counts.
    """
    verb = _HAN_VERB if HAN.search(claim.text) else VERB
    copied = _bare(claim.text) in _bare(heading.text)
    return (
        verb.search(claim.text) is None
        and (copied or _is_english(claim))
        and _adds_nothing(claim, [heading, question])
    )


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _is_english(claim: ParsedText) -> bool:
    foreign = lexicon.silent() - lexicon.words("function") - lexicon.words("negations")
    return foreign.isdisjoint(_bare(claim.text).split())


def _is_bare_number(claim: ParsedText) -> bool:
    bare = not any(quantity.unit for quantity in claim.quantities)
    return bool(claim.quantities) and bare and not claim.terms and not claim.han


def _is_open(question: ParsedText) -> bool:
    """Return whether a question is open: neither yes nor a choice answers it."""
    return bool(_OPEN.search(question.text)) and not _CLOSED.search(question.text)


def _headings(evidence: Evidence) -> list[ParsedText]:
    return list(dict.fromkeys(unit.context for unit in evidence.units))


def _adds_nothing(claim: ParsedText, known: Sequence[ParsedText]) -> bool:
    """Return whether all words, numbers and modifiers of a sentence are known already."""
    keys = frozenset(key for each in known for key in each.keys)
    numbers = [quantity for each in known for quantity in each.quantities]
    shifts = frozenset(shift for each in known for shift in _shifts(each))
    runs = [run for each in known for run in each.han]
    article_pairs = pairs("|".join(runs))
    return (
        all(is_light(term) or term.keys & keys for term in claim.terms)
        and all(any(q.is_same(p) for p in numbers) for q in claim.quantities)
        and all(
            pairs(run) <= article_pairs and any(run[0] in each for each in runs)
            for run in claim.han
        )
        and _shifts(claim) <= shifts
        and claim.negated in {each.negated for each in known}
    )


def _shifts(reading: ParsedText) -> frozenset[str]:
    amounts = (found.group().lower() for found in _AMOUNT.finditer(reading.text))
    return reading.markers & frozenset(STRICT) | frozenset(amounts)
