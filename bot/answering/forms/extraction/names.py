"""Reads slots of `type: name`: names of people, whole, first or last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.forms.extraction.around import is_plain, says_little_else
from bot.answering.forms.extraction.corrections import last_said
from bot.answering.forms.extraction.name_words import NEVER, PARTICLES, is_rarer, may_be
from bot.answering.forms.extraction.spec import NOTHING, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import begins, ends, words_in
from bot.privacy.recognisers.gazetteer import gazetteer
from bot.understanding.language.denials import denying_words

_MOST_WORDS, _FEW_WORDS = 4, 2
_IN_NAMES = frozenset("-'’")

_INTRODUCING = ("name_before", "first_name_before", "last_name_before")
_TOLD, _LIKELY = 4, 3
_IDEOGRAPH = "\u4e00"


@dataclass(frozen=True, slots=True)
class Name:
    """Words of an answer that may be a name.

    Attributes:
        start, end: Its tokens.
        words: As they are written.
        score: How likely it is one.
        title: A word such as "Mr" stands before it.
        part: What a word before it calls it; empty: a name.
    """

    start: int
    end: int
    words: tuple[str, ...]
    score: int
    part: str = ""
    title: bool = False


def read_name(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the name that an answer says, or the part of it that the slot takes."""
    labelled = list(_labelled(said, context))
    runs = _runs(said, context)
    taken = {place for each in labelled for place in range(each.start, each.end)}
    apart = [each for each in runs if not taken & set(range(each.start, each.end))]
    found = [*labelled, *apart]
    meant = _meant(slot, said, found, context)
    if meant is None:
        return NOTHING
    words = _part(slot, meant, context)
    if not words:
        return NOTHING
    shown = " ".join(_capitalised(word) for word in words)
    own = words_in(context.language, *_INTRODUCING)
    spans = [(each.start, each.end) for each in found]
    whole = says_little_else(said, spans, context.language, own)
    start, end = said.place(meant.start, meant.end)
    return SlotReading(shown, shown, whole, start=start, end=end)


def _meant(
    slot: SlotSpec, said: Answer, found: Sequence[Name], context: SlotContext
) -> Name | None:
    """Return the likeliest name; what is called otherwise, "last name", is none of the first."""
    fitting = [each for each in found if not each.part or not slot.part or each.part == slot.part]
    labelled = [each for each in fitting if each.part and each.part == slot.part]
    best = max((each.score for each in labelled or fitting), default=0)
    if best < (_LIKELY if context.asked else _TOLD):
        return None
    likely = [each for each in labelled or fitting if each.score == best]
    likely.sort(key=lambda each: each.start)
    return last_said(said, likely, context.language)[-1]


def _part(slot: SlotSpec, name: Name, context: SlotContext) -> tuple[str, ...]:
    """Return the words of the part that the slot takes."""
    words = name.words
    if not slot.part or name.part:
        return words
    if name.title or words[0].lower() in PARTICLES:
        return words if slot.part == "last" else ()
    if len(words) == 1 and words[0] >= _IDEOGRAPH:
        family = 2 if words[0][:2] in gazetteer().chinese and len(words[0]) > 2 else 1
        parts = (words[0][family:], words[0][:family])
        return (parts[slot.part == "last"],) if len(words[0]) > 1 else words
    if len(words) == 1:
        return words if context.asked else ()
    return words[:1] if slot.part == "first" else words[1:]


def _labelled(said: Answer, context: SlotContext) -> Iterator[Name]:
    """Yield what follows "first name" and "last name"."""
    for part in ("first", "last"):
        for start in range(len(said.tokens)):
            end = ends(f"{part}_name_before", said, start, context.language)
            while 0 < end < len(said.tokens) and said.tokens[end].folded in {":", ",", "="}:
                end += 1
            run = _run(said, end, context) if 0 < end < len(said.tokens) else None
            if run is not None:
                first = replace(run, words=run.words[:1]) if part == "first" else run
                yield replace(first, score=_TOLD + 1, part=part)


def _runs(said: Answer, context: SlotContext) -> Iterator[Name]:
    """Yield rows of words that may be names."""
    place = 0
    whole = _is_short(said, context)
    while place < len(said.tokens):
        run = _run(said, place, context)
        if run is None:
            place += 1
            continue
        title = (
            len(run.words) == 1
            and begins(("titles",), said, run.start - _dotted(said, run), context.language) >= 0
        )
        yield replace(run, score=_score(said, run, context, whole=whole), title=title)
        place = run.end


def _dotted(said: Answer, run: Name) -> bool:
    """Return whether a dot stands before a name: "Mr. Brown"."""
    return run.start > 0 and said.tokens[run.start - 1].folded == "."


def _is_short(said: Answer, context: SlotContext, most: int = _MOST_WORDS) -> bool:
    """Return whether an answer has few words that are no plain ones: it is the name alone."""
    language = context.language
    telling = [
        token for token in said.tokens if token.is_word and not is_plain(token.folded, language)
    ]
    denied = denying_words(language)
    return len(telling) <= most and not any(t.folded in denied for t in said.tokens)


def _run(said: Answer, start: int, context: SlotContext) -> Name | None:
    """Return the row of words that may be names that begins at a token."""
    if said.tokens[start].folded >= _IDEOGRAPH:
        return _ideographs(said, start)
    words: list[str] = []
    place = start
    told = begins(("name_before",), said, start, context.language) >= 0
    few = sum(token.is_word for token in said.tokens) <= _MOST_WORDS
    digits = any(token.is_number for token in said.tokens)
    alone = few and not digits and _is_short(said, context, _FEW_WORDS)
    while place < len(said.tokens) and len(words) < _MOST_WORDS:
        end = _word_end(said, place)
        if not end or not may_be(said, place, end, context, told=told, alone=alone):
            break
        words.append(said.written(place, end))
        place = end
        between = said.tokens[place].folded if place < len(said.tokens) else ""
        initial = between == "." and len(words[-1]) == 1
        joint = between in {",", "and", "und"} and len(words) == 1 and alone
        if (initial or joint) and place + 1 < len(said.tokens):
            after = _word_end(said, place + 1)
            place += bool(after) and may_be(said, place + 1, after, context, told=told, alone=alone)
    return Name(start, place, _in_order(said, start, words), 0) if words else None


def _in_order(said: Answer, start: int, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a name with the first name first: "Smith, John"."""
    comma = len(words) == 2 and said.tokens[start + 1].folded == ","
    known = gazetteer().first
    turned = comma and words[1].lower() in known and words[0].lower() not in known
    return (words[1], words[0]) if turned else tuple(words)


def _word_end(said: Answer, start: int) -> int:
    """Return where a word with its hyphens and apostrophes ends; 0: it is no word."""
    if not said.tokens[start].is_word or said.tokens[start].folded >= _IDEOGRAPH:
        return 0
    end = start + 1
    while end + 1 < len(said.tokens) and said.tokens[end].folded in _IN_NAMES:
        mark, after = said.tokens[end], said.tokens[end + 1]
        if not (mark.glued and after.glued and after.is_word) or after.folded in {"s", "m", "d"}:
            break
        end += 2
    return end


def _score(said: Answer, run: Name, context: SlotContext, *, whole: bool) -> int:
    """Return how likely a row of words is a name: introduced, known, capitalised, all there is."""
    known = gazetteer()
    words = [word.lower() for word in run.words]
    introduced = begins(("name_before",), said, run.start, context.language) >= 0
    after = begins(("name_between",), said, run.start, context.language) >= 0
    capital = all(word[:1].isupper() for word in run.words)
    unknown = any(is_rarer(word, context.language, NEVER) for word in words)
    chinese = words[0] >= _IDEOGRAPH
    listed = chinese or words[0] in known.first or words[-1] in known.last
    likely = [
        introduced,
        introduced or after,
        unknown and (capital or (whole and context.asked)),
        listed,
        whole and context.asked,
        whole and context.asked,
        len(words) > 1 or len(said.tokens) == len(run.words),
        capital and not said.text.isupper(),
    ]
    return sum(likely)


def _ideographs(said: Answer, start: int) -> Name | None:
    """Return a Chinese name: a family name and one or two characters, up to a mark."""
    end = start
    while end < len(said.tokens) and said.tokens[end].folded >= _IDEOGRAPH:
        end += 1
        if end < len(said.tokens) and not said.tokens[end].glued:
            break
    written = said.written(start, end)
    if not 2 <= len(written) <= 4 or not {written[:1], written[:2]} & gazetteer().chinese:
        return None
    return Name(start, end, (written,), 0)


def _capitalised(word: str) -> str:
    """Return a word of a name with a capital, where it was typed without any."""
    return word.title() if word.islower() and word not in PARTICLES else word
