"""`python -m tests.servers.slack --port N`: the server as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.servers.slack.server import SlackServer


async def _serve(port: int, ack_timeout: float, retry_delays: list[float]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = SlackServer(port=port, ack_timeout=ack_timeout, retry_delays=retry_delays)
    async with server:
        print(server.base, flush=True)
        await stop.wait()


def main() -> None:
    """Serve until SIGTERM; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ack-timeout", type=float, default=3.0)
    parser.add_argument(
        "--retry-delays", type=float, nargs="*", default=[0.0, 1.0, 5.0, 15.0, 30.0]
    )
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.ack_timeout, options.retry_delays))


if __name__ == "__main__":
    main()
