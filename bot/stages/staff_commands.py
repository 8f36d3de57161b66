"""What staff can tell the bot in a message: `/frontdesk pause`, `/frontdesk resume`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.wording import fill
from bot.conversations.key import channel_of
from bot.messages import Addressing, DecisionKind, Message, Part, Received, Say, Visibility
from bot.ports import Wording
from bot.responder import Turn
from bot.staff.pauses import EVERYWHERE, Pauses

OWN = "/frontdesk"
"""The command's name."""

_COMMAND = re.compile(r"/?frontdesk(?:\s+(\w+))?(?:\s+(\S+))?", re.IGNORECASE)
_TOO_MANY = 3  # words after the command's name: no command has so many
_VERBS = {"pause", "resume", "status"}

_RESUMED = ("resumed",)
_NOT_PAUSED = ("not_paused", "command_help")
_PLACES = "paused_places"


@dataclass(frozen=True, slots=True)
class _Command:
    """What was typed.

    Attributes:
        own: It is `/frontdesk`; another command of the app is not, unless staff named it so.
        marked: It was written with its slash: whoever wrote that meant a command.
        verb, place: Its first two words; a verb of "" brings the help.
    """

    own: bool
    marked: bool
    verb: str
    place: str


class StaffCommands:
    """Takes the commands of staff; stands before `Paused`, so that a pause can be ended."""

    def __init__(self, pauses: Pauses, wording: Wording) -> None:
        self._pauses = pauses
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Carry a command out and say so, to its author alone."""
        message = turn.message
        if not isinstance(turn.event, Received):
            return
        command = _read(message)
        staff = message.author.staff
        if command is None or (not staff and not command.marked):
            return
        yield replace(turn, introduces=False)
        keys: tuple[str, ...]
        keys, reason = ("unknown_command",), "a command that the bot does not know"
        if staff and (command.own or command.verb in _VERBS):
            keys = await self._carry_out(turn, command.verb, command.place)
            reason = f"a member of staff said {command.verb or 'help'}"
        elif command.own:
            keys, reason = ("staff_only",), "a command, but not of staff"
        yield Say(await self._said(keys, turn.language), Visibility.PRIVATE)
        yield turn.decide(DecisionKind.COMMAND, reason)

    async def _carry_out(self, turn: Turn, verb: str, place: str) -> tuple[str, ...]:
        """Do what was asked; return the texts that say so."""
        actor = turn.message.author.key
        here = channel_of(turn.message.conversation)
        match verb, place:
            case "pause", "" | "all":
                new = await self._pauses.pause(EVERYWHERE, actor)
                return ("paused_everywhere" if new else "already_paused_everywhere",)
            case "pause", "here":
                new = await self._pauses.pause(here, actor)
                return ("paused_here" if new else "already_paused_here",)
            case "resume", "" | "all":
                return _RESUMED if await self._pauses.resume(None, actor) else _NOT_PAUSED
            case "resume", "here":
                return _RESUMED if await self._pauses.resume(here, actor) else _NOT_PAUSED
            case "status", "":
                return (_PLACES if await self._pauses.listed() else "answering",)
        return ("command_help",)

    async def _said(self, keys: Sequence[str], language: str) -> str:
        """Return texts, one below the other; with the places where the bot is paused."""
        text = "\n\n".join(self._wording.say(key, language) for key in keys)
        if _PLACES not in keys:
            return text
        everywhere = self._wording.say("everywhere", language)
        places = [pause.place for pause in await self._pauses.listed()]
        named = ", ".join(f"`{place}`" if place else everywhere for place in places)
        return fill(text, {"places": named})


def _read(message: Message) -> _Command | None:
    """Return the command that a message is; None for any other message."""
    text = message.text.strip()
    name, *words = text.lower().split() or [""]
    if message.addressing is Addressing.COMMAND or name == OWN:
        verb, place = [*words, "", ""][:2] if len(words) < _TOO_MANY else ("", "")
        return _Command(name == OWN, marked=True, verb=verb, place=place)
    plain = _COMMAND.fullmatch(text)
    if plain is None:
        return None
    verb, place = (plain[1] or "").lower(), (plain[2] or "").lower()
    return _Command(own=True, marked=False, verb=verb, place=place)
