"""Loads a folder of intent files as an `IntentSet`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.errors import IntentsError, Problem
from bot.understanding.intents.checks import check
from bot.understanding.intents.credential_checks import credentials_in_replies
from bot.understanding.intents.folder import Folder, PlacedIntent, read_folder
from bot.understanding.intents.intent_set import Intent, IntentSet, IntentTest
from bot.understanding.intents.yaml_pitfalls import pitfalls


def load_intents(folder: Path, *, default_language: str = "en", serving: bool = False) -> IntentSet:
    """Read a folder of intent files.

    Args:
        folder: The folder.
        default_language: BCP 47 tag of examples and replies without a language.
        serving: The files belong to a serving version, perhaps trained by an earlier Frontdesk
            with fewer checks: intents with unsupported keys are not answered, the others are.

    Raises:
        IntentsError: Lists every mistake in every file.
    """
    intents, problems = inspect_intents(folder, default_language=default_language, serving=serving)
    if intents is None:
        raise IntentsError(problem for problem in problems if problem.severity == "error")
    return intents


def inspect_intents(
    folder: Path,
    *,
    default_language: str = "en",
    serving: bool = False,
    teams: Collection[str] | None = None,
) -> tuple[IntentSet | None, tuple[Problem, ...]]:
    """Read a folder of intent files, and return all errors and warnings about it.

    Args:
        folder: The folder.
        default_language: BCP 47 tag of examples and replies without a language.
        serving: See `load_intents`.
        teams: Names of the teams that config has; None: whether they exist is not looked at.

    Returns:
        The intents (None when there are errors), and errors and warnings in the order of files.
    """
    read = read_folder(folder, default_language)
    pasted = {each for placed in read.intents for each in credentials_in_replies(placed)}
    found = {*read.problems, *check(read, serving=serving, teams=teams), *pasted}
    found |= set(_of_actions(read, serving=serving))
    problems = tuple(sorted(_excused(read, found) if serving else found))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return _intent_set(read), problems


def _of_actions(read: Folder, *, serving: bool) -> Iterator[Problem]:
    """Yield what is wrong with `actions.yaml`: earlier versions did not read it."""
    for problem in read.action_problems:
        yield replace(problem, severity="warning") if serving else problem


def _excused(read: Folder, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Turn errors that earlier versions did not report into warnings: the model is trained."""
    slips = {
        problem
        for document in read.documents
        if document.root is not None
        for problem in (*document.problems, *pitfalls(document))
    }
    for problem in problems:
        yield replace(problem, severity="warning") if problem in slips else problem


def _intent_set(read: Folder) -> IntentSet:
    return IntentSet(
        intents=tuple(_intent(placed) for placed in read.intents),
        out_of_scope=read.out_of_scope,
        tests=tuple(test for placed in read.intents for test in _tests(placed)),
        default_language=read.language,
        safety=read.safety,
        actions=read.actions,
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
