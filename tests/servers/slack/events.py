"""The payloads that Slack sends, as recorded in its documentation."""

from __future__ import annotations

import secrets
from typing import Any

from tests.servers.slack.workspace import Post, Workspace


def message_event(here: Workspace, message: Post, **more: object) -> dict[str, Any]:
    """Return the event `message` of something that a person wrote."""
    channel = here.channel(message.channel)
    event: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "client_msg_id": secrets.token_hex(8),
        "team": here.team,
        "channel": message.channel,
        "channel_type": channel.kind if channel else "channel",
    }
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    return event | more


def mention_event(message: dict[str, Any]) -> dict[str, Any]:
    """Return the event `app_mention` that comes beside a `message`."""
    event = {key: value for key, value in message.items() if key != "channel_type"}
    return event | {"type": "app_mention"}


def changed_event(here: Workspace, message: Post, before: dict[str, Any]) -> dict[str, Any]:
    """Return the event `message` that tells of a change, by a person or by Slack itself."""
    now = message.as_message(with_metadata=False, bot_user=here.bot_user, bot_id=here.bot_id)
    return _about(here, message) | {
        "subtype": "message_changed",
        "message": now,
        "previous_message": before,
    }


def deleted_event(here: Workspace, message: Post, before: dict[str, Any]) -> dict[str, Any]:
    """Return the event `message` that tells of a deletion."""
    return _about(here, message) | {
        "subtype": "message_deleted",
        "deleted_ts": message.ts,
        "previous_message": before,
    }


def _about(here: Workspace, message: Post) -> dict[str, Any]:
    channel, now = here.channel(message.channel), here.new_ts()
    return {
        "type": "message",
        "hidden": True,
        "channel": message.channel,
        "channel_type": channel.kind if channel else "channel",
        "ts": now,
        "event_ts": now,
    }


def callback(here: Workspace, event: dict[str, Any]) -> dict[str, Any]:
    """Return the payload that carries an event."""
    return {
        "token": "verification",
        "team_id": here.team,
        "api_app_id": here.app,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5)}",
        "event_time": int(float(event.get("event_ts", 0))),
        "authorizations": [{"team_id": here.team, "user_id": here.bot_user, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def slash_command(
    here: Workspace, command: str, text: str, *, channel: str, user: str
) -> dict[str, Any]:
    """Return the payload of a slash command."""
    return {
        "token": "verification",
        "team_id": here.team,
        "team_domain": "example",
        "channel_id": channel,
        "channel_name": _name(here, channel),
        "user_id": user,
        "user_name": "ann",
        "command": command,
        "text": text,
        "api_app_id": here.app,
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1/unused",
        "trigger_id": f"1.2.{secrets.token_hex(8)}",
    }


def block_actions(
    here: Workspace, post: Post, button: int, user: str, response_url: str = ""
) -> dict[str, Any]:
    """Return the payload of pressing one of a post's buttons."""
    return pressed_action(here, post, post.buttons[button], user, response_url)


def vote(here: Workspace, post: Post, kind: str, user: str) -> dict[str, Any]:
    """Return the payload of pressing one of a post's thumbs, `positive` or `negative`."""
    (thumbs,) = post.thumbs
    pressed = {
        "type": "feedback_buttons",
        "action_id": thumbs["action_id"],
        "block_id": thumbs["block_id"],
        **thumbs[f"{kind}_button"],
    }
    return pressed_action(here, post, pressed, user)


def pressed_action(
    here: Workspace, post: Post, pressed: dict[str, Any], user: str, response_url: str = ""
) -> dict[str, Any]:
    """Return the payload of using an element of a post."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": post.ts,
        "channel_id": post.channel,
        "is_ephemeral": bool(post.only_for),
    }
    if post.thread_ts:
        container["thread_ts"] = post.thread_ts
    elif any(each.thread_ts == post.ts for each in here.messages):
        container["thread_ts"] = post.ts
    payload: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": here.team, "domain": "example"},
        "user": {"id": user, "username": "ann", "name": "ann", "team_id": here.team},
        "api_app_id": here.app,
        "token": "verification",
        "container": container,
        "trigger_id": "1.2.3",
        "channel": {"id": post.channel, "name": _name(here, post.channel)},
        "response_url": response_url,
        "actions": [{**pressed, "action_ts": here.new_ts()}],
    }
    if not post.only_for:
        payload["message"] = post.as_message(
            with_metadata=True, bot_user=here.bot_user, bot_id=here.bot_id
        )
    return payload


def shortcut(here: Workspace, name: str, user: str, message: Post | None) -> dict[str, Any]:
    """Return the payload of a shortcut: a global one, or one on a message."""
    payload: dict[str, Any] = {
        "type": "message_action" if message else "shortcut",
        "token": "verification",
        "action_ts": here.new_ts(),
        "team": {"id": here.team, "domain": "example"},
        "user": {"id": user, "username": "ann", "team_id": here.team},
        "api_app_id": here.app,
        "callback_id": name,
        "trigger_id": f"1.2.{secrets.token_hex(8)}",
    }
    if message is None:
        return payload
    return payload | {
        "channel": {"id": message.channel, "name": _name(here, message.channel)},
        "message_ts": message.ts,
        "message": message.as_message(
            with_metadata=False, bot_user=here.bot_user, bot_id=here.bot_id
        ),
        "response_url": "http://127.0.0.1/unused",
    }


def view_submission(here: Workspace, name: str, user: str) -> dict[str, Any]:
    """Return the payload of submitting a modal."""
    return {
        "type": "view_submission",
        "team": {"id": here.team, "domain": "example"},
        "user": {"id": user, "username": "ann", "name": "ann", "team_id": here.team},
        "api_app_id": here.app,
        "token": "verification",
        "trigger_id": f"1.2.{secrets.token_hex(8)}",
        "view": {
            "id": f"V{secrets.token_hex(5)}",
            "team_id": here.team,
            "type": "modal",
            "callback_id": name,
            "private_metadata": "",
            "state": {"values": {}},
            "blocks": [],
            "title": {"type": "plain_text", "text": "Form"},
            "app_id": here.app,
            "bot_id": here.bot_id,
        },
        "response_urls": [],
        "is_enterprise_install": False,
    }


def _name(here: Workspace, channel_id: str) -> str:
    """Return the name of a channel, as presses and commands tell it."""
    channel = here.channel(channel_id)
    names = {"im": "directmessage", "group": "privategroup", "mpim": "mpdm-ann--bob-1"}
    return names.get(channel.kind, "general") if channel else "general"
