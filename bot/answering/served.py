"""Which languages customers are answered in; whoever writes another reads the default one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.config.schema import LanguageConfig
from bot.text.catalogues import closest
from bot.understanding.intents import Intent, IntentSet


class ServedLanguages:
    """The languages that are answered in.

    Args:
        config: `language:` of the config. Where it does not say what is served, that follows from
            the intents; until they are known, every language is served.
    """

    def __init__(self, config: LanguageConfig) -> None:
        self._default = config.default
        self.named = config.served is not None
        """The config says which; else it follows from the intents."""
        self.tags: Collection[str] | None = None
        """Which they are; None: all."""
        if config.served is not None:
            self.tags = frozenset({config.default, *config.served})

    def learn(self, intents: IntentSet) -> None:
        """Take the languages of intents that answer from now on, unless the config names some."""
        if not self.named:
            self.tags = frozenset({self._default, *_taught(intents)})

    def serves(self, language: str) -> bool:
        """Return whether customers who write a language are answered in it."""
        return self.tags is None or closest(language, self.tags) is not None

    def answer_in(self, language: str) -> str:
        """Return the tag to answer a customer in.

        Args:
            language: BCP 47 tag of the customer's language; empty when it is not known.
        """
        if not language:
            return self._default
        if self.tags is None:
            return language
        found = closest(language, self.tags)
        if found is None:
            return self._default
        # A region's own wording may exist without being served by that name.
        return language if found == language.partition("-")[0] else found


def of_intent(intent: Intent) -> Iterator[str]:
    """Yield the languages of an intent's examples and replies."""
    yield from intent.entry.examples
    for case in intent.entry.reply:
        for wording in (case.text, *case.platforms.values()):
            yield from wording


def _taught(intents: IntentSet) -> Iterator[str]:
    for intent in intents.intents:
        yield from of_intent(intent)
