"""The methods of Slack's Web API that a bot calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.servers.slack.blocks import Refused, check_blocks, notified
from tests.servers.slack.faults import Faults, break_off, suffer
from tests.servers.slack.files import FileStore
from tests.servers.slack.reactions import Reactions
from tests.servers.slack.streams import Streams
from tests.servers.slack.views import check_view
from tests.servers.slack.workspace import Channel, Post, Workspace

Arguments = Mapping[str, Any]
Answer = dict[str, Any]

_SCOPES = {
    "chat.delete": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "assistant.threads.setStatus": "assistant:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "users.info": "users:read",
    "conversations.open": "im:write",
    "bots.info": "users:read",
    "usergroups.users.list": "usergroups:read",
}
_HISTORY_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


class WebApi:
    """Answers `POST /api/METHOD` as Slack does."""

    def __init__(
        self,
        workspace: Workspace,
        faults: Faults,
        open_connection: Callable[[], str],
        files: FileStore,
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self._open_connection = open_connection
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._methods: dict[str, Callable[[Arguments], Answer]] = {
            "api.test": lambda _: {},
            "apps.connections.open": self._connections_open,
            "apps.manifest.export": self._export_manifest,
            "assistant.threads.setStatus": self._set_status,
            "auth.test": self._auth_test,
            "bots.info": self._bots_info,
            "chat.delete": self._delete,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.open": self._open_direct,
            "conversations.replies": self._replies,
            "views.open": self._open_view,
            "users.info": self._user,
            "usergroups.users.list": self._group_members,
            **Streams(workspace, self._writable).methods(),
            **Reactions(workspace, self._writable).methods(),
            **files.methods(self._writable, self._check_thread),
        }

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call."""
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        fault = self._faults.take(method, str(arguments.get("channel", "")))
        failure = await suffer(fault) if fault else None
        if failure is not None:
            return failure
        answer = self._answer(method, request.headers.get("Authorization", ""), arguments)
        if fault and fault.lose_answer:
            break_off(request)
        return web.json_response(answer, headers={"x-oauth-scopes": self._workspace.scopes})

    def _answer(self, method: str, authorization: str, arguments: Arguments) -> Answer:
        try:
            self._check_token(method, authorization.removeprefix("Bearer ").strip())
            call = self._methods.get(method, _unknown_method)
            return {"ok": True, **call(arguments)}
        except Refused as refusal:
            return {"ok": False, "error": refusal.error, **refusal.fields}

    def _check_token(self, method: str, token: str) -> None:
        here = self._workspace
        wanted, other = here.bot_token, here.app_token
        scopes, needed = here.scopes, _SCOPES.get(method, "")
        if method == "apps.connections.open":
            wanted, other = other, wanted
            scopes, needed = here.app_scopes, "connections:write"
        if method == "apps.manifest.export":
            wanted, other = here.config_token, here.bot_token
        if not token:
            raise Refused("not_authed")
        if token in here.revoked:
            raise Refused("token_revoked")
        if token == other:
            raise Refused("not_allowed_token_type")
        if token != wanted:
            raise Refused("invalid_auth")
        if needed:
            self._check_scope(needed, scopes)

    @staticmethod
    def _check_scope(needed: str, provided: str) -> None:
        if needed not in provided.split(","):
            raise Refused("missing_scope", needed=needed, provided=provided)

    def _auth_test(self, _: Arguments) -> Answer:
        here = self._workspace
        return {
            "url": "https://example.slack.com/",
            "team": "Example",
            "user": "frontdesk",
            "team_id": here.team,
            "user_id": here.bot_user,
            "bot_id": here.bot_id,
        }

    def _bots_info(self, _: Arguments) -> Answer:
        here = self._workspace
        return {"bot": {"id": here.bot_id, "app_id": here.app_of_bot, "name": "frontdesk"}}

    def _open_view(self, arguments: Arguments) -> Answer:
        view = arguments.get("view") or {}
        view = json.loads(view) if isinstance(view, str) else view
        if not arguments.get("trigger_id"):
            raise Refused("invalid_trigger_id")
        check_view(view)
        self._workspace.views.append(view)
        return {"view": {"id": f"V{len(self._workspace.views)}", **view}}

    def _export_manifest(self, arguments: Arguments) -> Answer:
        if arguments.get("app_id") != self._workspace.app:
            raise Refused("app_not_found")
        return {"manifest": self._workspace.manifest}

    def _user(self, arguments: Arguments) -> Answer:
        user = str(arguments.get("user", ""))
        if user not in self._workspace.names:
            raise Refused("user_not_found")
        name = self._workspace.names[user]
        profile = {"display_name": name}
        told = {"id": user, "name": user.lower(), "team_id": self._workspace.team}
        told |= self._workspace.people.get(user, {})
        if "users:read.email" in self._workspace.scopes.split(","):
            profile |= self._workspace.emails.get(user, {})
        return {"user": {**told, "profile": profile}}

    def _open_direct(self, arguments: Arguments) -> Answer:
        user = str(arguments.get("users", ""))
        if user in self._workspace.closed:
            raise Refused("cannot_dm_bot")
        channel: dict[str, Any] = {"id": f"D{user[1:]}"}
        if arguments.get("return_im"):
            channel |= {"is_im": user not in self._workspace.grouped, "user": user}
        return {"channel": channel}

    def _connections_open(self, _: Arguments) -> Answer:
        return {"url": self._open_connection()}

    def _set_status(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments, "channel_id")
        thread, status = arguments.get("thread_ts", ""), arguments.get("status", "")
        self._check_thread(channel, thread)
        self._workspace.statuses.append((channel.id, thread, status))
        return {}

    def _post_message(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        post = self._post(channel, arguments, only_for="")
        return {"channel": channel.id, "ts": post.ts, "message": {"text": post.text}}

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        if not str(arguments.get("user", "")).startswith("U"):
            raise Refused("user_not_in_channel")
        return {"message_ts": self._post(channel, arguments, only_for=arguments["user"]).ts}

    def _post(self, channel: Channel, arguments: Arguments, *, only_for: str) -> Post:
        text, blocks, metadata = _content(arguments)
        thread = arguments.get("thread_ts") or ""
        if thread:
            self._check_thread(channel, thread)
        post = self._workspace.add(
            Post(
                ts=self._workspace.new_ts(),
                channel=channel.id,
                user=self._workspace.bot_user,
                text=text,
                thread_ts=thread,
                blocks=blocks,
                metadata=metadata,
                arguments=dict(arguments),
                only_for=only_for,
                pings=notified(text, blocks),
            )
        )
        post.stood.append(post.markdown)
        return post

    def _update(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        post = self._workspace.find(channel.id, arguments.get("ts", ""))
        if post is None or post.only_for:
            raise Refused("message_not_found")
        if post.user != self._workspace.bot_user:
            raise Refused("cant_update_message")
        post.text, post.blocks, post.metadata = _content(arguments)
        post.pings = notified(post.text, post.blocks)
        post.edits += 1
        post.streaming = False
        post.stood.append(post.markdown)
        return {"channel": channel.id, "ts": post.ts}

    def _delete(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        post = self._workspace.find(channel.id, arguments.get("ts", ""))
        if post is None or post.only_for:
            raise Refused("message_not_found")
        if post.user != self._workspace.bot_user:
            raise Refused("cant_delete_message")
        self._workspace.remove(post)
        return {"channel": channel.id, "ts": post.ts}

    def _history(self, arguments: Arguments) -> Answer:
        channel = self._readable(arguments)
        messages = [m for m in self._workspace.history(channel.id) if _in_window(m, arguments)]
        return self._page(messages, arguments)

    def _replies(self, arguments: Arguments) -> Answer:
        channel = self._readable(arguments)
        ts = arguments.get("ts", "")
        self._check_thread(channel, ts)
        thread = self._workspace.thread(channel.id, ts)
        messages = [m for m in thread if m.ts == ts or _in_window(m, arguments)]
        return self._page(messages, arguments)

    def _group_members(self, arguments: Arguments) -> Answer:
        group = arguments.get("usergroup", "")
        if group not in self._workspace.groups:
            raise Refused("no_such_subteam")
        return {"users": sorted(self._workspace.groups[group])}

    def _page(self, messages: list[Post], arguments: Arguments) -> Answer:
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        end = start + limit
        more = end < len(messages)
        with_metadata = str(arguments.get("include_all_metadata", "")).lower() in {"1", "true"}
        here = self._workspace
        return {
            "messages": [
                m.as_message(
                    with_metadata=with_metadata, bot_user=here.bot_user, bot_id=here.bot_id
                )
                for m in messages[start:end]
            ],
            "has_more": more,
            "response_metadata": {"next_cursor": str(end) if more else ""},
        }

    def _writable(self, arguments: Arguments, name: str = "channel") -> Channel:
        channel = self._workspace.channel(str(arguments.get(name, "")))
        if channel is None:
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if not channel.has_bot:
            raise Refused("not_in_channel")
        return channel

    def _readable(self, arguments: Arguments) -> Channel:
        channel = self._writable(arguments)
        self._check_scope(_HISTORY_SCOPES[channel.kind], self._workspace.scopes)
        return channel

    def _check_thread(self, channel: Channel, ts: str) -> None:
        first = self._workspace.find(channel.id, ts)
        if first is None or first.only_for:
            raise Refused("thread_not_found")


def _unknown_method(_: Arguments) -> Answer:
    raise Refused("unknown_method")


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Read a call's arguments; methods that read take them as a form, never as JSON."""
    if request.content_type == "application/json":
        if request.match_info["method"].startswith("conversations."):
            return {}
        return dict(await request.json())
    return {**request.query, **await request.post()}


def _content(arguments: Arguments) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Check what a post says."""
    text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    metadata = arguments.get("metadata") or {}
    if metadata and not {"event_type", "event_payload"} <= metadata.keys():
        raise Refused("invalid_metadata_format")
    return text, check_blocks(blocks), metadata


def _in_window(message: Post, arguments: Arguments) -> bool:
    oldest = float(arguments.get("oldest") or 0)
    latest = float(arguments.get("latest") or "inf")
    if str(arguments.get("inclusive", "")).lower() in {"1", "true"}:
        return oldest <= float(message.ts) <= latest
    return oldest < float(message.ts) < latest
