"""From labelled rows to intent files: drafts, ready to be given replies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.exchange.files import Row, refusal
from bot.understanding.intents.names import is_name, unique_slug
from bot.understanding.intents.unexecuted import BESIDE
from bot.yamlfile import MAX_BYTES, scalar

_SHOWN = 5
_FILE_BYTES = MAX_BYTES // 4
"""Size from which a further file is begun: far below the limit, and still fine in an editor."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text that stands under several labels; it is kept under each."""

    text: str
    labels: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        intents, examples: How many were written.
        files: What was written.
        renamed: Labels that are no names of intents, with the names that they got.
        repeated: Lines of rows that say what an earlier one says; kept, `check` points at them.
        without_text, without_label: Lines of rows left out for want of one.
        conflicts: Texts under several labels.
        left_out: What has no counterpart in intent files, in words.
    """

    intents: int
    examples: int
    files: tuple[Path, ...]
    renamed: Mapping[str, str]
    repeated: tuple[int, ...]
    without_text: tuple[int, ...]
    without_label: tuple[int, ...]
    conflicts: tuple[Conflict, ...]
    left_out: tuple[str, ...] = ()

    def remarks(self) -> Iterator[str]:
        """Yield what an admin should know, in words."""
        for lines, what in (
            (self.without_text, "without a text, left out"),
            (self.without_label, "without a label, left out"),
            (self.repeated, "repeated, kept"),
        ):
            if lines:
                noun = "row" if len(lines) == 1 else "rows"
                yield f"{len(lines)} {noun} {what}: line {_listed(lines)}"
        for conflict in self.conflicts:
            yield (
                f'"{conflict.text}" stands under {_listed(conflict.labels)}'
                f" (line {_listed(conflict.lines)}), kept under each: decide for one"
            )
        yield from self.left_out


def write_drafts(
    rows: Sequence[Row],
    source: Path,
    into: Path,
    *,
    slots: Mapping[str, Mapping[str, str]] | None = None,
    left_out: Sequence[str] = (),
) -> ImportReport:
    """Write rows as intent files.

    Args:
        rows: Labelled messages.
        source: Where they come from; the files are called like it.
        into: Folder for the files; made where there is none.
        slots: By label: the YAML of each slot by its name.
        left_out: What has no counterpart in intent files.

    Raises:
        IntentsError: There is no row to write, or files of an earlier import are in the way.
    """
    without_text = tuple(row.line for row in rows if not row.text.strip())
    labelled = [row for row in rows if row.text.strip()]
    without_label = tuple(row.line for row in labelled if not row.label.strip())
    kept = [row for row in labelled if row.label.strip()]
    if not kept:
        raise refusal(source, 0, "no row has a text and a label", "check that it is the right file")
    by_label, slots = _by_label(kept), slots or {}
    names = _names(by_label)
    drafts = (
        _intent(names[label], label, by_label[label], slots.get(label, {})) for label in names
    )
    return ImportReport(
        intents=len(by_label),
        examples=len(kept),
        files=_write(into, source, drafts),
        renamed={label: name for label, name in names.items() if label != name},
        repeated=tuple(_repeated(kept)),
        without_text=without_text,
        without_label=without_label,
        conflicts=tuple(_conflicts(kept)),
        left_out=tuple(left_out),
    )


def _listed(things: Sequence[object]) -> str:
    shown = ", ".join(str(thing) for thing in things[:_SHOWN])
    return f"{shown} ..." if len(things) > _SHOWN else shown


def _repeated(rows: Iterable[Row]) -> Iterator[int]:
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        if first.setdefault((row.label, row.text), row) is not row:
            yield row.line


def _by_label(rows: Sequence[Row]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        texts[row.label].append(row.text)
    return dict(texts)


def _names(labels: Iterable[str]) -> dict[str, str]:
    """Give every label a name of its own; labels that are names keep theirs."""
    names = {label: label for label in labels if is_name(label)}
    taken = set(names)
    for label in labels:
        if label not in names:
            names[label] = unique_slug(label, taken)
            taken.add(names[label])
    return {label: names[label] for label in labels}


def _conflicts(rows: Sequence[Row]) -> Iterator[Conflict]:
    by_text: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.label not in {other.label for other in by_text[row.text]}:
            by_text[row.text].append(row)
    for text, same in by_text.items():
        if len(same) > 1:
            yield Conflict(text, tuple(row.label for row in same), tuple(row.line for row in same))


def _intent(name: str, label: str, texts: Sequence[str], slots: Mapping[str, str]) -> str:
    lines = [f"  - name: {name}"]
    if label != name:
        lines.append(f"    label: {scalar(label)}")
    lines.append("    draft: true")
    if slots:
        lines.append("    slots:")
        lines += [f"      {slot}: {written}" for slot, written in slots.items()]
    lines.append("    examples:")
    lines += [f"      - {scalar(text)}" for text in texts]
    return "\n".join(lines) + "\n"


def _write(into: Path, source: Path, intents: Iterable[str]) -> tuple[Path, ...]:
    files = list(_files(into, intents))
    stem = source.stem.lstrip(".")
    stem = stem if stem and stem not in BESIDE else f"imported_{stem}".rstrip("_")
    numbers = [""] if len(files) == 1 else [f"_{number}" for number in range(1, len(files) + 1)]
    paths = [into / f"{stem}{number}.yaml" for number in numbers]
    for path in paths:
        if path.exists():
            raise refusal(path, 0, "is there already", "move it away, or import elsewhere")
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, files, strict=True):
            path.write_text(_HEADER + content, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise refusal(into, 0, f"cannot be written ({reason})", "choose another folder") from error
    return tuple(paths)


_HEADER = """\
# Imported drafts: the bot learns them, but answers none yet.
# Write a `reply:` and take out `draft: true` to let it answer.
version: 1
intents:
"""


def _files(into: Path, intents: Iterable[str]) -> Iterator[str]:
    """Pack intents into files; one that is larger than a file gets one of its own."""
    content = ""
    for intent in intents:
        if len(_HEADER) + len(intent.encode()) > MAX_BYTES:
            name = intent.partition("\n")[0].removeprefix("  - name: ")
            wrong = f"{name} has more examples than fit into a file of {MAX_BYTES:,} bytes"
            raise refusal(into, 0, wrong, "leave some of its rows out, or split the label")
        if content and len(content.encode()) + len(intent.encode()) > _FILE_BYTES:
            yield content
            content = ""
        content += intent
    yield content
