"""Judges answers by what happened afterwards: confirmed, contradicted, came back or neither."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from bot.conversations.key import AuthorKey
from bot.decisions import DecisionKind
from bot.storage.analytics import CaseTimes, DecidedMessage

WITHIN = timedelta(hours=72)
"""How long after an answer thanks confirm it, and a return counts as one."""

ANSWERS = frozenset(
    map(
        str,
        (
            DecisionKind.INTENT,
            DecisionKind.GENERATED,
            DecisionKind.QUOTED,
            DecisionKind.FORM,
            DecisionKind.RECOMMEND,
        ),
    )
)
"""Kinds of decisions that are answers, unless they are small talk."""


class AnswerOutcome(StrEnum):
    """What became of an answer."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    CAME_BACK = "came_back"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Courtesies:
    """Names of intents that ask nothing.

    Attributes:
        small_talk: What they are answered is no answer to a question.
        confirming: They confirm the answer before them.
    """

    small_talk: frozenset[str] = frozenset({"greeting", "thanks", "goodbye", "praise"})
    confirming: frozenset[str] = frozenset({"thanks", "praise"})

    def is_answer(self, decided: DecidedMessage) -> bool:
        """Return whether a decision answered a question.

        An article is an answer unless the message surely was small talk; a mere guess counts for
        nothing.
        """
        if decided.kind not in ANSWERS:
            return False
        if decided.intent not in self.small_talk:
            return True
        return decided.kind != DecisionKind.INTENT and decided.confidence < decided.threshold

    def confirms(self, decided: DecidedMessage) -> bool:
        """Return whether a message surely thanks or praises."""
        return decided.intent in self.confirming and decided.confidence >= decided.threshold


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer and what became of it.

    Attributes:
        conversation: Key.
        at: When it was given.
        intent: The best one of the question; empty for none.
        article: File of the best article that it was made from; empty for none.
        language: Of the question, a BCP 47 tag; may be empty.
    """

    conversation: str
    at: datetime
    outcome: AnswerOutcome
    intent: str
    article: str
    language: str


@dataclass(frozen=True, slots=True)
class Reactions:
    """What customers did with answers, by the id of the message that was answered.

    Attributes:
        votes: The last verdict, `up` or `down`.
        neither: Those under which "none of these" was pressed.
    """

    votes: Mapping[str, str]
    neither: Collection[str]


@dataclass(frozen=True)
class _Person:
    """All that a person wrote, by the time it was sent, and when cases opened for them."""

    messages: Sequence[DecidedMessage]
    cases: Sequence[datetime]

    def next_in(self, conversation: str, after: datetime) -> DecidedMessage | None:
        """Return the next message in a conversation within 72 hours."""
        coming = self._by_conversation[conversation]
        place = bisect_right(coming, after, key=lambda each: each.sent_at)
        found = coming[place] if place < len(coming) else None
        return found if found is not None and found.sent_at <= after + WITHIN else None

    def came_back(self, intent: str, after: datetime) -> bool:
        """Return whether they asked for an intent again within 72 hours, or a case opened."""
        again = self._by_intent.get(intent, ()) if intent else ()
        return follows(again, after) or follows(self.cases, after)

    @cached_property
    def _by_conversation(self) -> Mapping[str, Sequence[DecidedMessage]]:
        found: dict[str, list[DecidedMessage]] = defaultdict(list)
        for each in self.messages:
            found[each.conversation].append(each)
        return found

    @cached_property
    def _by_intent(self) -> Mapping[str, Sequence[datetime]]:
        found: dict[str, list[datetime]] = defaultdict(list)
        for each in self.messages:
            found[each.intent].append(each.sent_at)
        return found


def judge_answers(
    decided: Iterable[DecidedMessage],
    cases: Iterable[CaseTimes],
    reactions: Reactions,
    courtesies: Courtesies,
    *,
    until: datetime,
) -> Iterator[JudgedAnswer]:
    """Judge each answer that was given before a moment.

    Args:
        decided: What was decided about customers' messages, up to 72 hours after that moment.
        cases: Of customers who were handed over, as long.
        reactions: What customers did with answers.
        courtesies: Intents that ask nothing.
        until: Later answers are looked at only for what they say about earlier ones.
    """
    for person in _people(decided, cases):
        for each in person.messages:
            if each.at < until and courtesies.is_answer(each):
                yield JudgedAnswer(
                    each.conversation,
                    each.at,
                    _outcome(each, person, reactions, courtesies),
                    each.intent,
                    each.citation.partition("#")[0],
                    each.language,
                )


def _outcome(
    answer: DecidedMessage, person: _Person, reactions: Reactions, courtesies: Courtesies
) -> AnswerOutcome:
    vote = reactions.votes.get(answer.message)
    if vote is not None:
        return AnswerOutcome.CONFIRMED if vote == "up" else AnswerOutcome.CONTRADICTED
    if answer.message in reactions.neither:
        return AnswerOutcome.CONTRADICTED
    following = person.next_in(answer.conversation, answer.at)
    if following is not None and courtesies.confirms(following):
        return AnswerOutcome.CONFIRMED
    if person.came_back(answer.intent, answer.at):
        return AnswerOutcome.CAME_BACK
    return AnswerOutcome.UNCONFIRMED


def _people(decided: Iterable[DecidedMessage], cases: Iterable[CaseTimes]) -> Iterator[_Person]:
    written: dict[str, list[DecidedMessage]] = defaultdict(list)
    for each in decided:
        written[person_of(each.author) or each.message].append(each)
    opened: dict[str, list[datetime]] = defaultdict(list)
    for case in cases:
        opened[person_of(case.author)].append(case.opened_at)
    for key, messages in written.items():
        messages.sort(key=lambda each: each.sent_at)
        yield _Person(messages, sorted(opened.get(key, ())))


def person_of(author: str) -> str:
    """Return what all keys of a person share: platforms may vary the workspace.

    >>> person_of("chat:T1:U1"), person_of("")
    ('chat::U1', '')
    """
    if not author:
        return ""
    key = AuthorKey.parse(author)
    return str(replace(key, workspace=""))


def follows(moments: Sequence[datetime], after: datetime) -> bool:
    """Return whether one of some sorted moments lies within 72 hours after another."""
    place = bisect_right(moments, after)
    return place < len(moments) and moments[place] <= after + WITHIN
