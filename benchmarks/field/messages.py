"""Measures how messages as customers write them are served, at the desks that Frontdesk ships."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

from benchmarks.field.feelings import feelings
from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.safety import safety
from benchmarks.field.shop import Asked, Shop, open_shop
from benchmarks.field.targets import has_words, is_good, reached, serves, summary
from bot.app.conversation_tests.collecting import Reply
from bot.messages import DecisionKind

_ANSWERED = {DecisionKind.INTENT, DecisionKind.HANDOFF, DecisionKind.QUOTED}

COMMUNITY = Path(__file__).parents[2] / "examples" / "community" / "intents"

Measure = Callable[[Shop, str], Coroutine[None, None, list[Line]]]
Opening = Callable[[], AbstractAsyncContextManager[Shop]]


def measured(measure: Measure, opening: Opening = open_shop) -> Callable[[str], Iterator[Line]]:
    """Return a measure that opens a desk of its own, the shop unless told otherwise."""

    async def run(part: str) -> list[Line]:
        async with opening() as shop:
            return await measure(shop, part)

    return lambda part: iter(asyncio.run(run(part)))


async def typos(shop: Shop, part: str) -> list[Line]:
    """Compare the decision on a misspelled message with that on the same one spelled well."""
    read = entries(part, "typos")
    clean = [await shop.ask(Asked(f"tc{i}", each["clean"])) for i, each in enumerate(read)]
    typed = [await shop.ask(Asked(f"tt{i}", each["typo"])) for i, each in enumerate(read)]
    pairs = list(zip(read, clean, typed, strict=True))
    right = [each for each in pairs if is_good(each[1], each[0])]
    same = tuple(reached(after) == reached(before) for _, before, after in right)
    lost = [
        f"{entry['typo']}: {summary(after)}, spelled well {summary(before)}"
        for (entry, before, after), kept in zip(right, same, strict=True)
        if not kept
    ]
    return [
        Line("decided as without the typo, of those right without", same, tuple(lost)),
        Line("answered wrongly without the typo", tuple(_is_wrong(b, e) for e, b, _ in pairs)),
        Line("answered wrongly with the typo", tuple(_is_wrong(a, e) for e, _, a in pairs)),
    ]


async def languages(shop: Shop, part: str) -> list[Line]:
    """Look at the language in which short messages are answered, and at what is decided."""
    read = entries(part, "languages")
    replies = [await shop.ask(Asked(f"l{i}", each["text"])) for i, each in enumerate(read)]
    tongue = tuple(
        reply.decision is not None
        and reply.decision.language.partition("-")[0] in {t[:2] for t in each["languages"]}
        for each, reply in zip(read, replies, strict=True)
    )
    flipped = [
        f"{each['text']}: {reply.decision.language if reply.decision else ''}"
        for each, reply, right in zip(read, replies, tongue, strict=True)
        if not right
    ]
    good = _judged(read, replies)
    english = tuple(
        g for g, each in zip(good.hits, read, strict=True) if each["languages"] == ["en"]
    )
    return [
        Line("language right", tongue, tuple(flipped)),
        Line("good", good.hits, good.shown),
        Line("good, of the English ones", english),
    ]


async def own_questions(shop: Shop, part: str) -> list[Line]:
    """Answer questions of the bot, and say small things out of the blue."""
    read, replies = entries(part, "own_questions"), []
    for number, each in enumerate(read):
        place = f"o{number}"
        if each["kind"] in {"clarify", "suggest"}:
            kind = DecisionKind.CLARIFY if each["kind"] == "clarify" else DecisionKind.INTENT
            await shop.has_asked(place, each["options"], kind)
        elif each["kind"] == "order":
            await shop.ask(Asked(place, each["before"]))
        replies.append(await shop.ask(Asked(place, each["say"], 2)))
    good = _judged(
        read, replies, lambda each: f"{each['kind']} {each.get('options', '')} {each['say']}"
    )
    return [good]


async def negation(shop: Shop, part: str) -> list[Line]:
    """Count requests that are negated, and look-alikes, that are taken as they are meant."""
    read = entries(part, "negation")
    replies = [await shop.ask(Asked(f"n{i}", each["text"])) for i, each in enumerate(read)]
    lines = []
    for kind in ("negation", "lookalike"):
        chosen = [(e, r) for e, r in zip(read, replies, strict=True) if e["kind"] == kind]
        hits = tuple(is_good(r, e) and not _triggers(r, e) for e, r in chosen)
        shown = [
            f"{e['text']}: {summary(r)}"
            for (e, r), hit in zip(chosen, hits, strict=True)
            if not hit
        ]
        lines.append(Line(f"{kind}: right", hits, tuple(shown)))
        if kind == "negation":
            lines.append(
                Line("negated and answered all the same", tuple(_triggers(r, e) for e, r in chosen))
            )
    return lines


async def several(shop: Shop, part: str) -> list[Line]:
    """Count messages with several requests that are served whole."""
    read = entries(part, "several")
    replies = [await shop.ask(Asked(f"s{i}", each["text"])) for i, each in enumerate(read)]
    whole = tuple(serves(reply, each["parts"]) for each, reply in zip(read, replies, strict=True))
    shown = [
        f"{each['text']}: {summary(reply)}"
        for each, reply, hit in zip(read, replies, whole, strict=True)
        if not hit
    ]
    single = entries(part, "singles")
    answered = [await shop.ask(Asked(f"i{i}", each["text"])) for i, each in enumerate(single)]
    split = tuple(len(reached(reply)) > 1 for reply in answered)
    wrongly = [
        f"{each['text']}: {summary(reply)}"
        for each, reply, hit in zip(single, answered, split, strict=True)
        if hit
    ]
    good = _judged(single, answered)
    return [
        Line("several requests served whole", whole, tuple(shown)),
        Line("single requests split", split, tuple(wrongly)),
        Line("single requests: good", good.hits, good.shown),
    ]


async def dialogues(shop: Shop, part: str) -> list[Line]:
    """Count dialogues, and turns after the first, that are good."""
    whole, later, shown = [], [], []
    for number, each in enumerate(entries(part, "dialogues")):
        hits = []
        for turn, expected in enumerate(each["turns"], start=1):
            reply = await shop.ask(Asked(f"d{number}", expected["say"], turn))
            hits.append(is_good(reply, expected))
            if not hits[-1]:
                shown.append(f"{number}.{turn} {expected['say']}: {summary(reply)}")
        whole.append(all(hits))
        later += hits[1:]
    return [
        Line("dialogues good", tuple(whole)),
        Line("turns after the first good", tuple(later), tuple(shown)),
    ]


async def sources(shop: Shop, part: str) -> list[Line]:
    """Count questions that are answered from the right source, with its warning."""
    read = entries(part, "sources")
    replies = [await shop.ask(Asked(f"r{i}", each["text"])) for i, each in enumerate(read)]
    return [_judged(read, replies)]


async def quotes(shop: Shop, part: str) -> list[Line]:
    """Count quotations that hold the sentence, row or item that answers the question."""
    read = entries(part, "quotes")
    replies = [await shop.ask(Asked(f"q{i}", each["text"])) for i, each in enumerate(read)]
    hits = tuple(has_words(reply, each["must"]) for each, reply in zip(read, replies, strict=True))
    shown = [
        f"{each['text']} ({each['article']}, {each['must'][0]}): {summary(reply)}"
        for each, reply, hit in zip(read, replies, hits, strict=True)
        if not hit
    ]
    return [Line("the answer's sentence is shown", hits, tuple(shown))]


async def community(desk: Shop, part: str) -> list[Line]:
    """Count messages to the community desk that are good; those with parts, when served whole."""
    read = entries(part, "community")
    replies = [await desk.ask(Asked(f"c{i}", each["text"])) for i, each in enumerate(read)]
    return [_judged(read, replies)]


def _judged(
    read: Sequence[Entry],
    replies: Sequence[Reply],
    name: Callable[[Entry], str] = lambda each: str(each["text"]),
) -> Line:
    hits = tuple(
        _is_right(reply, each) and not _triggers(reply, each)
        for each, reply in zip(read, replies, strict=True)
    )
    shown = [
        f"{name(each)}: {summary(reply)}"
        for each, reply, hit in zip(read, replies, hits, strict=True)
        if not hit
    ]
    return Line("good", hits, tuple(shown))


def _is_right(reply: Reply, entry: Entry) -> bool:
    """Return whether a reply is good, or serves each part of an entry that lists parts."""
    parts = entry.get("parts")
    return serves(reply, parts) if parts else is_good(reply, entry)


def _triggers(reply: Reply, entry: Entry) -> bool:
    """Return whether an answer is given that must not come to a message."""
    forbidden = set(entry.get("not") or ())
    return any(part & forbidden for part in reached(reply) if "ask" not in part)


def _is_wrong(reply: Reply, entry: Entry) -> bool:
    """Return whether a message is answered, and wrongly."""
    kind = reply.decision.kind if reply.decision else None
    return kind in _ANSWERED and not is_good(reply, entry)


MESSAGES = {
    each.__name__: measured(each)
    for each in (
        typos,
        languages,
        own_questions,
        negation,
        several,
        dialogues,
        sources,
        quotes,
        safety,
        feelings,
    )
} | {"community": measured(community, partial(open_shop, COMMUNITY, served=None))}
"""Each list of messages with its measure."""
