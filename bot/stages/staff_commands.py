"""What staff can tell the bot in a message: `/frontdesk pause`, `resume`, `status`, `why`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.conversations.key import channel_of
from bot.messages import Addressing, DecisionKind, Message, Part, Received, Say, Visibility
from bot.ports import Wording
from bot.responder import Turn
from bot.staff.explaining import explained
from bot.staff.pauses import EVERYWHERE, Pauses
from bot.storage.stored_decisions import Reference, StoredDecisions
from bot.text.filling import fill

OWN = "/frontdesk"
"""The command's name."""

_COMMAND = re.compile(r"/?frontdesk(?:\s+(\w+))?(?:\s+(\S+))?", re.IGNORECASE)
_TOO_MANY = 4  # words after the command's name: no command has so many
_VERBS = {"pause", "resume", "status", "why"}

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
        more: The third one: of what staff ask about, the time in seconds since 1970.
    """

    own: bool
    marked: bool
    verb: str
    place: str
    more: str = ""


class StaffCommands:
    """Takes the commands of staff; stands before `Paused`, so that a pause can be ended.

    Args:
        pauses: Where the bot is paused.
        wording: The texts.
        decisions: What was decided, for `why`; None: nothing is known.
    """

    def __init__(
        self, pauses: Pauses, wording: Wording, decisions: StoredDecisions | None = None
    ) -> None:
        self._pauses = pauses
        self._wording = wording
        self._decisions = decisions

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
        if staff and command.verb == "why":
            yield Say(await self._why(turn, command), Visibility.PRIVATE)
            yield turn.decide(DecisionKind.COMMAND, "a member of staff said why")
            return
        if staff and (command.own or command.verb in _VERBS):
            keys = await self._carry_out(turn, command.verb, command.place)
            reason = f"a member of staff said {command.verb or 'help'}"
        elif command.own:
            keys, reason = ("staff_only",), "a command, but not of staff"
        yield Say(await self._said(keys, turn.language), Visibility.PRIVATE)
        yield turn.decide(DecisionKind.COMMAND, reason)

    async def _why(self, turn: Turn, command: _Command) -> str:
        """Return why the bot answered, or was silent."""
        reference = _reference(command)
        decision = None
        if self._decisions is not None and reference is not None:
            decision = await self._decisions.about(turn.message, reference)
        if decision is None:
            return self._wording.say("why_unknown", turn.language)
        return explained(decision)

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


def is_command(message: Message) -> bool:
    """Return whether a member of staff says a message to the bot alone, as a command."""
    return _read(message) is not None


def _read(message: Message) -> _Command | None:
    """Return the command that a message is; None for any other message."""
    text = message.text.strip()
    name, *words = text.split() or [""]
    name = name.lower()
    if message.addressing is Addressing.COMMAND or name == OWN:
        verb, place, more = [*words, "", "", ""][:3] if len(words) < _TOO_MANY else ("", "", "")
        return _command(verb, place, more, own=name == OWN, marked=True)
    plain = _COMMAND.fullmatch(text)
    if plain is None:
        return None
    return _command(plain[1] or "", plain[2] or "", own=True, marked=False)


def _command(verb: str, place: str, more: str = "", *, own: bool, marked: bool) -> _Command:
    """Return a command; only ids of messages keep their capitals, and only they have three words.

    >>> _command("Pause", "HERE", own=True, marked=True).place
    'here'
    """
    verb = verb.lower()
    if verb == "why":
        return _Command(own, marked, verb, place, more)
    return _Command(own, marked, "" if more else verb, "" if more else place.lower())


def _reference(command: _Command) -> Reference | None:
    """Return what staff ask about, `CHANNEL/MESSAGE` or `MESSAGE`; None for anything else."""
    channel, _, number = command.place.rpartition("/")
    if ":" in command.place or "/" in channel:
        return None
    try:
        moment = datetime.fromtimestamp(float(command.more), UTC) if command.more else None
    except (ValueError, OverflowError, OSError):
        return None
    return Reference(channel, number, moment)
