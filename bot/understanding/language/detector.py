"""Language detection for messages.

The decision that matters most is English or not: English has an encoder of its own, and a bot that
only sees English must not lose accuracy to other languages. So the language of the conversation is
a prior, and words in the training examples or in the encoder's vocabulary count as English unless
there is strong evidence against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lingua import Language, LanguageDetectorBuilder

from bot.understanding.language.normalise import normalise

ENGLISH = "en"

CLEARLY = 0.1
"""Minimum confidence for the prior, or for English in a text of mostly familiar words."""

FAMILIAR = 0.8
"""Share of familiar words above which a text in a non-English conversation may be English."""

HALF = 0.5
"""Minimum confidence for a language other than the conversation's."""

USUAL = 0.7
"""Share of familiar words that is assumed when it cannot be measured."""

STRANGE = 0.3
"""Minimum confidence for English in a text without familiar words."""

SHORTEST = 5
"""Minimum number of letters for detection; shorter texts are `thx`, `OK` and abbreviations."""

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


class LanguageDetector:
    """Detects the language of a text; in doubt, returns the language of the conversation.

    Thread-safe.

    Args:
        languages: BCP 47 tags that replies are written in; detected languages get these tags.
        familiar: Returns the share of a text's words that are surely English, in [0, 1]; None:
            unknown.

    >>> LanguageDetector(["en", "zh-CN"]).detect("我的订单到哪了", prior="en")
    'zh-CN'
    """

    def __init__(
        self, languages: Iterable[str] = (), familiar: Callable[[str], float] | None = None
    ) -> None:
        self._tags = {primary(tag): tag for tag in sorted(languages, reverse=True)}
        self._familiar = familiar or _usual
        self._known = {
            code.name.lower(): language
            for code, language in ((one.iso_code_639_1, one) for one in Language.all())
        }
        ours = {self._known[code] for code in self._tags if code in self._known}
        others = Language.all() - Language.all_with_latin_script()
        # The accurate models of lingua take 300 MB for these languages, the others 25.
        self._detector = (
            LanguageDetectorBuilder.from_languages(*(_LATIN | others | ours))
            .with_low_accuracy_mode()
            .build()
        )

    def detect(self, text: str, *, prior: str) -> str:
        """Return the tag of a text's language.

        Args:
            text: Any text; only its beginning is used.
            prior: Tag returned for a text that could be in several languages.
        """
        cleaned = normalise(text[:_LOOKED_AT])
        foreign = _foreign(cleaned)
        if not foreign and _says_little(cleaned):
            return prior
        familiar = 0.0 if foreign else self._familiar(cleaned)
        if familiar == 1 and primary(prior) == ENGLISH:
            return prior  # skips the slow detector
        found = {
            one.language: one.value
            for one in self._detector.compute_language_confidence_values(foreign or cleaned)
        }
        if not foreign and _is_english(familiar, found[Language.ENGLISH], primary(prior)):
            return prior if primary(prior) == ENGLISH else self._tag(Language.ENGLISH)
        del found[Language.ENGLISH]
        best = max(found, key=lambda language: found[language])
        if primary(prior) == ENGLISH:
            return self._tag(best) if found[best] > 0 else prior
        before = self._known.get(primary(prior))
        possible = before is not None and found.get(before, 0) >= CLEARLY
        return prior if possible or found[best] < HALF else self._tag(best)

    def _tag(self, language: Language) -> str:
        code = language.iso_code_639_1.name.lower()
        return self._tags.get(code, code)


def primary(tag: str) -> str:
    """Return the primary language of a tag, without script and region.

    >>> primary("zh-CN")
    'zh'
    """
    return tag.partition("-")[0].lower()


def _is_english(familiar: float, confidence: float, prior: str) -> bool:
    """Return whether a text is English; fewer familiar words require a higher confidence."""
    needed = STRANGE * (1 - familiar) ** 2
    if prior == ENGLISH:
        return confidence >= needed
    return confidence >= (max(needed, CLEARLY) if familiar > FAMILIAR else HALF)


def _usual(_text: str) -> float:
    return USUAL


def _says_little(text: str) -> bool:
    """Return whether a Latin-script text is too short to detect: one plain word, or few letters."""
    one_word = len(text.split()) == 1 and text.isascii()
    return one_word or sum(map(str.isalpha, text)) < SHORTEST


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
