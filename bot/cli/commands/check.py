"""`frontdesk check`: every mistake in config, intents and articles, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, remark
from bot.errors import Problem, ProblemsError

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
            typer.echo(str(problem))
        remark(_summary(found, errors, len(problems) - errors))
    if errors:
        raise typer.Exit(1)


def _inspect(config: Config, found: dict[str, int]) -> Sequence[Problem]:
    """Look through everything that an admin wrote; count what is fine into `found`."""
    from bot.understanding.intents import inspect_intents

    intents, problems = inspect_intents(config.intents, default_language=config.language.default)
    if intents is not None:
        corpus = intents.corpus()
        found["intents"] = len(corpus.intents)
        found["examples"] = sum(len(intent.examples) for intent in corpus.intents)
    return sorted(problems)


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
