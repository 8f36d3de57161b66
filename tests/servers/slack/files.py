"""Files: sent by people, fetched, uploaded and shared by the bot, some moments later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.slack.blocks import Refused, check_blocks, notified
from tests.servers.slack.workspace import Channel, Post, Workspace

Arguments = Mapping[str, Any]
LOGIN_PAGE = "<html>Sign in to Slack</html>"


@dataclass
class StoredFile:
    """A file on the server.

    Attributes:
        length: Bytes that were announced.
        content: None until it is uploaded.
        shares: The channel and the timestamp of each post that shares it.
        moved_to: Address that a request for it is sent on to; empty: none.
        status: HTTP status of the answer to a request for it.
    """

    id: str
    name: str
    media_type: str
    length: int
    content: bytes | None = None
    shares: list[tuple[str, str]] = field(default_factory=list)
    moved_to: str = ""
    status: int = 200


class FileStore:
    """Keeps files.

    Attributes:
        files: All of them by id, also deleted ones.
        share_after: Seconds until files are shared that an upload was completed for.

    Args:
        workspace: Where they are shared.
        base: Returns the address of the server.
    """

    def __init__(self, workspace: Workspace, base: Callable[[], str]) -> None:
        self.files: dict[str, StoredFile] = {}
        self.share_after = 0.0
        self._workspace = workspace
        self._base = base
        self._sharing: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return where files are fetched from and uploaded to."""
        return [web.get("/files-pri/{id}", self._fetch), web.post("/upload/{id}", self._upload)]

    def methods(
        self,
        writable: Callable[[Arguments, str], Channel],
        check_thread: Callable[[Channel, str], None],
    ) -> dict[str, Callable[[Arguments], dict[str, Any]]]:
        """Return the methods of the Web API by their names."""

        def complete(arguments: Arguments) -> dict[str, Any]:
            channel, thread = writable(arguments, "channel_id"), arguments.get("thread_ts") or ""
            if thread:
                check_thread(channel, thread)
            return self._complete(arguments, channel, thread)

        return {
            "files.getUploadURLExternal": self._announce,
            "files.completeUploadExternal": complete,
            "files.info": self._info,
            "files.delete": self._delete,
        }

    def add(self, name: str, content: bytes, media_type: str = "image/png") -> dict[str, Any]:
        """Keep a file of a person; return it as their message describes it."""
        file = self._new(name, media_type, len(content))
        file.content = content
        return self._described(file)

    def address(self, file_id: str) -> str:
        """Return where a file is fetched from."""
        return f"{self._base()}/files-pri/{file_id}"

    def _new(self, name: str, media_type: str, length: int) -> StoredFile:
        file = StoredFile(f"F{len(self.files) + 1}", name, media_type, length)
        self.files[file.id] = file
        return file

    def _described(self, file: StoredFile) -> dict[str, Any]:
        described: dict[str, Any] = {
            "id": file.id,
            "name": file.name,
            "mimetype": file.media_type,
            "size": file.length,
            "mode": "hosted",
            "url_private": self.address(file.id),
            "url_private_download": self.address(file.id),
            "shares": {},
        }
        for channel, ts in file.shares:
            described["shares"].setdefault("public", {}).setdefault(channel, []).append({"ts": ts})
        return described

    def _announce(self, arguments: Arguments) -> dict[str, Any]:
        name, length = str(arguments.get("filename") or ""), int(arguments.get("length") or 0)
        if not name or length <= 0:
            raise Refused("invalid_arguments")
        file = self._new(name, "", length)
        return {"upload_url": f"{self._base()}/upload/{file.id}", "file_id": file.id}

    def _complete(self, arguments: Arguments, channel: Channel, thread: str) -> dict[str, Any]:
        files = [self._file(each["id"]) for each in json.loads(arguments["files"])]
        if any(file.content is None for file in files):
            raise Refused("file_not_found")
        blocks = check_blocks(json.loads(arguments.get("blocks") or "[]"))
        if any(block["type"] == "markdown" for block in blocks):
            raise Refused("internal_error")
        sharing = asyncio.get_running_loop().create_task(
            self._share(files, channel.id, thread, blocks)
        )
        self._sharing.add(sharing)
        sharing.add_done_callback(self._sharing.discard)
        return {"files": [self._described(file) for file in files]}

    async def _share(
        self, files: list[StoredFile], channel: str, thread: str, blocks: list[dict[str, Any]]
    ) -> None:
        await asyncio.sleep(self.share_after)
        here = self._workspace
        text = " ".join(block["text"]["text"] for block in blocks)
        post = Post(here.new_ts(), channel, here.bot_user, text, thread, blocks)
        for file in files:
            file.shares.append((channel, post.ts))
        post.files = [self._described(file) for file in files]
        post.pings = notified(text, blocks)
        here.add(post)

    def _info(self, arguments: Arguments) -> dict[str, Any]:
        return {"file": self._described(self._file(arguments.get("file", "")))}

    def _delete(self, arguments: Arguments) -> dict[str, Any]:
        file = self._file(arguments.get("file", ""))
        file.content, file.status = None, 404
        for channel, ts in file.shares:
            post = self._workspace.find(channel, ts)
            if post is not None:
                post.files = [each for each in post.files if each["id"] != file.id]
        return {}

    def _file(self, file_id: str) -> StoredFile:
        file = self.files.get(file_id)
        if file is None:
            raise Refused("file_not_found")
        if file.status == 404:
            raise Refused("file_deleted")
        return file

    async def _fetch(self, request: web.Request) -> web.Response:
        """Give a file to whom the token lets; anybody else is shown the page to sign in."""
        file, here = self.files[request.match_info["id"]], self._workspace
        if file.moved_to:
            return web.Response(status=302, headers={"Location": file.moved_to})
        bearer = request.headers.get("Authorization", "")
        if bearer != f"Bearer {here.bot_token}" or "files:read" not in here.scopes.split(","):
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        return web.Response(status=file.status, body=file.content, content_type=file.media_type)

    async def _upload(self, request: web.Request) -> web.Response:
        file, content = self.files[request.match_info["id"]], await request.read()
        if len(content) != file.length:
            return web.Response(status=400)
        file.content = content
        return web.Response(text=f"OK - {len(content)}")
