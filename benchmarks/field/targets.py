"""What a reply amounts to in the words of the lists: an intent, `article:NAME`, `ask` ..."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath

from benchmarks.field.reading import Entry
from bot.app.conversation_tests.collecting import Reply
from bot.messages import DecisionKind, DecisionPart

SMALL_TALK = {"greeting", "thanks", "goodbye", "praise", "bot_identity", "about_bot"}
_ANSWERED = {DecisionKind.QUOTED, DecisionKind.GENERATED}
_PLAIN = str.maketrans({"–": "-", "—": "-", "*": "", "\u00a0": " ", "’": "'", "_": ""})


def reached(reply: Reply) -> list[set[str]]:
    """Return what each part of a reply amounts to."""
    if reply.decision is None:
        return []
    parts = reply.decision.parts
    quoted = [part for part in parts if part.kind is DecisionKind.QUOTED]
    return [set(_of(part, reply, quoted.index(part) if part in quoted else 0)) for part in parts]


def is_good(reply: Reply, entry: Entry) -> bool:
    """Return whether a reply is one that an entry lists as good, with a word that it must have."""
    wanted = set(entry["good"])
    parts = reached(reply)
    hit = any(_matches(part, wanted) for part in parts)
    return hit and has_words(reply, entry.get("must") or ())


def has_words(reply: Reply, words: Sequence[str]) -> bool:
    """Return whether a reply has one of the words; always without words."""
    said = reply.text.translate(_PLAIN).lower()
    return not words or any(word.translate(_PLAIN).lower() in said for word in words)


def serves(reply: Reply, parts: Sequence[Collection[str]]) -> bool:
    """Return whether each of several requests is answered by a part of its own."""
    left = reached(reply)
    for wanted in parts:
        found = next((part for part in left if part & set(wanted)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def summary(reply: Reply) -> str:
    """Return a reply in a line, for whoever reads the list of misses."""
    parts = " + ".join("/".join(sorted(part)) or "-" for part in reached(reply))
    buttons = ", ".join(button.label for button in reply.buttons)
    return f"{parts} [{buttons}]" if buttons else parts


def _matches(part: set[str], wanted: set[str]) -> bool:
    if part & (wanted - {"ask"}):
        return True
    if "ask" not in wanted or "ask" not in part:
        return False
    named = {target for target in wanted if re.fullmatch(r"[a-z_]+", target)}
    named -= {"ask", "ask_open", "unknown", "person", "smalltalk", "help"}
    offered = {f"offers:{name}" for name in named}
    return not named or bool(offered & part)


def _of(part: DecisionPart, reply: Reply, quoted: int) -> Iterator[str]:
    """Yield what a part amounts to; the passages of quoted parts are the decision's first ones."""
    names = [intent.name for intent in part.intents]
    match part.kind:
        case DecisionKind.INTENT | DecisionKind.RECOMMEND:
            name = reply.pressed or names[0]
            yield name
            if name in SMALL_TALK:
                yield "smalltalk"
        case DecisionKind.HANDOFF:
            yield "person"
            yield from names[:1]
        case DecisionKind.CLARIFY:
            yield "ask"
            yield from (f"offers:{name}" for name in names[:2])
        case DecisionKind.UNKNOWN:
            yield "unknown"
            yield "ask_open"
        case kind if kind in _ANSWERED and reply.decision is not None:
            cited = reply.decision.passages[quoted : quoted + 1]
            yield from (f"article:{_article(passage.citation)}" for passage in cited)
        case kind:
            yield str(kind)


def _article(citation: str) -> str:
    """Return the name of a passage's article, without its folder, ending and section."""
    return PurePath(citation.partition("#")[0]).name.removesuffix(".md")
