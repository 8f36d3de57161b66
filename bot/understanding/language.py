"""Which of the desk's languages is a message written in?"""

from __future__ import annotations

from collections.abc import Iterable

from lingua import Language, LanguageDetectorBuilder

CLEARLY = 0.1
"""Least lead over the runner-up, as lingua counts it; below, the prior decides."""


class LanguageDetector:
    """Tells the languages of a desk apart; others are never guessed.

    Args:
        languages: BCP 47 tags that replies are written in.

    >>> LanguageDetector(["en", "zh"]).detect("我的订单到哪了", prior="en")
    'zh'
    """

    def __init__(self, languages: Iterable[str]) -> None:
        tags = {tag.partition("-")[0].lower(): tag for tag in sorted(languages, reverse=True)}
        known = {
            Language.from_iso_code_639_1(code): tags[code.name.lower()]
            for code in (language.iso_code_639_1 for language in Language.all())
            if code.name.lower() in tags
        }
        self._tags = known
        self._detector = (
            LanguageDetectorBuilder.from_languages(*known)
            .with_minimum_relative_distance(CLEARLY)
            .build()
            if len(known) > 1
            else None
        )

    def detect(self, text: str, *, prior: str) -> str:
        """Return the tag of a text's language.

        Args:
            text: Any text; its beginning counts.
            prior: What to believe of a text that could be in several languages.
        """
        if self._detector is None:
            return prior
        cleaned = text[:500].encode("utf-8", "ignore").decode()
        found = self._detector.detect_language_of(cleaned)
        return self._tags[found] if found is not None else prior
