"""Signing in at Slack: who are we there? An answer that is not Slack's is an operator's to fix."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import NotSlack, ask
from adapters.slack.errors import error_code
from adapters.slack.identity import Identity
from adapters.slack.manifest import check_scopes, missing_scopes
from bot.errors import AdapterError, ServiceUnavailable

_REMEDY: Final = (
    "this is not an answer of Slack's Web API: check `slack.api_url` in config.yaml (absent: "
    "https://slack.com/api/), and whether a proxy or a login page stands between this machine and "
    "Slack"
)


_PASSING: Final = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Account:
    """The bot's account in a workspace.

    Attributes:
        name: Of the bot.
        site: Web address of the workspace, with a slash at the end; empty when unknown.
        missing: Scopes that the token lacks; the bot works without them, in part.
    """

    identity: Identity
    name: str
    site: str
    missing: tuple[str, ...] = ()


async def sign_in(client: AsyncWebClient) -> Account:
    """Ask Slack who we are and what we may do.

    Raises:
        ServiceUnavailable: Slack is away.
        AdapterError: Slack refuses the token or a scope, or somebody else than Slack answered.
    """
    answer = await ask_at_login(client.auth_test(), "auth.test")
    missing = missing_scopes(str(answer.headers.get("x-oauth-scopes", "")))
    check_scopes(missing)
    identity = Identity(
        user=text_of(answer, "user_id", "auth.test"),
        bot=_text(answer, "bot_id"),
        team=text_of(answer, "team_id", "auth.test"),
    )
    site = _text(answer, "url")
    site = site if site.startswith("https://") else ""
    return Account(identity, _text(answer, "user"), site, missing)


async def app_of(client: AsyncWebClient, identity: Identity) -> str:
    """Return the id of the app that a bot belongs to; empty where Slack does not tell it.

    It needs the scope `users:read`.
    """
    try:
        answer = await ask(client.bots_info(bot=identity.bot), "bots.info")
    except (AdapterError, ServiceUnavailable):
        return ""
    return str((answer.get("bot") or {}).get("app_id") or "")


async def ask_at_login(request: Awaitable[AsyncSlackResponse], doing: str) -> AsyncSlackResponse:
    """Wait for an answer without which nothing works; see `ask`.

    Raises:
        ServiceUnavailable: Worth another attempt.
        AdapterError: Slack refuses for good, or the answer is not Slack's.
    """
    try:
        return await ask(request, doing)
    except NotSlack as error:
        raise _odd(doing) from error
    except ServiceUnavailable as error:
        cause = error.__cause__
        if isinstance(cause, SlackApiError) and _is_odd(cause):
            raise _odd(doing) from error
        raise


def text_of(answer: AsyncSlackResponse, name: str, doing: str) -> str:
    """Return a field of an answer.

    Raises:
        AdapterError: It is not there: somebody else than Slack answered.
    """
    text = _text(answer, name)
    if not text:
        raise AdapterError(f"slack: {doing}: `{name}` is missing in the answer: {_REMEDY}")
    return text


def _text(answer: AsyncSlackResponse, name: str) -> str:
    value = answer.data.get(name) if isinstance(answer.data, dict) else None
    return value if isinstance(value, str) else ""


def _odd(doing: str) -> AdapterError:
    return AdapterError(f"slack: {doing}: the answer cannot be read: {_REMEDY}")


def _is_odd(error: SlackApiError) -> bool:
    """Return whether an answer was none of Slack's, and nothing that passes by itself."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    return status < 500 and status not in _PASSING and not error_code(error)
