"""Ports of forms that go on in private: direct messages, and windows that one person alone sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol, runtime_checkable

from bot.messages import Button, Message
from bot.open_form import OpenForm


@dataclass(frozen=True, slots=True)
class PrivateMove:
    """Where a form goes on that is personal, and was begun where others read.

    Attributes:
        form: The form as it is there.
        message: The event as if it had been written there.
        direct: What is said there stands in direct messages; False: the platform opens none with
            this person, who goes on in a window.
    """

    form: OpenForm
    message: Message
    direct: bool


class ContinuesInPrivate(Protocol):
    """Finds where a form goes on in private."""

    async def move(self, form: OpenForm, message: Message) -> PrivateMove:
        """Return where a form goes on.

        Args:
            form: Just opened by a message that others read.
            message: That message.

        Raises:
            ServiceUnavailable: The platform is away; worth another attempt.
        """
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """What stands in a window that one person alone sees.

    Attributes:
        conversation: Where an answer in it counts as written, for the eyes of its author alone.
        said: What is asked, or told, in Markdown.
        buttons: Answers to choose from.
        asks: It takes an answer; False: there is nothing left to answer.
        language: BCP 47 tag.
    """

    conversation: str
    said: str
    language: str
    buttons: tuple[Button, ...] = ()
    asks: bool = True


class Windows(Protocol):
    """What stands in windows; quick, since platforms wait three seconds at most."""

    async def window(self, button: str, person: str) -> Window | None:
        """Return what a button opens for whoever pressed it; None: nothing, or it is not theirs.

        Args:
            button: Its opaque id.
            person: Key of whoever pressed it.
        """
        ...


@runtime_checkable
class OpensWindows(Protocol):
    """An `Adapter` that can open a window with a question, and take the answer."""

    def use_windows(self, windows: Windows) -> None:
        """Set what stands in windows; called once, before `run`."""
        ...


@runtime_checkable
class OpensDirectMessages(Protocol):
    """An `Adapter` that can open direct messages with a person."""

    async def direct_messages(self, person: str) -> str:
        """Return the key of the direct messages with a person; empty: the platform opens none.

        Args:
            person: Key of the person, `platform:workspace:user_id`.

        Raises:
            ServiceUnavailable: The platform is away; worth another attempt.
        """
        ...


@runtime_checkable
class KnowsTimeZone(Protocol):
    """An `Adapter` of a platform that tells the time zones of people."""

    async def time_zone(self, person: str) -> str:
        """Return the IANA name of a person's time zone; empty: the platform does not tell.

        Args:
            person: Key of the person, `platform:workspace:user_id`.
        """
        ...


class TellsZones(Protocol):
    """Tells in which time zone customers mean days and times."""

    async def zone(self, person: str) -> tzinfo:
        """Return the time zone of a person, else the team's.

        Args:
            person: Key of the person.
        """
        ...
