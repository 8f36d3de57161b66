"""The language of a text too short for language detection, by its cue words."""

from __future__ import annotations

from bot.ports import Languages
from bot.responder import Turn
from bot.text.catalogues import closest
from bot.understanding.language.cues import CueReading


class SpokenLanguage:
    """Tells the language of short texts.

    Args:
        languages: Decides between several languages that have a cue.
    """

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    def of(self, said: CueReading, turn: Turn, *, prior: str = "") -> str:
        """Return the BCP 47 tag of the language to answer in.

        Args:
            said: The cues of a text.
            turn: Its turn.
            prior: Tag of the language that was spoken before; empty: the turn's.
        """
        prior = prior or turn.language
        if not said.languages or closest(prior, said.languages) is not None:
            return prior
        if len(said.languages) == 1:
            return next(iter(said.languages))
        found = self._languages.detect(turn.text, prior=prior)
        return found if closest(found, said.languages) is not None else prior
