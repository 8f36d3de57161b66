"""Which language is a message written in?

One question matters most: is it English? English is read by an encoder of its own, and a desk that
writes English must not notice that others are possible. So the conversation counts, and so do the
words: what is taught, or stands whole in the encoder's vocabulary, is English until much speaks
against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lingua import Language, LanguageDetectorBuilder

from bot.understanding.language.normalise import normalise

ENGLISH = "en"

CLEARLY = 0.1
"""Confidence from which the prior, or English in well-known words, could be meant."""

FAMILIAR = 0.8
"""Share of familiar words from which a text may be English although the conversation is not."""

HALF = 0.5
"""Confidence that it takes to leave the language of a conversation."""

USUAL = 0.7
"""Share to go by where familiar words are not known."""

STRANGE = 0.3
"""Confidence that English must have in a text without a familiar word."""

SHORTEST = 5
"""Letters that tell a language; fewer are `thx`, `OK` and abbreviations."""

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
"""Latin languages that are looked for in every text; a related one passes for one of these. Models
for all 49 would take twice the memory, and take English for a foreign language twice as often."""


class LanguageDetector:
    """Tells languages apart; in doubt, the conversation decides.

    Calls are safe from several threads at once.

    Args:
        languages: BCP 47 tags that replies are written in: how these languages are to be named.
        familiar: Tells how much of a text is surely English words, in [0, 1]; None: unknown.

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
            text: Any text; its beginning counts.
            prior: What to believe of a text that could be in several languages.
        """
        cleaned = normalise(text[:_LOOKED_AT])
        foreign = _foreign(cleaned)
        if not foreign and _says_little(cleaned):
            return prior
        familiar = 0.0 if foreign else self._familiar(cleaned)
        if familiar == 1 and primary(prior) == ENGLISH:
            return prior  # whatever the letters look like, which takes long to find out
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
    """Return the language of a tag, without script and region.

    >>> primary("zh-CN")
    'zh'
    """
    return tag.partition("-")[0].lower()


def _is_english(familiar: float, confidence: float, prior: str) -> bool:
    """Weigh how English the letters look against how many words are unfamiliar."""
    needed = STRANGE * (1 - familiar) ** 2
    if prior == ENGLISH:
        return confidence >= needed
    return confidence >= (max(needed, CLEARLY) if familiar > FAMILIAR else HALF)


def _usual(_text: str) -> float:
    return USUAL


def _says_little(text: str) -> bool:
    """Tell whether a text in Latin letters could be of many languages: a word without accents."""
    one_word = len(text.split()) == 1 and text.isascii()
    return one_word or sum(map(str.isalpha, text)) < SHORTEST


def _foreign(text: str) -> str:
    """Return what is not in Latin letters of a text, when it is the larger part; else nothing."""
    if text.isascii():
        return ""
    others = "".join(c if c.isalpha() and not _is_latin(c) else " " for c in text)
    # One ideograph says as much as a word of three letters.
    weight = sum(3 if c >= "\u2e80" else 1 for c in others if c != " ")
    latin = sum(c.isalpha() and _is_latin(c) for c in text)
    return others if weight and weight >= latin else ""


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"
