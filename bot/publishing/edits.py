"""Changes of intent files and articles that would help: a diff, and the files, copied first."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.answering.knowledge.articles import knowledge_folder
from bot.config.schema import Config
from bot.errors import FrontdeskError
from bot.files.private_files import hand_over, private_folder, write_private
from bot.privacy.pseudonyms import PLACEHOLDER
from bot.publishing.article_edits import MARKDOWN, new_article, with_questions
from bot.publishing.discovery import Missed, MissedGroup
from bot.understanding.discovery.suggestions import Help
from bot.understanding.exchange.writing import IntentDraft, intent_lines
from bot.understanding.intents import Intent, IntentSet
from bot.understanding.language.tags import primary
from bot.understanding.traffic.pseudo_labels import LONGEST, same
from bot.yamlfile import parse, plain
from bot.yamlfile.editing import (
    Uneditable,
    append_block,
    append_texts_by_key,
    position_of,
)

DRAFTS = "suggested.yaml"
"""File of suggested intents, in the folder of intents."""

FEWEST_EXAMPLES, FEWEST, MOST = 3, 4, 20
"""Messages of a group from which examples are written for an intent, from which anything new is,
and how many of them at most."""

_COPIES = "before-learning"
"""Folder of the copies, in the model folder."""

_MISREAD = 0.25
"""Share of a group that is answered as another intent, or asked about, from which a draft is
written along with an article."""

_DRAFTS_HEADER = """\
# Suggested by `frontdesk learn` from what customers asked. Drafts are recognised, but not answered:
# give each a good name, a title and a reply, and delete `draft: true`; or delete what is no use.
version: 1
intents:
"""


@dataclass
class Edits:
    """Changed files, and what could not be changed.

    Attributes:
        before, after: Content by path; a new file has no content before.
        written: For each group, by its name, the messages that are written.
        refused: Why something was not written, one line each.
    """

    before: dict[Path, str | None] = field(default_factory=dict)
    after: dict[Path, str] = field(default_factory=dict)
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def text(self, path: Path) -> str | None:
        """Return the content of a file as it is changed so far; None where there is none."""
        if path not in self.after:
            self.before[path] = _read(path)
            return self.before[path]
        return self.after[path]

    def diff(self) -> str:
        """Return all changes as a unified diff."""
        return "".join(line for path in sorted(self.after) for line in self._diff(path))

    def _diff(self, path: Path) -> Iterator[str]:
        before = (self.before[path] or "").splitlines(keepends=True)
        old = "/dev/null" if self.before[path] is None else str(path)
        changed = difflib.unified_diff(
            before, self.after[path].splitlines(keepends=True), old, str(path), n=2
        )
        for line in changed:
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def plan(config: Config, intents: IntentSet, groups: Iterable[MissedGroup]) -> Edits:
    """Return what would be written for groups; nothing is.

    Args:
        config: Of the bot.
        intents: The intents as they are now.
        groups: Those of which texts may be shown.
    """
    edits, taken = Edits(), _taught(intents)
    for each in groups:
        chosen = _chosen(each, taken)
        fewest = FEWEST_EXAMPLES if each.help is Help.EXAMPLES else FEWEST
        if len(chosen) < fewest or each.help is Help.NOTHING:
            continue
        try:
            for path, text in _changes(config, intents, each, chosen, edits):
                edits.after[path] = text
        except Uneditable as error:
            edits.refused.append(f"{each.name}: {error}: edit it by hand")
            continue
        edits.written[each.name] = tuple(one.message.text for one in chosen)
        taken |= {same(one.message.text) for one in chosen}
    return edits


def write(config: Config, edits: Edits, at: datetime) -> Path:
    """Copy the files, then write the changed ones; return the folder of the copies.

    Raises:
        FrontdeskError: A file was changed meanwhile, or cannot be written.
    """
    copies = config.model / _COPIES / at.strftime("%Y%m%d-%H%M%S-%f")
    try:
        private_folder(copies)
        for path, before in edits.before.items():
            if _read(path) != before:
                raise FrontdeskError(f"{path}: changed meanwhile: run `frontdesk learn` again")
            if before is not None and path in edits.after:
                write_private(copies / path.name, path.read_bytes())
                hand_over(copies / path.name, config.model)
        for path, text in edits.after.items():
            _replace(path, text)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(f"{error.filename}: {reason}: let this account write it") from error
    return copies


def _replace(path: Path, text: str) -> None:
    """Write a file atomically, with the mode that it has."""
    draft = path.with_name(f".{path.name}.learn")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise FrontdeskError(f"{path}: is not UTF-8: save it as UTF-8") from error


def _taught(intents: IntentSet) -> set[str]:
    """Return all texts that stand in the intents."""
    return {
        same(one.text)
        for intent in intents.intents
        for one in (*intent.examples, *intent.near_misses)
    } | {same(one.text) for one in intents.out_of_scope}


def _chosen(each: MissedGroup, taken: set[str]) -> list[Missed]:
    """Return the messages of a group to write, the most typical first: new ones, without data."""
    found: dict[str, Missed] = {}
    for one in each.messages:
        text = one.message.text
        if len(text) <= LONGEST and not PLACEHOLDER.search(text) and same(text) not in taken:
            found.setdefault(same(text), one)
    return list(found.values())[:MOST]


def _changes(
    config: Config,
    intents: IntentSet,
    each: MissedGroup,
    chosen: Sequence[Missed],
    edits: Edits,
) -> Iterator[tuple[Path, str]]:
    """Yield the changed content of files for one group.

    Raises:
        Uneditable: A file is written in a way to which nothing can be added.
    """
    intent = intents.by_name.get(each.nearest.intent)
    if each.help is Help.EXAMPLES and intent is not None:
        yield intent.path, _with_examples(edits, intent, intents, chosen)
        return
    misread = sum(1 for one in each.messages if one.taken_for) / len(each.messages)
    folder = knowledge_folder(config) or config.intents / "knowledge"
    texts = [one.message.text for one in chosen]
    if each.help is Help.FOUND_ARTICLE:
        path = folder / each.article.name
        article = edits.text(path)
        if article is None or path.suffix.lower() not in MARKDOWN:
            raise Uneditable(f"{path.name} is no Markdown file")
        yield path, with_questions(article, texts)
    elif each.help is Help.NEW_ARTICLE:
        path = folder / f"{each.name}.md"
        if edits.text(path) is not None:
            raise Uneditable(f"{path.name} exists already")
        yield path, new_article(each.name, texts, each.answers)
    if each.help is Help.NEW_INTENT or misread >= _MISREAD:
        path = config.intents / DRAFTS
        yield path, _with_draft(edits, path, each, chosen)


def _with_examples(
    edits: Edits, intent: Intent, intents: IntentSet, chosen: Sequence[Missed]
) -> str:
    text = edits.text(intent.path) or ""
    place = position_of(text, ["intents"], "name", intent.name)
    added = _by_language(chosen, {example.language for example in intent.examples})
    after = append_texts_by_key(
        text, ["intents", place, "examples"], added, intents.default_language
    )
    _verify(intent.path, text, after, sum(map(len, added.values())))
    return after


def _with_draft(edits: Edits, path: Path, each: MissedGroup, chosen: Sequence[Missed]) -> str:
    draft = IntentDraft(
        name=each.name,
        label=each.name,
        draft=True,
        title={},
        slots={},
        examples=_by_language(chosen, set()),
        reply={},
        suggestions=[],
    )
    lines = list(intent_lines(draft))
    near = f"{each.nearest.intent} ({each.nearest.score:.2f})"
    lines.insert(1, f"    # {len(each.messages)} messages of {each.people} people; nearest: {near}")
    text = edits.text(path)
    if text is None:
        return _DRAFTS_HEADER + "\n".join(lines) + "\n"
    return append_block(text, ["intents"], ["", *lines])


def _by_language(chosen: Sequence[Missed], known: set[str]) -> dict[str, list[str]]:
    """Return texts by language; a language is called as the examples call it."""
    tags: Mapping[str, str] = {primary(tag): tag for tag in sorted(known, reverse=True)}
    found: dict[str, list[str]] = defaultdict(list)
    for one in chosen:
        found[tags.get(primary(one.language), one.language)].append(one.message.text)
    return dict(found)


def _verify(path: Path, before: str, after: str, added: int) -> None:
    """Refuse a change after which the file reads otherwise than before, but for what is added."""
    old, new = parse(path, before.encode()), parse(path, after.encode())
    if old.root is None or new.root is None or new.problems:
        raise Uneditable(f"{path.name} would no longer be valid")
    gained = new.root.size - old.root.size
    if not added <= gained <= 2 * added + 2 or _names(plain(old.root)) != _names(plain(new.root)):
        raise Uneditable(f"{path.name} would read otherwise")


def _names(document: object) -> object:
    """Return the names of a file's intents."""
    intents = document.get("intents") if isinstance(document, dict) else None
    return [each.get("name") for each in intents or [] if isinstance(each, dict)]
