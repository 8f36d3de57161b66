"""Who answers, said to a person once: before the first reply, or after it where that greets."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages import Part, Say
from bot.ports import Wording
from bot.text.greeting import greets, without_greeting


class Introduction:
    """Puts the introduction into one reply, so that the customer is greeted once.

    Args:
        wording: Says `introduction`.
        needed: The person has not been told yet.
        shortened: Only the beginning of the message was read, which the person is told.
    """

    def __init__(self, wording: Wording, *, needed: bool, shortened: bool = False) -> None:
        self._wording = wording
        self._needed = needed
        self._shortened = shortened
        self._noticed = False
        self._after: Say | None = None

    def around(
        self, part: Part, language: str, *, said: bool = True, notice: str = ""
    ) -> Iterator[Part]:
        """Yield a part, with the introduction where it belongs; without it unless `said`.

        Args:
            part: A part of the reply.
            language: BCP 47 tag of the customer's language.
            said: Whether anything may be put in.
            notice: What else the customer is told before the reply; empty for nothing.
        """
        if not said:
            yield part
            return
        if not isinstance(part, Say) and self._after is not None:
            yield self._after
            self._after = None
        if isinstance(part, Say) and self._needed:
            self._needed = False
            introduction = self._wording.say("introduction", language)
            if greets(introduction) and greets(part.markdown):
                self._after = Say("\n\n" + without_greeting(introduction), part.visibility)
            elif introduction:
                yield Say(introduction + "\n\n", part.visibility)
        if isinstance(part, Say) and self._shortened:
            self._shortened = False
            if shortened := self._wording.say("shortened", language):
                yield Say(shortened + "\n\n", part.visibility)
        if isinstance(part, Say) and notice and not self._noticed:
            self._noticed = True
            yield Say(notice + "\n\n", part.visibility)
        yield part
