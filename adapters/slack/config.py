"""The section `slack:` of config.yaml, and the tokens that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from adapters.common.addresses import address_from
from bot.config.listening import ListenConfig
from bot.config.types import VariableName, read_address
from bot.errors import AdapterError

_WHERE_BOT = "https://api.slack.com/apps -> your app -> OAuth & Permissions"
_WHERE_APP = (
    "https://api.slack.com/apps -> your app -> Basic Information -> App-Level Tokens "
    "(with the scope connections:write)"
)


_APP_ID = re.compile(r"xapp-\d{1,3}-(A[A-Z0-9]{2,30})-")

API_VARIABLE: Final = "FRONTDESK_SLACK_API"
"""Environment variable with the address of the Web API; wins over `slack.api_url`."""

CONFIG_TOKEN_VARIABLE: Final = "SLACK_CONFIG_TOKEN"  # noqa: S105 - a name, no token
"""Environment variable with an app configuration token: `doctor` compares the manifest with it."""


def read_api_url(url: str) -> str:
    """Let the address of a Web API through, with the slash that methods are appended to."""
    return read_address(url, "http", "https").rstrip("/") + "/"


class SlackConfig(ListenConfig):
    """`slack:` the bot in a Slack workspace; off when the section is absent."""

    bot_token_env: VariableName = "SLACK_BOT_TOKEN"  # noqa: S105 - a name, no token
    """Name of the environment variable that holds the bot token (xoxb-...)."""

    app_token_env: VariableName = "SLACK_APP_TOKEN"  # noqa: S105 - a name, no token
    """Name of the environment variable that holds the app-level token (xapp-...)."""

    api_url: Annotated[str, AfterValidator(read_api_url)] = "https://slack.com/api/"
    """Where Slack's Web API is; GovSlack has one of its own."""

    status: str | None = None
    """Shown beside the bot's name in a thread while it makes an answer, instead of
    `responder.texts.status`; empty: nothing."""

    timeout: Annotated[float, Field(gt=0)] = 30.0
    """Seconds to wait for an answer of Slack."""

    ping_interval: Annotated[float, Field(gt=0)] = 5.0
    """Seconds between two checks that the connection lives."""

    catch_up_hours: Annotated[float, Field(ge=0, le=24)] = 24.0
    """How far back to look, after a downtime, for what was missed; 0: not at all."""

    catch_up_pace: Annotated[float, Field(ge=0)] = 1.5
    """Seconds between two requests while looking; more when Slack asks for more."""


def addressed(config: SlackConfig, environment: Mapping[str, str]) -> SlackConfig:
    """Return the section with the address that the environment names, if it does.

    Raises:
        AdapterError: The variable holds no address, or one that is neither https nor loopback.
    """
    address = address_from(environment, API_VARIABLE, "http", "https")
    return config.model_copy(update={"api_url": read_api_url(address)}) if address else config


@dataclass(frozen=True, slots=True)
class Tokens:
    """The two tokens of a Slack app in Socket Mode."""

    bot: str = field(repr=False)
    app: str = field(repr=False)

    @property
    def app_id(self) -> str:
        """Id of the app as its app-level token names it; empty where that is written otherwise.

        >>> Tokens("xoxb-1", "xapp-1-A0123-99-ab").app_id
        'A0123'
        """
        found = _APP_ID.match(self.app)
        return found[1] if found else ""


def read_tokens(config: SlackConfig, environment: Mapping[str, str]) -> Tokens:
    """Take the tokens from the environment.

    Raises:
        AdapterError: A token is missing or malformed; both are named when both are.
    """
    bot = environment.get(config.bot_token_env, "").strip()
    app = environment.get(config.app_token_env, "").strip()
    problems = [
        *_problems(config.bot_token_env, bot, "xoxb-", "bot token", _WHERE_BOT),
        *_problems(config.app_token_env, app, "xapp-", "app-level token", _WHERE_APP),
    ]
    if problems:
        raise AdapterError("\n".join(problems))
    return Tokens(bot=bot, app=app)


def _problems(variable: str, token: str, prefix: str, kind: str, place: str) -> list[str]:
    """Say what is wrong with a token, without showing it."""
    if not token:
        return [f"slack: {variable} is not set: put the {kind} ({prefix}...) there, from {place}"]
    if not token.startswith(prefix) or token == prefix or len(token.split()) > 1:
        found = f"slack: {variable} holds something else than a {kind}"
        return [f"{found}: it looks like {prefix}..., take it from {place}"]
    return []
