"""The app manifest: everything that Slack must be told about the app, for pasting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import structlog

from adapters.slack.references import SEND_SHORTCUT, WHY_SHORTCUT
from bot.errors import AdapterError

SCOPES: Final = {
    "app_mentions:read": "hear its name in channels",
    "assistant:write": "show that it is thinking",
    "channels:history": "follow up in threads of public channels",
    "chat:write": "answer",
    "commands": "take `/ask` and the commands of staff",
    "files:read": "fetch files, to send them on between customers and staff",
    "files:write": "send files on between customers and staff",
    "groups:history": "follow up in threads of private channels",
    "im:history": "hear direct messages",
    "im:write": "go on in direct messages with what is personal",
    "metadata.message:read": "find its own answers after a crash",
    "mpim:history": "hear group messages",
    "reactions:write": "mark lines of staff that were sent",
    "users:read": "read the names of people who are mentioned",
}
"""Scopes of the bot token, with what each is for."""

EMAIL_SCOPE: Final = "users:read.email"
"""Wanted only where config lets the address that Slack verified prove who somebody is."""

INDISPENSABLE: Final = frozenset({"app_mentions:read", "chat:write", "im:history"})

EVENTS: Final = ("app_mention", "message.channels", "message.groups", "message.im", "message.mpim")
"""Events that the app subscribes to."""

ASK_COMMAND: Final = "/ask"
"""The command that asks a question which nobody else sees."""

_log = structlog.get_logger(__name__)


def manifest(name: str, *, emails: bool = False) -> dict[str, Any]:
    """Return the manifest of an app with this name, ready for "From a manifest".

    Args:
        name: What customers see, at most 35 characters.
        emails: Addresses that Slack verified prove who somebody is.

    Raises:
        ValueError: Slack would refuse the name.
    """
    if not 0 < len(name) <= 35:
        raise ValueError(f"name is {name!r}: Slack takes 1 to 35 characters")
    return {
        "display_information": {
            "name": name,
            "description": "Answers customers' questions, and finds a human where it cannot.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": _commands(),
            "shortcuts": _shortcuts(),
            "agent_view": {"agent_description": "Answers questions about orders and products."},
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES, *([EMAIL_SCOPE] if emails else ())]}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def missing_scopes(granted: str) -> tuple[str, ...]:
    """Return the scopes that the bot needs and a token lacks, in alphabetical order.

    Args:
        granted: Comma-separated, as in the header `x-oauth-scopes`; empty: unknown, none is missed.
    """
    scopes = {scope.strip() for scope in granted.split(",") if scope.strip()}
    return tuple(sorted(SCOPES.keys() - scopes)) if scopes else ()


def _commands() -> list[dict[str, Any]]:
    """Return the slash commands."""
    return [
        {
            "command": "/frontdesk",
            "description": "For staff: pause the bot, or let it go on",
            "usage_hint": "pause | resume | status | why",
            "should_escape": False,
        },
        {
            "command": ASK_COMMAND,
            "description": "Ask a question that nobody else sees",
            "usage_hint": "your question",
            "should_escape": False,
        },
    ]


def _shortcuts() -> list[dict[str, Any]]:
    """Return what the menu of a message offers."""
    return [
        {
            "name": "Why this answer?",
            "type": "message",
            "callback_id": WHY_SHORTCUT,
            "description": "For staff: why the bot answered, or was silent",
        },
        {
            "name": "Send to customer",
            "type": "message",
            "callback_id": SEND_SHORTCUT,
            "description": "For staff: send this line of a case to its customer",
        },
    ]


def check_scopes(missing: Sequence[str]) -> None:
    """Warn of missing scopes.

    Raises:
        AdapterError: The bot could not work at all; each missing scope is named.
    """
    if INDISPENSABLE.intersection(missing):
        raise AdapterError(
            f"slack: the bot token lacks the scopes {', '.join(missing)}: add them at "
            "https://api.slack.com/apps -> your app -> OAuth & Permissions -> Scopes, "
            "then install the app again"
        )
    for scope in missing:
        _log.warning("slack.scope_missing", scope=scope, needed_to=SCOPES[scope])
