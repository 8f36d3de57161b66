"""Mail to staff, by the server that an environment variable names."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from bot.staff.notify.notice import Notice, Undelivered
from bot.text.control_characters import without_controls

LIMIT = 20.0
"""Seconds that the server may take for an answer."""

HOW = "smtps://USER:PASSWORD@HOST:465/?from=bot@shop.example&to=team@shop.example"
"""How a mail server is written."""

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server with sender and recipients; the `Notifies` that sends mail.

    Attributes:
        tls: From the first byte on; else as soon as the server offers it.
    """

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    tls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)

    async def notify(self, notice: Notice) -> None:
        """Send a mail to all recipients.

        Raises:
            Undelivered: The server did not take it for each of them.
        """
        try:
            await asyncio.to_thread(self._send, _mail(notice, self.sender, self.recipients))
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"the mail server took no mail: {type(error).__name__}") from error

    def _send(self, mail: EmailMessage) -> None:
        context = ssl.create_default_context()
        opened = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=LIMIT, context=context)
            if self.tls
            else smtplib.SMTP(self.host, self.port, timeout=LIMIT)
        )
        with opened as server:
            server.ehlo_or_helo_if_needed()
            secured = self.tls
            if not secured and server.has_extn("starttls"):
                server.starttls(context=context)
                secured = True
            if self.user:
                if not (secured or _is_loopback(self.host)):
                    raise smtplib.SMTPNotSupportedError("no password without TLS")
                server.login(self.user, self.password)
            refused = server.send_message(mail)
            if refused:
                raise smtplib.SMTPRecipientsRefused(refused)


def read_mail_server(url: str) -> MailServer:
    """Read a mail server from what an environment variable holds.

    Raises:
        ValueError: Something is missing; the message says what, and quotes nothing.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("no address of a mail server, or no recipient") from None
    query = parse_qs(parts.query)
    recipients = tuple(
        each.strip() for value in query.get("to", ()) for each in value.split(",") if each.strip()
    )
    sender = "".join(query.get("from", ()))
    addresses = (sender, *recipients)
    if parts.scheme not in _PORTS or not host or not recipients:
        raise ValueError("no address of a mail server, or no recipient")
    if any("@" not in each or each != without_controls(each).strip() for each in addresses):
        raise ValueError("no mail address as `from` or `to`")
    return MailServer(
        host,
        port or _PORTS[parts.scheme],
        sender,
        recipients,
        parts.scheme == "smtps",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def _mail(notice: Notice, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, ", ".join(recipients)
    mail["Subject"] = f"Case {notice.case} waits: nobody has claimed it"
    mail["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    lines = [
        f"A customer on {notice.platform} has waited since {format_datetime(notice.opened_at)}.",
        f"Asked last: {notice.team}. Reason: {notice.trigger.replace('_', ' ')}.",
        f"`frontdesk cases` lists it as case {notice.case}.",
        *(["", "The customer asks:", "", notice.text] if notice.text else []),
    ]
    mail.set_content("\n".join(lines))
    return mail


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
