"""What the words around a name say of it, and what was found in a message so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.answering.recommendations.catalogue import Value
from bot.answering.recommendations.meanings import Item, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import CATEGORY, Constraint
from bot.text.catalogues import cue_words
from bot.understanding.language.words import folded_words

FAR = 4
"""Words between a denial and what it denies."""

JOINTS = frozenset(
    word
    for words in cue_words("joints").values()
    for each in words
    for word in folded_words(each)
    if len(word) > 1 or not word.isascii()
)
"""Words that join what is denied: "not black and red"."""


@dataclass(slots=True)
class Found:
    """What was found so far.

    Attributes:
        kinds: Categories that are named, or were wanted before.
        numbers: Attributes that are named, with or without a number.
        places: Kinds that say where something is used.
        owned: Categories of what they have already.
        unread: What was denied or bounded and not understood, as it was written.
        last: The value that was named last.
        kind_of: Ids of products whose kind is wanted, as part of their name says.
        goes_with: Ids of products with the name of one that something is for.
    """

    kinds: set[str] = field(default_factory=set)
    wanted: dict[str, list[Constraint]] = field(default_factory=dict)
    soft: list[Constraint] = field(default_factory=list)
    needless: set[str] = field(default_factory=set)
    lower: list[str] = field(default_factory=list)
    higher: list[str] = field(default_factory=list)
    named: list[tuple[str, ...]] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    places: list[Constraint] = field(default_factory=list)
    owned: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    last: Constraint | None = None
    kind_of: list[str] = field(default_factory=list)
    like: list[str] = field(default_factory=list)
    goes_with: list[str] = field(default_factory=list)
    implied: list[Constraint] = field(default_factory=list)
    understood: set[int] = field(default_factory=set)

    def add(self, constraint: Constraint, *, softly: bool = False) -> None:
        """Add a constraint; values of the same attribute are alternatives."""
        if softly:
            self.soft.append(constraint)
        else:
            self.wanted.setdefault(constraint.key, []).append(constraint)

    def constraints(self) -> Iterator[Constraint]:
        """Yield one constraint for each key."""
        kinds = {v for each in self.wanted.get(f"is:{CATEGORY}", ()) for v in each.values}
        for found in self.wanted.values():
            if found[0].op in ("most", "least"):
                # a bound for each of several kinds: what fits one of them may be shown
                sign = 1.0 if found[0].op == "most" else -1.0
                by_number = sorted(found, key=lambda each: sign * each.number)
                yield by_number[-1] if len(kinds) > 1 else by_number[0]
            else:
                values = dict.fromkeys(value for each in found for value in each.values)
                if found[0].op == "is" and found[0].about != CATEGORY:
                    values = {each: None for each in values if each not in self._denied(found[0])}
                if found[0].key == f"not:{CATEGORY}":  # "shoes, not boots": both are footwear
                    values = {each: None for each in values if each not in kinds}
                if values:
                    yield Constraint(found[0].about, found[0].op, tuple(values))

    def _denied(self, wanted: Constraint) -> set[Value]:
        """Return the values of an attribute that are denied: "no blue, blue is for her brother"."""
        return {v for each in self.wanted.get(f"not:{wanted.about}", ()) for v in each.values}


@dataclass(slots=True)
class Scope:
    """What the words before a phrase say of it, within a segment."""

    segment: int = -1
    negated: bool = False
    softly: bool = False
    needless: bool = False
    liked: bool = False
    behind_for: bool = False
    denied: bool = False
    was_negated: bool = False
    passed: int = 0

    def take(self, own: Scope) -> None:
        """Take over from the scope of one thing whether it was denied."""
        self.denied = own.denied and own.negated

    def passes(self, item: Item) -> None:
        """End a denial behind what it denies, and where too much stands before that."""
        named = item.meanings and not item.of("cue")
        if not self.negated or named or item.text in JOINTS:
            return
        self.passed += 1
        if self.denied or self.passed > FAR:
            self.negated = self.denied = False
            self.passed = 0


def opens(scope: Scope, item: Item) -> bool:
    """Change the scope by a cue; return whether it was one."""
    if item.cue(WishCue.NEED_NOT):
        scope.needless = True
    elif item.cue(WishCue.NOT) or (item.cue(WishCue.NOR) and scope.was_negated):
        scope.negated = scope.was_negated = True
        scope.passed, scope.denied = 0, False
    elif item.cue(WishCue.BUT):
        scope.negated = scope.needless = scope.was_negated = False
    elif item.cue(WishCue.SOFT):
        scope.softly = True
    elif item.cue(WishCue.LIKE):
        scope.liked = True
    elif item.cue(WishCue.FOR):
        scope.behind_for = True
    else:
        return False
    return True


def named_elsewhere(phrases: Sequence[Phrase], at: int, kind: str) -> bool:
    """Return whether another phrase than one names something of a kind."""
    return any(
        each.item is not None and each.item.of(kind)
        for place, each in enumerate(phrases)
        if place != at
    )


def closed(
    cue: WishCue, phrases: Sequence[Phrase], segment: int, is_plain: Callable[[str], bool]
) -> set[int]:
    """Return where names stand about which a segment ends with a cue: "黑色不要", "das ist egal".

    Args:
        cue: What to look for.
        phrases: The message.
        segment: Which of its segments.
        is_plain: Returns whether a word says nothing: one that does may be what is denied.
    """
    inside = [at for at, each in enumerate(phrases) if each.segment == segment]
    items = [(at, phrases[at].item) for at in inside]
    last = next((at for at, each in items if each is not None and each.cue(cue)), None)
    if last is None or not all(says_nothing(each, is_plain) for at, each in items if at > last):
        return set()
    found: set[int] = set()
    passed = 0
    for at, each in reversed(items):
        if at >= last or each is None:
            continue
        if each.meanings and not each.of("cue"):
            found.add(at)
        elif found and each.text not in JOINTS:
            break
        elif not found:
            passed += 1
            if passed > FAR:
                break
    return found


def says_nothing(item: Item | None, is_plain: Callable[[str], bool]) -> bool:
    """Return whether a phrase names nothing: a cue, or a word that says nothing by itself."""
    return item is not None and (bool(item.of("cue")) if item.meanings else is_plain(item.text))
