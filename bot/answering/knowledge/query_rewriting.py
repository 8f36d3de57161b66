"""Follow-ups: "and how long does that take?" is completed from the conversation, for the search.

Rules, not a model: they cost nothing, work without GPT, and what they do can be read in the trace.
A question that could stand alone is never touched, since what was said before would only blur it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages import TranscriptEntry

_LONGEST = 14
"""Words from which a question is taken to stand alone, whatever it begins with."""

_LONGEST_CHINESE = 16
"""The same in ideographs."""

_FEW = 3
"""Words up to which a question without a verb of its own leans on what came before."""

_LOOK_BACK = 3
"""Follow-ups in a row through which the question that they lean on is looked for."""

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
    """Tell whether the words of a question point to what was said before.

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
    """Tell whether a question may lean on what was said before: it points there, or says little.

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
    """Return a question together with the one that it leans on; else as it is.

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
