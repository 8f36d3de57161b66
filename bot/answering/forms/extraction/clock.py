"""Times of day in an answer: 7:30 pm, half past seven, halb acht, 下午三点一刻."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answering.forms.extraction.day_parts import (
    AFTER_AT,
    BARE,
    DAY,
    PARTS,
    WRITTEN,
    Clock,
    in_part,
    meridiem,
    with_part,
)
from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.spans import span_at
from bot.answering.forms.extraction.tokens import Answer, Token
from bot.answering.forms.extraction.vocabulary import begins, ends, everywhere, locale

_HALF_DAY, _HOURS, _SIXTY = 12, 24, 60
_QUARTER, _HALF = 15, 30
_FEWEST = 10
"""Minutes that are said in words behind an hour: "seven five" is no time."""


def clocks(said: Answer, language: str) -> list[Clock]:
    """Return the times of an answer, from the left; numbers that may be times as well."""
    found = list(_clocks(said, language))
    parts = sorted(everywhere(PARTS, said, language), key=lambda each: each.start)
    vague = [each for each in found if not each.exact and each.sure > BARE]
    apart = [
        part
        for part in parts
        if not any(each.start < part.end and part.start < each.end for each in found)
    ]
    if len(vague) == 1 and len(found) >= 1 and len({part.meaning for part in apart}) == 1:
        told = in_part(vague[0], apart[0].meaning)
        return [told if each is vague[0] else each for each in found]
    return found


def _clocks(said: Answer, language: str) -> Iterator[Clock]:
    place = 0
    while place < len(said.tokens):
        found = _at(said, place, language)
        if found is not None:
            found = with_part(said, found, language)
            if found.sure == BARE and begins(("at",), said, found.start, language) >= 0:
                found = replace(found, sure=AFTER_AT)
            yield found
            place = found.end
        else:
            place += 1


def _at(said: Answer, start: int, language: str) -> Clock | None:
    """Return the time that begins at a token, without the part of the day."""
    for name, hour, of_day in (("noon", 12, True), ("midnight", 0, True)):
        if end := ends(name, said, start, language):
            return Clock(start, end, hour * _SIXTY, of_day, WRITTEN)
    return _relative(said, start, language) or _hour(said, start, language)


_BEFORE_HOUR = (
    ("half_past", _HALF),
    ("half_to", -_HALF),
    ("three_quarters_of", -_QUARTER),
    ("quarter_of", -3 * _QUARTER),
)


def _relative(said: Answer, start: int, language: str) -> Clock | None:
    """Return a time that is told from an hour: "half past seven", "ten to eight", "halb acht"."""
    if found := _minutes_from(said, start, language):
        return found
    for name, offset in _BEFORE_HOUR:
        if end := ends(name, said, start, language):
            hour = _plain_hour(said, end, language)
            if hour is not None:
                return _moved(hour, start, offset)
    return None


def _minutes_from(said: Answer, start: int, language: str) -> Clock | None:
    """Return a time of minutes before or after another: "ten to seven", "fünf vor halb acht"."""
    end = ends("quarter", said, start, language)
    minutes = _QUARTER
    if not end:
        minutes, end = _amount(said, start, language)
        if not minutes:
            return None
    ranged = begins(("range_from",), said, start, language) >= 0  # from 4 to 10
    for name, sign in (("past", 1),) if ranged else (("past", 1), ("to", -1)):
        after = ends(name, said, end, language) if end < len(said.tokens) else 0
        if after and after < len(said.tokens):
            base = _to_half(said, after, language) or _base(said, after, language)
            if base is not None:
                return _moved(base, start, sign * minutes)
    return None


def _base(said: Answer, start: int, language: str) -> Clock | None:
    written = _in_digits(said, start, language) if said.tokens[start].is_number else None
    found = written or _plain_hour(said, start, language)
    return None if found is None else with_part(said, found, language)


def _amount(said: Answer, start: int, language: str) -> tuple[int, int]:
    """Return the minutes before "past" or "to", which may be hours, and where they end."""
    span = span_at(said, start, language)
    if span is not None and span.unit in {"minute", "hour"} and span.days < 1:
        return int(span.days * DAY), span.end
    number, end = number_at(said, start, language)
    if number is None or not 0 < number.whole < _SIXTY or number.ordinal:
        return 0, 0
    return number.whole, end


def _to_half(said: Answer, start: int, language: str) -> Clock | None:
    end = ends("half_to", said, start, language)
    hour = _plain_hour(said, end, language) if end else None
    return None if hour is None else _moved(hour, start, -_HALF)


def _moved(hour: Clock, start: int, offset: int) -> Clock:
    around = DAY if hour.exact else DAY // 2
    return replace(hour, start=start, minute=(hour.minute + offset) % around, sure=WRITTEN)


def _plain_hour(said: Answer, start: int, language: str) -> Clock | None:
    """Return an hour, with the word behind it: "seven o'clock"."""
    if start >= len(said.tokens):
        return None
    if middle := next((n for n in ("noon", "midnight") if ends(n, said, start, language)), ""):
        end = ends(middle, said, start, language)
        return Clock(start, end, _HALF_DAY * _SIXTY if middle == "noon" else 0, True, WRITTEN)
    number, end = number_at(said, start, language)
    if number is None or number.ordinal or not 0 <= number.whole <= _HOURS:
        return None
    if end < len(said.tokens) and said.tokens[end].folded == ":":
        return None
    return _clock(start, ends("oclock", said, end, language) or end, number.whole, 0, BARE)


def _clock(start: int, end: int, hour: int, minute: int, sure: int) -> Clock:
    exact = hour >= _HALF_DAY or hour == 0
    return Clock(start, end, (hour * _SIXTY + minute) % DAY, exact, sure)


def _hour(said: Answer, start: int, language: str) -> Clock | None:
    """Return a time that begins with its hour: 7:30, 1930, 7 Uhr 30, sept heures et demie."""
    token = said.tokens[start]
    if start and said.tokens[start - 1].folded in ".:/,$€£#" and token.glued:
        return None
    if token.is_number and (written := _in_digits(said, start, language)):
        return written
    hour = _plain_hour(said, start, language)
    if hour is None or (hour.end > start + 1 and token.is_number and _is_long(said, start)):
        return None
    told = ends("oclock", said, hour.end - 1, language) == hour.end and hour.end - 1 > start
    hour = replace(hour, sure=WRITTEN if told else hour.sure)
    return _with_minutes(said, hour, language, told=told)


def _is_long(said: Answer, start: int) -> bool:
    return len(said.tokens[start].folded) > 2


_AFTER_HOUR = (
    ("half_after", _HALF),
    ("three_quarters_after", 3 * _QUARTER),
    ("quarter_after", _QUARTER),
    ("quarter_minus", -_QUARTER),
)


def _with_minutes(said: Answer, hour: Clock, language: str, *, told: bool) -> Clock:
    """Return a time with what is said behind its hour: half, a quarter, minutes."""
    if hour.end >= len(said.tokens):
        return hour
    for name, offset in _AFTER_HOUR:
        if end := ends(name, said, hour.end, language):
            return replace(_moved(hour, hour.start, offset), end=end)
    for name, sign in (("hour_minus", -1), ("hour_plus", 1)):
        end = ends(name, said, hour.end, language)
        if end and (minutes := _minutes(said, end, language)):
            return replace(_moved(hour, hour.start, sign * minutes[0]), end=minutes[1])
    minutes = _minutes(said, hour.end, language)
    words = not said.tokens[hour.start].is_number or not said.tokens[hour.end].is_number
    if minutes and (told or words):
        return replace(_moved(hour, hour.start, minutes[0]), end=minutes[1])
    return hour


def _minutes(said: Answer, start: int, language: str) -> tuple[int, int] | None:
    """Return the minutes that are said from a token, and where they end."""
    if start >= len(said.tokens):
        return None
    number, end = number_at(said, start, language)
    if number is None or number.ordinal or not 0 <= number.whole < _SIXTY:
        return None
    if number.digits and len(said.tokens[start].folded) != 2:
        return None
    told = ends("minutes_of_time", said, end, language)
    if not number.digits and number.whole < _FEWEST and not told:
        return None
    return number.whole, ends("minutes_of_time", said, end, language) or end


def _in_digits(said: Answer, start: int, language: str) -> Clock | None:
    """Return a time in digits with its minutes: 7:30, 7.30, 7h30, 1930, 7 30."""
    hour, tokens = said.tokens[start], said.tokens
    if len(hour.folded) == 4 and not _goes_on(tokens, start + 1):
        return _written(start, start + 1, hour.folded[:2], hour.folded[2:], BARE)
    if start + 1 >= len(tokens):
        return None
    if len(hour.folded) == 3 and meridiem(said, start + 1):
        return _written(start, start + 1, hour.folded[:1], hour.folded[1:], WRITTEN)
    if len(hour.folded) > 2:
        return None
    mark = tokens[start + 1]
    minute = tokens[start + 2] if start + 2 < len(tokens) else None
    if mark.is_number and not mark.glued and len(mark.folded) == 2:
        return _written(start, start + 2, hour.folded, mark.folded, BARE)
    if minute is None or not minute.is_number or len(minute.folded) != 2:
        return None
    if mark.folded in {":", "："} or (mark.folded == "h" and mark.glued and minute.glued):
        end = start + 3
        if end + 1 < len(tokens) and tokens[end].folded == ":" and tokens[end + 1].is_number:
            end += 2
        end = ends("oclock", said, end, language) or end if end < len(tokens) else end
        return _written(start, end, hour.folded, minute.folded, WRITTEN, language)
    if mark.folded == "." and mark.glued and minute.glued and not _goes_on(tokens, start + 3):
        end = ends("oclock", said, start + 3, language) if start + 3 < len(tokens) else 0
        sure = WRITTEN if end else BARE
        return _written(start, end or start + 3, hour.folded, minute.folded, sure, language)
    return None


def _goes_on(tokens: tuple[Token, ...], place: int) -> bool:
    """Return whether digits are followed by a mark and more of them, as in a date."""
    if place + 1 >= len(tokens) or not tokens[place].glued:
        return False
    return tokens[place].folded in ".:/-," and tokens[place + 1].glued


def _written(
    start: int, end: int, hour: str, minute: str, sure: int, language: str = ""
) -> Clock | None:
    if int(hour) > _HOURS or int(minute) >= _SIXTY:
        return None
    clock = _clock(start, end, int(hour), int(minute), sure)
    if (language and counts_to_24(language)) or (hour[0] == "0" and len(hour) == 2):
        return replace(clock, exact=True)
    return clock


def counts_to_24(language: str) -> bool:
    """Return whether times are written without am and pm in a language.

    >>> counts_to_24("de"), counts_to_24("en")
    (True, False)
    """
    return "a" not in locale(language).time_formats["short"].pattern
