"""Writes imported intents as YAML files; splits large ones, and never overwrites a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.exchange.files import refusal
from bot.understanding.intents.folder import OTHER_FILES
from bot.yamlfile import MAX_BYTES, scalar

_FILE_BYTES = MAX_BYTES // 4
"""Maximum size of a file with several intents: far below the limit, and small enough to edit."""

_HEADER = """\
# Imported. Intents with `draft: true` are trained, but not answered yet:
# write a `reply:` and remove `draft: true` to let the bot answer them.
version: 1
"""

Texts = Mapping[str, Sequence[str]]
"""Texts by language; an empty language is the default one."""


@dataclass(frozen=True, slots=True)
class IntentDraft:
    """An intent to be written."""

    name: str
    label: str
    draft: bool
    title: Texts
    slots: Mapping[str, str]
    examples: Texts
    reply: Texts
    suggestions: Sequence[str]


def write_files(
    into: Path, source: Path, drafts: Sequence[IntentDraft], out_of_scope: Texts
) -> tuple[Path, ...]:
    """Write intents and out-of-scope texts.

    Args:
        into: Folder for the files; created if necessary.
        source: The imported file or folder, after which the files are named.
        drafts: The intents.
        out_of_scope: Out-of-scope texts.

    Raises:
        IntentsError: Files exist already, or cannot be written.
    """
    files = list(_files(into, drafts, out_of_scope))
    stem = source.resolve().stem.lstrip(".")
    stem = stem if stem and stem not in OTHER_FILES else f"imported_{stem}".rstrip("_")
    numbers = [""] if len(files) == 1 else [f"_{number}" for number in range(1, len(files) + 1)]
    paths = [into / f"{stem}{number}.yaml" for number in numbers]
    for path in paths:
        if path.exists():
            raise refusal(path, 0, "already exists", "move it, or import into another folder")
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, files, strict=True):
            path.write_text(_HEADER + content, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise refusal(into, 0, f"cannot be written ({reason})", "choose another folder") from error
    return tuple(paths)


def _files(into: Path, drafts: Iterable[IntentDraft], out_of_scope: Texts) -> Iterator[str]:
    """Yield the contents of files; an intent larger than the maximum gets its own file."""
    content = ""
    for draft in drafts:
        intent = "\n".join(intent_lines(draft)) + "\n"
        _refuse_too_large(into, draft.name, intent)
        if content and len(content.encode()) + len(intent.encode()) > _FILE_BYTES:
            yield content
            content = ""
        content = (content or "intents:\n") + intent
    if any(out_of_scope.values()):
        outside = "\n".join(("out_of_scope:", *_by_language(out_of_scope, 2))) + "\n"
        _refuse_too_large(into, "out_of_scope", outside)
        if content and len(content.encode()) + len(outside.encode()) > _FILE_BYTES:
            yield content
            content = ""
        content += outside
    yield content


def _refuse_too_large(into: Path, name: str, content: str) -> None:
    if len(_HEADER) + len(content.encode()) > MAX_BYTES:
        wrong = f"{name} has too many examples for a file of {MAX_BYTES:,} bytes"
        raise refusal(into, 0, wrong, "remove some of its rows, or split the label")


def intent_lines(draft: IntentDraft) -> Iterator[str]:
    """Yield the lines of an intent as an item of a list that begins in column 3."""
    yield f"  - name: {draft.name}"
    if draft.label != draft.name:
        yield f"    label: {scalar(draft.label)}"
    yield from _title(draft.title)
    if draft.draft:
        yield "    draft: true"
    if draft.slots:
        yield "    slots:"
        yield from (f"      {slot}: {written}" for slot, written in draft.slots.items())
    yield "    examples:"
    yield from _by_language(draft.examples, 6)
    yield from _reply(draft.reply)
    if draft.suggestions:
        yield f"    suggestions: [{', '.join(draft.suggestions)}]"


def _title(title: Texts) -> Iterator[str]:
    for language, (text, *_) in title.items():
        if not language:
            yield f"    title: {scalar(text)}"
        else:
            yield from ("    title:", f"      {scalar(language)}: {scalar(text)}")


def _by_language(texts: Texts, indent: int) -> Iterator[str]:
    pad = " " * indent
    if set(texts) == {""}:
        yield from (f"{pad}- {scalar(text)}" for text in texts[""])
        return
    for language, listed in texts.items():
        yield f"{pad}{scalar(language)}:"
        yield from (f"{pad}  - {scalar(text)}" for text in listed)


def _reply(reply: Texts) -> Iterator[str]:
    if not reply:
        return
    if set(reply) == {""}:
        texts = reply[""]
        if len(texts) == 1:
            yield f"    reply: {_text(texts[0], 6)}"
            return
        yield "    reply:"
        yield "      - text:"
        yield from (f"          - {_text(text, 12)}" for text in texts)
        return
    yield "    reply:"
    for language, texts in reply.items():
        if len(texts) == 1:
            yield f"      {scalar(language)}: {_text(texts[0], 8)}"
        else:
            yield f"      {scalar(language)}:"
            yield from (f"        - {_text(text, 10)}" for text in texts)


def _text(text: str, indent: int) -> str:
    """Return a reply as YAML: several lines as a block, if that preserves the text."""
    lines = text.split("\n")
    if len(lines) == 1 or text != text.strip() or not all(_in_block(line) for line in lines):
        return scalar(text)
    pad = " " * indent
    return "\n".join(("|-", *(f"{pad}{line}" if line else "" for line in lines)))


def _in_block(line: str) -> bool:
    return (not line or line.isprintable()) and not line.endswith(" ")
