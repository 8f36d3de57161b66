"""`frontdesk test`: runs the tests in the intent files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, line

if TYPE_CHECKING:
    from bot.publishing.intent_tests import Failure


def run_tests(
    version: Annotated[
        str | None,
        typer.Argument(help="A model as `frontdesk models` lists it.", show_default="what serves"),
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Run the tests in the intent files against a model."""
    from bot.publishing.bundle import intents_of
    from bot.publishing.intent_tests import run_intent_tests
    from bot.understanding.model.registry import ModelRegistry

    loaded = settings(config)
    tests, folder = intents_of(loaded).tests, ModelRegistry(loaded.model)
    model = folder.find(version) if version else folder.current()
    failures = run_intent_tests(model, tests, policy=loaded.classifier.policy)
    if json:
        print_json({"tests": len(tests), "failures": [_as_data(failure) for failure in failures]})
    else:
        for failure in failures:
            line(str(failure))
        line(f"{count(len(tests), 'test')}, {len(failures)} failed")
    if failures:
        raise typer.Exit(1)


def _as_data(failure: Failure) -> dict[str, object]:
    return {
        "path": str(failure.test.path),
        "line": failure.test.line,
        "say": failure.test.say,
        "intent": failure.test.intent,
        "not": failure.test.not_,
        "got": failure.got,
        "confidence": failure.confidence,
        "threshold": failure.threshold,
    }
