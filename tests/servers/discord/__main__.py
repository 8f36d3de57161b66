"""python -m tests.servers.discord --port N: the server as a process of its own.

It prints one line of JSON once it listens: port, token, api_url, gateway_url, a text channel and
a forum. The control API is described in `tests/servers/discord/control.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from tests.servers.discord.server import TOKEN, DiscordServer


async def serve(port: int) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with DiscordServer(port) as server:
        told = {
            "port": server.port,
            "token": TOKEN,
            "api_url": server.api_url,
            "gateway_url": server.gateway_url,
            "text_channel": server.world.text_channel(),
            "forum": server.world.forum(),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A Discord on a loopback port.")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
