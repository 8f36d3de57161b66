"""Denials that leave out what they deny: "Most trains allow canisters. Eurostar does not."."""

from __future__ import annotations

import re

from bot.answering.grounding.bounds import bounded

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
    """Return whom a text denies something of, and what, if its end leaves out the latter.

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
