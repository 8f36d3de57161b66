"""Closes forms that nobody has answered for too long, with a word to the customer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy import Connection, exists, select

from bot.conversations.key import AuthorKey, ConversationKey
from bot.errors import StateChanged, StorageError
from bot.messages import Readers, Visibility
from bot.open_form import FormChange, OpenForm
from bot.operations.form_metrics import FormMetrics
from bot.ports import Clock, OutgoingPost, Wording
from bot.staff.desk.lines import readers_of
from bot.storage.engine import Database
from bot.storage.forms import StoredForms, change_form
from bot.storage.outbox import enqueue
from bot.storage.tables import events
from bot.text.filling import fill

INTERVAL = 20.0
"""Seconds between two looks."""

log = structlog.get_logger(__name__)


class FormExpiry:
    """Closes expired forms, in any number of processes.

    Args:
        database: Shared by all processes.
        clock: The time.
        wording: The bot's own texts.
        title: Returns what an intent is called in a language.
        wake: Called once something new is in the outbox.
        metrics: Counts forms; None: nobody counts.
    """

    name = "form expiry"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wording: Wording,
        title: Callable[[str, str], str],
        wake: Callable[[], None] = lambda: None,
        metrics: FormMetrics | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wording = wording
        self._title = title
        self._wake = wake
        self._metrics = metrics

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._clock.sleep(INTERVAL)
            try:
                await self.look()
            except StorageError as error:
                log.warning("forms not looked at", reason=str(error))

    async def look(self) -> int:
        """Close what has expired; return how many forms were closed.

        Raises:
            StorageError: The database is away; what was closed stays closed.
        """
        closed = 0
        forms = StoredForms(self._database)
        for form in await forms.expired(self._clock.now()):
            try:
                ended = await self._database.write(partial(self._close, form=form))
            except StateChanged:
                continue  # answered meanwhile
            closed += ended
            if ended and self._metrics is not None:
                self._metrics.ended(form.intent, "expired")
        if closed:
            self._wake()
        if self._metrics is not None:
            self._metrics.are_open(await forms.count())
        return closed

    def _close(self, connection: Connection, *, form: OpenForm) -> bool:
        """Close a form, unless something of its conversation waits: it may be an answer in time."""
        places = (form.conversation, form.origin or form.conversation)
        waiting = exists().where(events.c.conversation.in_(places))
        if connection.scalar(select(waiting)):
            return False
        now = self._clock.now()
        change_form(connection, FormChange(form, None), at=now)
        if _is_place(form):
            enqueue(connection, [self._post(connection, form)], now=now)
        return True

    def _post(self, connection: Connection, form: OpenForm) -> OutgoingPost:
        """Return the word to the customer."""
        text = self._wording.say("form_expired", form.language)
        moved = Readers.AUTHOR if form.origin else readers_of(connection, form.conversation)
        return OutgoingPost(
            form.conversation,
            fill(text, {"title": self._title(form.intent, form.language)}),
            f"form:{form.id}",
            form.author,
            visibility=Visibility.PRIVATE,
            readers=moved,
        )


def _is_place(form: OpenForm) -> bool:
    """Return whether something can be posted where a form is: not to who answers in windows."""
    key = ConversationKey.parse(form.conversation)
    return not form.origin or key.channel != AuthorKey.parse(form.author).user_id
