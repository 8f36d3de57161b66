"""Slack's Web API: the client, how long it is patient, and its errors in our terms."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Final

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.config import SlackConfig
from adapters.slack.errors import FAILURES, translate
from bot.errors import ServiceUnavailable

LONGEST_PAUSE: Final = 30
"""Seconds that Slack may ask us to wait within one call; longer waits are the inbox's."""

_RATE_LIMIT_RETRIES = 3


class BoundedRateLimit(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks for, but only when that is not long."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(
            state=state, request=request, response=response, error=error
        )
        return limited and response is not None and _pause(response) <= LONGEST_PAUSE


def web_client(token: str, config: SlackConfig, *, patient: bool = True) -> AsyncWebClient:
    """Make the client.

    It repeats nothing but what Slack refused for its rate: a call whose connection broke may
    have been carried out, and repeating it blindly would post twice.

    Args:
        token: The bot token.
        config: The section `slack:`.
        patient: Wait where Slack asks for it; else the call fails, for what is not worth a wait.
    """
    return AsyncWebClient(
        token=token,
        base_url=config.api_url,
        timeout=int(config.timeout) or 1,
        retry_handlers=[BoundedRateLimit(max_retry_count=_RATE_LIMIT_RETRIES)] if patient else [],
        logger=quiet_logger("slack_sdk.web.frontdesk"),
    )


class NotSlack(ServiceUnavailable):
    """The answer is not one of Slack's Web API."""


async def ask(request: Awaitable[AsyncSlackResponse], doing: str) -> AsyncSlackResponse:
    """Wait for Slack's answer to a request.

    Args:
        request: A call of the client.
        doing: The method's name at Slack, for the error.

    Raises:
        ServiceUnavailable: Worth another attempt.
        AdapterError: Slack refuses for good.
    """
    try:
        return await request
    except FAILURES as error:
        raise translate(error, doing) from error
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # Slack's client takes whatever comes for its JSON; the text may hold an address or a token.
        raise NotSlack(f"slack: {doing}: {type(error).__name__} in the answer") from None


def quiet_logger(name: str, level: int = logging.WARNING) -> logging.Logger:
    """Return a logger for Slack's libraries; below INFO they write what customers say."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger


def _pause(response: HttpResponse) -> int:
    values = [v for name, v in response.headers.items() if name.lower() == "retry-after"]
    stated = values[0] if values else "1"
    return int(stated[0] if isinstance(stated, list) else stated)
