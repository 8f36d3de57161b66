"""What came of an import, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.text.shorten import shortened

_SHOWN = 5
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text that stands under several labels.

    Attributes:
        kept: Labels under which it stays: all of them where `check` only warns of it.
    """

    text: str
    labels: tuple[str, ...]
    lines: tuple[int | str, ...]
    kept: tuple[str, ...]

    def remark(self) -> str:
        """Return what to do about it."""
        lines = f" (line {_listed(self.lines)})" if any(self.lines) else ""
        where = f'"{printable(self.text)}" stands under {_listed(self.labels)}{lines}'
        if self.kept == self.labels:
            return f"{where}, kept under each: decide for one"
        return f"{where}, kept under {_listed(self.kept)} only: see whether it belongs there"


@dataclass(slots=True)
class LeftOut:
    """What has no counterpart in intent files: kinds, each with its examples."""

    _kinds: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, kind: str, example: str) -> None:
        """Note one thing, by its kind; the same thing counts once."""
        self._kinds.setdefault(kind, {})[example] = None

    def has_kind(self, kind: str) -> bool:
        """Return whether something of a kind is noted."""
        return kind in self._kinds

    def mentions(self, example: str) -> bool:
        """Return whether a thing is noted, of whatever kind."""
        return any(example in examples for examples in self._kinds.values())

    def lines(self) -> tuple[str, ...]:
        """Return one line a kind, with its count and some examples."""
        return tuple(
            f"{kind}: {len(examples)} ({_listed(tuple(examples))})"
            for kind, examples in self._kinds.items()
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        intents, examples, out_of_scope: How many were written.
        answered: How many of the intents are answered: they have a reply and are no drafts.
        files: What was written.
        renamed: Labels that are no names of intents, with the names that they got.
        repeated: Lines of rows that say what an earlier one says; kept, `check` points at them.
        without_text, without_label: Lines of rows left out for want of one.
        conflicts: Texts under several labels.
        left_out: What has no counterpart in intent files, in words.
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
        """Yield what an admin should know, in words."""
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
            yield f"{more} more texts under several labels: `frontdesk check` names them"
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
