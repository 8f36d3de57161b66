"""`frontdesk init`: creates a commented starter project."""

from __future__ import annotations

import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import heading, line, next_step
from bot.errors import ConfigError, Problem


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the new project.")],
    example: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A whole desk to start from: `community`."),
    ] = None,
) -> None:
    """Create a commented starter project: config.yaml, intents and one article."""
    source = files("bot.cli") / "starter" if example is None else _example(example)
    starter = dict(_walk(source))
    _refuse_to_overwrite([folder / name for name in starter])
    for name, content in starter.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    heading(f"{folder} is ready")
    for name in starter:
        line(f"  {folder / name}")
    change = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    next_step(f"{change}frontdesk train && frontdesk chat")


def _example(name: str) -> Traversable:
    """Return the folder of an example desk.

    Raises:
        BadParameter: There is none of that name.
    """
    from bot.yamlfile import resembling  # loads pydantic

    packaged = files("bot.cli") / "examples"
    examples = packaged if packaged.is_dir() else Path(str(files("bot"))).parent / "examples"
    names = sorted(each.name for each in examples.iterdir() if (each / "config.yaml").is_file())
    if name not in names:
        raise typer.BadParameter(
            f'there is no example "{name}": {resembling(name, names)}', param_hint="--example"
        )
    return examples / name


def _walk(folder: Traversable, prefix: str = "") -> list[tuple[str, str]]:
    """Return a project's files as (path, content), in alphabetical order."""
    found: list[tuple[str, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found


def _refuse_to_overwrite(targets: list[Path]) -> None:
    problems = [
        Problem(target, 0, 0, "", "exists already", "choose another folder, or move it away")
        for target in targets
        if target.exists()
    ]
    if problems:
        raise ConfigError(problems)
