"""Translates Slack's payloads into our events; what no person wrote is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from adapters.slack.content import Payload, attachments_of, text_of
from adapters.slack.destination import PLATFORM, Place
from adapters.slack.formatted import formatted_text
from adapters.slack.heard import asks_as_bot, is_timestamp
from adapters.slack.identity import Identity
from adapters.slack.references import DIRECT_NAME, with_references
from adapters.slack.render import BLOCK_NUMBER, BLOCK_PREFIX, VOTE_BLOCK
from adapters.slack.text import mentioned, mentions, read_label
from bot.addressing import Addressees
from bot.conversations.key import AuthorKey
from bot.messages import Addressing, Author, Message, Pressed, Readers, Received

_SPOKEN = {None, "file_share", "me_message", "thread_broadcast"}
_NOT_PEOPLE = {"USLACKBOT", "USLACKUSER"}


def to_received(
    body: Payload, identity: Identity, bots: frozenset[str] = frozenset()
) -> Received | None:
    """Translate an event of the types `message` and `app_mention`; None drops it.

    Both types come for one text, and give the same message id. Bots (we ourselves among
    them), joins and whatever else nobody typed are dropped; edits and deletions are translated by
    `adapters.slack.edits`.

    Args:
        body: As Slack sent it.
        identity: Who we are.
        bots: Ids of bots and workflows that may ask.
    """
    event = body.get("event", {})
    is_bot = asks_as_bot(event, bots)
    if not (is_bot or _is_spoken(event, identity)):
        return None
    readers = readers_of(event.get("channel_type"))
    place = _place(str(body.get("api_app_id", "")), event, readers)
    text, formatted = text_of(event, identity.user), formatted_text(event, identity.user)
    return Received(
        Message(
            id=place.message(event["ts"]),
            conversation=place.key,
            author=_author(event, str(body.get("team_id", "")), is_bot=is_bot),
            text=text,
            sent_at=_time(event["ts"]),
            addressing=_addressing(event, readers, identity),
            attachments=attachments_of(event),
            readers=readers,
            to=_addressees(event, str(body.get("team_id", "")), identity),
            formatted="" if formatted == text else formatted,
        )
    )


def to_pressed(body: Payload, action: Payload) -> Pressed | None:
    """Translate the press of one of our buttons; None when Slack does not say where."""
    message = pressed_message(body, action)
    if message is None:
        return None
    post = str((body.get("container") or {}).get("message_ts") or "")
    return Pressed(message, str(_chosen(action).get("value", "")), post)


def _chosen(action: Payload) -> Payload:
    """Return the button that was pressed, or the option that was chosen in a menu."""
    option = action.get("selected_option")
    return option if isinstance(option, Mapping) else action


def pressed_message(body: Payload, action: Payload) -> Message | None:
    """Return identity, author and place of a press; None when Slack does not say where."""
    container = body.get("container", {})
    channel = container.get("channel_id") or body.get("channel", {}).get("id")
    stamp, user = action.get("action_ts"), body.get("user", {})
    if not channel or not user.get("id") or not is_timestamp(stamp):
        return None
    place = Place(str(body.get("api_app_id", "")), channel, _pressed_thread(body, action))
    direct = body.get("channel", {}).get("name") == DIRECT_NAME
    return Message(
        id=place.message(str(stamp), "press"),
        conversation=place.key,
        author=user_of(body),
        text=read_label(_chosen(action).get("text", {}).get("text", "")),
        sent_at=_time(str(stamp)),
        addressing=_pressed_addressing(body, direct=direct),
        readers=Readers.AUTHOR if direct else Readers.OTHERS,
    )


def user_of(body: Payload) -> Author:
    """Return who used a button or a modal."""
    user = body.get("user") or {}
    return Author(
        key=_author_key(user.get("team_id") or (body.get("team") or {}).get("id"), user.get("id")),
        name=user.get("name") or user.get("username") or "",
    )


def to_asked(body: Payload, now: datetime, *, direct: bool) -> Received:
    """Translate a question that was asked with a command; see `to_commanded`."""
    message = to_commanded(body, now, direct=direct).message
    asked = str(body.get("text") or "").strip()
    return Received(replace(message, text=asked, addressing=Addressing.EPHEMERAL))


def to_commanded(body: Payload, now: datetime, *, direct: bool) -> Received:
    """Translate a slash command into the message that it stands for.

    Args:
        body: The payload, which tells no time.
        now: When it came.
        direct: It came from the direct messages with us.
    """
    place = Place(str(body.get("api_app_id", "")), str(body["channel_id"]))
    return Received(
        Message(
            id=place.message(str(body["trigger_id"]), "command"),
            conversation=place.key,
            author=Author(
                key=_author_key(body.get("team_id"), body["user_id"]),
                name=body.get("user_name") or "",
            ),
            text=with_references(f"{body.get('command') or ''} {body.get('text') or ''}".strip()),
            sent_at=now,
            addressing=Addressing.COMMAND,
            readers=Readers.AUTHOR if direct else Readers.OTHERS,
        )
    )


def readers_of(channel_type: object) -> Readers:
    """Return who can read a place, by the type that Slack gives it; unknown types are open."""
    return Readers.AUTHOR if channel_type == "im" else Readers.OTHERS


def _pressed_addressing(body: Payload, *, direct: bool) -> Addressing:
    if direct:
        return Addressing.DIRECT
    ephemeral = (body.get("container") or {}).get("is_ephemeral")
    return Addressing.EPHEMERAL if ephemeral else Addressing.MENTION


def _pressed_thread(body: Payload, action: Payload) -> str:
    """Return the thread that a button belongs to; a private post may stand outside of it."""
    block = str(action.get("block_id", ""))
    for prefix in (BLOCK_PREFIX, VOTE_BLOCK):
        if block.startswith(prefix):
            return block.removeprefix(prefix).partition(BLOCK_NUMBER)[0]
    message = body.get("message") or {}
    return str((body.get("container") or {}).get("thread_ts") or message.get("thread_ts") or "")


def _is_spoken(event: Payload, identity: Identity) -> bool:
    """Return whether a person wrote this, just now, in a place that we know."""
    user = event.get("user")
    return (
        event.get("subtype") in _SPOKEN
        and not event.get("hidden")
        and not event.get("bot_id")
        and not event.get("app_id")
        and bool(user)
        and user not in _NOT_PEOPLE
        and user != identity.user
        and bool(event.get("channel"))
        and is_timestamp(event.get("ts"))
    )


def _place(app: str, event: Payload, readers: Readers) -> Place:
    """Return where a message is answered: channels in threads, direct messages where they stand."""
    place = Place(app, event["channel"], event.get("thread_ts") or "")
    if readers is Readers.AUTHOR or place.thread:
        return place
    return Place(app, place.channel, event["ts"])


def _addressing(event: Payload, readers: Readers, identity: Identity) -> Addressing:
    if readers is Readers.AUTHOR:
        return Addressing.DIRECT
    if event.get("type") == "app_mention" or mentions(event.get("text") or "", identity.user):
        return Addressing.MENTION
    thread = event.get("thread_ts")
    return Addressing.THREAD if thread and thread != event["ts"] else Addressing.AMBIENT


def _author(event: Payload, receiving_team: str, *, is_bot: bool) -> Author:
    """A person keeps the workspace of their own in a channel shared by several."""
    profile = event.get("user_profile") or event.get("bot_profile") or {}
    names = ("display_name", "real_name", "name")
    return Author(
        key=_author_key(_team(event) or receiving_team, event.get("user") or event.get("bot_id")),
        name=next((str(profile[name]) for name in names if profile.get(name)), ""),
        bot=is_bot,
    )


def _team(event: Payload) -> object:
    return event.get("user_team") or event.get("source_team") or event.get("team")


def _addressees(event: Payload, receiving_team: str, identity: Identity) -> Addressees:
    """Return whom a text names beside us: Slack has no replies to single messages."""
    team = _team(event) or receiving_team
    named = [each for each in mentioned(event.get("text") or "") if each != identity.user]
    return Addressees(tuple(_author_key(team, each) for each in named))


def _author_key(team: object, user: object) -> str:
    return str(AuthorKey(PLATFORM, str(team or ""), str(user)))


def _time(stamp: str) -> datetime:
    return datetime.fromtimestamp(float(stamp), UTC)
