"""Turns the steps of a conversation into the events that a platform would hand in."""

from __future__ import annotations

from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.recorded_shop import RecordedShop
from bot.app.conversation_tests.schema import ConversationEntry, Person, TurnEntry
from bot.messages import Addressing, Author, Button, Event, Message, Pressed, Readers, Received
from bot.ports import Clock


class NoSuchButton(Exception):
    """Nothing that was offered is called so; the text lists what was."""


CODE, WRONG_CODE = "{code}", "{wrong_code}"
"""In what is said: the newest one-time code, and another one."""


class Speaker:
    """The people of one conversation.

    Args:
        entry: The conversation.
        clock: The time in it.
        shop: Has the one-time codes that it was to send.
    """

    def __init__(self, entry: ConversationEntry, clock: Clock, shop: RecordedShop) -> None:
        self._entry = entry
        self._clock = clock
        self._shop = shop
        self._sent = 0
        self._addressed = False
        self._offers: list[tuple[Button, ...]] = []
        place = f"{entry.platform}:local"
        channel = f"{entry.channel}:" if entry.channel else ""
        self._channel = f"{place}:{channel}{entry.seed}"

    def event(self, turn: TurnEntry) -> Event:
        """Return what is handed in.

        Raises:
            NoSuchButton: A button is pressed that was not offered.
        """
        button = self._button(turn.press) if turn.press is not None else None
        self._sent += 1
        addressing = self._addressing(turn)
        self._addressed = self._addressed or addressing is not Addressing.AMBIENT
        message = Message(
            id=f"{self._channel}:{self._sent}",
            conversation=self._channel,
            author=self._author(turn.author or self._entry.author),
            text=button.label if button else self._said(turn.say or ""),
            sent_at=self._clock.now(),
            addressing=addressing,
            readers=Readers.OTHERS if self._entry.channel else Readers.AUTHOR,
        )
        return Pressed(message, button.id) if button else Received(message)

    def _said(self, text: str) -> str:
        """Return a text with the one-time code that it names."""
        code = self._shop.codes[-1] if self._shop.codes else ""
        wrong = "".join(_OTHER[digit] for digit in code if digit in _OTHER) or "111111"
        return text.replace(WRONG_CODE, wrong).replace(CODE, code)

    def heard(self, reply: Reply) -> None:
        """Take note of the buttons that were offered."""
        if reply.buttons:
            self._offers.append(reply.buttons)

    def _addressing(self, turn: TurnEntry) -> Addressing:
        if turn.addressing is not None:
            return Addressing(turn.addressing)
        if not self._entry.channel:
            return Addressing.DIRECT
        return Addressing.THREAD if self._addressed else Addressing.MENTION

    def _author(self, person: Person) -> Author:
        key = f"{self._entry.platform}:local:{person.id}"
        return Author(key, person.id, self._entry.language or "", person.roles)

    def _button(self, wanted: str) -> Button:
        """Return a button by its label, the latest one of that name, or by its position."""
        latest = self._offers[-1] if self._offers else ()
        for button in latest:
            if button.label == wanted:
                return button
        if wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:4]) <= len(latest):
            return latest[int(wanted[:4]) - 1]
        for offer in reversed(self._offers):
            for button in offer:
                if button.label == wanted:
                    return button
        labels = [button.label for offer in self._offers for button in offer]
        raise NoSuchButton(", ".join(labels) or "none so far")


_OTHER = {digit: str((int(digit) + 1) % 10) for digit in "0123456789"}
"""Makes a code that differs in each digit."""
