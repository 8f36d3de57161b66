"""From a folder of files to an `IntentSet`."""

from __future__ import annotations

from pathlib import Path

from bot.errors import IntentsError, Problem
from bot.understanding.intents.checking import check
from bot.understanding.intents.credentials import credentials_in_replies
from bot.understanding.intents.folder import Folder, PlacedIntent, read_folder
from bot.understanding.intents.intentset import Intent, IntentSet, IntentTest


def load_intents(folder: Path, *, default_language: str = "en") -> IntentSet:
    """Read a folder of intent files.

    Args:
        folder: Holds the intent files, and catalogue.yaml and actions.yaml where there are any.
        default_language: BCP 47 tag of examples and replies that name no language.

    Raises:
        IntentsError: With every mistake in every file.
    """
    intents, problems = inspect_intents(folder, default_language=default_language)
    if intents is None:
        raise IntentsError(problem for problem in problems if problem.severity == "error")
    return intents


def inspect_intents(
    folder: Path, *, default_language: str = "en"
) -> tuple[IntentSet | None, tuple[Problem, ...]]:
    """Read a folder of intent files and say all that is wrong or doubtful about it.

    Returns:
        The intents (None when there are errors), and errors and warnings in the order of files.
    """
    read = read_folder(folder, default_language)
    pasted = {each for placed in read.intents for each in credentials_in_replies(placed)}
    problems = tuple(sorted({*read.problems, *check(read), *pasted}))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return _intent_set(read), problems


def _intent_set(read: Folder) -> IntentSet:
    return IntentSet(
        intents=tuple(_intent(placed) for placed in read.intents),
        out_of_scope=read.out_of_scope,
        tests=tuple(test for placed in read.intents for test in _tests(placed)),
        catalogue=read.catalogue or (),
        actions=dict(read.actions or {}),
        default_language=read.language,
    )


def _intent(placed: PlacedIntent) -> Intent:
    return Intent(
        name=placed.entry.name,
        entry=placed.entry,
        examples=tuple(example for example, _ in placed.utterances("examples")),
        near_misses=tuple(example for example, _ in placed.utterances("not")),
        path=placed.document.path,
        line=placed.line(),
    )


def _tests(placed: PlacedIntent) -> list[IntentTest]:
    return [
        IntentTest(
            test.say, test.intent, test.not_, placed.document.path, placed.line("tests", position)
        )
        for position, test in enumerate(placed.entry.tests)
    ]
