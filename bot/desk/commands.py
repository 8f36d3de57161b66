"""What staff can tell the bot in a message: `/frontdesk pause`, `/frontdesk resume`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from bot.desk.pauses import EVERYWHERE, Pauses, channel_of
from bot.desk.staff import Staff
from bot.messages import Kind, Part, Received, Say, Visibility
from bot.responder import Inquiry

_COMMAND = re.compile(r"/?frontdesk(?:\s+(\w+))?(?:\s+(\S+))?", re.IGNORECASE)

STAFF_ONLY = "That is for staff, and I do not know you as one of them."

HELP = """\
- `/frontdesk pause`: answer nothing anywhere; messages are kept for staff
- `/frontdesk pause here`: the same in this channel alone
- `/frontdesk resume`, `/frontdesk resume here`: answer again
- `/frontdesk status`: where it is paused"""


class StaffCommands:
    """Takes the commands of staff; stands before `Paused`, so that a pause can be ended."""

    def __init__(self, staff: Staff, pauses: Pauses) -> None:
        self._staff = staff
        self._pauses = pauses

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Carry a command out and say so, to its author alone."""
        message = inquiry.message
        text = message.text.strip()
        if not isinstance(inquiry.event, Received):
            return
        if not self._staff.includes(message.author):
            if text.lower().startswith("/frontdesk"):
                yield Say(STAFF_ONLY, Visibility.PRIVATE)
                yield inquiry.decide(Kind.COMMAND, "a command, but not of staff")
            return
        command = _COMMAND.fullmatch(text)
        if command is None:
            return
        verb, place = (command[1] or "help").lower(), (command[2] or "").lower()
        yield Say(await self._carry_out(inquiry, verb, place), Visibility.PRIVATE)
        yield inquiry.decide(Kind.COMMAND, f"a member of staff said {verb}")

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
