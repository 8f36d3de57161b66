"""What the bot says of its own: the catalogues' texts; config.yaml may put other words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.served import ServedLanguages
from bot.config.schema import LanguageConfig, ResponderConfig
from bot.config.types import Wording as Configured
from bot.text.catalogues import TextsByName, catalogue, closest, languages
from bot.text.filling import fill

BUILT_IN: Mapping[str, Mapping[str, str]] = TextsByName()
"""The texts of `bot/locales/`, by name and language."""

_LAST_RESORT = "en"
"""The language whose catalogue is always whole."""


class BotWording:
    """The `Wording` of a configured bot.

    Args:
        config: The bot's name and contact, and own words.
        default_language: BCP 47 tag of the language for customers whose own is not served.
        served: What is served; None: every language that has a catalogue.

    >>> BotWording(ResponderConfig(bot="Robin"), "en").say("neither", "zh-TW")
    '都不是'
    """

    def __init__(
        self,
        config: ResponderConfig,
        default_language: str,
        served: ServedLanguages | None = None,
    ) -> None:
        self._default = default_language
        self._served = served or ServedLanguages(LanguageConfig(default=default_language))
        self._values = {"bot": config.bot, "contact": config.contact}
        self._own: dict[str, Mapping[str, str]] = {}
        self._replaced: set[str] = set()
        for name, configured in config.texts:
            if configured is not None:
                self._own[name] = self._by_language(configured)
        # The keys of 0.1 put one text in place of those of all languages.
        if config.introduction is not True:
            self._replace("introduction", config.introduction or "")
        if config.unknown is not None:
            self._replace("unknown", config.unknown)

    def say(self, key: str, language: str) -> str:
        """Return one of the bot's own sentences; empty when it was switched off."""
        own = self._own.get(key, {})
        if key not in BUILT_IN:
            raise KeyError(key)
        # Where config does not name the languages that are served, words for one are enough.
        asked = language if not self._served.named and closest(language, own) else ""
        wanted = asked or self._served.answer_in(language)
        for tag in (wanted, self._default, _LAST_RESORT):
            text = self._text(key, own, tag)
            if text is not None:
                return fill(text, self._values)
        return fill(next(iter(own.values()), ""), self._values)

    def _text(self, key: str, own: Mapping[str, str], tag: str) -> str | None:
        """Return a text in one language: own words before the catalogue's."""
        there = closest(tag, languages())
        for each in (tag, tag.partition("-")[0], there or tag):
            if each in own:
                return own[each]
        return None if there is None or key in self._replaced else catalogue(there)[key]

    def _replace(self, name: str, text: Configured) -> None:
        self._own[name] = self._by_language(text)
        self._replaced.add(name)

    def _by_language(self, text: Configured) -> Mapping[str, str]:
        return {self._default: text} if isinstance(text, str) else text
