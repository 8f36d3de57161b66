"""Discord's JSON shapes, as far as discord.py needs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EPOCH = 1_420_070_400_000

TEXT, DIRECT, VOICE, PUBLIC_THREAD, FORUM = 0, 1, 2, 11, 15

ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
EVERYTHING_A_BOT_NEEDS = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)


def written_at(snowflake: int) -> str:
    """Return the moment that an id tells, as Discord writes it."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH) / 1000, UTC).isoformat()


def user(user_id: int, name: str, *, bot: bool = False) -> Json:
    return {
        "id": str(user_id),
        "username": name,
        "discriminator": "0",
        "global_name": name.title(),
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def member(of: Json, roles: tuple[int, ...] = ()) -> Json:
    return {
        "user": of,
        "roles": [str(role) for role in roles],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "nick": None,
        "avatar": None,
        "permissions": str(EVERYTHING_A_BOT_NEEDS),
    }


def role(role_id: int, name: str, *, bot: int | None = None) -> Json:
    made: Json = {
        "id": str(role_id),
        "name": name,
        "permissions": str(EVERYTHING_A_BOT_NEEDS),
        "position": 0 if bot is None else 1,
        "color": 0,
        "hoist": False,
        "managed": bot is not None,
        "mentionable": False,
        "flags": 0,
    }
    return made if bot is None else {**made, "tags": {"bot_id": str(bot)}}


def application(app_id: int, owner: Json) -> Json:
    return {
        "id": str(app_id),
        "name": "Frontdesk",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00",
        "owner": owner,
        "flags": 1 << 19,
        "hook": True,
        "team": None,
    }


def guild_channel(channel_id: int, guild_id: int, kind: int, name: str, denied: int) -> Json:
    """Describe a channel; `denied` permissions are taken from everybody, and the bot knows it."""
    everyone = {"id": str(guild_id), "type": 0, "allow": "0", "deny": str(denied)}
    return {
        "id": str(channel_id),
        "type": kind,
        "guild_id": str(guild_id),
        "name": name,
        "position": 0,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "permission_overwrites": [everyone] if denied else [],
        **({"available_tags": [], "flags": 0} if kind == FORUM else {}),
        **({"bitrate": 64000, "user_limit": 0} if kind == VOICE else {}),
    }


def direct_channel(channel_id: int, with_user: Json) -> Json:
    return {
        "id": str(channel_id),
        "type": DIRECT,
        "recipients": [with_user],
        "last_message_id": None,
        "flags": 0,
    }


def thread(thread_id: int, parent: Json, name: str, owner: int) -> Json:
    return {
        "id": str(thread_id),
        "type": PUBLIC_THREAD,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": str(owner),
        "name": name,
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "locked": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": written_at(thread_id),
            "create_timestamp": written_at(thread_id),
        },
    }


def message(message_id: int, channel: Json, author: Json, content: str) -> Json:
    return {
        "id": str(message_id),
        "channel_id": channel["id"],
        "author": author,
        "content": content,
        "timestamp": written_at(message_id),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def guild(guild_id: int, channels: list[Json], threads: list[Json], roles: list[Json]) -> Json:
    return {
        "id": str(guild_id),
        "name": "Outdoor shop",
        "icon": None,
        "owner_id": "1",
        "joined_at": "2026-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": 3,
        "features": [],
        "preferred_locale": "en-US",
        "roles": roles,
        "channels": channels,
        "threads": threads,
        "emojis": [],
        "stickers": [],
        "members": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
    }
