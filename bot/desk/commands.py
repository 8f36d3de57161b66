"""What staff can tell the bot in a message: `/frontdesk pause`, `/frontdesk resume`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.desk.pauses import EVERYWHERE, Pauses, channel_of
from bot.desk.staff import Staff
from bot.messages import Addressing, Kind, Message, Part, Received, Say, Visibility
from bot.responder import Inquiry

OWN = "/frontdesk"
"""The command's name."""

_COMMAND = re.compile(r"/?frontdesk(?:\s+(\w+))?(?:\s+(\S+))?", re.IGNORECASE)
_TOO_MANY = 3  # words after the command's name: no command has so many
_VERBS = {"pause", "resume", "status"}

STAFF_ONLY = "That is for staff, and I do not know you as one of them."

UNKNOWN = "I do not know that command. If you have a question, just write it to me as a message."

HELP = """\
- `/frontdesk pause`: answer nothing anywhere; messages are kept for staff
- `/frontdesk pause here`: the same in this channel alone
- `/frontdesk resume`, `/frontdesk resume here`: answer again
- `/frontdesk status`: where it is paused"""


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

    def __init__(self, staff: Staff, pauses: Pauses) -> None:
        self._staff = staff
        self._pauses = pauses

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Carry a command out and say so, to its author alone."""
        message = inquiry.message
        if not isinstance(inquiry.event, Received):
            return
        command = _read(message)
        staff = self._staff.includes(message.author)
        if command is None or (not staff and not command.marked):
            return
        inquiry.introduces = False
        reply, reason = UNKNOWN, "a command that the bot does not know"
        if staff and (command.own or command.verb in _VERBS):
            reply = await self._carry_out(inquiry, command.verb, command.place)
            reason = f"a member of staff said {command.verb or 'help'}"
        elif command.own:
            reply, reason = STAFF_ONLY, "a command, but not of staff"
        yield Say(reply, Visibility.PRIVATE)
        yield inquiry.decide(Kind.COMMAND, reason)

    async def _carry_out(self, inquiry: Inquiry, verb: str, place: str) -> str:
        """Do what was asked; return what to say about it."""
        actor = inquiry.message.author.key
        here = channel_of(inquiry.message.conversation)
        match verb, place:
            case "pause", "" | "all":
                return _paused("everywhere", new=await self._pauses.pause(EVERYWHERE, actor))
            case "pause", "here":
                return _paused("in this channel", new=await self._pauses.pause(here, actor))
            case "resume", "" | "all":
                return _resumed(await self._pauses.resume(None, actor))
            case "resume", "here":
                return _resumed(await self._pauses.resume(here, actor))
            case "status", "":
                return _status([pause.place for pause in await self._pauses.listed()])
        return HELP


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


def _paused(where: str, *, new: bool) -> str:
    if not new:
        return f"I was paused {where} already."
    return f"Paused {where}: messages are kept for you (`frontdesk cases`), nothing is answered."


def _resumed(places: list[str]) -> str:
    if not places:
        return "Nothing was paused there. " + HELP
    return "I answer again. What came meanwhile is listed by `frontdesk cases`."


def _status(places: list[str]) -> str:
    if not places:
        return "I answer everywhere."
    named = ", ".join(f"`{place}`" if place else "everywhere" for place in places)
    return f"Paused: {named}."
