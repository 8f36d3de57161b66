"""A Discord on a loopback port: REST, gateway and a small control API."""

from tests.servers.discord.server import TOKEN, DiscordServer
from tests.servers.discord.world import World

__all__ = ["TOKEN", "DiscordServer", "World"]
