"""An adapter's own texts: those of its section of config, else the bot's."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.wording import BotWording
from bot.config.responder import ResponderConfig
from bot.ports import Wording


class AdapterWording:
    """The `Wording` of an adapter.

    Args:
        own: Texts that hold in all languages, by their keys; None: the bot's own.
        wording: The bot's own; None until the core gives it: what is built in.
    """

    def __init__(self, own: Mapping[str, str | None], wording: Wording | None = None) -> None:
        self._own = own
        self._wording = wording or BotWording(ResponderConfig(), "en")

    def say(self, key: str, language: str) -> str:
        """Return a text; an empty language means the default one."""
        own = self._own.get(key)
        return self._wording.say(key, language) if own is None else own
