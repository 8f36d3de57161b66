"""Language detection for messages.

A bot that is asked in one language most of the time must not answer in another by mistake. So the
language of the conversation is a prior, and so are the languages that are served; another one needs
evidence: words that are frequent there, and letters that follow each other there. Names of
products, and words of the desk, are no evidence; a misspelled word counts as the word that was
meant. All evidence is in decimal logarithms of probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from lingua import Language, LanguageDetectorBuilder

from bot.ports.understanding import MIXED
from bot.understanding.language.desk_words import DeskWords
from bot.understanding.language.normalise import normalise
from bot.understanding.language.tags import primary
from bot.understanding.language.word_evidence import WordEvidence

ENGLISH = "en"

OTHER = -1.5
"""Prior of a language other than the conversation's."""

NOT_SERVED = -2.5
"""The same, in addition, of one that is not served: most customers write in one that is."""

ONE_WORD = -1.0
"""The same, in addition, for a text of one word."""

UNSURE = 1.5
"""Lead of the first language over the second below which both are possible."""

STRANGE = 0.4
"""Share of words of the likeliest language below which a text may be a mixture, or in none."""

SENTENCE = 3
"""Minimum number of words of a mixture."""

EVIDENT = 2.0
"""Lead of another language over the conversation's from which it counts for such a text."""

IMPOSSIBLE = 1e-3
"""Probability by letters alone below which such a text is not in the conversation's language."""

MANY = 24
"""Minimum number of letters for that."""

MARKS = {"¿": "es", "¡": "es"}
"""Punctuation that one language has."""

MARKED = 2.0
"""Evidence of such a mark."""

FAMILIAR = 1.0
"""Evidence for English of a word that no list has, but the encoder's vocabulary or an example."""

USUAL = 0.0
"""Share of familiar words that is assumed when it cannot be measured."""

LETTERS = 1e-4
"""Least probability of a language by its letters alone."""

CLEARLY = 4.0
"""Lead of the conversation's language, by words alone, from which letters are not looked at."""

SHORTEST = 4
"""Minimum number of letters for detection; shorter texts are `thx`, `OK` and abbreviations."""

HALF = 0.5
"""Minimum confidence for a script's language other than the conversation's."""

_LOOKED_AT = 500
_LATIN = frozenset(
    {
        Language.DUTCH,
        Language.ENGLISH,
        Language.FRENCH,
        Language.GERMAN,
        Language.INDONESIAN,
        Language.ITALIAN,
        Language.POLISH,
        Language.PORTUGUESE,
        Language.SPANISH,
        Language.SWEDISH,
        Language.TURKISH,
        Language.VIETNAMESE,
    }
)
"""Latin-script languages that are always candidates; a related language is detected as one of
these. All 49 would double the memory and the rate of English texts detected as foreign."""

_POSSIBLE = 0.1
"""Least confidence for the conversation's language among those of one script."""


_KEPT = 64
"""Number of texts whose language is kept: the messages in hand."""


class LanguageDetector:
    """Detects the language of a text; in doubt, returns the language of the conversation.

    Thread-safe.

    Args:
        languages: BCP 47 tags that are served; detected languages get these tags. None: all are.
        familiar: Returns the share of a text's words that are surely English, in [0, 1]; None:
            unknown.
        desk: The words of the desk, by ISO 639-1 code of the language.

    >>> LanguageDetector(["en", "zh-CN"]).detect("我的订单到哪了", prior="en")
    'zh-CN'
    """

    def __init__(
        self,
        languages: Iterable[str] = (),
        familiar: Callable[[str], float] | None = None,
        desk: Mapping[str, DeskWords] | None = None,
    ) -> None:
        self._tags = {primary(tag): tag for tag in sorted(languages, reverse=True)}
        self._familiar = familiar or _usual
        self._known = {_code(language): language for language in Language.all()}
        ours = {self._known[code] for code in self._tags if code in self._known}
        others = Language.all() - Language.all_with_latin_script()
        # The accurate models of lingua take 300 MB for these languages, the others 25.
        self._detector = (
            LanguageDetectorBuilder.from_languages(*(_LATIN | others | ours))
            .with_low_accuracy_mode()
            .build()
        )
        self._words = WordEvidence(sorted(map(_code, _LATIN | (ours - others))), desk)
        # Several stages ask for the language of the same message.
        self._recent = lru_cache(maxsize=_KEPT)(self._candidates)

    def detect(self, text: str, *, prior: str) -> str:
        """Return the tag of a text's language.

        Args:
            text: Any text; only its beginning is used.
            prior: Tag returned for a text that could be in several languages.
        """
        return self.candidates(text, prior=prior)[0]

    def candidates(self, text: str, *, prior: str) -> tuple[str, ...]:
        """Return the tag of a text's language; when unsure, the second likeliest one as well.

        Args:
            text: Any text; only its beginning is used.
            prior: Tag that comes first for a text that could be in several languages.
        """
        return self._recent(text[:_LOOKED_AT], prior)

    def _candidates(self, text: str, prior: str) -> tuple[str, ...]:
        cleaned = normalise(text)
        foreign = _foreign(cleaned)
        if foreign:
            return (self._by_script(foreign, prior),)
        if _letters(cleaned) < SHORTEST:
            return (prior,)
        scores = self._scores(cleaned, primary(prior))
        first, second = sorted(scores, key=lambda tag: -scores[tag])[:2]
        long = len(cleaned.split()) >= SENTENCE
        if long and self._words.known(cleaned, first) < STRANGE:
            return self._strange(cleaned, first, scores, prior), MIXED
        found = [self._tag_of(first, prior)]
        if scores[first] - scores[second] < UNSURE:
            found.append(self._tag_of(second, prior))
        return tuple(found)

    def _strange(self, text: str, first: str, scores: Mapping[str, float], prior: str) -> str:
        """Return the language of a text that has few words of the likeliest one.

        That is no evidence against the conversation's language, unless its letters are.
        """
        ours = primary(prior)
        if scores[first] - scores[ours] >= EVIDENT:
            return self._tag_of(first, prior)
        letters = self._by_letters(text) if _letters(text) >= MANY else {}
        if letters.get(ours, 1.0) >= IMPOSSIBLE:
            return prior
        return self._tag_of(max(letters, key=lambda tag: letters[tag]), prior)

    def _by_letters(self, text: str) -> Mapping[str, float]:
        found = self._detector.compute_language_confidence_values(text)
        return {_code(each.language): each.value for each in found}

    def _tag_of(self, code: str, prior: str) -> str:
        return prior if code == primary(prior) else self._tags.get(code, code)

    def _scores(self, text: str, prior: str) -> Mapping[str, float]:
        """Return the logarithm of the probability of each Latin-script language."""
        scores = dict(self._words.of(text))
        scores.setdefault(prior, min(scores.values()))
        if ENGLISH in scores:
            scores[ENGLISH] += FAMILIAR * self._familiar_names(text)
        for mark, tag in MARKS.items():
            if mark in text and tag in scores:
                scores[tag] += MARKED
        one_word = ONE_WORD if len(text.split()) == 1 else 0.0
        for tag in scores:
            if tag != prior:
                served = not self._tags or tag in self._tags
                scores[tag] += OTHER + one_word + (0.0 if served else NOT_SERVED)
        best = max((score for tag, score in scores.items() if tag != prior), default=0.0)
        if scores[prior] - best >= CLEARLY:
            return scores
        letters = self._by_letters(text)
        return {
            tag: score + math.log10(max(letters.get(tag, 0.0), LETTERS))
            for tag, score in scores.items()
        }

    def _familiar_names(self, text: str) -> float:
        """Return about how many words are English, though no list has them."""
        unknown = 1 - self._words.anywhere(text)
        return min(unknown, max(self._familiar(text) + unknown - 1, 0.0)) * len(text.split())

    def _by_script(self, letters: str, prior: str) -> str:
        """Return the language of letters that are not Latin."""
        found = {
            one.language: one.value
            for one in self._detector.compute_language_confidence_values(letters)
        }
        for language in Language.all_with_latin_script() & found.keys():
            del found[language]
        best = max(found, key=lambda language: found[language])
        before = self._known.get(primary(prior))
        if before in Language.all_with_latin_script() or before is None:
            return self._tag(best) if found[best] > 0 else prior
        possible = found.get(before, 0) >= _POSSIBLE
        return prior if possible or found[best] < HALF else self._tag(best)

    def _tag(self, language: Language) -> str:
        code = _code(language)
        return self._tags.get(code, code)


def _code(language: Language) -> str:
    return language.iso_code_639_1.name.lower()


def _usual(_text: str) -> float:
    return USUAL


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _foreign(text: str) -> str:
    """Return the non-Latin letters of a text if they outweigh the Latin ones; else nothing."""
    if text.isascii():
        return ""
    others = "".join(c if c.isalpha() and not _is_latin(c) else " " for c in text)
    # One ideograph carries as much information as three letters.
    weight = sum(3 if c >= "\u2e80" else 1 for c in others if c != " ")
    latin = sum(c.isalpha() and _is_latin(c) for c in text)
    return others if weight and weight >= latin else ""


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"
