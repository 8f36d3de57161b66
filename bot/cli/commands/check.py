"""`frontdesk check`: every mistake in config, intents and articles, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, line
from bot.cli.plugins import load_plugin
from bot.errors import ConfigError, Problem, ProblemsError

if TYPE_CHECKING:
    from bot.config import Config


def check(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Report every mistake in config, intents and articles as path:line:column."""
    problems: Sequence[Problem]
    found: dict[str, int] = {}
    try:
        problems = _inspect(settings(config), found)
    except ProblemsError as error:
        problems = error.problems
    errors = sum(problem.severity == "error" for problem in problems)
    if json:
        print_json(
            {
                "problems": [_as_data(problem) for problem in problems],
                "errors": errors,
                "warnings": len(problems) - errors,
                **found,
            }
        )
    else:
        for problem in problems:
            line(str(problem))
        line(_summary(found, errors, len(problems) - errors))
    if errors:
        raise typer.Exit(1)


def _inspect(config: Config, found: dict[str, int]) -> Sequence[Problem]:
    """Look through everything that an admin wrote; count what was found into `found`."""
    return sorted(
        {*_sections(config), *_intents(config, found), *_articles(config, found)},
    )


def _sections(config: Config) -> Sequence[Problem]:
    """Have each adapter check its own section."""
    problems: list[Problem] = []
    for name in config.adapters:
        try:
            config.adapter_section(load_plugin(name))
        except ConfigError as error:
            problems += error.problems
    return problems


def _intents(config: Config, found: dict[str, int]) -> Sequence[Problem]:
    from bot.understanding.intents import inspect_intents

    intents, problems = inspect_intents(config.intents, default_language=config.language.default)
    if intents is not None:
        found["intents"] = len(intents.intents)
        found["examples"] = sum(len(intent.examples) for intent in intents.intents)
    return problems


def _articles(config: Config, found: dict[str, int]) -> Sequence[Problem]:
    from bot.answering.knowledge import knowledge_folder, read_articles

    folder = knowledge_folder(config)
    if folder is None:
        return ()
    reading = read_articles(folder, config.language.default)
    found["articles"] = len(reading.articles)
    return reading.problems


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "path": str(problem.path),
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "wrong": problem.wrong,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }


def _summary(found: dict[str, int], errors: int, warnings: int) -> str:
    fine = ", ".join(count(number, name.removesuffix("s")) for name, number in found.items())
    verdict = f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    return f"{fine}: {verdict}" if fine else verdict
