"""Evidence: passages and tool results, split into the units that may support a claim.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.grounding.bounds import LONGEST
from bot.answering.grounding.paraphrase import spelled_out
from bot.answering.grounding.parsing import HAN, ParsedText, is_negated, plain, read
from bot.answering.grounding.segments import Segment, parts_of, segment_of
from bot.answering.grounding.tables import is_table, rows
from bot.messages import Source
from bot.ports import Passage
from bot.text.sentences import split

VERB = re.compile(
    r"(?<!that\s)(?<!which\s)(?<!who\s)(?<!whose\s)\b(?:is|are|was|were|can|may|must|will|has|have|do|does"
    r"|should|could|costs?|comes?|takes?|gets?|goes|go|needs?|means?|we|you|they|it)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r"^\s*1[.)]\s", re.MULTILINE)
_LABEL = re.compile(r"[^:.]{2,40}:\s")
"""Beginning of a list item whose other sentences have the same subject."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a list item, or a row of a table.

    Attributes:
        text: In plain words.
        segments: Its parts.
        context: Title, headings and the introduction of a list above it.
        citation: Of the passage.
        prose: Whether it is a sentence among sentences.
        near: Keys of the sentences before and after it.
        about: The only subject that it is about, in plain words; empty for no such limit.
        tool: Whether it is the result of a tool about this customer.
    """

    text: str
    segments: tuple[Segment, ...]
    context: ParsedText
    citation: str
    prose: bool
    tool: bool = False
    keys: frozenset[str] = field(default_factory=frozenset)
    markers: frozenset[str] = field(default_factory=frozenset)
    near: frozenset[str] = field(default_factory=frozenset)
    about: str = ""

    @property
    def statements(self) -> list[str]:
        """Its clauses, where there are several."""
        clauses = {s.clause: "" for s in self.segments}
        for segment in self.segments:
            clauses[segment.clause] += f" {segment.reading.text}"
        return list(clauses.values()) if len(clauses) > 1 else []

    @property
    def is_han(self) -> bool:
        """Return whether it is written in Chinese."""
        return HAN.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a tool, in words or as `name: value` lines."""

    tool: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """All that may support a sentence.

    Attributes:
        units: What claims are compared with.
        passages: Where they come from, best first.
        question: The customer's words: no evidence, but they show what a sentence is about.
        said: The earlier sentences of the answer: a repetition informs nobody.
        raw: Everything as it was written, for links and addresses.
        vocabulary: Keys of all words of the units.
        known: The bot's name and the way to a human, one a line.
    """

    units: tuple[Unit, ...]
    passages: tuple[Passage, ...]
    question: ParsedText
    raw: str
    vocabulary: frozenset[str]
    known: str = ""
    said: tuple[ParsedText, ...] = ()

    @classmethod
    def of(
        cls,
        passages: Sequence[Passage],
        *,
        tools: Sequence[ToolResult] = (),
        question: str = "",
        known: Sequence[str] = (),
    ) -> Evidence:
        """Cut passages and tool results into units.

        Args:
            passages: What the retriever found.
            tools: Results of tools about this customer.
            question: What the customer wrote.
            known: What may be named without evidence: the bot's name, the way to a human.
        """
        units = [unit for passage in passages for unit in _neighbouring(list(_units(passage)))]
        for result in tools:
            units += _neighbouring(list(_tool_units(result)))
        texts = [f"{p.source.title}\n{p.source.url}\n{p.heading}\n{p.text}" for p in passages]
        raw = "\n".join([*texts, *(result.text for result in tools), *known])
        vocabulary = frozenset(key for unit in units for key in unit.keys)
        return cls(
            tuple(units),
            tuple(passages),
            read(plain(question[:LONGEST])),
            raw,
            vocabulary,
            "\n".join(known),
        )

    def after(self, text: str) -> Evidence:
        """Return the evidence for the sentences after this one, Markdown."""
        return replace(self, said=(*self.said, read(plain(text))))

    @property
    def has_steps(self) -> bool:
        """Return whether there are numbered steps."""
        return _STEP.search(self.raw) is not None

    def sources(self, citations: frozenset[str]) -> tuple[Source, ...]:
        """Return the sources of some passages, each once, best first."""
        used = [p.source for p in self.passages if p.citation in citations]
        return tuple(dict.fromkeys(used))


def _units(passage: Passage) -> Iterator[Unit]:
    heading = passage.heading.replace(" > ", ". ")
    above = plain(f"{passage.source.title}. {heading}. {passage.source.url}")
    heading = passage.heading.rpartition(" > ")[2]
    denied = is_negated(plain(heading))
    introduction = ""
    for block in re.split(r"\n\s*\n", passage.text):
        lines = [line for line in block.splitlines() if line.strip()]
        context = read(f"{above}. {introduction}" if introduction else above)
        if is_table(lines):
            for cells in rows(lines, context.text):
                segments = tuple(segment_of(read(cell), is_negated(cell)) for cell in cells)
                yield _joined(". ".join(cells), segments, context, passage.citation, prose=False)
            continue
        introduced = bool(introduction) and is_negated(introduction)
        introduction = ""
        for line in lines:
            listed = bool(re.match(r"\s*(?:[-*+•]|\d{1,3}[.)])\s", line))
            under = context
            asked = ""
            for sentence in split(line):
                text = plain(sentence[:LONGEST])
                if text:
                    no = denied or introduced
                    if asked:
                        yield _unit(f"{asked} {text}", under, passage.citation, no, prose=True)
                    asked = text if text.endswith("?") else ""
                    yield _unit(text, under, passage.citation, no, prose=not listed)
                    introduction = text if text.endswith(":") else ""
                    if listed and _LABEL.match(text):
                        under = read(f"{context.text}. {text}")


def _unit(text: str, context: ParsedText, citation: str, denied: bool, *, prose: bool) -> Unit:
    fragment = denied and not VERB.search(text) and not HAN.search(text)
    segments = parts_of(text, denied=fragment)
    return _joined(text, segments, context, citation, prose=prose)


def _joined(
    text: str,
    segments: tuple[Segment, ...],
    context: ParsedText,
    citation: str,
    *,
    prose: bool,
    tool: bool = False,
) -> Unit:
    keys = frozenset(key for segment in segments for key in segment.keys)
    markers = read(text).markers
    return Unit(text, segments, context, citation, prose, tool, keys, markers)


def _neighbouring(units: list[Unit]) -> list[Unit]:
    """Give each sentence the words of its neighbours, and add units for elliptic denials."""
    result = []
    for place, unit in enumerate(units):
        around = units[max(place - 1, 0) : place] + units[place + 1 : place + 2]
        near = [each.keys for each in around if each.prose and unit.prose]
        result.append(replace(unit, near=frozenset().union(*near)))
        result += _denied(unit, units[place - 1].text if place and unit.prose else "")
    return result


def _denied(unit: Unit, before: str) -> Iterator[Unit]:
    """Yield a unit for a denial that leaves out what it denies."""
    found = spelled_out(unit.text, before)
    if found and not is_negated(found[1]):
        who, what = found
        parts = parts_of(f"{who} not: {what}", denied=True)
        denied = _joined(unit.text, parts, unit.context, unit.citation, prose=unit.prose)
        yield replace(denied, about=who, tool=unit.tool)


def _tool_units(result: ToolResult) -> Iterator[Unit]:
    context = read(result.tool.replace("_", " "))
    for line in result.text.splitlines():
        for sentence in split(line):
            text = plain(sentence[:LONGEST])
            segments = parts_of(text)
            yield _joined(text, segments, context, f"tool:{result.tool}", prose=True, tool=True)
