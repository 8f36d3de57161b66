"""One choice of the model, from its streamed reply to what the customer reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from bot.answering.selection.answer import SelectedAnswer
from bot.answering.selection.choice_check import ChoiceCheck
from bot.answering.selection.offer import UnitOffer, UnitSearch
from bot.answering.selection.reply import ChoiceReader
from bot.ports import Usage


class Selection:
    """Reads choices, checks them, and renders what is admitted.

    Args:
        search: Compares the units with the question, while the model is at work.
        offer: What the model chooses from.
        answer: Renders the units.
        language: BCP 47 tag of the question.

    Attributes:
        chosen: How many units the model chose.
        declined: The model says that no unit answers.
        answer: What is shown.
    """

    def __init__(
        self, search: UnitSearch, offer: UnitOffer, answer: SelectedAnswer, language: str
    ) -> None:
        self._search = search
        self._offer = offer
        self._language = language
        self._shown = 0
        self.chosen = 0
        self.declined = False
        self.answer = answer

    @property
    def reasons(self) -> list[str]:
        """What was chosen and left out, for admins."""
        dropped = self.chosen - self._shown
        found = [f"GPT chose {self.chosen} of {len(self._offer.units)} sentences"]
        if dropped:
            found.append(f"left out {dropped} of them: not near enough to the question")
        return found

    @property
    def withheld(self) -> bool:
        """Whether nothing of what was chosen may be shown."""
        return self.chosen > 0 and not self._shown

    async def read(self, completion: AsyncGenerator[str | Usage, None]) -> AsyncIterator[str]:
        """Yield what may be shown, unit by unit."""
        comparing = asyncio.create_task(
            asyncio.to_thread(self._search.nearness, self._offer, self._language)
        )
        reader, parts = ChoiceReader(len(self._offer.units)), dict[int, int]()
        check: ChoiceCheck | None = None
        try:
            async with aclosing(completion) as pieces:
                async for piece in pieces:
                    for choice in reader.feed(piece) if isinstance(piece, str) else ():
                        if check is None:
                            offer = self._offer
                            check = ChoiceCheck(await comparing, offer.passages, offer.units)
                        self.chosen += 1
                        parts[choice.unit - 1] = choice.part
                        for unit in check.add(choice.unit - 1):
                            self._shown += 1
                            if text := self.answer.add(parts[unit], unit):
                                yield text
            self.declined = reader.declined and not self.chosen
        finally:
            comparing.cancel()
