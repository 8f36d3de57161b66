"""`frontdesk chat`: a chat with the bot in the terminal, through the real service."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.adapters import build_adapter
from bot.cli.lifecycle import run_until_stopped
from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import count, remark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.config.schema import Config
    from bot.ports import Adapter


def chat(
    config: ConfigOption = None,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help="Write the chat to this file, as a test for `frontdesk test`; GPT is not asked.",
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="Really call the actions of actions.yaml, after a question."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --live: do not ask.")] = False,
) -> None:
    """Talk to the bot here; piped input is answered line by line."""
    loaded = settings(config)
    if live and record is not None:
        raise typer.BadParameter("a chat with real actions is not recorded: leave out --live")
    if live:
        _announce_live(loaded, yes=yes)
    if record is None:
        asyncio.run(_chat(loaded, build_adapter(_welcoming(loaded), "terminal"), live=live))
    else:
        _record(loaded, record)


def _announce_live(config: Config, *, yes: bool) -> None:
    """Say what will be called, and ask.

    Raises:
        BadParameter: There is nobody to ask.
        Exit: Nothing is to be called.
    """
    from bot.publishing.bundle import intents_of

    if config.serve.shadow:
        remark("serve.shadow: actions are shown, not called")
        return
    file = intents_of(config).actions
    writes = [name for name, each in file.actions.items() if each.writes]
    remark(
        f"actions are really called, at {', '.join(file.hosts) or 'no host'}; "
        f"these change something: {', '.join(writes) or 'none'}"
    )
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here: add --yes", param_hint="--live")
    if not typer.confirm("Go on?", err=True):
        raise typer.Exit(1)


def _record(config: Config, file: Path) -> None:
    """Chat, and write what was said to a file.

    Raises:
        ConfigError: The file exists.
    """
    from bot.app.conversation_tests.recording import (
        Recorder,
        refuse_to_overwrite,
        write_recording,
    )
    from bot.config.schema import GptConfig

    refuse_to_overwrite(file)
    config = config.model_copy(update={"gpt": GptConfig()})
    recorder = Recorder(build_adapter(_welcoming(config), "terminal"))
    try:
        asyncio.run(_chat(config, recorder, {}))
    finally:
        written = write_recording(recorder, file)
    remark(f"{file} written: look it through" if written else "nothing was said: no file written")


async def _chat(
    config: Config,
    adapter: Adapter,
    variables: Mapping[str, str] | None = None,
    *,
    live: bool = False,
) -> None:
    from bot.app.build import open_service

    given = environment() if variables is None else variables
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        database = f"sqlite:///{Path(folder) / 'chat.db'}"
        publish = config.serve.publish or "auto"
        async with open_service(
            config, given, adapters=[adapter], database_url=database, publish=publish, live=live
        ) as service:
            await run_until_stopped(service)


def _welcoming(config: Config) -> Config:
    """Add a banner to the terminal's section, unless it has one."""
    section = {"welcome": _welcome(config), **(config.adapters.get("terminal") or {})}
    return config.model_copy(update={"adapters": {**config.adapters, "terminal": section}})


def _welcome(config: Config) -> str:
    """Return a banner that names the active model.

    Raises:
        ModelError: There is none.
    """
    from bot.understanding.model.registry import ModelRegistry, read_manifest

    manifest = read_manifest(ModelRegistry(config.model).current())
    return (
        f"**{config.responder.bot}** knows {count(len(manifest.intents), 'intent')} "
        f"(model `{manifest.version}`).  \n"
        "Ask as a customer would. `/why` explains the last decision, `/help` shows more."
    )
