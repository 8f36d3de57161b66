"""The process's entry point: exit codes and error messages.

0 success, 1 an error that the admin must fix, 2 wrong usage, 3 a bug (with a log file), 130
interrupted.
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
    """Exit codes of the process; typer sets 0 and 2."""

    MEND = 1
    BUG = 3
    INTERRUPTED = 130


def main() -> None:
    """Run the command and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals that cannot show Chinese
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
    """Print an error; problems in files in a format that editors can jump to."""
    if isinstance(error, ProblemsError):
        sys.stderr.write(f"{without_controls(str(error))}\n")
    else:
        sys.stderr.write(f"frontdesk: {without_controls(str(error))}\n")


def _report_bug(error: Exception, arguments: Sequence[str]) -> None:
    """Write the traceback to a file and print its path."""
    import traceback

    from bot.privacy.pseudonyms import masked

    moment = datetime.now(UTC)
    trace = masked("".join(traceback.format_exception(error)))
    command = " ".join(arguments[:1])  # what follows may be a customer's words
    text = f"frontdesk {version('frontdesk')} {command}\nPython {sys.version}\n{moment}\n\n{trace}"
    place = _log_folder() / f"frontdesk-{moment:%Y%m%d-%H%M%S}.log"
    write_private(place, text.encode("utf-8", "backslashreplace"))
    sys.stderr.write(
        f"frontdesk: this is a bug in Frontdesk ({type(error).__name__}), not your mistake.\n"
        f"The details are in {place}: please attach that file when you report it.\n"
    )


def _log_folder() -> Path:
    """Return a writable folder: the user's log folder, else a temporary one."""
    import tempfile

    import platformdirs

    try:
        folder = platformdirs.user_log_path("frontdesk")
        private_folder(folder)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="frontdesk-"))
    return folder
