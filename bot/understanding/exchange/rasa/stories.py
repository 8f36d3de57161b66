"""Reads Rasa's test stories: what a customer says, turn by turn, and the intent of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import IntentsError
from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import MAX_BYTES, refusal
from bot.understanding.exchange.rasa.annotations import plain_text
from bot.understanding.exchange.rasa.data import entries, listed, text_of
from bot.understanding.exchange.report import SkippedParts
from bot.yamlfile import Document, Node, read

_YAML = (".yml", ".yaml")
_FOLDERS = ("tests", "test")

_WORDLESS = "left out: its first message has no words, only an intent"
_CUT = "ends before a message without words"
_ENTITIES = "entities of messages, not expected: give `slots:` where a form takes them"
_ACTIONS = "answers and actions, not expected: give `reply:` or `calls:`"
_FORMS = "forms that are active, not expected: give `form:`"
_SLOTS = "slots that were set, not expected: give `slots:`"


@dataclass(frozen=True, slots=True)
class StoryTurn:
    """What the customer says, and the label of the intent that Rasa is to find in it."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class TestStory:
    """One story with its messages in words."""

    __test__ = False  # pytest looks for classes by their name

    name: str
    turns: tuple[StoryTurn, ...]


@dataclass(slots=True)
class TestStories:
    """The stories of a project's tests.

    Attributes:
        count: How many there are, with those that are left out.
        incomplete: Names of stories that are left out, or that end early, each with the reason.
        left_out: Steps that have no counterpart in conversation files.
    """

    __test__ = False

    stories: list[TestStory] = field(default_factory=list)
    count: int = 0
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    left_out: SkippedParts = field(default_factory=SkippedParts)


def read_test_stories(path: Path) -> TestStories:
    """Read a file of test stories, or those of a project.

    Raises:
        IntentsError: There are none, or a file cannot be read.
    """
    found = TestStories()
    for file in _files(path):
        document = read(file, max_bytes=MAX_BYTES)
        if document.root is None:
            if document.problems:
                raise IntentsError(document.problems[:1])
            continue
        _take(found, document)
    if not found.count:
        remedy = "name a file such as tests/test_stories.yml; Markdown is not read"
        raise refusal(path, 0, "no `stories:` of Rasa 2 or 3", remedy)
    return found


def _files(path: Path) -> Iterator[Path]:
    """Yield the file, or a project's files of tests, by their names or folders."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path).parts[:-1]
        of_tests = "test" in file.stem.lower() or any(part in _FOLDERS for part in inside)
        hidden = any(part.startswith(".") for part in inside)
        if file.suffix.lower() in _YAML and of_tests and not hidden:
            yield file


def _take(stories: TestStories, document: Document) -> None:
    root = document.root
    for story in listed(root.get("stories") if root is not None else None):
        stories.count += 1
        name = " ".join(text_of(story.get("story")).split())
        turns = tuple(_turns(stories, name, listed(story.get("steps"))))
        if turns:
            stories.stories.append(TestStory(name, turns))
        else:
            stories.incomplete.append((name, _WORDLESS))


def _turns(stories: TestStories, name: str, steps: Sequence[Node]) -> Iterator[StoryTurn]:
    """Yield the messages up to the first one that nobody could say."""
    said = False
    for step in steps:
        keys = {key for key, _ in entries(step)}
        if keys & {"user", "intent", "or"}:
            text = text_of(step.get("user")).strip()
            if not text:
                if said:
                    reason = f"{_CUT} ({text_of(step.get('intent')) or 'several intents'})"
                    stories.incomplete.append((name, reason))
                return
            said = True
            yield StoryTurn(_plain(stories, name, text), text_of(step.get("intent")))
        else:
            _note(stories, name, step, keys)


def _plain(stories: TestStories, name: str, text: str) -> str:
    """Return a message without the annotations of its entities, which are listed."""
    content = ImportedContent()
    plain = plain_text(content, name, text, name)
    for entity in content.entities.by_label.get(name, ()):
        stories.left_out.add(_ENTITIES, f"{name}: {entity}")
    return plain


def _note(stories: TestStories, name: str, step: Node, keys: set[str]) -> None:
    """List a step that is not imported."""
    for key, kind in (("action", _ACTIONS), ("bot", _ACTIONS), ("active_loop", _FORMS)):
        if key in keys and (what := text_of(step.get(key))) not in ("", "null"):
            stories.left_out.add(kind, what)
    if "slot_was_set" in keys:
        stories.left_out.add(_SLOTS, name)
