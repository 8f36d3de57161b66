"""Translates errors of Slack: temporary, or refused with a remedy."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.common.refused import ContentRefused
from bot.errors import AccessLost, AdapterError, FrontdeskError, ServiceUnavailable

TOO_MANY_REQUESTS = 429

_PASSING = {
    "fatal_error",
    "internal_error",
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}

_CONTENT = {
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "only_one_table_allowed",
    "too_many_attachments",
    "too_many_contents",
}
"""Refusals of what a post says, not of where it goes: another form of it may be taken."""

_ACCESS = {
    "account_inactive",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}

_TOKENS = (
    "https://api.slack.com/apps -> your app -> OAuth & Permissions (bot token) or "
    "Basic Information -> App-Level Tokens"
)

_REMEDIES = {
    "account_inactive": f"the app was removed from the workspace: install it again, {_TOKENS}",
    "invalid_auth": f"the token is not valid: copy it again from {_TOKENS}",
    "not_allowed_token_type": "the bot token is xoxb-..., the app-level token xapp-...",
    "not_authed": f"no token was sent: copy it from {_TOKENS}",
    "token_expired": f"switch token rotation off, or copy the new token from {_TOKENS}",
    "token_revoked": f"the token was revoked: install the app again and copy it from {_TOKENS}",
    "channel_not_found": "invite the bot to the channel",
    "is_archived": "the channel is archived",
    "no_permission": "the workspace does not let the app do this: ask its owner",
    "not_in_channel": "invite the bot to the channel",
    "restricted_action": "the workspace limits who may post there: ask its owner",
    "user_not_in_channel": "the person has left the channel",
}

Failure = SlackClientError | aiohttp.ClientError | asyncio.TimeoutError
FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError)
"""Everything that a call of Slack's client can raise when Slack or the network is to blame."""


def translate(error: Failure, doing: str) -> FrontdeskError:
    """Return our error for one of Slack's.

    Args:
        error: What the client raised.
        doing: What was tried, as Slack names it: `chat.postMessage`.

    Returns:
        ServiceUnavailable where another attempt may do, AccessLost where it needs a new token,
        ContentRefused where another form of the post may do, else AdapterError with the remedy.
    """
    if not isinstance(error, SlackApiError):
        return ServiceUnavailable(f"slack: {doing}: {type(error).__name__}")
    code = error_code(error)
    if code in _PASSING or _status(error) >= 500 or _status(error) == TOO_MANY_REQUESTS or not code:
        return ServiceUnavailable(f"slack: {doing}: {code or f'HTTP {_status(error)}'}")
    if code == "missing_scope":
        return AdapterError(_missing_scope(str(error.response.get("needed", "")), doing))
    if code in _CONTENT:
        return ContentRefused(f"slack: {doing}: {code}")
    remedy = _REMEDIES.get(code, "see https://docs.slack.dev for what it means")
    refusal = AccessLost if code in _ACCESS else AdapterError
    return refusal(f"slack: {doing}: {code}: {remedy}")


def error_code(error: SlackApiError) -> str:
    """Return Slack's name of an error; empty when the answer was not Slack's JSON."""
    answer = getattr(error.response, "data", None)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def code_of(error: BaseException) -> str:
    """Return Slack's name of the error that one of ours was made from; empty for any other."""
    cause = error.__cause__
    return error_code(cause) if isinstance(cause, SlackApiError) else ""


def retry_after(error: Failure) -> float:
    """Return the seconds that Slack asks to wait; 0 when it asks for nothing."""
    if not isinstance(error, SlackApiError) or _status(error) != TOO_MANY_REQUESTS:
        return 0.0
    headers = getattr(error.response, "headers", None) or {}
    stated = [value for name, value in headers.items() if str(name).lower() == "retry-after"]
    return float(stated[0]) if stated and str(stated[0]).isdecimal() else 1.0


def _status(error: SlackApiError) -> int:
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _missing_scope(needed: str, doing: str) -> str:
    place = (
        "Basic Information -> App-Level Tokens: make a token with it"
        if doing == "apps.connections.open"
        else "OAuth & Permissions -> Scopes: add it, then install the app again"
    )
    return f"slack: {doing}: the scope {needed or '(not named)'} is missing: {place}"
