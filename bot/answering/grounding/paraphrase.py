"""Paraphrases of a sentence with other grammar and the same facts.

Belongs to `gpt.answers: rephrase`.
"""

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
    """Yield a text and its paraphrases.

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


_AUXILIARY = (
    r"(?:does|do|did|is|are|was|were|can|could|may|must|will|would|has|have|should)"
    r"(?:n't|\s+not)|cannot"
)
_DENIAL = re.compile(
    rf"(?P<who>[^,;:.]{{2,60}}?)\s+(?:{_AUXILIARY}|never\s+(?:do|does|is|are|has|have|will|can))[.!]?",
    re.IGNORECASE,
)
_LAST = re.compile(r";\s*|,\s*(?:but\s+)?|\s+but\s+|\s+while\s+")


@bounded
def spelled_out(text: str, before: str) -> tuple[str, str] | None:
    """Return the subject of an elliptic denial and what it denies; None where there is none.

    Args:
        text: A sentence.
        before: The sentence before it; may be empty.

    >>> spelled_out("Eurostar does not.", "Most trains allow gas.")
    ('Eurostar', 'Most trains allow gas.')
    >>> spelled_out("Your bank may add a fee; we never do.", "")
    ('we', 'Your bank may add a fee')
    >>> spelled_out("We do not rent.", "All prices are in euro.")
    """
    if whole := _DENIAL.fullmatch(text):
        return (whole["who"], before) if before else None
    for cut in reversed(list(_LAST.finditer(text))):
        if last := _DENIAL.fullmatch(text[cut.end() :]):
            return last["who"], text[: cut.start()]
    return None
