"""Replies to dangerous messages: the catalogues' texts, or the admins' own of `safety.yaml`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.served import ServedLanguages
from bot.config.emergency_numbers import NUMBERS
from bot.config.schema import Config
from bot.ports import DangerKind
from bot.text.catalogues import catalogue, closest, languages
from bot.text.filling import fill
from bot.understanding.intents.safety_file import SafetyWording

DOMAIN = "safety"
"""The domain of the texts in `bot/locales/`."""

_LAST_RESORT = "en"


class SafetyTexts:
    """The texts of a configured bot; see `bot.ports.SafetyReplies`.

    Args:
        config: Name, contact, country and default language.
        own: What admins wrote.
        served: The languages that are answered in.
    """

    def __init__(self, config: Config, own: SafetyWording, served: ServedLanguages) -> None:
        self._own = own
        self._served = served
        self._default = config.language.default
        self._numbers = NUMBERS.get(config.safety.country or "")
        self._values = {"bot": config.responder.bot, "contact": config.responder.contact}

    def answers(self, kind: DangerKind) -> bool:
        """Return whether messages of a kind are answered: admins may switch some off."""
        return kind not in self._own.ignored

    def say(self, kind: DangerKind, language: str, *, told: bool) -> str:
        """Return the reply, in Markdown.

        Args:
            kind: What the message is about.
            language: BCP 47 tag of the customer's language.
            told: Staff were told.
        """
        tag = self._served.answer_in(language)
        own = self._own.texts.get(kind, {})
        written = self._written(own, language, tag)
        there = closest(tag, languages(DOMAIN)) or closest(self._default, languages(DOMAIN))
        texts = catalogue(there or _LAST_RESORT, DOMAIN)
        numbers = self._numbers
        values = {
            **self._values,
            "emergency": numbers.emergency if numbers else texts["emergency"],
            "crisis": (numbers.crisis if numbers else "") or texts["crisis"],
        }
        end = texts["told" if told else "not_told"]
        return f"{fill(written or texts[kind], values)}\n\n{fill(end, values)}"

    def _written(self, own: Mapping[str, str], language: str, tag: str) -> str:
        """Return the admins' own text in the customer's language; empty for none.

        In a language that admins did not write, the built-in text says what matters.
        """
        for each in (language, tag):
            found = closest(each, own)
            if found is not None:
                return own[found]
        return ""
