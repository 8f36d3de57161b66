"""`frontdesk test`: the tests that stand in the intent files, and whole conversations."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lifecycle import warn_when_stale
from bot.cli.options import ConfigOption, JsonOption, environment, print_json, settings
from bot.cli.output import count, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app.conversation_tests.runner import Result
    from bot.publishing.intent_tests import Failure
    from bot.understanding.intents import IntentTest


def run_tests(
    version: Annotated[
        str | None,
        typer.Argument(help="A model as `frontdesk models` lists it.", show_default="what serves"),
    ] = None,
    config: ConfigOption = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--files",
            help="Run only the conversations of this file or folder; may be repeated.",
            show_default="conversations/ in the folder of intents",
        ),
    ] = None,
    gpt: Annotated[bool, typer.Option("--gpt", help="Ask GPT as well, for money.")] = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Also write JUnit XML to this file.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Run the tests of the intent files and the conversation tests against the model."""
    from bot.app.conversation_tests.reading import default_places, load_conversations
    from bot.app.conversation_tests.runner import run_conversations
    from bot.publishing.bundle import intents_of
    from bot.publishing.intent_tests import run_intent_tests
    from bot.understanding.model.registry import ModelRegistry

    loaded = settings(config)
    intents, folder = intents_of(loaded), ModelRegistry(loaded.model)
    places = files or default_places(loaded.intents)
    conversations = load_conversations(places, [each.name for each in intents.intents])
    model = folder.find(version) if version else folder.current()
    if conversations and version is None:
        warn_when_stale(loaded)
    tests = () if files else intents.tests
    failures = run_intent_tests(model, tests, policy=loaded.classifier.policy)
    results = asyncio.run(run_conversations(loaded, model, conversations, environment(), gpt=gpt))
    _report(tests, failures, results, junit=junit, json=json)
    if failures or any(result.failures for result in results):
        raise typer.Exit(1)


def _report(
    tests: Sequence[IntentTest],
    failures: Sequence[Failure],
    results: Sequence[Result],
    *,
    junit: Path | None,
    json: bool,
) -> None:
    from bot.cli.conversation_report import as_data, show_failures

    if junit is not None:
        from bot.cli.junit import write_junit

        write_junit(junit, tests, failures, results)
    if json:
        print_json(
            {
                "tests": len(tests),
                "failures": [_as_data(failure) for failure in failures],
                "conversations": [as_data(result) for result in results],
            }
        )
        return
    for failure in failures:
        line(str(failure))
    if tests or not results:
        line(f"{count(len(tests), 'test')}, {len(failures)} failed")
    show_failures(results)
    if results:
        failed = sum(bool(result.failures) for result in results)
        line(f"{count(len(results), 'conversation')}, {failed} failed")


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
