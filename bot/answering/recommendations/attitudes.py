"""Decides what a customer thinks of what a message names: by a trained head and by cue words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.answering.recommendations.codes import LENGTH_OF_CODE, is_meant
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.scope import Scope
from bot.ports import Attitude

SURE = 0.8
"""Probability from which the head overrules cue words, or that there are none, and ..."""

DOUBTED = 0.7
"""... from which the head casts doubt on what no cue is about: it counts softly. Both chosen on the
requests in benchmarks/field/build/."""

LIKELY = 0.5
"""Probability from which the head tells "any tent" from "I need no tent"."""

_WISHES = (Attitude.WANT, Attitude.LIKE)

ReadsAttitudes = Callable[[str, Sequence[tuple[int, int]]], Sequence[Mapping[Attitude, float]]]
"""Returns for each place in a normalised text what is thought of what it names."""


class Thoughts:
    """What is thought of the properties and products that a message names.

    Whom something is for, and short codes such as sizes, are read by their cues alone.

    Args:
        text: The message, normalised.
        phrases: The same in phrases.
        reads: The head; None: there is none.
        lexicon: Names of the catalogue.
        people: Attributes that say whom something is for.
    """

    def __init__(
        self,
        text: str,
        phrases: Sequence[Phrase],
        reads: ReadsAttitudes | None,
        lexicon: Lexicon,
        people: Collection[str],
    ) -> None:
        self._text, self._phrases, self._reads = text, phrases, reads
        self._named = [at for at in range(len(phrases)) if _is_named(phrases, at, lexicon, people)]
        self._found = dict(zip(self._named, self._read(self._named), strict=False))

    def scope(self, at: int, scope: Scope) -> Scope | None:
        """Return the scope of one thing that is named; None where it is not asked for.

        Args:
            at: Its phrase.
            scope: What cue words say of it.
        """
        thought = self._found.get(at)
        item = self._phrases[at].item
        if thought is None and scope.needless and item is not None and item.of("category"):
            places = sorted({*self._named, at})  # "any tent", but "I don't need a tent"
            thought = dict(zip(places, self._read(places), strict=False)).get(at)
        if thought is None:
            return scope
        own = _scope(scope, thought)
        if item is not None and item.of("name") and not (own and own.negated):
            return scope  # a product that they had is one to compare with
        return own

    def _read(self, named: Sequence[int]) -> Sequence[Mapping[Attitude, float]]:
        each = [self._phrases[at] for at in named]
        places = [(phrase.start, phrase.start + len(phrase.raw)) for phrase in each]
        return self._reads(self._text, places) if self._reads and places else ()


def is_wanted(text: str, place: tuple[int, int], reads: ReadsAttitudes) -> bool:
    """Return whether what stands at a place of a message is wanted, not avoided or needless."""
    thought = reads(text, [place])
    return bool(thought) and thought[0][Attitude.WANT] >= LIKELY


def _is_named(
    phrases: Sequence[Phrase], at: int, lexicon: Lexicon, people: Collection[str]
) -> bool:
    item = phrases[at].item
    if item is None or item.of("cue") or item.of("category"):
        return False
    if item.text.isascii() and len(item.text) <= LENGTH_OF_CODE:
        return False
    if not item.meanings:
        return lexicon.begins_name(item.text) is not None
    values = [each for each in item.of("value") if each.about not in people]
    meant = any(is_meant(phrases, at, each, lexicon) for each in values)
    return meant or bool(item.of("name") or item.of("absence"))


def _scope(scope: Scope, thought: Mapping[Attitude, float]) -> Scope | None:
    by_cues = _by_cues(scope)
    best = max(thought, key=lambda each: thought[each])
    sure = thought[best] >= (LIKELY if by_cues is Attitude.ANY else SURE)
    meant = best if sure else by_cues
    if meant is Attitude.PAST:
        return None
    unsure = meant is Attitude.WANT and best not in _WISHES and thought[best] >= DOUBTED
    return replace(
        scope,
        negated=meant is Attitude.AVOID or (unsure and best is Attitude.AVOID),
        needless=meant is Attitude.ANY,
        softly=unsure or meant is Attitude.LIKE,
    )


def _by_cues(scope: Scope) -> Attitude:
    if scope.needless:
        return Attitude.ANY
    if scope.negated:
        return Attitude.AVOID
    return Attitude.LIKE if scope.softly else Attitude.WANT
