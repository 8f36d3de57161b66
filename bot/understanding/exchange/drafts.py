"""Turns imported content into intents: names, drafts, conflicting examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import Row, normalised, refusal
from bot.understanding.exchange.report import Conflict, ImportReport
from bot.understanding.exchange.writing import IntentDraft, write_files
from bot.understanding.intents.checks import FEWEST
from bot.understanding.intents.names import is_name, unique_slug


def write_drafts(found: ImportedContent, source: Path, into: Path) -> ImportReport:
    """Write imported content as intent files.

    An intent is answered at once if it has a reply without placeholders and enough examples to be
    trained; else it is a draft.

    Args:
        found: The imported content.
        source: The imported file or folder, after which the intent files are named.
        into: Folder for the files; created if necessary.

    Raises:
        IntentsError: There is no row to write, or files of an earlier import exist.
    """
    without_text = tuple(row.place for row in found.rows if not row.text.strip())
    spoken = [row for row in found.rows if row.text.strip()]
    without_label = tuple(row.place for row in spoken if not row.label.strip())
    kept = [row for row in spoken if row.label.strip()]
    if not kept:
        raise refusal(
            source, 0, "no row has a text and a label", "check that this is the right file"
        )
    repeated = tuple(_repeated(kept))
    inside = [row for row in kept if not found.is_outside(row.label)]
    live = _live(found, inside)
    inside, outside = _without_contradictions(found, kept, live)
    while few := live - _learnable(inside):
        live -= few
        _note_few(found, few)
        inside, outside = _without_contradictions(found, kept, live)
    conflicts = tuple(_conflicts(found, kept, live))
    drafts = _drafts(found, inside, live)
    return ImportReport(
        intents=len(drafts),
        examples=len(inside),
        out_of_scope=len(outside),
        answered=sum(not draft.draft for draft in drafts),
        files=write_files(into, source, drafts, _by_language(outside)),
        renamed={draft.label: draft.name for draft in drafts if draft.label != draft.name},
        repeated=repeated,
        without_text=without_text,
        without_label=without_label,
        conflicts=conflicts,
        left_out=found.left_out.lines(),
    )


def _repeated(rows: Iterable[Row]) -> Iterator[int | str]:
    first: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        if first.setdefault((row.label, row.text, row.language), row) is not row:
            yield row.place


def _live(found: ImportedContent, rows: Sequence[Row]) -> set[str]:
    """Return the labels of intents that are answered at once."""
    labels = {row.label for row in rows}
    live = set()
    for label, answer in found.answers.items():
        if label not in labels or not any(answer.variants()):
            continue
        if answer.values():
            kind = "intents with placeholders in the reply, kept as drafts"
            found.left_out.add(kind, f"{label}: {', '.join(answer.values())}")
        elif label not in found.held:
            live.add(label)
    return live


def _learnable(rows: Sequence[Row]) -> set[str]:
    """Return the labels with enough examples."""
    distinct = {(row.label, normalised(row.text)) for row in rows}
    counts = Counter(label for label, _ in distinct)
    return {label for label, count in counts.items() if count >= FEWEST}


def _note_few(found: ImportedContent, labels: Iterable[str]) -> None:
    kind = f"intents with a reply but fewer than {FEWEST} examples, kept as drafts"
    for label in sorted(labels):
        found.left_out.add(kind, label)


def _conflicts(found: ImportedContent, rows: Sequence[Row], live: set[str]) -> Iterator[Conflict]:
    by_text: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        others = by_text[normalised(row.text)]
        if row.label not in {other.label for other in others}:
            others.append(row)
    for same in by_text.values():
        if len(same) > 1:
            labels = tuple(row.label for row in same)
            kept = tuple(_stays(found, labels, live))
            yield Conflict(same[0].text, labels, tuple(row.place for row in same), kept)


def _stays(found: ImportedContent, labels: Sequence[str], live: set[str]) -> Iterator[str]:
    """Yield the labels for which a text is kept.

    Two answered intents must not share an example, nor may an answered one share it with the
    out-of-scope texts.
    """
    first = next((label for label in labels if label in live), None)
    for label in labels:
        contradicts = label in live or found.is_outside(label)
        if first is None or label == first or not contradicts:
            yield label


def _without_contradictions(
    found: ImportedContent, rows: Sequence[Row], live: set[str]
) -> tuple[list[Row], list[Row]]:
    """Return the rows of intents and the out-of-scope rows, without conflicting ones."""
    labels: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.label not in (known := labels[normalised(row.text)]):
            known.append(row.label)
    stays = {text: set(_stays(found, under, live)) for text, under in labels.items()}
    kept = [row for row in rows if row.label in stays[normalised(row.text)]]
    inside = [row for row in kept if not found.is_outside(row.label)]
    return inside, [row for row in kept if found.is_outside(row.label)]


def _drafts(found: ImportedContent, rows: Sequence[Row], live: set[str]) -> list[IntentDraft]:
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    names = _names(by_label)
    titles = _titles(found, by_label)
    return [
        _draft(found, label, _by_language(by_label[label]), names, titles, live) for label in names
    ]


def _draft(
    found: ImportedContent,
    label: str,
    examples: dict[str, list[str]],
    names: dict[str, str],
    titles: dict[str, str],
    live: set[str],
) -> IntentDraft:
    answer = found.answers.get(label)
    slots = {} if label in live else found.entities.slots(label)
    if label in live and found.entities.by_label.get(label):
        found.left_out.add("entities that the reply does not need, left out", label)
    if answer is not None and label not in live:
        slots = slots | {name: "{type: text}" for name in answer.values() if name not in slots}
    return IntentDraft(
        name=names[label],
        label=label,
        draft=label not in live,
        title={next(iter(examples)): [titles[label]]} if label in titles else {},
        slots=slots,
        examples=examples,
        reply={language: texts for language, texts in answer.texts.items() if texts}
        if answer
        else {},
        suggestions=list(_suggestions(found, label, names, live)),
    )


def _suggestions(
    found: ImportedContent, label: str, names: dict[str, str], live: set[str]
) -> Iterator[str]:
    """Yield the intents that a reply's buttons lead to, without drafts, which have no answer."""
    answer = found.answers.get(label)
    for other in answer.suggestions if answer else ():
        if other in live and other != label:
            yield names[other]
        else:
            kind = "buttons without an answered intent, left out"
            found.left_out.add(kind, f"{label}: {other}")


def _titles(found: ImportedContent, labels: Iterable[str]) -> dict[str, str]:
    """Return the button labels, without those that several intents would share."""
    counts = Counter(normalised(title) for title in found.titles.values())
    return {
        label: found.titles[label]
        for label in labels
        if label in found.titles and counts[normalised(found.titles[label])] == 1
    }


def _by_language(rows: Sequence[Row]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        texts[row.language].append(row.text)
    return dict(texts)


def _names(labels: Iterable[str]) -> dict[str, str]:
    """Return a unique name for every label; labels that are valid names are kept."""
    names = {label: label for label in labels if is_name(label)}
    taken = set(names)
    for label in labels:
        if label not in names:
            names[label] = unique_slug(label, taken)
            taken.add(names[label])
    return {label: names[label] for label in labels}
