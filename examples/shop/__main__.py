"""`python -m examples.shop`: runs the shop until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from examples.shop.server import running_shop

PORT = 8765
TOKEN = "SHOP_TOKEN"  # noqa: S105 - the name of the variable


def main() -> int:
    """Read the command line and run the shop."""
    parser = argparse.ArgumentParser(prog="python -m examples.shop", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--database", type=Path, help="SQLite file; by default, in memory")
    options = parser.parse_args()
    token = os.environ.get(TOKEN, "")
    if not token:
        sys.stderr.write(f"{TOKEN} is not set: export it, here and for the bot\n")
        return 1
    try:
        asyncio.run(_run(token, options.port, options.database))
    except OSError as error:
        sys.stderr.write(f"the shop cannot listen on port {options.port}: {error.strerror}\n")
        return 1
    except KeyboardInterrupt:
        pass
    return 0


async def _run(token: str, port: int, database: Path | None) -> None:
    async with running_shop(token, port=port, path=database) as running:
        sys.stdout.write(f"The shop: {running.url}  its mailbox: {running.url}/mailbox\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
