"""What customers wrote commands no terminal: taken out at the last step, wherever it is printed."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from pathlib import Path
from typing import Literal

import pytest
import structlog
from rich.table import Table
from rich.text import Text

from adapters.terminal.live import LiveScreen
from adapters.terminal.plain import PlainScreen
from bot import logs
from bot.cli.safe_console import SafeConsole
from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.messages import Button, Source
from bot.storage import open_database
from bot.storage.cases import Cases
from bot.text.control_characters import escape_controls, without_controls
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment
from tests.delivery.support import received
from tests.privacy.people import ANN, talk

__all__ = ["environment"]

ROOT = Path(__file__).parents[2]

ATTACKS = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",  # OSC 52: writes to the clipboard
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x9d52;c;cm0gLXJmIH4=\x9c",  # the same in C1 controls
    "\x1b]0;renamed\x07",
    "\x1b]8;;http://evil.example\x1b\\bank\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x1bP$q\x1b\\",
    "\x1bc",
    "a\rb\x08\x7f\x0b\x0c\x85",
    "\u202egpj.exe\u202c",
    "\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202d",
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_is_left_without_controls(attack: str) -> None:
    assert not FORBIDDEN.search(without_controls(f"x{attack}y"))
    assert without_controls("tab\tand\nlines, عربي, 客服 👩‍👧 stay") == (
        "tab\tand\nlines, عربي, 客服 👩‍👧 stay"
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_json_says_the_same_in_escapes(attack: str) -> None:
    escaped = escape_controls(json.dumps([attack], ensure_ascii=False))
    assert not FORBIDDEN.search(escaped)
    assert json.loads(escaped) == [attack]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("colours", ["standard", None])
def test_console_prints_texts_and_tables_without_controls(
    attack: str, colours: Literal["standard"] | None
) -> None:
    written = io.StringIO()
    console = SafeConsole(file=written, force_terminal=bool(colours), color_system=colours)
    table = Table("message")
    table.add_row(Text(f"row{attack}", style="bold"))
    console.print(table)
    console.print(Text(f"line{attack}"), soft_wrap=True)
    ours = re.compile(r"\x1b\[[\d;]*m")  # rich's own colours
    assert "row" in written.getvalue()
    assert not FORBIDDEN.search(ours.sub("", written.getvalue()).replace("[31m", ""))
    assert ("\x1b[1m" in written.getvalue()) is bool(colours)


@pytest.mark.parametrize("attack", ATTACKS)
def test_chat_shows_replies_sources_and_choices_without_controls(attack: str) -> None:
    written = io.StringIO()
    screen = PlainScreen(io.StringIO(), written)
    with screen.page() as page:
        page.say(f"said{attack}")
        page.cite([Source(f"title{attack}", f"https://shop.example/{attack}")])
        page.offer([Button("b_1", f"label{attack}")])
    screen.show(Text(f"why{attack}"))
    assert not FORBIDDEN.search(written.getvalue())


@pytest.mark.parametrize("attack", ATTACKS)
def test_live_chat_shows_replies_without_controls(attack: str, tmp_path: Path) -> None:
    written = io.StringIO()
    console = SafeConsole(file=written, force_terminal=True, color_system="standard")
    screen = LiveScreen(console, history=tmp_path / "history")
    with screen.page() as page:
        page.say(f"said{attack}")
        page.cite([Source(f"title{attack}", f"https://shop.example/{attack}")])
        page.offer([Button("b_1", f"label{attack}")])
    screen.show(Text(f"why{attack}"))
    rich_own = re.compile(r"\x1b\[\??[\d;]*[A-Za-z]")  # colours, and the cursor of what grows
    assert attack not in written.getvalue()
    assert not FORBIDDEN.search(rich_own.sub("", written.getvalue()).replace("\r", ""))


@pytest.mark.parametrize("attack", ATTACKS)
def test_log_at_a_terminal_has_no_controls_of_customers(attack: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root, written = logging.getLogger(), Terminal()
    before = (list(root.handlers), root.level)
    logs.configure(stream=written)
    try:
        log = structlog.get_logger("bot.test")
        log.warning("not posted", reason=f"x{attack}", nested=[f"y{attack}"])
        logging.getLogger("some.library").warning("refused: %s", attack)
        try:
            int(f"12{attack}")
        except ValueError:
            log.exception("given up")
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before
    assert "not posted" in written.getvalue()
    assert not FORBIDDEN.search(re.sub(r"\x1b\[[\d;]*m", "", written.getvalue()))


def test_everything_is_printed_through_what_cleans() -> None:
    """A new command that prints past it fails here."""
    cleaning = {"bot/cli/options.py", "bot/cli/entry.py", "bot/cli/adapters.py"}
    fixed = {"bot/cli/app.py", "bot/cli/commands/schema.py"}  # the version, our own JSON Schema
    machines = {
        "bot/answering/generation/local/child.py",
        "bot/answering/knowledge/conversion/subprocess_main.py",
    }  # pipes
    found = set()
    for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")]:
        name = path.relative_to(ROOT).as_posix()
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _prints(ast.unparse(call.func)):
                found.add(name)
    assert found <= cleaning | fixed | machines


def _prints(function: str) -> bool:
    return function in {"print", "Console", "rich.print", "click.echo", "typer.echo"} or bool(
        re.fullmatch(r"sys\.(?:__)?std(?:out|err)(?:__)?(?:\.buffer)?\.write(?:lines)?", function)
    )


async def test_no_command_passes_what_customers_wrote_to_the_terminal(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    said = "".join(ATTACKS)
    url = f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db"
    async with (
        await open_database(url) as database,
        open_inbox(database, SystemClock()),
    ):
        await talk(database, ANN, f"xyzzy {said}", at=SystemClock().now())
        message = received(7, conversation=f"test:app:{said}", text=f"plugh {said}").message
        await Cases(database, SystemClock()).open(message, "given_up", f"note {said}")
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "x.yaml").write_text(f"version: 1\nintents:\n  - {said[-12:]}: 1\n")
    frontdesk = Frontdesk(tmp_path, environment)
    for command in (
        ["cases"],
        ["cases", "--json"],
        ["privacy", "export", "--user", ANN, "--json"],
        ["export", "messages"],
        ["check"],
    ):
        ran = frontdesk(*command)
        assert ran.out
        assert not FORBIDDEN.search((ran.out + ran.err).replace("\r\n", "\n")), command
        if command == ["cases", "--json"]:  # which loses nothing
            assert f"note {said}" in [case["note"] for case in ran.json()]
