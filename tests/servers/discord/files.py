"""Files of messages: kept by address, whose signature expires as Discord's does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from aiohttp import BodyPartReader, web

from tests.servers.discord.payloads import Json
from tests.servers.discord.refused import Refused


class Files:
    """What was uploaded, by people and by the bot.

    Attributes:
        root: Address of the server.
        served: Numbers of the files that were read, in order.
        errors: How many reads fail next.
        largest: Bytes of a file that the server takes.
    """

    def __init__(self, snowflake: Callable[[], int]) -> None:
        self.root = ""
        self.served: list[int] = []
        self.largest = 10 * 1024 * 1024
        self.errors = 0
        self._snowflake = snowflake
        self._contents: dict[int, bytes] = {}
        self._signature = 1

    def add(self, name: str, content: bytes, media_type: str = "image/jpeg") -> Json:
        """Keep a file; return it as a message has it."""
        number = self._snowflake()
        self._contents[number] = content
        made = {
            "id": str(number),
            "filename": name,
            "content_type": media_type,
            "size": len(content),
        }
        return self._signed(made)

    def content(self, file: Json) -> bytes:
        return self._contents[int(file["id"])]

    def expire(self) -> None:
        """Let all addresses that were told so far be of no use."""
        self._signature += 1

    def signed(self, message: Json) -> Json:
        """Return a message with addresses that are valid now."""
        files = [self._signed(each) for each in message["attachments"]]
        return {**message, "attachments": files}

    async def serve(self, request: web.Request) -> web.Response:
        number = int(request.match_info["file"])
        self.served.append(number)
        if self.errors:
            self.errors -= 1
            return web.Response(status=503)
        if request.query.get("ex") != str(self._signature) or number not in self._contents:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=self._contents[number])

    async def body_of(self, request: web.Request) -> Json:
        """Read a request, with the files that come with it."""
        if not request.content_type.startswith("multipart/"):
            return cast("Json", await request.json())
        body: Json = {}
        contents: list[bytes] = []
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                body = json.loads(await part.text())
            else:
                contents.append(bytes(await part.read()))
        if any(len(each) > self.largest for each in contents):
            raise Refused(413, 40005, "Request entity too large")
        told = body.get("message", body)
        names = [each["filename"] for each in told["attachments"]]
        told["attachments"] = [
            self.add(name, content, "application/octet-stream")
            for name, content in zip(names, contents, strict=True)
        ]
        return body

    def _signed(self, file: Json) -> Json:
        url = f"{self.root}/attachments/1/{file['id']}/{file['filename']}?ex={self._signature}"
        return {**file, "url": url, "proxy_url": url}
