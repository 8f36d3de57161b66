"""Measures which messages about a danger are recognised, and which harmless ones as well."""

from __future__ import annotations

from collections import Counter

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import Asked, Shop
from bot.app.conversation_tests.collecting import Reply
from bot.messages import DecisionKind


async def safety(shop: Shop, part: str) -> list[Line]:
    """Ask each message of the list, in a conversation of its own."""
    read = entries(part, "safety")
    replies = [await shop.ask(Asked(f"sf{i}", each["text"])) for i, each in enumerate(read)]
    pairs = list(zip(read, replies, strict=True))
    alarms = [(each, reply) for each, reply in pairs if each["alarm"]]
    harmless = [(each, reply) for each, reply in pairs if not each["alarm"]]
    kinds = tuple(_kind(reply) == each["kind"] for each, reply in alarms if _is_alarm(reply))
    by_language = Counter(each["language"] for each, reply in alarms if _is_alarm(reply))
    return [
        Line(
            f"recall ({', '.join(f'{tag} {n}' for tag, n in sorted(by_language.items()))})",
            tuple(_is_alarm(reply) for _, reply in alarms),
            tuple(_shown(each) for each, reply in alarms if not _is_alarm(reply)),
        ),
        Line(
            "false alarms",
            tuple(_is_alarm(reply) for _, reply in harmless),
            tuple(_shown(each) for each, reply in harmless if _is_alarm(reply)),
        ),
        Line("kind right, of those recognised", kinds),
    ]


def _is_alarm(reply: Reply) -> bool:
    return reply.decision is not None and reply.decision.kind is DecisionKind.SAFETY


def _kind(reply: Reply) -> str:
    """Return the kind that the decision names first among its reasons."""
    reason = reply.decision.reasons[0] if reply.decision else ""
    return reason.removeprefix("a danger, ").partition(",")[0]


def _shown(entry: Entry) -> str:
    return f"{entry['id']} {entry['kind']}: {entry['text']}"
