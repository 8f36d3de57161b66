"""`python -m bot.cli` is `frontdesk`."""

from __future__ import annotations

from bot.cli.entry import main

main()
