"""Where the process begins and ends: exit codes, and errors as people read them.

0 fine, 1 what the admin must mend, 2 wrong usage, 3 our bug (with a log file), 130 interrupted.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path

import typer

from bot.errors import FrontdeskError, ProblemsError
from bot.files.private_files import private_folder, write_private
from bot.text.control_characters import without_controls


class ExitCode(IntEnum):
    """What the process tells its caller; 0 and 2 come from typer."""

    MEND = 1
    BUG = 3
    INTERRUPTED = 130


def main() -> None:
    """Run the command and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows marks instead
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit code, where typer does not exit itself (usage, `--help`, Ctrl-C).
    """
    from bot.cli.app import build_app

    try:
        app = build_app(next(iter(arguments), ""))
        typer.main.get_command(app).main(list(arguments), prog_name="frontdesk")
    except FrontdeskError as error:
        _report(error)
        return ExitCode.MEND
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost frame: a bug ends in a log file
        _report_bug(error, arguments)
        return ExitCode.BUG
    return 0


def _report(error: FrontdeskError) -> None:
    """Print what must be mended; problems in files as editors can jump to them."""
    if isinstance(error, ProblemsError):
        sys.stderr.write(f"{without_controls(str(error))}\n")
    else:
        sys.stderr.write(f"frontdesk: {without_controls(str(error))}\n")


def _report_bug(error: Exception, arguments: Sequence[str]) -> None:
    """Write the traceback to a file and tell where."""
    import traceback

    from bot.privacy.pseudonyms import masked

    moment = datetime.now(UTC)
    trace = masked("".join(traceback.format_exception(error)))
    command = " ".join(arguments[:1])  # what follows may be a customer's words
    text = f"frontdesk {version('frontdesk')} {command}\nPython {sys.version}\n{moment}\n\n{trace}"
    place = _log_folder() / f"frontdesk-{moment:%Y%m%d-%H%M%S}.log"
    write_private(place, text.encode("utf-8", "backslashreplace"))
    sys.stderr.write(
        f"frontdesk: this is a bug of Frontdesk ({type(error).__name__}), not a mistake of yours.\n"
        f"The details are in {place}: please send that file along when you report it.\n"
    )


def _log_folder() -> Path:
    """Return a folder that can be written: the user's logs, else a temporary one."""
    import tempfile

    import platformdirs

    try:
        folder = platformdirs.user_log_path("frontdesk")
        private_folder(folder)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="frontdesk-"))
    return folder
