"""Translates errors of discord.py: temporary, or refused for good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from adapters.common.refused import ContentRefused
from adapters.discord.config import PORTAL, WHERE_TO_GET_A_TOKEN
from bot.errors import AccessLost, AdapterError, ServiceUnavailable

UNAUTHORIZED = 401
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = 500
INVALID_FORM = 50035
"""Discord's code for a message that is too long or malformed."""

FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a request to Discord raises when it fails, timeouts included."""

_PLAIN = {
    10003: "the channel or thread is gone, or hidden from the bot",
    10004: "the server is gone, or the bot was removed from it",
    10007: "the person is no longer in the server",
    10008: "the message is gone",
    10013: "the account is gone",
    30010: "the message has as many reactions as it can have",
    40005: "a file is larger than the server takes",
    40067: "the forum wants a tag for each post, and has none that the bot may choose",
    50001: "the bot was removed from there, or may not see it",
    50005: "the message is not the bot's own",
    50007: "the person's direct messages are closed to the bot",
    50013: "the bot lacks a permission there",
    50083: "the thread is archived and locked",
    50278: "the person shares no server with the bot any more",
    90001: "the person has blocked the bot",
    160005: "the thread is locked",
    160006: "the server has as many open threads as it can have",
    200000: "the server's AutoMod has blocked the text",
    240000: "Discord has blocked a link in the text",
}
"""What Discord's codes mean to an agent whose line, edit or mark was refused."""

_CLOSE_CODES = {
    4004: f"the token is no longer valid: get a new one at {WHERE_TO_GET_A_TOKEN}",
    4010: "the gateway refuses our shard: restart, and report it if it happens again",
    4011: "the bot is in more servers than one connection may serve",
    4012: "the gateway no longer speaks our version: update discord.py",
    4013: "the gateway does not know one of our intents: update discord.py",
}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what goes wrong with a request into `ServiceUnavailable` or `AdapterError`.

    Args:
        doing: What was being done, for the message: `posting a message`.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise translate(error, doing) from error
    except (aiohttp.ClientError, OSError, discord.RateLimited) as error:
        raise ServiceUnavailable(f"discord: {doing}: {type(error).__name__}") from error


def translate(error: discord.HTTPException, doing: str) -> AdapterError | ServiceUnavailable:
    """Judge an answer by its status, and put it into plain words where its code is known.

    The texts of Discord's errors quote no content.
    """
    described = f"discord: {doing}: HTTP {error.status}, code {error.code}: {error.text}"
    if error.code in _PLAIN:
        described += f" ({_PLAIN[error.code]})"
    # a 429 that reaches us comes from the network before Discord, and names no waiting time
    if error.status >= SERVER_ERRORS or error.status == TOO_MANY_REQUESTS:
        return ServiceUnavailable(described)
    if error.status == UNAUTHORIZED:
        return AccessLost(f"{described}: get a new token at {WHERE_TO_GET_A_TOKEN}")
    if error.code == INVALID_FORM:
        return ContentRefused(described)
    return AdapterError(described)


MALFORMED = (ValueError, TypeError, LookupError, AttributeError)
"""What discord.py raises over an answer that is not Discord's: it takes whatever comes for it."""


def not_discord() -> AdapterError:
    """Return the error for an answer to our login that is not Discord's."""
    return AdapterError(
        "discord: logging in: the answer is not Discord's: does a proxy or a login page stand"
        " between this machine and discord.com? (`discord.api_url` in config.yaml: absent for"
        " Discord's own)"
    )


def token_refused(variable: str) -> AdapterError:
    """Return the error for a token that Discord does not know."""
    return AdapterError(
        f"discord: Discord refuses the token in {variable}: it was reset or copied in part;"
        f" get a new one at {WHERE_TO_GET_A_TOKEN}"
    )


def intent_missing() -> tuple[str, str]:
    """Return what the bot does without the message content intent (close code 4014), and a fix."""
    found = (
        "the bot may not read all messages: it answers direct messages, mentions, replies that"
        " ping it, commands and buttons only, and sees no lines of staff in case threads"
    )
    remedy = (
        f"switch on Message Content Intent at {PORTAL} -> Privileged Gateway Intents, save, and"
        " start again"
    )
    return found, remedy


def gateway_refused(code: int) -> AdapterError:
    """Return the error for a close code after which connecting again is pointless."""
    remedy = _CLOSE_CODES.get(code, "see Discord's list of gateway close codes")
    return AdapterError(f"discord: the gateway closed the connection with code {code}: {remedy}")
