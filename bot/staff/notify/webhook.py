"""A webhook, signed: whoever has the secret knows that a call is ours, and how old it is."""

from __future__ import annotations

import hmac
import json

import aiohttp

from bot.ports import Clock
from bot.staff.notify.notice import Notice, Undelivered

TIMESTAMP, SIGNATURE = "Frontdesk-Timestamp", "Frontdesk-Signature"
"""Headers: seconds since 1970, and what `signature` returns."""

LIMIT = 10.0
"""Seconds that a call may take."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a call: HMAC-SHA256 of the timestamp, a dot and the body.

    >>> signature("secret", 1_700_000_000, b"{}")[:19]
    'v1=b8569b78799ff9e3'
    """
    signed = b"%d.%s" % (timestamp, body)
    return f"v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}"


class Webhook:
    """The `Notifies` that calls a web address.

    Args:
        url: The address.
        secret: Signs each call.
        clock: The time.
        limit: Seconds that a call may take.
    """

    def __init__(self, url: str, secret: str, clock: Clock, *, limit: float = LIMIT) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._limit = aiohttp.ClientTimeout(total=limit)

    async def notify(self, notice: Notice) -> None:
        """Call the address; redirects are not followed.

        Raises:
            Undelivered: There was no answer, or one that is no success.
        """
        body = json.dumps(_content(notice), ensure_ascii=False).encode()
        timestamp = int(self._clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: str(timestamp),
            SIGNATURE: signature(self._secret, timestamp, body),
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=self._limit) as session,
                session.post(
                    self._url, data=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                status = response.status
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            # its text may hold the address, which may hold a secret
            raise Undelivered(f"the webhook gave no answer: {type(error).__name__}") from error
        if not 200 <= status < 300:
            raise Undelivered(f"the webhook answered {status}")


def _content(notice: Notice) -> dict[str, object]:
    content: dict[str, object] = {
        "id": notice.id,
        "event": "case_unclaimed",
        "case": notice.case,
        "team": notice.team,
        "trigger": notice.trigger,
        "opened_at": notice.opened_at.isoformat(),
        "platform": notice.platform,
    }
    return content | ({"text": notice.text} if notice.text else {})
