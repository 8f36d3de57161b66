"""How messages are decided before and after suggested changes, and whether these do harm."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.config.schema import Config
from bot.publishing.bundle import intents_of
from bot.publishing.discovery import MissedGroup
from bot.publishing.edits import Edits, plan
from bot.publishing.model_refs import open_model
from bot.understanding.evaluation.model_diff import decision
from bot.understanding.intents import IntentSet, IntentTest
from bot.understanding.intents.folder import yaml_files
from bot.understanding.model.classifier import IntentClassifier
from bot.understanding.training.progress import Progress


@dataclass(frozen=True, slots=True)
class RoutedGroup:
    """The decisions on the written messages of a group, the most frequent first."""

    name: str
    before: tuple[tuple[str, int], ...]
    after: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """Decisions before and after.

    Attributes:
        tests: Number of `tests:` in the intent files.
        dropped: Names of groups that are left out, because tests that passed would fail.
    """

    groups: tuple[RoutedGroup, ...]
    tests: int
    passed_before: int
    passed_after: int
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def safe_edits(
    config: Config,
    serving: IntentClassifier,
    groups: Sequence[MissedGroup],
    progress: Progress,
) -> tuple[Edits, Routing]:
    """Return what to write, without groups that would break tests of the intent files.

    A model is trained on the changed files in a temporary folder; a second time where groups had
    to be left out.

    Args:
        config: Of the bot.
        serving: The model that serves.
        groups: Those of which texts may be shown.
        progress: Receives training progress.

    Raises:
        IntentsError: The changed files have mistakes.
        EncoderUnavailable: The configured encoder is not available.
    """
    intents = intents_of(config)
    edits = plan(config, intents, groups)
    routing, harmful = _routing(config, serving, intents, edits, progress)
    dropped = [each for each in groups if each.target in harmful and each.name in edits.written]
    if not dropped:
        return edits, routing
    left = [each for each in groups if each not in dropped]
    names = tuple(each.name for each in dropped)
    edits = plan(config, intents, left)
    if not edits.after:
        unchanged = replace(routing, groups=(), passed_after=routing.passed_before)
        return edits, replace(unchanged, dropped=names)
    routing, _ = _routing(config, serving, intents, edits, progress)
    return edits, replace(routing, dropped=names)


def _routing(
    config: Config,
    serving: IntentClassifier,
    intents: IntentSet,
    edits: Edits,
    progress: Progress,
) -> tuple[Routing, set[str]]:
    """Return the decisions, and the intents that tests which passed are now decided as."""
    with TemporaryDirectory(prefix="frontdesk-") as temporary:
        changed = _changed_copy(config.intents, edits, Path(temporary, "intents"))
        after = open_model(str(changed), config, Path(temporary), progress)
        texts = [text for written in edits.written.values() for text in written]
        says = [test.say for test in intents.tests]
        old = _decisions(serving, [*texts, *says])
        new = _decisions(after, [*texts, *says])
    groups, start = [], 0
    for name, written in edits.written.items():
        rows = slice(start, start + len(written))
        groups.append(RoutedGroup(name, _counts(old[rows]), _counts(new[rows])))
        start += len(written)
    passed = [_passes(*each) for each in zip(intents.tests, old[start:], strict=True)]
    passes = [_passes(*each) for each in zip(intents.tests, new[start:], strict=True)]
    lost = {
        now.first
        for before, after_, now in zip(passed, passes, new[start:], strict=True)
        if before and not after_
    }
    return Routing(tuple(groups), len(passed), sum(passed), sum(passes)), lost


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision.

    Attributes:
        text: In words, see `decision`.
        first: The first intent, answered or not.
        drafted: Whether that is a draft.
    """

    text: str
    first: str
    drafted: bool


def _decisions(model: IntentClassifier, texts: Sequence[str]) -> list[_Decided]:
    drafts = {each.name for each in model.manifest.intents if each.draft}
    found = []
    for prediction in model.predict(texts) if texts else []:
        first = next((each.name for each in prediction.intents), "")
        found.append(_Decided(decision(prediction, model.manifest), first, first in drafts))
    return found


def _counts(decisions: Sequence[_Decided]) -> tuple[tuple[str, int], ...]:
    words = (f"{each.first} (draft)" if each.drafted else each.text for each in decisions)
    return tuple(Counter(words).most_common())


def _passes(test: IntentTest, decided: _Decided) -> bool:
    if test.intent is not None:
        return decided.text == test.intent
    return decided.text != test.not_


def _changed_copy(folder: Path, edits: Edits, into: Path) -> Path:
    """Write the intent files as they would be into a folder of their own."""
    into.mkdir()
    for path in yaml_files(folder):
        shutil.copyfile(path, into / path.name)
    for path, text in edits.after.items():
        if path.parent.resolve() == folder.resolve() and path.suffix.lower() in {".yaml", ".yml"}:
            (into / path.name).write_text(text, encoding="utf-8", newline="")
    return into
