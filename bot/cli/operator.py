"""Who is at the command line, for the audit."""

from __future__ import annotations

import getpass


def operator() -> str:
    """Return `cli:` and the name of the account that runs the command."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as containers have
        return "cli:unknown"
