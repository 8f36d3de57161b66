"""Measures of the lists in `build/` and `judge/`: each entry is right or wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.field.attacks import attacks
from benchmarks.field.calls import reply_sentences, triggers
from benchmarks.field.coming_back import coming_back
from benchmarks.field.conversations import conversations
from benchmarks.field.cross_platform import cross_platform
from benchmarks.field.customers import customer_lines
from benchmarks.field.form_lines import form_lines
from benchmarks.field.messages import MESSAGES
from benchmarks.field.missed import missed
from benchmarks.field.personal import ordinary, personal
from benchmarks.field.planted import planted
from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.requests import requests
from benchmarks.field.situations import situations
from bot.answering.knowledge import Article, read_articles
from bot.understanding.intents import inspect_intents


def honest_passages(part: str) -> Iterator[Line]:
    """Count the honest passages that are withheld, wholly or in part."""
    withheld = {each["id"]: _withheld(each) for each in entries(part, "honest_passages")}
    shown = tuple(f"{name}: {why}" for name, why in withheld.items() if why)
    yield Line("withheld", tuple(map(bool, withheld.values())), shown)


def _withheld(entry: Entry) -> str:
    with TemporaryDirectory() as folder:
        head = json.dumps({"title": entry["title"], "language": entry["language"]})
        Path(folder, "a.md").write_text(f"---\n{head}\n---\n{entry['text']}\n", "utf-8")
        problems = read_articles(Path(folder), "en").problems
    return "; ".join(problem.wrong for problem in problems)


def front_matter(part: str) -> Iterator[Line]:
    """Count articles that come in, what of them can be read, and what must not be."""
    came: list[bool] = []
    read: dict[str, bool] = {}
    raw: dict[str, bool] = {}
    for entry in entries(part, "front_matter"):
        text = _readable(entry["file"])
        came.append(text is not None)
        read |= {f"{entry['id']}: {each}": each in (text or "") for each in entry["must_read"]}
        raw |= {f"{entry['id']}: {each}": each in (text or "") for each in entry["must_not_read"]}
    yield Line("articles that come in", tuple(came))
    missing = tuple(name for name, is_there in read.items() if not is_there)
    yield Line("found of what must be read", tuple(read.values()), missing)
    visible = tuple(name for name, is_there in raw.items() if is_there)
    yield Line("seen of what must not be read", tuple(raw.values()), visible)


def _readable(file: str) -> str | None:
    """Return all that customers could read of an article; None when it does not come in."""
    with TemporaryDirectory() as folder:
        Path(folder, "article.md").write_bytes(file.encode())
        articles = read_articles(Path(folder), "en").articles
    return _text(articles[0]) if articles else None


def _text(article: Article) -> str:
    parts = [article.title, article.url]
    for passage in article.passages:
        parts += [*passage.heading, passage.text]
    return "\n".join(parts)


def yaml_slips(part: str) -> Iterator[Line]:
    """Count the slips whose line `frontdesk check` names."""
    named: dict[str, bool] = {}
    for entry in entries(part, "yaml_slips"):
        named[entry["id"]] = entry["slip_line"] in _lines_told(entry["file"])
    missed = tuple(name for name, is_named in named.items() if not is_named)
    yield Line("slips whose line is named", tuple(named.values()), missed)


def _lines_told(file: str) -> set[int]:
    with TemporaryDirectory() as folder:
        Path(folder, "intents.yaml").write_bytes(file.encode())
        return {problem.line for problem in inspect_intents(Path(folder))[1]}


LISTS: Mapping[str, Callable[[str], Iterator[Line]]] = {
    "honest_passages": honest_passages,
    "front_matter": front_matter,
    "yaml_slips": yaml_slips,
    "customer_lines": customer_lines,
    "personal": personal,
    "ordinary": ordinary,
    "planted": planted,
    "situations": situations,
    "missed": missed,
    "coming_back": coming_back,
    "cross_platform": cross_platform,
    "conversations": conversations,
    "triggers": triggers,
    "reply_sentences": reply_sentences,
    "attacks": attacks,
    "form_lines": form_lines,
    "requests": requests,
    **MESSAGES,
}
"""Each list with its measure."""
