"""The vault: personal data stays in, placeholders go out, and come back as what they stood for."""

from __future__ import annotations

import re

from bot.privacy.detector import find
from bot.privacy.spans import STRENGTH

_LABELS = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "URL": "LINK",
    "US_SSN": "SSN",
    "ORDER_NUMBER": "NUMBER",
    "SECRET": "SECRET",
    "PERSON": "PERSON",
    "STREET_ADDRESS": "ADDRESS",
}

PLACEHOLDER = re.compile(
    rf"\[(?P<label>{'|'.join(_LABELS[kind] for kind in STRENGTH)})_(?P<number>\d{{1,4}})\]"
)
"""What stands for a piece of personal data: `[EMAIL_1]`."""

_EDGE = re.compile(r"(?<!\w)(?=\S)")
"""Where a value can begin."""

_RECALLED = 4
"""Characters from which a value that was found once is hidden wherever it stands."""


class Pseudonyms:
    """Keeps the personal data of one conversation while others work with its text.

    The same value has the same placeholder, however it is capitalised. A vault lives as long as
    one answer is made and is never stored.

    Args:
        public: What everybody may read, such as the articles that an answer is made from: what
            stands there, a brand or the company's own address, is not hidden.

    >>> vault = Pseudonyms()
    >>> vault.hide("I am Maria Schmidt, write to maria@example.org")
    'I am [PERSON_1], write to [EMAIL_1]'
    >>> vault.restore("We write to [EMAIL_1].")
    'We write to maria@example.org.'
    """

    def __init__(self, public: str = "") -> None:
        self._public = public.casefold()
        self._placeholders: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        """Nothing personal has been found so far."""
        return not self._values

    def hide(self, text: str) -> str:
        """Replace the personal data in a text by placeholders."""
        pieces: list[str] = []
        done = 0
        for span in find(text):
            value = text[span.start : span.end]
            if value.casefold() in self._public:
                continue
            pieces += [text[done : span.start], self._placeholder(span.type, value)]
            done = span.end
        return self.hide_known("".join(pieces) + text[done:])

    def hide_known(self, text: str) -> str:
        """Hide only values that were found before, where nothing but memory tells what they are."""
        known = {v: p for p, v in self._values.items() if len(v) >= _RECALLED}
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
        """Put the values back; only for the eyes of the customer whose data it is."""
        return PLACEHOLDER.sub(lambda match: self._values.get(match.group(), match.group()), text)

    def veil(self, text: str, instead: str) -> str:
        """Put other words where a value stood: for places where others can read along."""
        return PLACEHOLDER.sub(
            lambda match: instead if match.group() in self._values else match.group(), text
        )

    def _placeholder(self, kind: str, value: str) -> str:
        key = " ".join(value.split()).casefold()
        if key not in self._placeholders:
            label = _LABELS[kind]
            self._counts[label] = self._counts.get(label, 0) + 1
            placeholder = f"[{label}_{self._counts[label]}]"
            self._placeholders[key] = placeholder
            self._values[placeholder] = value
        return self._placeholders[key]


def _is_edge(text: str, place: int) -> bool:
    """Return whether a value can end here: not amid a word."""
    return place >= len(text) or not (text[place].isalnum() or text[place] == "_")


def masked(text: str) -> str:
    """Return a text with its personal data hidden for good: for logs, reports and staff.

    >>> masked("mail maria@example.org or anna@example.org")
    'mail [EMAIL_1] or [EMAIL_2]'
    """
    return Pseudonyms().hide(text)
