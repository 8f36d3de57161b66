"""The section `discord:` of config.yaml, and what a bot token looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final

from discord import Permissions
from pydantic import AfterValidator, Field

from adapters.common.addresses import address_from
from adapters.common.wording import AdapterWording
from bot.config.listening import ListenConfig
from bot.config.types import VariableName, read_address
from bot.errors import AdapterError
from bot.ports import Wording

PORTAL: Final = "discord.com/developers/applications -> your application -> Bot"

WHERE_TO_GET_A_TOKEN = (
    "discord.com/developers/applications -> your application -> Bot -> Reset Token"  # noqa: S105 - a place, no token
)

API_VARIABLE: Final = "FRONTDESK_DISCORD_API"
GATEWAY_VARIABLE: Final = "FRONTDESK_DISCORD_GATEWAY"
"""Environment variables with the addresses of the REST API and of the gateway; they take precedence
over `discord.api_url` and `discord.gateway_url`."""

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{27,}", re.ASCII)


def _known_permission(name: str) -> str:
    """Return the name of a permission, or an empty one."""
    if name and name not in Permissions.VALID_FLAGS:
        raise ValueError(
            f"Discord has no permission {name!r}: write one such as manage_guild or "
            "manage_messages, or '' for everybody"
        )
    return name


def _rest(url: str | None) -> str | None:
    return url and read_address(url, "http", "https")


def _gateway(url: str | None) -> str | None:
    return url and read_address(url, "ws", "wss")


class DiscordConfig(ListenConfig):
    """`discord:` the bot on Discord; the section alone switches it on."""

    token_env: VariableName = "DISCORD_BOT_TOKEN"  # noqa: S105 - a name, no token
    """Name of the environment variable that holds the bot token."""

    sent_privately: str | None = None
    """Said in all languages instead of `responder.texts.sent_privately`."""

    direct_messages_closed: str | None = None
    """Said in all languages instead of `responder.texts.direct_messages_closed`."""

    try_again: str | None = None
    """Said in all languages instead of `responder.texts.try_again`."""

    command_permission: Annotated[str, AfterValidator(_known_permission)] = "manage_guild"
    """Discord permission that shows somebody the commands of staff; empty: everybody. They are
    obeyed only when `staff.members` names whoever uses them."""

    timeout: Annotated[float, Field(gt=0)] = 60.0
    """Seconds that one request may take, waits for rate limits included."""

    reconnect_after: Annotated[float, Field(gt=0)] = 1.0
    """Seconds before the first attempt to connect again; doubles up to a minute."""

    catch_up_hours: Annotated[float, Field(ge=0, le=24)] = 24.0
    """How far back to look, after a start or a lost session, for what was missed; 0: not."""

    api_url: Annotated[str | None, AfterValidator(_rest)] = None
    """Another REST API than Discord's: `http://127.0.0.1:PORT/api/v10`."""

    gateway_url: Annotated[str | None, AfterValidator(_gateway)] = None
    """Another gateway than Discord's: `ws://127.0.0.1:PORT/gateway`."""


def addressed(config: DiscordConfig, environment: Mapping[str, str]) -> DiscordConfig:
    """Return the section with the addresses that the environment names, if it does.

    Raises:
        AdapterError: A variable holds no address, or one that is neither encrypted nor loopback.
    """
    found = {
        "api_url": address_from(environment, API_VARIABLE, "http", "https"),
        "gateway_url": address_from(environment, GATEWAY_VARIABLE, "ws", "wss"),
    }
    return config.model_copy(update={key: url for key, url in found.items() if url is not None})


def own_words(config: DiscordConfig, wording: Wording | None = None) -> AdapterWording:
    """Return the adapter's own texts."""
    own = {
        "sent_privately": config.sent_privately,
        "direct_messages_closed": config.direct_messages_closed,
        "try_again": config.try_again,
    }
    return AdapterWording(own, wording)


def read_token(config: DiscordConfig, environment: Mapping[str, str]) -> str:
    """Return the bot token.

    Raises:
        AdapterError: It is missing, or looks like something else.
    """
    token = environment.get(config.token_env, "").strip()
    if not token:
        raise AdapterError(
            f"discord: the environment variable {config.token_env} is not set:"
            f" put the bot token there ({WHERE_TO_GET_A_TOKEN})"
        )
    if not _TOKEN.fullmatch(token):
        raise AdapterError(
            f"discord: {config.token_env} holds no bot token ({len(token)} characters): a token is"
            " about 70 letters, digits, _ and - in three parts joined by dots, without quotes and"
            f" without the word Bot; get one at {WHERE_TO_GET_A_TOKEN}"
        )
    return token
