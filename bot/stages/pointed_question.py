"""The stage for "@bot can you answer this?": what is asked is what somebody else wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import structlog

from bot.errors import AdapterError
from bot.messages import Addressing, Part, Received
from bot.ports import EarlierLine, Languages, LooksBack, ReadsAddressed
from bot.privacy.cards import mask_cards
from bot.responder import Turn
from bot.text.shorten import STORED, shortened

POINTS = 0.5
"""How surely a mention must say nothing of its own."""

LONGEST = 60
"""Characters from which a mention says something of its own, however it begins."""

log = structlog.get_logger(__name__)


class PointedQuestion:
    """Puts the question that a mention points at in its place; stands before all that answers.

    The platform is asked for it, once, and only then. Its text is used for this answer, and stored
    nowhere. Where nothing can be found the mention is answered as it stands.

    Args:
        reads: Reads what a mention says, and which of some lines is a question.
        languages: Tells their language.
        platforms: Those that can look back, by name.
    """

    def __init__(
        self, reads: ReadsAddressed, languages: Languages, platforms: Mapping[str, LooksBack]
    ) -> None:
        self._reads = reads
        self._languages = languages
        self._platforms = platforms

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Hand the turn on with the question that is meant."""
        message, platform = turn.message, self._platforms.get(turn.platform)
        is_mention = message.addressing is Addressing.MENTION and isinstance(turn.event, Received)
        if platform is None or not is_mention or not await self._points(turn):
            return
        try:
            lines = await platform.earlier(message)
        except AdapterError as error:
            log.info("nothing to look back at", message=message.id, reason=str(error))
            return
        if (meant := await self._meant(turn, lines)) is None:
            return
        text = mask_cards(shortened(meant.text, STORED))
        yield replace(turn, text=text).because(f"asks about the message {meant.id}")

    async def _points(self, turn: Turn) -> bool:
        if len(turn.text) > LONGEST:
            return False
        if not turn.text:
            return not turn.message.attachments
        language = self._languages.detect(turn.text, prior=turn.language)
        read = await self._reads.addressed([turn.text], language=language)
        return bool(read) and read[0].points >= POINTS

    async def _meant(self, turn: Turn, lines: Sequence[EarlierLine]) -> EarlierLine | None:
        """Return the line that is likeliest meant: the surest question, the first of equals."""
        lines = [line for line in lines if line.text.strip()]
        if len(lines) < 2 or turn.message.to.parent:
            return lines[0] if lines else None
        best, surest = lines[0], float("-inf")
        for line in lines:
            language = self._languages.detect(line.text, prior=turn.language)
            read = await self._reads.addressed([line.text], language=language)
            sureness = read[0].asks - read[0].talks if read else 0.0
            if sureness > surest + 0.1:
                best, surest = line, sureness
        return best
