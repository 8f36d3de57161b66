"""Other ways to say the very same, where words change with the grammar and not with the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.grounding.bounds import bounded

_ONLY_IF = re.compile(
    r"\b(can|may)\s+only\s+(?P<what>[^,;]+?)\s+(?:if|when|in case)\b", re.IGNORECASE
)
_NOT_UNLESS = re.compile(
    r"\b(?:can't|cannot|can not|may not)\s+(?P<what>[^,;]+?),?\s+unless\b", re.IGNORECASE
)
_STEP = re.compile(
    r"^(?:first|firstly|then|next|after that|finally|lastly),?\s+"
    r"|\b(?:and|,)\s+(?:then|next|finally)\s+",
    re.IGNORECASE,
)


@bounded
def equivalents(text: str, *, steps: bool) -> Iterator[str]:
    """Yield a text, and what says the same as it.

    Args:
        text: A sentence, in plain words.
        steps: The evidence holds numbered steps, so that "first" may stand for their numbers.

    >>> list(equivalents("It can only be returned if it is faulty.", steps=False))[1:]
    ['It cannot be returned unless it is faulty.']
    >>> list(equivalents("First press Pay, and then wait.", steps=True))[1:]
    ['press Pay, and wait.']
    """
    yield text
    if (other := _ONLY_IF.sub(r"cannot \g<what> unless", text)) != text:
        yield other
    if (other := _NOT_UNLESS.sub(r"can only \g<what> if", text)) != text:
        yield other
    if steps and (other := _STEP.sub(_without_step, text)) != text:
        yield other


def _without_step(found: re.Match[str]) -> str:
    return "and " if found.group().lower().startswith("and") else ""
