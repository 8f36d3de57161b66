"""`make demo`: the shop and the bot together, in one terminal; piped input works, too."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys

from examples.shop.__main__ import PORT, TOKEN
from examples.shop.server import running_shop

_WELCOME = """\
The example shop runs at {url}. Its mailbox, where one-time codes arrive: {url}/mailbox
Anna Lindqvist has the orders 48213, 50927 and 31864. Try: where is my order 48213?
"""


def main() -> int:
    """Run the demo; return the exit code of the chat."""
    try:
        return asyncio.run(_run())
    except OSError as error:
        sys.stderr.write(
            f"the shop cannot listen on port {PORT}: {error.strerror}\n"
            "Is another demo running? End it, and try again.\n"
        )
        return 1


async def _run() -> int:
    token = secrets.token_urlsafe(16)
    async with running_shop(token, port=PORT) as running:
        sys.stdout.write(_WELCOME.format(url=running.url))
        sys.stdout.flush()
        # Ctrl-C reaches both: the chat ends by it, and the demo with the chat.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        chat = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "chat", "--live", "--yes", *sys.argv[1:]),
            env={**os.environ, TOKEN: token},
        )
        return await chat.wait()


if __name__ == "__main__":
    sys.exit(main())
