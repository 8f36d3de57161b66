"""Registers the commands, in the order in which a new user needs them.

Heavy modules are imported inside the commands, so that `frontdesk --help` responds at once.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli.adapters import commands_of
from bot.cli.commands import (
    actions,
    ask,
    cases,
    chat,
    check,
    db,
    diff,
    doctor,
    export,
    import_,
    init,
    learn,
    models,
    pause,
    privacy,
    schema,
    serve,
    stats,
    test,
    train,
    worker,
)
from bot.cli.commands import eval as eval_command

START, IMPROVE, RUN = "Start", "Improve", "Run"

COMMANDS = (
    (START, "init", init.init),
    (START, "check", check.check),
    (START, "train", train.train),
    (START, "ask", ask.ask),
    (START, "chat", chat.chat),
    (IMPROVE, "test", test.run_tests),
    (IMPROVE, "eval", eval_command.evaluate),
    (IMPROVE, "diff", diff.diff),
    (IMPROVE, "learn", learn.learn),
    (IMPROVE, "schema", schema.schema),
    (RUN, "doctor", doctor.doctor),
    (RUN, "serve", serve.serve),
    (RUN, "worker", worker.worker),
    (RUN, "pause", pause.pause),
    (RUN, "resume", pause.resume),
    (RUN, "stats", stats.stats),
)

GROUPS = (
    (IMPROVE, "import", import_.app),
    (IMPROVE, "export", export.app),
    (IMPROVE, "models", models.app),
    (RUN, "actions", actions.app),
    (RUN, "cases", cases.app),
    (RUN, "db", db.app),
    (RUN, "privacy", privacy.app),
)


def build_app(called: str = "") -> typer.Typer:
    """Build the `frontdesk` command.

    Args:
        called: The first argument; commands that adapters bring are loaded only when called.
    """
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        help="A customer-service bot for chat platforms, taught in YAML.",
    )
    app.callback()(_root)
    for panel, name, command in COMMANDS:
        app.command(name, rich_help_panel=panel)(command)
    for panel, name, group in GROUPS:
        app.add_typer(group, name=name, rich_help_panel=panel)
    ours = {name for _, name, _ in (*COMMANDS, *GROUPS)}
    brought = None if not called or called in ours else commands_of(called)
    if brought is not None:
        app.add_typer(brought, name=called)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"frontdesk {version('frontdesk')}")
        raise typer.Exit


def _root(
    *,
    show: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    del show  # its callback has done the work
