"""Reads the cue phrases of what is said in a form."""

from __future__ import annotations

from functools import cache

from bot.answering.forms.commands import Said
from bot.text.catalogues import cue_words
from bot.understanding.language.cues import FILLERS, Cue, CuePhrases, CueReading, split_at_marks
from bot.understanding.language.denials import denials
from bot.understanding.language.words import Known, folded_words

AFTERTHOUGHT = 2
"""Words that may stand beside a cue phrase; a character of Chinese is a word."""

MOST_PARTS = 4
"""Parts of a text between marks that are read one by one; a longer text is no short answer."""

_ABOUT_FORMS = (
    Cue.FORM_SKIP,
    Cue.FORM_STOP,
    Cue.FORM_AGREES,
    Cue.FORM_WHY,
    Cue.FORM_REPEAT,
    Cue.FORM_PERSON,
    Cue.NEVER_MIND,
    Cue.UNSURE,
    Cue.YES,
    Cue.NO,
)

_AGREEING = frozenset({Cue.YES, Cue.FORM_AGREES})


@cache
def form_phrases() -> CuePhrases:
    """Return the phrases of what is said about a form."""
    return CuePhrases(_ABOUT_FORMS, FILLERS)


@cache
def change_phrases() -> CuePhrases:
    """Return the phrases by which something earlier is changed."""
    return CuePhrases((Cue.FORM_CORRECTS, Cue.FORM_CHANGES, Cue.NO), FILLERS)


def read_said(text: str, known: Known, *, strict: bool = False) -> Said:
    """Return what the cue phrases of a text say; a yes beside any other phrase is none.

    Args:
        text: What the customer wrote.
        known: Tells which words are no misspellings.
        strict: Free text is asked for: what stands beside a phrase is an answer.

    >>> read_said("stop, please", lambda word: False).stop
    True
    >>> read_said("the zip stops halfway and I can't go on", lambda word: False).stop
    False
    """
    found = form_phrases().read(text, known)
    changes = change_phrases().read(text, known).cues
    cues = found.cues if _says_little_else(found, text, strict=strict) else frozenset[Cue]()
    cues |= frozenset() if strict else _apart(text, known)
    stops = bool(cues & {Cue.FORM_STOP, Cue.NEVER_MIND})
    agrees = bool(found.cues) and found.cues <= _AGREEING
    instead = _instead(text, known)
    return Said(
        stop=stops or bool(instead),
        skip=bool(cues & {Cue.FORM_SKIP, Cue.UNSURE}),
        why=Cue.FORM_WHY in cues,
        repeat=Cue.FORM_REPEAT in cues or not folded_words(text),
        person=Cue.FORM_PERSON in cues,
        yes=agrees and not found.rest,
        no=Cue.NO in cues,
        pure=bool(cues) and not found.rest,
        agrees=agrees and not denials(found.rest),
        no_but=Cue.NO in changes,
        corrects=Cue.FORM_CORRECTS in changes and (not strict or _begins(text)),
        changes=Cue.FORM_CHANGES in changes,
        instead=instead,
    )


def _says_little_else(found: CueReading, text: str, *, strict: bool) -> bool:
    rest = len(folded_words(found.rest))
    allowed = 0 if strict else max(AFTERTHOUGHT, len(folded_words(text)) // 3)
    return rest <= allowed and not any(sign.isdigit() for sign in found.rest)


def _apart(text: str, known: Known) -> frozenset[Cue]:
    """Return what a part of a text between two marks says, when that part says nothing else."""
    parts = [part for part in split_at_marks(text) if folded_words(part)]
    if not 2 <= len(parts) <= MOST_PARTS:
        return frozenset()
    read = [form_phrases().read(part, known) for part in parts]
    said = frozenset(cue for each in read if not each.rest for cue in each.cues)
    return said & {Cue.FORM_SKIP, Cue.FORM_WHY, Cue.FORM_PERSON, Cue.UNSURE}


def _instead(text: str, known: Known) -> str:
    """Return what is wanted instead of what is stopped: "stop, where is my refund?"."""
    head, *tail = split_at_marks(text)
    rest = text[len(head) + 1 :].strip()
    if not tail or not folded_words(rest):
        return ""
    found = form_phrases().read(head, known)
    stops = found.cues & {Cue.FORM_STOP, Cue.NEVER_MIND}
    return rest if stops and not found.rest else ""


def _begins(text: str) -> bool:
    """Return whether a text begins with words that correct something, perhaps after a no."""
    words = folded_words(text)
    return any(words[at:][: len(phrase)] == phrase for phrase in _corrections() for at in (0, 1))


@cache
def _corrections() -> frozenset[tuple[str, ...]]:
    phrases = cue_words(Cue.FORM_CORRECTS).values()
    return frozenset(tuple(folded_words(each)) for words in phrases for each in words)
