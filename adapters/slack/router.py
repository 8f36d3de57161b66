"""Commands, shortcuts, presses and modals of Slack: stored and acknowledged, or refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.interactions import (
    ANY,
    STORE_WITHIN,
    UNKNOWN,
    InteractionKind,
    Routes,
    TimelyIntake,
)
from adapters.slack.case_acts import to_acted, to_sent
from adapters.slack.case_buttons import CASE_ACTION
from adapters.slack.case_forms import CASE_FORM, form_of, to_submitted
from adapters.slack.client import ask
from adapters.slack.feedback import REASON_MODAL, modal, to_reason, to_voted
from adapters.slack.formatted import posted_markdown
from adapters.slack.interaction import Interaction
from adapters.slack.manifest import ASK_COMMAND
from adapters.slack.people import People
from adapters.slack.references import DIRECT_NAME, SEND_SHORTCUT, WHY_SHORTCUT, to_why
from adapters.slack.render import ACTION_PREFIX, VOTE_ACTION
from adapters.slack.translate import to_asked, to_commanded, to_pressed
from adapters.slack.used_buttons import UsedButtons
from bot.errors import AdapterError, FrontdeskError, ServiceUnavailable
from bot.messages import Event
from bot.ports import Accept, Wording

_ANYTHING: Final = re.compile("")

_log = structlog.get_logger(__name__)


class Router:
    """Leads each interaction to its handler, by kind and name.

    Args:
        client: For answers that one person alone sees.
        accept: Stores an event.
        wording: The texts of these answers.
        used: Told of each press whose buttons may be marked.
        bot_user: The bot's own user id.
        people: Tells whose direct messages are whose.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        accept: Accept,
        wording: Wording,
        used: UsedButtons,
        bot_user: str,
        people: People,
    ) -> None:
        self._people = people
        self._bot_user = bot_user
        self._client = client
        self._used = used
        self._accept = accept
        self._wording = wording
        self._intake = TimelyIntake(self._store)
        self.routes: Routes[Interaction] = Routes(self._refuse)
        self.routes.add(InteractionKind.COMMAND, ANY, self._take_command)
        self.routes.add(InteractionKind.COMMAND, ASK_COMMAND, self._take_question)
        self.routes.add(InteractionKind.PRESS, ACTION_PREFIX, self._take_press)
        self.routes.add(InteractionKind.PRESS, VOTE_ACTION, self._take_vote)
        self.routes.add(InteractionKind.MODAL, REASON_MODAL, self._take_reason)
        self.routes.add(InteractionKind.SHORTCUT, WHY_SHORTCUT, self._take_why)
        self.routes.add(InteractionKind.PRESS, CASE_ACTION, self._take_case_button)
        self.routes.add(InteractionKind.MODAL, CASE_FORM, self._take_case_form)
        self.routes.add(InteractionKind.SHORTCUT, SEND_SHORTCUT, self._take_line)

    def register(self, app: AsyncApp) -> None:
        """Let Bolt hand every interaction to this router."""
        app.command(_ANYTHING)(self._on_command)
        app.shortcut(_ANYTHING)(self._on_shortcut)
        app.action(_ANYTHING)(self._on_action)
        app.view(_ANYTHING)(self._on_modal)
        app.view_closed(_ANYTHING)(self._on_closed)
        app.options(_ANYTHING)(self._on_options)

    async def settled(self, seconds: float) -> None:
        """Wait until events are stored and answers posted that were begun."""
        await self._intake.settled(seconds)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background."""
        self._intake.later(work)

    async def _on_command(self, body: Mapping[str, Any], ack: AsyncAck) -> None:
        await self._handle(InteractionKind.COMMAND, str(body.get("command", "")), body, ack)

    async def _on_shortcut(self, body: Mapping[str, Any], ack: AsyncAck) -> None:
        await self._handle(InteractionKind.SHORTCUT, str(body.get("callback_id", "")), body, ack)

    async def _on_action(
        self, body: Mapping[str, Any], action: Mapping[str, Any], ack: AsyncAck
    ) -> None:
        await self._handle(
            InteractionKind.PRESS, str(action.get("action_id", "")), body, ack, action
        )

    async def _on_modal(
        self, body: Mapping[str, Any], view: Mapping[str, Any], ack: AsyncAck
    ) -> None:
        await self._handle(InteractionKind.MODAL, str(view.get("callback_id", "")), body, ack)

    async def _on_closed(self, ack: AsyncAck) -> None:
        """Acknowledge that somebody closed a modal: there is nothing to answer."""
        await ack()

    async def _on_options(self, ack: AsyncAck) -> None:
        """Offer nothing in menus that ask for their options: the bot posts none."""
        await ack(options=[])

    async def _handle(
        self,
        kind: InteractionKind,
        name: str,
        body: Mapping[str, Any],
        ack: AsyncAck,
        action: Mapping[str, Any] | None = None,
    ) -> None:
        handler = self.routes.handler(kind, name)
        await handler(Interaction(kind, name, body, ack, action or {}))

    async def _take_command(self, used: Interaction) -> None:
        await self.take(
            used, to_commanded(used.body, datetime.now(UTC), direct=await self._is_direct(used))
        )

    async def _take_question(self, used: Interaction) -> None:
        await self.take(
            used, to_asked(used.body, datetime.now(UTC), direct=await self._is_direct(used))
        )

    async def _take_why(self, used: Interaction) -> None:
        event = to_why(used.body, datetime.now(UTC), direct=await self._is_direct(used))
        await (self._refuse(used) if event is None else self.take(used, event))

    async def _take_press(self, used: Interaction) -> None:
        event = to_pressed(used.body, used.action)
        if event is None:
            await self._refuse(used)
        else:
            self._used.begin(event, used.body)
            await self.take(used, event)

    async def _take_case_button(self, used: Interaction) -> None:
        """Store what staff want done with a case, or open the form that asks for more."""
        acted = to_acted(used.body, used.action)
        if acted is None:
            await self._refuse(used)
            return
        form = form_of(acted, posted_markdown(used.body.get("message") or {}))
        if form is None:
            await self.take(used, acted)
            return
        await used.ack()
        self._intake.later(self.open_view(used, form))

    async def open_view(self, used: Interaction, form: Mapping[str, Any]) -> None:
        """Open a modal, which Slack allows for 3 seconds."""
        trigger = str(used.body.get("trigger_id") or "")
        try:
            await ask(self._client.views_open(trigger_id=trigger, view=dict(form)), "views.open")
        except (AdapterError, ServiceUnavailable) as error:
            _log.info("slack.form_not_opened", reason=str(error))
            await self.notify_author(used, "try_again")

    async def _take_case_form(self, used: Interaction) -> None:
        acted = to_submitted(used.body, datetime.now(UTC))
        await (self._refuse(used) if acted is None else self.take(used, acted))

    async def _take_line(self, used: Interaction) -> None:
        """Store that a line is to be sent to the customer."""
        direct = await self._is_direct(used)
        acted = to_sent(used.body, self._bot_user, datetime.now(UTC), direct=direct)
        await (self._refuse(used) if acted is None else self.take(used, acted))

    async def _take_vote(self, used: Interaction) -> None:
        """Store a vote; ask for the reason of one that points down."""
        voted = to_voted(used.body, used.action)
        if voted is None:
            await self._refuse(used)
            return
        await self.take(used, voted)
        trigger = str(used.body.get("trigger_id") or "")
        if voted.verdict == "down" and trigger:
            self._intake.later(
                self._ask_for_reason(trigger, modal(voted, used.action, self._wording))
            )

    async def _ask_for_reason(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a modal; without it the vote counts all the same."""
        try:
            await ask(self._client.views_open(trigger_id=trigger, view=dict(view)), "views.open")
        except (AdapterError, ServiceUnavailable) as error:
            _log.info("slack.reason_not_asked", reason=str(error))

    async def _take_reason(self, used: Interaction) -> None:
        """Store the reason of a vote; a modal that was left empty says nothing more."""
        reason = to_reason(used.body, datetime.now(UTC))
        await (used.ack() if reason is None else self.take(used, reason))

    async def take(self, used: Interaction, event: Event) -> None:
        """Store an event, then acknowledge; slow storage does not delay that beyond Slack's 3 s."""
        stored = await self._intake.take(event, lambda: self.notify_author(used, "try_again"))
        await used.ack()
        if not stored:
            self._intake.later(self.notify_author(used, "try_again"))

    async def _refuse(self, used: Interaction) -> None:
        """Acknowledge what no handler is registered for, and tell its author alone."""
        await used.ack()
        if used.action.get("url"):
            return  # the button is a link, which Slack has opened
        _log.info("slack.unknown_interaction", kind=used.kind)
        self._intake.later(self.notify_author(used, UNKNOWN[used.kind]))

    async def _is_direct(self, used: Interaction) -> bool:
        """Return whether nobody but its author and the bot reads where something was used."""
        channel, _, named = _place(used.body)
        return named and await self._people.is_direct(channel, _user(used.body))

    async def _store(self, event: Event) -> bool:
        try:
            async with asyncio.timeout(STORE_WITHIN):
                await self._accept(event)
        except (FrontdeskError, OSError) as error:
            _log.warning(
                "slack.event_not_stored", message=event.message.id, error=type(error).__name__
            )
            return False
        return True

    async def notify_author(self, used: Interaction, key: str) -> None:
        """Answer for one person's eyes: where they are, else in direct messages."""
        text, body = self._wording.say(key, ""), used.body
        user = _user(body)
        channel, thread, direct = _place(body)
        try:
            if direct or not channel or not await self._post_privately(channel, thread, user, text):
                await self._post(user, text)
        except (AdapterError, ServiceUnavailable) as error:
            _log.info("slack.interaction_not_answered", kind=used.kind, reason=str(error))

    async def _post(self, channel: str, text: str) -> None:
        """Post into direct messages; the id of a person stands for theirs."""
        await ask(self._client.chat_postMessage(channel=channel, text=text), "chat.postMessage")

    async def _post_privately(self, channel: str, thread: str, user: str, text: str) -> bool:
        """Post what one person alone sees; False where the bot is not in the channel."""
        request = self._client.chat_postEphemeral(
            channel=channel, user=user, text=text, thread_ts=thread or None
        )
        try:
            await ask(request, "chat.postEphemeral")
        except AdapterError:
            return False
        return True


def _user(body: Mapping[str, Any]) -> str:
    """Return the id of who used something."""
    return str(body.get("user_id") or (body.get("user") or {}).get("id") or "")


def _place(body: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return channel and thread of an interaction, and whether it is a conversation of two."""
    container, channel = body.get("container") or {}, body.get("channel") or {}
    name = body.get("channel_name") or channel.get("name")
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    where = body.get("channel_id") or container.get("channel_id") or channel.get("id")
    return str(where or ""), str(thread or ""), name == DIRECT_NAME
