"""Pseudonyms: replaces personal data by placeholders and restores the values afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.privacy.detector import find
from bot.privacy.kinds import KINDS, DataKind

PLACEHOLDER = re.compile(r"\[[A-Z]{1,40}_\d{1,4}\]")
"""Stands for a piece of personal data: `[EMAIL_1]`. What a customer typed may look like one."""

_EDGE = re.compile(r"(?<!\w)(?=\S)")
"""Where a value can begin."""

_SHORTEST_KNOWN = 4
"""Characters from which a value that was found once is hidden wherever it occurs."""


class Pseudonyms:
    """The placeholders of one answer, with the values that they stand for.

    The same value has the same placeholder, whatever its capitalisation. An instance lives only
    while one answer is made and is never stored.

    Args:
        public: What everybody may read, such as the articles that an answer is made from: a value
            that occurs there, a brand or the company's own address, is not hidden.
        kinds: The kinds of personal data to hide.

    >>> pseudonyms = Pseudonyms()
    >>> pseudonyms.hide("I am Maria Schmidt, write to maria@example.org")
    'I am [PERSON_1], write to [EMAIL_1]'
    >>> pseudonyms.restore("We write to [EMAIL_1].")
    'We write to maria@example.org.'
    """

    def __init__(self, public: str = "", kinds: Sequence[DataKind] = KINDS) -> None:
        self._public = public.casefold()
        self._kinds = kinds
        self._labels = {kind.name: kind.label for kind in kinds}
        self._placeholders: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing personal has been found so far."""
        return not self._values

    def hide(self, text: str) -> str:
        """Replace the personal data in a text by placeholders."""
        pieces: list[str] = []
        done = 0
        for span in find(text, self._kinds):
            value = text[span.start : span.end]
            if value.casefold() in self._public:
                continue
            pieces += [text[done : span.start], self._placeholder(span.type, value)]
            done = span.end
        return self.hide_known("".join(pieces) + text[done:])

    def hide_known(self, text: str) -> str:
        """Replace only values that were found before, also where no recogniser would find them."""
        known = {v: p for p, v in self._values.items() if len(v) >= _SHORTEST_KNOWN}
        begins = {value[0] for value in known}
        lengths = sorted({len(value) for value in known}, reverse=True)
        pieces: list[str] = []
        done = 0
        for edge in _EDGE.finditer(text) if known else ():
            start = edge.start()
            if start < done or text[start] not in begins:
                continue
            ends = (start + length for length in lengths)
            found = next((e for e in ends if text[start:e] in known and _is_edge(text, e)), None)
            if found is not None:
                pieces += [text[done:start], known[text[start:found]]]
                done = found
        return "".join(pieces) + text[done:]

    def restore(self, text: str) -> str:
        """Put the values back; only for a text that goes to the customer whose data they are."""
        return PLACEHOLDER.sub(lambda match: self._values.get(match.group(), match.group()), text)

    def veil(self, text: str, instead: str) -> str:
        """Replace the placeholders by other words: for a place that others can read."""
        return PLACEHOLDER.sub(
            lambda match: instead if match.group() in self._values else match.group(), text
        )

    def _placeholder(self, kind: str, value: str) -> str:
        key = " ".join(value.split()).casefold()
        if key not in self._placeholders:
            label = self._labels[kind]
            self._counts[label] = self._counts.get(label, 0) + 1
            placeholder = f"[{label}_{self._counts[label]}]"
            self._placeholders[key] = placeholder
            self._values[placeholder] = value
        return self._placeholders[key]


def _is_edge(text: str, place: int) -> bool:
    """Return whether a value can end here: not within a word."""
    return place >= len(text) or not (text[place].isalnum() or text[place] == "_")


def masked(text: str) -> str:
    """Return a text with its personal data replaced irreversibly: for logs, reports and staff.

    >>> masked("mail maria@example.org or anna@example.org")
    'mail [EMAIL_1] or [EMAIL_2]'
    """
    return Pseudonyms().hide(text)
