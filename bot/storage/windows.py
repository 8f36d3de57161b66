"""What stands in windows: the open question of a form, or its last word."""

from __future__ import annotations

from bot.conversations.key import AuthorKey
from bot.messages import Button, Choice
from bot.open_form import OpenForm
from bot.ports import Clock, Window
from bot.storage.buttons import StoredButtons
from bot.storage.engine import Database
from bot.storage.forms import StoredForms

SAYS = ":"
"""Stands between what a button does and what its window says once the form is closed."""


class StoredWindows:
    """The `Windows` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._buttons = StoredButtons(database, clock)
        self._forms = StoredForms(database)
        self._clock = clock

    async def window(self, button: str, person: str) -> Window | None:
        """Return what a button opens for whoever pressed it; None: nothing, or it is not theirs."""
        choice = await self._buttons.choice(button)
        if choice is None or choice.kind != "form":
            return None
        form = await self._forms.by_id(choice.question)
        if form is not None and self._is_open(form, person):
            offered = tuple(Button(each, label) for each, label in form.offered)
            place = form.origin or form.conversation
            return Window(place, form.said, form.language, offered)
        return await self._last_word(button, choice, person) if form is None else None

    async def _last_word(self, button: str, choice: Choice, person: str) -> Window | None:
        said = choice.value.partition(SAYS)[2]
        if not said or not await self._buttons.is_offered_to(button, person):
            return None
        return Window("", said, choice.language, asks=False)

    def _is_open(self, form: OpenForm, person: str) -> bool:
        theirs = AuthorKey.parse(form.author).is_same_person(AuthorKey.parse(person))
        return theirs and self._clock.now() < form.expires_at
