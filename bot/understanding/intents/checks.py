"""Checks that involve several values: within an intent, or across the files of a folder.

Each check is a generator over a folder that yields every problem it finds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from bot.errors import Problem
from bot.text.shorten import shortened
from bot.understanding.corpus import Example
from bot.understanding.intents.actions.info import action_infos
from bot.understanding.intents.folder import Folder, PlacedIntent
from bot.understanding.intents.form_checks import form_problems
from bot.understanding.intents.gone_keys import GONE
from bot.understanding.intents.yaml_pitfalls import pitfalls
from bot.yamlfile import resembling

FEWEST = 2
"""Minimum number of examples of an intent."""

ENOUGH = 5
"""Number of examples from which no warning is given."""

MOST = 50_000
"""Maximum number of examples: the scale benchmark needs 5 GB of memory for this many. Memory grows
faster than the number of examples; twice as many would not fit into 8 GB."""

_Severity = Literal["error", "warning"]


def check(
    folder: Folder,
    *,
    serving: bool = False,
    teams: Collection[str] | None = None,
) -> Iterator[Problem]:
    """Yield all errors and warnings about the files of a folder.

    Args:
        folder: The folder as read.
        serving: The files belong to a serving version: unsupported keys are warnings, and only
            keep their own intent from being answered.
        teams: Names of the teams that config has; None: not looked at.
    """
    yield from _within_folder(folder)
    yield from _within_intents(folder, serving=serving)
    yield from _teams(folder, teams) if teams is not None else ()
    for document in folder.documents:
        yield from pitfalls(document)


def _within_folder(folder: Folder) -> Iterator[Problem]:
    yield from _no_intents(folder)
    yield from _too_many(folder)
    yield from _same_names(folder)
    yield from _same_examples(folder)
    yield from _same_titles(folder)


def _within_intents(folder: Folder, *, serving: bool) -> Iterator[Problem]:
    actions = None if folder.action_problems else action_infos(folder.actions)
    names = frozenset(folder.names)
    for intent in folder.intents:
        yield from _counts(intent)
        yield from _answer(intent)
        yield from _references(intent, names)
        yield from form_problems(intent, actions)
        yield from _gone(intent, serving=serving)


def _no_intents(folder: Folder) -> Iterator[Problem]:
    if folder.documents and not folder.names and not folder.problems:
        yield Problem(folder.path, 0, 0, "", "no file defines an intent", "add `intents:` to one")


def _too_many(folder: Folder) -> Iterator[Problem]:
    counts = [
        (sum(len(texts) for texts in intent.entry.examples.values()), intent.entry.name)
        for intent in folder.intents
    ]
    total = sum(count for count, _ in counts) + len(folder.out_of_scope)
    if total > MOST:
        count, name = max(counts, default=(0, ""), key=lambda each: each[0])
        wrong = f"{total:,} examples, the maximum is {MOST:,}"
        remedy = f"keep a few hundred for each intent, the most diverse ones ({name} has {count:,})"
        yield Problem(folder.path, 0, 0, "", wrong, remedy)


def _same_names(folder: Folder) -> Iterator[Problem]:
    seen: dict[str, PlacedIntent] = {}
    for intent in folder.intents:
        first = seen.setdefault(intent.entry.name, intent)
        if first is not intent:
            place = f"{first.document.path}:{first.line('name')}"
            wrong = f"another intent has this name ({place})"
            yield intent.problem("name", wrong=wrong, remedy="rename one of them, or merge the two")


def _same_examples(folder: Folder) -> Iterator[Problem]:
    """Yield examples that stand twice: errors across intents, but only warnings for drafts."""
    outside = {_normal(example.text): example for example in folder.out_of_scope}
    seen: dict[str, tuple[PlacedIntent, Example]] = {}
    for intent in folder.intents:
        for example, position in intent.utterances("examples"):
            text = _normal(example.text)
            first, twin = seen.setdefault(text, (intent, example))
            loc = ("examples", example.language, position)
            if text in outside:
                yield _contradiction(intent, loc, outside[text], "out of scope", drafts=False)
            if twin is example:
                continue
            if first is not intent:
                drafts = intent.entry.draft or first.entry.draft
                what = f"an example of {first.entry.name}"
                yield _contradiction(intent, loc, twin, what, drafts=drafts)
            elif twin.language == example.language:
                wrong = f"the same example is already in line {twin.line}"
                yield intent.problem(
                    *loc, wrong=wrong, remedy="delete one of them", severity="warning"
                )


def _contradiction(
    intent: PlacedIntent, loc: tuple[int | str, ...], twin: Example, what: str, *, drafts: bool
) -> Problem:
    wrong = f'"{_short(twin.text)}" is also {what} ({twin.path}:{twin.line})'
    severity: _Severity = "warning" if drafts or intent.entry.draft else "error"
    return intent.problem(*loc, wrong=wrong, remedy="keep it in one of the two", severity=severity)


def _same_titles(folder: Folder) -> Iterator[Problem]:
    seen: dict[tuple[str, str], PlacedIntent] = {}
    for intent in folder.intents:
        for language, title in (intent.entry.title or {}).items():
            first = seen.setdefault((language, _normal(title)), intent)
            if first is not intent:
                yield intent.problem(
                    "title",
                    language,
                    wrong=f'"{title}" is also the title of {first.entry.name}',
                    remedy="change one of them, or customers see two identical buttons",
                    severity="warning",
                )


def _counts(intent: PlacedIntent) -> Iterator[Problem]:
    count = sum(len(texts) for texts in intent.entry.examples.values())
    if count >= ENOUGH:
        return
    severity: _Severity = "error" if count < FEWEST and not intent.entry.draft else "warning"
    noun = "example" if count == 1 else "examples"
    needed = f"at least {FEWEST} are needed" if severity == "error" else f"{ENOUGH} are recommended"
    yield intent.problem(
        "examples",
        wrong=f"{count} {noun}, {needed}",
        remedy="add phrasings that customers really used",
        severity=severity,
        at_key=True,
    )


def _answer(intent: PlacedIntent) -> Iterator[Problem]:
    entry = intent.entry
    if not (entry.reply or entry.handoff or entry.action or entry.recommend or entry.draft):
        yield intent.problem(
            "name",
            wrong="the intent has no reply",
            remedy="add `reply:`, `action:` or `handoff: true`, or mark it `draft: true`",
        )


def _references(intent: PlacedIntent, names: frozenset[str]) -> Iterator[Problem]:
    for position, name in enumerate(intent.entry.suggestions):
        if name not in names:
            yield _unknown(intent, ("suggestions", position), "intent", name, names)
    for position, test in enumerate(intent.entry.tests):
        expected = test.intent or test.not_ or ""
        if expected not in names:
            key = "intent" if test.intent else "not"
            yield _unknown(intent, ("tests", position, key), "intent", expected, names)


def _teams(folder: Folder, teams: Collection[str]) -> Iterator[Problem]:
    for intent in folder.intents:
        team = intent.entry.handoff.team if intent.entry.handoff else None
        if team is not None and team not in teams:
            remedy = resembling(team, teams) if teams else "name it in config as `staff.teams`"
            yield intent.problem(
                "handoff", "team", wrong=f'there is no team "{team}"', remedy=remedy
            )


def _gone(intent: PlacedIntent, *, serving: bool) -> Iterator[Problem]:
    """Report keys of earlier versions."""
    for key, remedy in GONE.items():
        if key in intent.entry.model_fields_set:
            yield intent.problem(
                key,
                wrong="no longer a key",
                remedy=remedy,
                severity="warning" if serving else "error",
                at_key=True,
            )


def _unknown(
    intent: PlacedIntent,
    loc: tuple[int | str, ...],
    what: str,
    name: str,
    known: Iterable[str],
    *,
    at_key: bool = False,
) -> Problem:
    return intent.problem(
        *loc, wrong=f'unknown {what} "{name}"', remedy=resembling(name, known), at_key=at_key
    )


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _short(text: str) -> str:
    return shortened(text, 60, "…")
