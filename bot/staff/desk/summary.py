"""The first post in a case thread: what staff should know; nothing of it is written by a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversations.attachments import attachments_in, with_attachments, without_attachments
from bot.messages import Message
from bot.sentiment import Feeling, Sentiment
from bot.staff.desk.known import Known, KnownDecision
from bot.staff.desk.results import Opening
from bot.staff.desk.shown import one_line, shown
from bot.staff.quoting import beginning, named, quoted
from bot.text.sentences import split

SUMMARY = 5
"""Lines of the summary at most."""

TRIGGERS = {
    "asked": "the customer asks for a person",
    "intent": "what the customer wants is for a person",
    "safety": "a message about a danger",
    "unsure_twice": "the bot was unsure twice in a row",
    "action_error": "an action failed",
    "ungrounded": "no article says what was asked",
    "frustration": "the customer is frustrated",
    "keyword": "a word that config names",
    "taken_over": "a colleague answered in the customer's own thread, and has it",
}
"""Why a case is opened, in words."""

BANNER = (
    "\N{PUBLIC ADDRESS LOUDSPEAKER} **Every line in this thread goes to the customer**, but those "
    "that begin with `//`."
)
INSIDE = (
    "Talk here stays inside. To send: **Reply**, a line that begins with `!send `, or "
    "`!saved NAME`."
)

_LONGEST_TITLE = 80
_LONGEST_REASON = 160
_SHORTEST_SENTENCE = 12


@dataclass(frozen=True, slots=True)
class Customer:
    """Who a case is about.

    Attributes:
        name: Display name; empty: unknown.
        link: Web address of the message; empty: there is none.
    """

    key: str
    name: str = ""
    link: str = ""


def title_of(case: int, customer: Customer, asked: str) -> str:
    """Return the name of a case thread: number, customer, question."""
    who = named(customer.name) or "customer"
    about = one_line(without_attachments(asked), _LONGEST_TITLE)
    return f"#{case} {who}: {about}" if about else f"#{case} {who}"


def first_post(
    case: int, message: Message, opening: Opening, customer: Customer, known: Known
) -> str:
    """Return the first post of a case thread, in Markdown."""
    asked = opening.asked or message.text
    parts = [
        f"**Case {case}: {TRIGGERS.get(opening.trigger, opening.trigger)}**{_noted(opening.note)}",
        *_facts(message, opening, customer),
        quoted(shown(without_attachments(asked))) if without_attachments(asked).strip() else "",
        _listed("Summary", summary(opening, known, asked)),
        _listed("Why the bot handed over", _reasons(opening.reasons)),
        _listed("Last decisions", [_decided(each) for each in known.decisions]),
        _listed("Earlier cases", list(_earlier(known))),
        _files(message, asked, known),
        BANNER if opening.team.sends else INSIDE,
    ]
    return "\n\n".join(part for part in parts if part)


def summary(opening: Opening, known: Known, asked: str) -> list[str]:
    """Return at most five lines: sentences of the customer, slots and decisions.

    The question itself stands above them, and is left out.
    """
    slots = {**(known.slots or {}), **opening.slots}
    facts = [", ".join(f"{name}: {one_line(value, 60)}" for name, value in slots.items())]
    done = [each for each in known.decisions if each.kind != "handoff"]
    facts += [f"The bot: {'; '.join(_short(each) for each in done)}"] if done else []
    facts = [each for each in facts if each]
    said = _telling(known.said, asked, SUMMARY - len(facts))
    return [*(f"“{each}”" for each in said), *facts]


def _telling(said: Sequence[str], asked: str, room: int) -> list[str]:
    """Return the customer's sentences that tell most, in the order in which they were said.

    What is longer and names numbers tells more; what was said again tells nothing.
    """
    asked = beginning(asked).casefold()
    seen = {" ".join(asked.split())}
    found: list[tuple[int, str]] = []
    for line in said:
        for sentence in split(beginning(line)):
            plain = " ".join(sentence.split())
            same = plain.casefold() in seen or plain.casefold() in asked
            if len(plain) < _SHORTEST_SENTENCE and not any(each.isdigit() for each in plain):
                same = same or plain.isascii()
            if not same:
                seen.add(plain.casefold())
                found.append((len(found), plain))
    best = sorted(found, key=lambda each: (-_weight(each[1]), -each[0]))[:room]
    return [one_line(text) for _, text in sorted(best)]


def _weight(sentence: str) -> int:
    return min(len(sentence), 120) + 60 * any(each.isdigit() for each in sentence)


def _facts(message: Message, opening: Opening, customer: Customer) -> Iterator[str]:
    who = named(customer.name)
    named_who = f"{who} (`{customer.key}`)" if who else f"`{customer.key}`"
    place = f"`{message.conversation}`"
    lines = [
        f"- Who: {named_who}",
        f"- Where: [{place}]({customer.link})" if customer.link else f"- Where: {place}",
    ]
    lines += [f"- Language: {opening.language}"] if opening.language else []
    lines += [f"- Feeling: {felt}"] if (felt := _feeling(opening.sentiment)) else []
    yield "\n".join(lines)


def _feeling(sentiment: Sentiment | None) -> str:
    if sentiment is None:
        return ""
    likely = {
        Feeling.FRUSTRATED: sentiment.frustrated,
        Feeling.PLEASED: sentiment.pleased,
        Feeling.NEUTRAL: 1 - sentiment.frustrated - sentiment.pleased,
    }
    return f"{sentiment.feeling} ({likely[sentiment.feeling]:.2f})"


def _noted(note: str) -> str:
    return f" ({one_line(note, _LONGEST_REASON)})" if note else ""


def _reasons(reasons: Sequence[str]) -> list[str]:
    return [one_line(each, _LONGEST_REASON) for each in reasons]


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{heading}**", *(f"- {each}" for each in lines)]) if lines else ""


def _short(decision: KnownDecision) -> str:
    about = f" {decision.intent} ({decision.confidence:.2f})" if decision.intent else ""
    return f"{decision.kind}{about}"


def _decided(decision: KnownDecision) -> str:
    reasons = "; ".join(one_line(each, _LONGEST_REASON) for each in decision.reasons[-2:])
    return f"{decision.at:%H:%M} {_short(decision)}" + (f": {reasons}" if reasons else "")


def _earlier(known: Known) -> Iterator[str]:
    for each in known.earlier:
        ended = f"closed {each.closed_at:%Y-%m-%d}" if each.closed_at else "open"
        closing = f": {one_line(each.closing)}" if each.closing else ""
        yield f"#{each.number}, {each.opened_at:%Y-%m-%d}, {each.trigger}, {ended}{closing}"


def _files(message: Message, asked: str, known: Known) -> str:
    now = attachments_in(with_attachments(asked, message.attachments))
    names = [each[1:-1] for each in dict.fromkeys([*known.files, *now])]
    return f"**Files**: {one_line(', '.join(names), 1_000)}" if names else ""
