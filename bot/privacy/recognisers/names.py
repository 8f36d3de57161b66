"""Recogniser of personal names: known names, and words that introduce one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.privacy.recognisers.gazetteer import Gazetteer, gazetteer
from bot.privacy.spans import PERSON, Span

_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?")
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "da", "do", "dos", "del", "della", "di", "du", "la", "le",
     "el", "al", "bin", "ibn", "ten", "ter", "zu", "af", "av", "y", "st")
)  # fmt: skip
_LONGEST = 5
"""Words of one name."""

_BEFORE = 40
"""Characters before a name searched for the end of a sentence."""

_TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "madame", "mme",
     "mlle", "monsieur", "herr", "frau", "señor", "señora", "sr", "sra", "sig", "signora", "mister",
     "lord", "lady", "captain", "sergeant", "officer", "father", "sister", "president", "senator",
     "judge", "dame")
)  # fmt: skip

_NAME = r"[^\W\d_a-z\u3040-\u9fff\uac00-\ud7af][\w'’-]{0,40}\.?"
_NAMES = rf"(?P<it>{_NAME}(?:\s+(?:(?:van|von|der|de|da|del|di|la|bin|al)\s+)*{_NAME}){{0,3}})"
_TOLD = re.compile(
    r"(?:\b(?i:my\s+(?:full\s+)?name(?:\s+is|['’]s|:)|name(?:d)?\s*(?:is|:)|i\s?am|i['’]m|this\s+is"
    r"|call\s+me|called|on\s+behalf\s+of|(?:kind|best|warm)\s+regards|regards|sincerely|cheers"
    r"|yours(?:\s+truly)?|signed|best\s+wishes|dear|attn\.?|attention|c/o|contact|spoke\s+(?:to|with)"
    r"|ich\s+hei(?:ß|ss)e|mein\s+name\s+ist|ich\s+bin|je\s+m['’]appelle|je\s+suis|mon\s+nom\s+est"
    r"|me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|sono|meu\s+nome\s+(?:é|e)|ik\s+heet|mijn\s+naam\s+is"
    r"|mit\s+navn\s+er|jag\s+heter|mvg|liebe\s+gr(?:ü|u)(?:ß|ss)e|gr(?:ü|u)(?:ß|ss)e))"
    rf"\s*[,:]?\s+{_NAMES}"
)
_SURE = re.compile(
    r"(?:\b(?i:my\s+(?:full\s+)?name(?:\s+is|['’]s|:)|name\s*:|call\s+me|ich\s+hei(?:ß|ss)e"
    r"|mein\s+name\s+ist|je\s+m['’]appelle|me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|ik\s+heet"
    r"|mijn\s+naam\s+is|jag\s+heter|(?:mr|mrs|ms|dr|prof|herr|frau|mme|señora?)\.?))"
    rf"\s*[,:]?\s+{_NAMES}"
)
_ACTS = re.compile(
    rf"(?P<it>{_NAME}(?:\s+(?:(?:van|von|der|de|da|del|di|la|bin|al)\s+)*{_NAME}){{1,3}})"
    r"\s+(?:said|says|told|tells|asked|asks|called|wrote|writes|wants?|lives?|lived|works?|worked"
    r"|joined|married|born|died|emailed|answered|replied|promised|signed|paid|ordered|bought)\b"
)
_RELATED = re.compile(
    r"\b(?i:(?:my|his|her|our|their)\s+(?:wife|husband|partner|son|daughter|brother|sister|mother"
    r"|mom|mum|father|dad|friend|colleague|boss|neighbou?r|girlfriend|boyfriend|uncle|aunt|cousin"
    r"|roommate|assistant|lawyer)|colleague|actor|actress|singer|producer|author|writer|drummer"
    r"|guitarist|coach|agent|driver|customer|patient|client|employee|passenger|cardholder"
    r"|account\s+holder|the\s+name\s+(?:of|is)|in\s+the\s+name\s+of|under\s+the\s+name(?:\s+of)?"
    rf"|recipient|addressee)\s*[:,]?\s+{_NAMES}"
)
_LOWER = re.compile(
    r"\b(?i:my\s+(?:full\s+)?name\s+is)\s+(?P<it>[a-z]{2,20}(?:\s+[a-z]{2,20})?)(?=\s*(?:$|[,.!;\n]|and\b))"
)
_CHINESE = re.compile(
    r"(?:我(?:叫|是|的名字是|的名字叫)|姓名\s*[:：是]?|联系人\s*[:：是]?|收件人\s*[:：是]?)\s*"
    r"(?P<it>[\u4e00-\u9fff]{2,4}?)(?=$|[\s,，。.;；!！?？]|的|,)"
)
_CHINESE_TITLED = re.compile(r"(?P<it>[\u4e00-\u9fff]{1,2})(?:先生|女士|小姐|太太)")


def names(text: str) -> Iterator[Span]:
    """Yield names of people."""
    known = gazetteer()
    yield from _introduced(text, known)
    yield from _chinese(text, known)
    for run in _runs(text):
        yield from _in_run(text, run, known)


def _introduced(text: str, known: Gazetteer) -> Iterator[Span]:
    """Yield what follows "my name is" and the like."""
    for match in _SURE.finditer(text):
        if span := _trimmed(text, match.span("it"), known):
            yield span
    for pattern in (_TOLD, _RELATED, _ACTS):
        for match in pattern.finditer(text):
            span = _trimmed(text, match.span("it"), known)
            if span and _could_be_name(text[span.start : span.end], known):
                yield span
    for match in _LOWER.finditer(text):
        if match["it"].split()[0] in known.first:
            yield Span(*match.span("it"), PERSON)


def _chinese(text: str, known: Gazetteer) -> Iterator[Span]:
    for pattern in (_CHINESE, _CHINESE_TITLED):
        for match in pattern.finditer(text):
            if match["it"][0] in known.chinese or match["it"][:2] in known.chinese:
                yield Span(*match.span("it"), PERSON)


def _runs(text: str) -> Iterator[Sequence[re.Match[str]]]:
    """Yield runs of adjacent capitalised words, including particles between them."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        adjacent = run and text[run[-1].end() : word.start()] in {" ", "\u00a0", "  "}
        ends = run and run[-1].group().endswith(".") and len(run[-1].group()) > 3
        if not adjacent or (ends and run[-1].group().rstrip(".").lower() not in _TITLES):
            yield _without_tail(run)
            run = []
        if _is_capitalised(word.group()) or (run and word.group() in _PARTICLES):
            run.append(word)
        else:
            yield _without_tail(run)
            run = []
    yield _without_tail(run)


def _without_tail(run: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Drop particles at the end: a name does not end with them."""
    end = len(run)
    while end and run[end - 1].group() in _PARTICLES:
        end -= 1
    return run[:end]


def _in_run(text: str, run: Sequence[re.Match[str]], known: Gazetteer) -> Iterator[Span]:
    """Yield names within a run of capitalised words."""
    start = 0
    while start < len(run):
        length = _name_length(text, run[start : start + _LONGEST], known)
        if length:
            last = run[start + length - 1]
            yield Span(run[start].start(), _end(last), PERSON)
        start += max(length, 1)


def _name_length(text: str, run: Sequence[re.Match[str]], known: Gazetteer) -> int:
    """Return how many words from the first on are one name; 0 if it does not begin one."""
    first = _plain(run[0].group())
    if first in known.not_names or first in _PARTICLES or first in _TITLES:
        return 0
    length = 1
    for before, word in pairwise(run[:_LONGEST]):
        plain = _plain(word.group())
        if (plain in known.not_names and plain not in _PARTICLES) or (
            _is_possessive(before.group())
        ):
            break
        length += 1
    while length > 1 and _plain(run[length - 1].group()) in _PARTICLES:
        length -= 1
    words = [_plain(word.group()) for word in run[:length]]
    if length == 1:
        return int(_is_name_alone(run[0], known))
    return length if _is_full_name(words, text, run[0], known) else 0


def _is_full_name(words: Sequence[str], text: str, first: re.Match[str], known: Gazetteer) -> bool:
    """Return whether adjacent words are a given name and a family name."""
    if words[0] in known.first and words[0] not in known.common_words:
        return True
    family = known.is_family(words[-1]) or words[-1] in known.first
    if words[0] in known.first or (len(words[0]) == 1 and family):
        return family
    return family and words[-1] not in known.common_words and not _begins_sentence(text, first)


def _is_name_alone(word: re.Match[str], known: Gazetteer) -> bool:
    """Return whether a single word is a given name, and no common word in English."""
    plain = _plain(word.group())
    if word.group().isupper():
        return False
    return len(plain) > 2 and plain in known.first and plain not in known.common_words


def _trimmed(text: str, place: tuple[int, int], known: Gazetteer) -> Span | None:
    """Cut a name before the first word that is never part of one."""
    start, end = place
    words = [*_WORD.finditer(text, start, end)]
    for number, word in enumerate(words):
        if _plain(word.group()) in known.not_names:
            words = words[:number]
            break
        if word.group().endswith(".") and len(word.group()) > 3:
            words = words[: number + 1]
            break
    return Span(words[0].start(), _end(words[-1]), PERSON) if words else None


def _could_be_name(written: str, known: Gazetteer) -> bool:
    """Return whether capitalised words, where a name is expected, are a name."""
    words = [_plain(word) for word in written.split()]
    if words[0] in known.first or known.is_family(words[0]):
        return words[0] not in known.common_words or len(words) > 1
    return len(words) > 1 and not any(word in known.common_words for word in words)


def _begins_sentence(text: str, word: re.Match[str]) -> bool:
    first = max(word.start() - _BEFORE, 0)
    before = text[first : word.start()].rstrip(" \t\"'“‘(*-")
    return not before or before[-1] in ".!?:;\n。！？"


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def _is_possessive(word: str) -> bool:
    return word.endswith(("'s", "’s"))


def _plain(word: str) -> str:
    """Return a word in the form of the lists."""
    return word.rstrip(".").removesuffix("'s").removesuffix("’s").lower()


def _end(word: re.Match[str]) -> int:
    """Return where a word ends, without the full stop or the possessive."""
    text = word.group()
    shorter = text if len(text) <= 2 else text.rstrip(".")  # an initial
    for ending in ("'s", "’s"):
        shorter = shorter.removesuffix(ending)
    return word.start() + len(shorter)
