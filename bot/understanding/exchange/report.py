"""The report of an import, as printed by the CLI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.text.shorten import shortened

_SHOWN = 5
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text with several labels.

    Attributes:
        kept: Labels for which it is kept: all of them if `check` only warns about it.
    """

    text: str
    labels: tuple[str, ...]
    lines: tuple[int | str, ...]
    kept: tuple[str, ...]

    def remark(self) -> str:
        """Return a line that describes it, and what to do."""
        lines = f" (line {_listed(self.lines)})" if any(self.lines) else ""
        where = f'"{printable(self.text)}" has several labels: {_listed(self.labels)}{lines}'
        if self.kept == self.labels:
            return f"{where}; kept for each of them: choose one"
        return f"{where}; kept for {_listed(self.kept)} only: check that it belongs there"


@dataclass(slots=True)
class SkippedParts:
    """Parts without a counterpart in intent files: kinds, each with its examples."""

    _kinds: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, kind: str, example: str) -> None:
        """Record an example of a kind; repeated examples count once."""
        self._kinds.setdefault(kind, {})[example] = None

    def has_kind(self, kind: str) -> bool:
        """Return whether a kind was recorded."""
        return kind in self._kinds

    def mentions(self, example: str) -> bool:
        """Return whether an example was recorded, for any kind."""
        return any(example in examples for examples in self._kinds.values())

    def lines(self) -> tuple[str, ...]:
        """Return one line per kind, with its count and some examples."""
        return tuple(
            f"{kind}: {len(examples)} ({_listed(tuple(examples))})"
            for kind, examples in self._kinds.items()
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        intents, examples, out_of_scope: Number of each that was written.
        answered: Number of intents that are answered: with a reply, and not drafts.
        files: The files that were written.
        renamed: Labels that are not valid intent names, with their new names.
        repeated: Lines of repeated rows; they are kept, and `check` reports them.
        without_text, without_label: Lines of rows that were left out because one is missing.
        conflicts: Texts with several labels.
        left_out: Parts without a counterpart in intent files, one line per kind.
    """

    intents: int
    examples: int
    out_of_scope: int
    answered: int
    files: tuple[Path, ...]
    renamed: Mapping[str, str]
    repeated: tuple[int | str, ...]
    without_text: tuple[int | str, ...]
    without_label: tuple[int | str, ...]
    conflicts: tuple[Conflict, ...]
    left_out: tuple[str, ...] = ()

    def remarks(self) -> Iterator[str]:
        """Yield the lines of the report that an admin should read."""
        for lines, what in (
            (self.without_text, "without a text, left out"),
            (self.without_label, "without a label, left out"),
            (self.repeated, "repeated, kept"),
        ):
            if lines:
                noun = "row" if len(lines) == 1 else "rows"
                yield f"{len(lines)} {noun} {what}: line {_listed(lines)}"
        for conflict in self.conflicts[:_SHOWN]:
            yield conflict.remark()
        if more := len(self.conflicts[_SHOWN:]):
            yield f"{more} more texts with several labels: `frontdesk check` lists them"
        yield from self.left_out


def _listed(things: Sequence[object]) -> str:
    shown = ", ".join(printable(str(thing)) for thing in things[:_SHOWN])
    return f"{shown} ..." if len(things) > _SHOWN else shown


def printable(text: str) -> str:
    r"""Return what a terminal may show of a text that others wrote: one short line, no control.

    >>> printable("a\x1b[2J\nb") == "a\ufffd[2J\ufffdb"
    True
    """
    visible = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return shortened(visible, _LONGEST, "…")
