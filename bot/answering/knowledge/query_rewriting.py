"""Query rewriting: completes a follow-up ("and how long does that take?") from the conversation.

By rules, not a model: they cost nothing, work without GPT, and appear in the trace. A question that
is complete by itself stays unchanged: earlier messages would only add noise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversations.transcript import TranscriptEntry

_LONGEST = 14
"""Words from which a question counts as complete, whatever it begins with."""

_LONGEST_CHINESE = 16
"""The same, in ideographs."""

_FEW = 3
"""Words up to which a question counts as a follow-up."""

_LOOK_BACK = 3
"""Most follow-ups in a row between a question and the one that it completes."""

_BEGINS = re.compile(
    r"(?:and|but|so|then|also|or|what about|how about|what if|same for|even|only|und|aber|oder|dann"
    r"|auch|was ist mit|gilt das|et|mais|y|pero)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|there|one|ones|another"
    r"|the (?:other|same|first|second|former|latter)|either|both|instead|otherwise|then"
    r"|as well|too|that long|that much"
    r"|das|dies(?:e[rsmn]?)?|es|sie|ihn|ihm|davon|dafür|damit|dort|dazu|dabei|deren|beide"
    r"|ça|cela|celui|celle|eso|esto|ello)\b",
    re.IGNORECASE,
)
_POINTS_CHINESE = re.compile(
    r"^(?:那|那么|还有|另外|而且|但是|可是|如果|要是|为什么|多久|多少钱|什么时候)|它|这个|那个|这样|那样"
    r"|这些|那些|呢[?？]?$|这|那(?!里)"
)
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def points_back(question: str) -> bool:
    """Return whether a question has words that refer to earlier messages.

    >>> points_back("and how long does that take?"), points_back("how do I return boots?")
    (True, False)
    >>> points_back("那要多久?"), points_back("退货需要多少钱?")
    (True, False)
    """
    text = question.strip()
    if _is_chinese(text):
        return len(text) <= _LONGEST_CHINESE and _POINTS_CHINESE.search(text) is not None
    words = len(_WORD.findall(text))
    begins = words <= 2 * _FEW and _BEGINS.match(text) is not None
    return 0 < words <= _LONGEST and (begins or _POINTS.search(text) is not None)


def is_follow_up(question: str) -> bool:
    """Return whether a question may be a follow-up: it refers to earlier messages or is short.

    >>> is_follow_up("from how much?"), is_follow_up("how do I return boots?")
    (True, False)
    >>> is_follow_up("怎么退货?")
    False
    """
    short = not _is_chinese(question) and 0 < len(_WORD.findall(question)) <= _FEW
    return short or points_back(question)


def _is_chinese(text: str) -> bool:
    return len(_IDEOGRAPH.findall(text)) >= max(1, len(text.strip()) // 3)


def completed(question: str, turns: Sequence[TranscriptEntry]) -> str:
    """Return a follow-up together with the questions that it depends on; others unchanged.

    Args:
        question: What the customer asks now.
        turns: What was said before, oldest first.
    """
    if not is_follow_up(question):
        return question
    asked = [turn.text.strip() for turn in turns if turn.role == "customer"]
    leaning: list[str] = []
    for earlier in reversed(asked[-_LOOK_BACK - 1 :]):
        if not earlier or earlier == question:
            continue
        leaning.insert(0, earlier)
        if not is_follow_up(earlier):
            break
    return " ".join([*leaning, question.strip()])
