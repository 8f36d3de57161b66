"""A mail server on loopback: it speaks enough of RFC 5321 to take a mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Mail:
    """A mail as it was taken."""

    sender: str
    recipients: list[str]
    content: str


@dataclass
class MailHost:
    """What a server took, and how often it refuses first."""

    port: int = 0
    refusals: int = 0
    logins: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        sender, recipients = "", list[str]()
        while line := (await reader.readline()).decode().strip():
            word = line.upper().split(maxsplit=1)[0]
            answer = "250 ok"
            if word == "EHLO":
                answer = "250-mail.test\r\n250 AUTH PLAIN LOGIN"
            elif word == "AUTH":
                self.logins.append(line.rpartition(" ")[2])
                answer = "235 welcome"
            elif word == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
                answer, self.refusals = (
                    ("451 later", self.refusals - 1)
                    if self.refusals
                    else (
                        answer,
                        0,
                    )
                )
            elif word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            elif word == "DATA":
                writer.write(b"354 go on\r\n")
                content = (await reader.readuntil(b"\r\n.\r\n")).decode()
                self.mails.append(Mail(sender, recipients, content))
            elif word == "QUIT":
                answer = "221 bye"
            writer.write(f"{answer}\r\n".encode())
            if word == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def mail_host() -> AsyncIterator[MailHost]:
    host = MailHost()
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    async with server:
        yield host
