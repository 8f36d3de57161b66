"""The server that a test starts, and what people in the workspace do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from aiohttp import web

from tests.servers.slack.blocks import check_blocks
from tests.servers.slack.control import Control
from tests.servers.slack.events import (
    block_actions,
    callback,
    changed_event,
    deleted_event,
    mention_event,
    message_event,
    pressed_action,
    shortcut,
    slash_command,
    view_submission,
    vote,
)
from tests.servers.slack.faults import Faults
from tests.servers.slack.files import FileStore
from tests.servers.slack.socket_mode import Envelope, SocketMode
from tests.servers.slack.web_api import WebApi
from tests.servers.slack.workspace import Post, Workspace


class SlackServer:
    """Slack on a loopback port; use it as an async context.

    Args:
        workspace: What there is at first; a fresh one by default.
        port: 0 chooses a free one.
        ack_timeout: Seconds until an envelope counts as not acknowledged; Slack's are 3.
        retry_delays: Seconds before each further delivery; Slack's are 0, 60 and 300.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        port: int = 0,
        ack_timeout: float = 3.0,
        retry_delays: Sequence[float] = (0.0, 0.2, 0.5),
    ) -> None:
        self.workspace = workspace or Workspace()
        self.faults = Faults()
        self.sockets = SocketMode(self.workspace, ack_timeout, retry_delays)
        self.files = FileStore(self.workspace, lambda: self.base)
        self.api = WebApi(self.workspace, self.faults, self._connection_url, self.files)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def base(self) -> str:
        """Where the server is, without a path."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What `slack.api_url` in config.yaml has to be."""
        return f"{self.base}/api/"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self.api.handle)
        application.router.add_get("/link", self.sockets.handle)
        application.router.add_post("/response/{channel}/{ts}", self._replace)
        application.add_routes([*Control(self).routes(), *self.files.routes()])
        self._runner = web.AppRunner(application, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def write(self, text: str, *, user: str, channel: str, thread_ts: str = "") -> Post:
        """Put a person's message into a channel without telling the app."""
        self.workspace.channel(channel)
        return self.workspace.add(Post(self.workspace.new_ts(), channel, user, text, thread_ts))

    def say(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = "D1",
        thread_ts: str = "",
        **more: object,
    ) -> Post:
        """Let a person write; a mention of the bot arrives as two events, as with Slack."""
        message = self.write(text, user=user, channel=channel, thread_ts=thread_ts)
        event = message_event(self.workspace, message, **more)
        if f"<@{self.workspace.bot_user}>" in text and not channel.startswith("D"):
            self.deliver(mention_event(event))
        self.deliver(event)
        return message

    def edit(self, message: Post, text: str, *, after: float = 1.0, tell: bool = True) -> None:
        """Let a person edit a message, some seconds after they wrote it."""
        before = self._as_message(message)
        message.text = text
        message.edited = f"{float(message.ts) + after:.6f}"
        if tell:
            self.deliver(changed_event(self.workspace, message, before))

    def unfurl(self, message: Post) -> None:
        """Let Slack show a preview of a link: the message is changed, and not edited."""
        before = self._as_message(message)
        self.deliver(changed_event(self.workspace, message, before))

    def delete(self, message: Post, *, tell: bool = True) -> None:
        """Let a person delete a message; one with replies leaves a tombstone."""
        before = self._as_message(message)
        _, *replies = self.workspace.thread(message.channel, message.ts)
        if not replies:
            self.workspace.remove(message)
            if tell:
                self.deliver(deleted_event(self.workspace, message, before))
            return
        message.user, message.text, message.subtype = "USLACKBOT", "deleted", "tombstone"
        if tell:
            self.deliver(changed_event(self.workspace, message, before))
            for reply in replies:  # these come as edits that change nothing
                self.unfurl(reply)

    def _as_message(self, message: Post) -> dict[str, Any]:
        here = self.workspace
        return message.as_message(with_metadata=False, bot_user=here.bot_user, bot_id=here.bot_id)

    def deliver(self, event: dict[str, Any]) -> Envelope:
        """Send any event."""
        return self.sockets.deliver("events_api", callback(self.workspace, event))

    def press(self, post: Post, button: int = 0, user: str = "U1") -> Envelope:
        """Let a person press a button."""
        response_url = f"{self.base}/response/{post.channel}/{post.ts}"
        payload = block_actions(self.workspace, post, button, user, response_url)
        return self.sockets.deliver("interactive", payload)

    def vote(self, post: Post, kind: str, user: str = "U1") -> Envelope:
        """Let a person press a thumb, `positive` or `negative`."""
        payload = vote(self.workspace, post, kind, user)
        return self.sockets.deliver("interactive", payload)

    def give_reason(self, reason: str, user: str = "U1") -> Envelope:
        """Let a person fill the field of the modal that was opened last, and submit it."""
        return self.fill_in({"type": "plain_text_input", "value": reason}, user)

    def choose(self, chosen: str, user: str = "U1") -> Envelope:
        """Let a person choose somebody in the modal that was opened last, and submit it."""
        return self.fill_in({"type": "users_select", "selected_user": chosen}, user)

    def fill_in(self, value: dict[str, Any], user: str = "U1") -> Envelope:
        """Let a person submit the modal that was opened last, with a value in its field."""
        view = self.workspace.views[-1]
        payload = view_submission(self.workspace, view["callback_id"], user)
        (block,) = view["blocks"]
        if block["element"]["type"] != value["type"]:
            raise ValueError(f"the field is {block['element']['type']}")
        values = {block["block_id"]: {block["element"]["action_id"]: value}}
        payload["view"] |= view | {"state": {"values": values}}
        return self.sockets.deliver("interactive", payload)

    def answer_window(self, *, user: str = "U1", text: str = "", chosen: str = "") -> Envelope:
        """Let a person submit the window that was opened last; `chosen` is the value of an option.

        Raises:
            LookupError: The window has no such option.
        """
        view = self.workspace.views[-1]
        payload = view_submission(self.workspace, view["callback_id"], user)
        values: dict[str, Any] = {}
        for block in view["blocks"]:
            element = block.get("element") or {}
            state: dict[str, Any] = {"type": element.get("type"), "value": text or None}
            if element.get("type") == "static_select":
                picked = [each for each in element["options"] if each["value"] == chosen]
                if chosen and not picked:
                    raise LookupError(chosen)
                state = {"type": "static_select", "selected_option": (picked or [None])[0]}
            if element:
                values[block["block_id"]] = {element["action_id"]: state}
        payload["view"] |= view | {"state": {"values": values}}
        return self.sockets.deliver("interactive", payload)

    def pick(self, post: Post, label: str, user: str = "U1") -> Envelope:
        """Let a person choose in the menu under a post."""
        elements = [each for block in post.blocks for each in block.get("elements", ())]
        (menu,) = [each for each in elements if each["type"] == "static_select"]
        (option,) = [each for each in menu["options"] if each["text"]["text"] == label]
        (row,) = [block for block in post.blocks if menu in block.get("elements", ())]
        used = {
            "type": "static_select",
            "action_id": menu["action_id"],
            "block_id": row["block_id"],
            "selected_option": option,
        }
        url = f"{self.base}/response/{post.channel}/{post.ts}"
        payload = pressed_action(self.workspace, post, used, user, url)
        return self.sockets.deliver("interactive", payload)

    def command(
        self, text: str, *, channel: str = "C1", user: str = "U1", command: str = "/frontdesk"
    ) -> Envelope:
        """Let a person type a slash command."""
        payload = slash_command(self.workspace, command, text, channel=channel, user=user)
        return self.sockets.deliver("slash_commands", payload)

    def shortcut(self, name: str, *, user: str = "U1", message: Post | None = None) -> Envelope:
        """Let a person use a shortcut: from anywhere, or on a message."""
        return self.sockets.deliver("interactive", shortcut(self.workspace, name, user, message))

    def submit(self, modal: str, *, user: str = "U1") -> Envelope:
        """Let a person submit a modal."""
        return self.sockets.deliver("interactive", view_submission(self.workspace, modal, user))

    async def _replace(self, request: web.Request) -> web.Response:
        """Replace the post whose button was pressed, as a response_url does."""
        body = await request.json()
        post = self.workspace.find(request.match_info["channel"], request.match_info["ts"])
        if post is None or not body.get("replace_original"):
            return web.Response(status=404)
        post.text, post.blocks = body["text"], check_blocks(body["blocks"])
        post.edits += 1
        return web.Response(text="ok")

    def _connection_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/link?ticket={self.sockets.new_ticket()}"
