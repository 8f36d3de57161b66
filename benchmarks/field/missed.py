"""Measures `frontdesk learn --write`: from missed messages to the decisions on others like them.

Each learned message and each one of the noise is asked by a person of their own at a copy of the
shop, over a database of its own; whoever is answered wrongly says so (a thumb down, "neither of
these"). Then the command learns, the shop is trained again, and other messages are asked, before
and after.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.field.reading import Entry, Line, mapping
from benchmarks.field.shop import LANGUAGES, SHOP, Asked, Shop, message, running
from benchmarks.field.targets import reached, summary
from bot import logs
from bot.app.conversation_tests.collecting import Reply
from bot.config.schema import Config, load_config
from bot.messages import DecisionKind, Pressed, Voted
from bot.privacy.pseudonyms import masked
from bot.publishing.train import train_everything

_PURE, _FOUND = 0.8, 0.5
"""Share of a found group that is of one group of the list, and share of that which is in it, from
which it is found."""

_ANSWERED = {DecisionKind.INTENT, DecisionKind.HANDOFF, DecisionKind.QUOTED, DecisionKind.GENERATED}
_HELPS = {
    "examples": "examples",
    "new_intent": "new_intent",
    "new_article": "article",
    "found_article": "article",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a group of the list.

    Attributes:
        state: `pure`, `mixed` or `missed`.
        target: The intent or article that most of its messages went to; empty: none.
    """

    state: str
    helps: str = ""
    name: str = ""
    target: str = ""


def missed(part: str) -> Iterator[Line]:
    """Learn from the list of a part, and measure what it brought; nothing where there is none."""
    read = mapping(part, "missed")
    if read:
        logs.configure(level="WARNING")
        yield from asyncio.run(_measured(read))


async def _measured(read: Mapping[str, Any]) -> list[Line]:
    groups: Sequence[Entry] = read["groups"]
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = _copy(folder)
        await asyncio.to_thread(train_everything, config)
        asked, unanswered = await _ask_missed(config, read)
        before = await _decisions(config, read, "before")
        learned = await asyncio.to_thread(_learn, folder)
        await asyncio.to_thread(train_everything, config)
        after = await _decisions(config, read, "after")
    found = {each["name"]: _found(each, learned, unanswered) for each in groups}
    return [
        *asked,
        *_of_groups(groups, found),
        *_of_held_out(groups, found, before, after),
        *_of_ordinary(read["ordinary"], before, after),
        _time(learned),
    ]


def _copy(folder: Path) -> Config:
    """Copy the shop, and configure it."""
    shutil.copytree(SHOP, folder / "intents")
    serve = {"concurrency": 1, "port": 0, "rate_limit": False, "greeting_wait": 0}
    settings = {
        "intents": "intents",
        "model": "model",
        "database": "sqlite:///desk.db",
        "language": {"default": "en", "served": list(LANGUAGES)},
        "serve": serve,
    }
    (folder / "config.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return load_config(folder / "config.yaml", {})


async def _ask_missed(config: Config, read: Mapping[str, Any]) -> tuple[list[Line], set[str]]:
    """Ask what is to be learned, each by another person; return what was not answered well."""
    lost: set[str] = set()
    good: list[bool] = []
    async with running(config, config.database) as shop:
        for group in read["groups"]:
            for number, text in enumerate(group["learned"]):
                place = f"{group['name']}{number}"
                reply = await shop.ask(Asked(place, text))
                good.append(_reaches(reply, _wanted(group)))
                if not good[-1]:
                    lost.add(text)
                    await _complain(shop, Asked(place, text), reply)
        for number, text in enumerate(read["noise"]):
            reply = await shop.ask(Asked(f"noise{number}", text))
            if _is_answered(reply):
                await _complain(shop, Asked(f"noise{number}", text), reply)
    return [Line("learned messages that were answered well anyway", tuple(good))], lost


async def _complain(shop: Shop, asked: Asked, reply: Reply) -> None:
    """Say that an answer was wrong, as customers do: by a thumb, or by "neither of these"."""
    event = message(asked)
    own = message(Asked(asked.conversation, "", 2))
    if reply.kind == DecisionKind.CLARIFY:
        if (neither := await shop.neither(reply)) is not None:
            await shop.send(Pressed(own, neither))
    elif _is_answered(reply):
        await shop.send(Voted(own, event.id, "down"))


async def _decisions(config: Config, read: Mapping[str, Any], name: str) -> dict[str, Reply]:
    """Ask the other messages, over a database of their own."""
    texts = [text for group in read["groups"] for text in group["held_out"]]
    texts += [each["say"] for each in read["ordinary"]]
    url = f"sqlite:///{config.model.parent}/{name}.db"
    async with running(config, url) as shop:
        return {
            text: await shop.ask(Asked(f"{name}{number}", text))
            for number, text in enumerate(texts)
        }


def _learn(folder: Path) -> Mapping[str, Any]:
    """Run the command."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "learn", "--write", "--json", "--config", "config.yaml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(SHOP.parent)},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    learned: Mapping[str, Any] = json.loads(done.stdout)
    return learned


def _found(group: Entry, learned: Mapping[str, Any], lost: set[str]) -> Found:
    """Return what became of a group: of those of its messages that were missed."""
    own = {masked(text) for text in group["learned"] if text in lost}
    shares = [(len(own & set(each["messages"])), each) for each in learned["groups"]]
    nothing: tuple[int, Mapping[str, Any]] = (0, {})
    hits, best = max(shares, key=lambda pair: pair[0], default=nothing)
    if not own or hits < 2:
        return Found("missed")
    is_pure = hits >= _PURE * len(best["messages"]) and hits >= _FOUND * len(own)
    is_written = bool(best["written"])
    return Found(
        "pure" if is_pure else "mixed",
        _HELPS.get(best["help"], best["help"]),
        best["name"],
        best["target"] if is_written else "",
    )


def _of_groups(groups: Sequence[Entry], found: Mapping[str, Found]) -> Iterator[Line]:
    """Yield what became of the groups."""
    for state in ("pure", "mixed", "missed"):
        yield Line(f"groups found {state}", tuple(found[g["name"]].state == state for g in groups))
    shown = tuple(
        f"{each['name']} ({each['helps']}): {found[each['name']].name}, "
        f"{found[each['name']].helps or '-'} {found[each['name']].target}"
        for each in groups
    )
    right = tuple(_is_right(each, found[each["name"]]) for each in groups)
    yield Line("what would help is right", right, shown)


def _is_right(group: Entry, found: Found) -> bool:
    if found.helps != group["helps"]:
        return False
    return found.helps != "examples" or found.target == group["intent"]


def _of_held_out(
    groups: Sequence[Entry],
    found: Mapping[str, Found],
    before: Mapping[str, Reply],
    after: Mapping[str, Reply],
) -> Iterator[Line]:
    """Yield how the other messages of the groups are decided, by what helps them."""
    nothing: Mapping[str, Found] = {}
    for helps in ("examples", "new_intent", "article"):
        chosen = [
            (each, text) for each in groups if each["helps"] == helps for text in each["held_out"]
        ]
        for name, replies, own in (("before", before, nothing), ("after", after, found)):
            judged = [
                _judged(replies[text], each, own.get(each["name"], Found("")))
                for each, text in chosen
            ]
            counts = ", ".join(f"{n} {word}" for word, n in Counter(judged).most_common())
            wrong = tuple(
                f"{text}: {summary(replies[text])}"
                for (_, text), each in zip(chosen, judged, strict=True)
                if each == "wrong" and own
            )
            good = tuple(each in _GOOD[helps] for each in judged)
            yield Line(f"held out, {helps}: good {name} ({counts})", good, wrong)


_GOOD = {
    "examples": {"answered"},
    "new_intent": {"to the new one", "unanswered"},
    "article": {"answered", "to the new one", "unanswered"},
}


def _judged(reply: Reply, group: Entry, found: Found) -> str:
    """Return in a word what a reply is to a message of a group."""
    if _reaches(reply, _wanted(group)) or (
        found.target and _reaches(reply, {f"article:{PurePath(found.target).stem}"})
    ):
        return "answered"
    if _is_answered(reply):
        return "wrong"
    if reply.kind == DecisionKind.CLARIFY:
        return "asked"
    first = reply.decision.intents[:1] if reply.decision else ()
    return "to the new one" if first and first[0].name == found.target else "unanswered"


def _of_ordinary(
    ordinary: Sequence[Entry], before: Mapping[str, Reply], after: Mapping[str, Reply]
) -> Iterator[Line]:
    """Yield how ordinary messages are decided."""
    for name, replies in (("before", before), ("after", after)):
        right = tuple(_reaches(replies[e["say"]], {e["intent"]}) for e in ordinary)
        yield Line(f"ordinary: good {name}", right)
        wrong = [
            _is_answered(replies[e["say"]]) and not hit
            for e, hit in zip(ordinary, right, strict=True)
        ]
        shown = tuple(
            f"{e['say']}: {summary(replies[e['say']])}"
            for e, each in zip(ordinary, wrong, strict=True)
            if each
        )
        yield Line(f"ordinary: answered wrongly {name}", tuple(wrong), shown)


def _time(learned: Mapping[str, Any]) -> Line:
    """Return how many messages are in groups, and what was left out."""
    grouped = sum(len(each["messages"]) for each in learned["groups"])
    counted = (True,) * grouped + (False,) * (learned["looked_at"] - grouped)
    routing = learned["routing"] or {}
    return Line("missed messages in groups", counted, tuple(routing.get("dropped", ())))


def _wanted(group: Entry) -> set[str]:
    """Return what a message of a group should reach."""
    wanted = {group["intent"]} if group.get("intent") else set()
    return wanted | ({f"article:{group['article']}"} if group.get("article") else set())


def _reaches(reply: Reply, wanted: set[str]) -> bool:
    """Return whether a reply answers with one of the wanted; being asked is no answer."""
    return _is_answered(reply) and any(part & wanted for part in reached(reply))


def _is_answered(reply: Reply) -> bool:
    return reply.kind in _ANSWERED
