"""Numerals: rewrites numbers in English or Chinese words as digits.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re

from bot.answering.grounding.bounds import bounded

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_SMALL = {word: value for value, word in enumerate(_UNITS)}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD = "|".join(sorted([*_SMALL, *_TENS, *_LARGE], key=len, reverse=True))
_ENGLISH = re.compile(
    rf"\b(?:(?:an?\s+)(?=hundred|thousand|million))?(?:{_WORD})(?:(?:\s+and\s+"
    rf"|[\s-]+)(?:{_WORD}))*\b",
    re.IGNORECASE,
)
_TIME = (
    r"(?:calendar\s+|working\s+|business\s+|opening\s+|full\s+)*(?:second|minute|hour|day|night"
    r"|week|month|year)s?"
)
_ONE_COUNTS = re.compile(
    rf"[\s-]+(?:{_TIME}\b|euros?\b|dollars?\b|per\s?cent|percent|%|points?\b|kg\b|kilo|metres?\b"
    rf"|litres?\b)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    rf"\b(within|for|after|about|in|takes?|than|another|last|of|to"
    rf"|by)\s+an?\s+(?={_TIME}\b)",
    re.IGNORECASE,
)

_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), digits)
    for pattern, digits in (
        (r"\bthree\s+quarters\s+of\s+an\s+hour\b|三刻钟", " 45 minutes "),
        (r"\b(?:an|one)\s+hour\s+and\s+a\s+half\b|一个半(?:小时|钟头)", " 90 minutes "),
        (r"\bone\s+and\s+a\s+half\s+hours\b", " 90 minutes "),
        (r"\b(?:a\s+)?half\s+an?\s+hour\b|(?<!个)半\s*个?\s*小时|半个钟头", " 30 minutes "),
        (r"\b(?:a\s+)?quarter\s+(?:of\s+an\s+|-?)hour\b|一刻钟", " 15 minutes "),
        (r"\bhalf\s+a\s+day\b|半天", " 12 hours "),
        (r"\bhalf\s+a\s+year\b|半年", " 6 months "),
        (r"\ba\s+fortnight\b", " 14 days "),
        (r"\bhalf\s+(?=(?:of|the|that|what)\b)|一半", " 50 % "),
        (r"\ba\s+third\s+(?=of\b)|三分之一", " 33.3 % "),
        (r"\ba\s+quarter\s+(?=of\b)|四分之一", " 25 % "),
        (r"\ba\s+fifth\s+(?=of\b)|五分之一", " 20 % "),
        (r"\ba\s+tenth\s+(?=of\b)|十分之一", " 10 % "),
        (r"\b(?:double|twice)\b|(?:两倍|双倍)", " 2 times "),
        (r"\ba\s+dozen\b", " 12 "),
        (r"½", ".5"),
    )
)

_AHEAD = re.compile(
    rf"\ban?\s+(?={_TIME}(?:['’]s)?\s+(?:ahead|before|earlier|later|in\s+advance|notice)\b)",
    re.IGNORECASE,
)
_HALF_PAST = re.compile(r"\bhalf\s+past\s+(\d{1,2})\b", re.IGNORECASE)

_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1_000}
_HAN = "零〇一二两三四五六七八九十百千万"
_MEASURE = (
    r"(?:个|天|日|周|星期|礼拜|月|年|小时|分|秒|欧|元|美|英镑|块|件|张|次"
    r"|点|角|升|公|克|米|厘|毫|度|岁|位|种|家|双|套|条|顶|人|国|倍|工作|积分|%)"
)
_HAN_NUMBER = re.compile(rf"(?<![第星期周礼拜{_HAN}])([{_HAN}]+)(?=\s*{_MEASURE})")
_HAN_PERCENT = re.compile(rf"百分之\s*([{_HAN}]+|\d+(?:\.\d+)?)")
_HAN_ONE_COUNTS = re.compile(r"\s*(?:天|周|星期|个?月|年|个?小时|分钟|欧元|元|个?工作日)")
_HAN_ONE_OTHERWISE = re.compile(r"[下上另每同任这那哪]$")


@bounded
def in_digits(text: str) -> str:
    """Return a text with all numbers in digits.

    >>> in_digits("thirty-two days, a hundred and five euros, the wrong one, half an hour")
    '32 days, 105 euros, the wrong one,  30 minutes '
    >>> in_digits("三十天内,百分之二十,一千二百元,星期一")
    '30天内,20 %,1200元,星期一'
    """
    for pattern, digits in _PHRASES:
        text = pattern.sub(digits, text)
    text = _AHEAD.sub("1 ", _ARTICLE.sub(r"\1 1 ", text))
    text = _ENGLISH.sub(_english, text)
    text = _HALF_PAST.sub(r"\1:30", text)
    text = _HAN_PERCENT.sub(lambda found: f"{_han_value(found[1])} %", text)
    return _HAN_NUMBER.sub(_han, text)


def _english(found: re.Match[str]) -> str:
    words = re.split(r"[\s-]+", found.group().lower())
    if words == ["one"] and not _ONE_COUNTS.match(found.string, found.end()):
        return found.group()
    total, current = 0, 0
    for word in words:
        if word in _LARGE:
            current = max(current, 1) * _LARGE[word]
            if word != "hundred":
                total, current = total + current, 0
        else:
            current += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return str(total + current)


def _han(found: re.Match[str]) -> str:
    if found[1] == "一" and (
        not _HAN_ONE_COUNTS.match(found.string, found.end())
        or _HAN_ONE_OTHERWISE.search(found.string[: found.start()])
    ):
        return found.group()
    return _han_value(found[1])


def _han_value(text: str) -> str:
    if text[:1].isdigit() and text.isascii():
        return text
    myriads, _, rest = text.rpartition("万")
    value = (_han_below(myriads) or 1) * 10_000 if "万" in text else 0
    return str(value + _han_below(rest))


def _han_below(text: str) -> int:
    """Read a Chinese numeral below ten thousand."""
    if len(text) > 1 and not set(text) & set(_HAN_POWERS):  # digit by digit
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in _HAN_POWERS:
            total += (digit or 1) * _HAN_POWERS[character]
            digit = 0
        else:
            digit = _HAN_DIGITS[character]
    return total + digit
