"""Would Slack take us?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.slack.auth import sign_in
from adapters.slack.client import web_client
from adapters.slack.config import SlackConfig, read_tokens
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import Finding

_ABOUT = "slack"


async def examine(
    config: SlackConfig, environment: Mapping[str, str], *, offline: bool
) -> Sequence[Finding]:
    """Look at the tokens and, unless offline, sign in with the bot's."""
    try:
        tokens = read_tokens(config, environment)
    except AdapterError as error:
        return [Finding(_ABOUT, "fail", str(error), "set the tokens in the environment")]
    if offline:
        return [Finding(_ABOUT, "ok", "tokens are there")]
    try:
        account = await sign_in(web_client(tokens.bot, config))
    except ServiceUnavailable as error:
        return [Finding(_ABOUT, "warn", str(error), "check the network; Slack may be down")]
    except AdapterError as error:
        return [Finding(_ABOUT, "fail", str(error), "see there, and docs/slack.md")]
    return [Finding(_ABOUT, "ok", f"signed in as {account.name}")]
