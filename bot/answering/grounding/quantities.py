"""Numbers with their units: amounts, durations, times, percentages, sizes; made comparable."""

from __future__ import annotations

import re
from calendar import month_name
from dataclasses import dataclass

from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.numerals import in_digits

_SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}

_NAMES: tuple[tuple[str, str, float], ...] = (
    # what stands behind a number, canonical unit, factor
    (r"€|eur\b|euros?\b|ユーロ|欧元|欧(?!盟|洲)", "eur", 1),
    (r"us\$|\$|usd\b|dollars?\b|ドル|美元|美金", "usd", 1),
    (r"£|gbp\b|pounds?\b|英镑", "gbp", 1),
    (r"¥|rmb\b|cny\b|yuan\b|人民币|元|块钱?", "cny", 1),
    (r"chf\b|francs?\b|瑞士法郎", "chf", 1),
    (r"%|per\s?cent\b|pct\b|percent(?:age points?)?\b", "%", 1),
    (
        (
            r"(?:working|business|week)[\s-]*days?\b|(?:个)?(?:银行)?工作日|werktage?n?\b"
            r"|arbeitstagen?\b|jours? (?:ouvrés?|ouvrables?)|días? (?:laborables?|hábiles)|営業日"
            r"|giorni lavorativi|werkdagen"
        ),
        "workday",
        1,
    ),
    (r"(?:bank(?:ing)?\s+)(?:working\s+|business\s+)?days?\b", "workday", 1),
    (r"(?:opening|working|business)[\s-]*hours?\b|个?(?:营业|工作)小时", "workhour", 1),
    (r"seconds?\b|secs?\b|秒", "time", _SECONDS["s"]),
    (
        r"minutes?\b|mins?\b|minuten\b|minut[oi]s?\b|分(?:间|間|钟)|分(?=間)",
        "time",
        _SECONDS["min"],
    ),
    (
        r"hours?\b|hrs?\b|stunden?\b|heures?\b|horas?\b|or[ae]\b|uur\b|uren\b|个?小时|个?钟头|時間",
        "time",
        _SECONDS["h"],
    ),
    (
        r"(?:calendar[\s-]*|full[\s-]*)?days?\b|tage?n?\b|jours?\b|d[ií]as?\b|giorn[oi]\b|dag(?:en)?\b|天|日(?!元)間?",
        "time",
        _SECONDS["d"],
    ),
    (
        r"weeks?\b|wochen?\b|semaines?\b|semanas?\b|settiman[ae]\b|weken\b|週間?|个?星期|个?礼拜|周(?!年)",
        "time",
        _SECONDS["w"],
    ),
    (
        r"months?\b|monate?n?\b|mois\b|mes(?:es)?\b|mes[ei]\b|maanden\b|[かヶカケ]月間?|个?月",
        "month",
        1,
    ),
    (r"years?\b|jahre?n?\b|ans\b|années?\b|años?\b|ann[oi]\b|jaar\b|周年|年間?", "month", 12),
    (r"nights?\b|晚", "night", 1),
    (r"mm\b|millimet(?:re|er)s?\b|毫米", "length", 1),
    (r"cm\b|centimet(?:re|er)s?\b|厘米|公分", "length", 10),
    (r"km\b|kilomet(?:re|er)s?\b|公里|千米", "length", 1e6),
    (r"m\b|met(?:re|er)s?\b|米", "length", 1e3),
    (r"kg\b|kilo(?:gram)?s?\b|公斤|千克", "weight", 1e3),
    (r"g\b|gram(?:me)?s?\b|克", "weight", 1),
    (r"ml\b|毫升", "volume", 1e-3),
    (r"l\b|lit(?:re|er)s?\b|升", "volume", 1),
    (r"°\s?c?\b|°|degrees?(?:\s+celsius)?\b|摄氏度|度", "degree", 1),
    (r"wh\b|瓦时", "wh", 1),
    (r"times\b|次|倍", "times", 1),
    (r"points?\b|个?积分|分(?!钟)", "points", 1),
)
_UNITS = tuple((re.compile(rf"[\s-]*(?:{p})", re.IGNORECASE), u, f) for p, u, f in _NAMES)
_CURRENCY_BEFORE = re.compile(r"(€|eur\b|us\$|\$|usd\b|£|gbp\b|¥|chf\b|rmb\b)\s?$", re.IGNORECASE)
_CURRENCY = {"€": "eur", "eur": "eur", "us$": "usd", "$": "usd", "usd": "usd", "£": "gbp"} | {
    "gbp": "gbp",
    "¥": "cny",
    "rmb": "cny",
    "chf": "chf",
}

CURRENCIES = frozenset(_CURRENCY.values())
"""Canonical units of money."""

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[01]?\d"
    r"|2[0-4])(?::(?P<minute>[0-5]\d))(?!\d)(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"|(?<![\d:])(?P<hour2>1[0-2]|[1-9])\s*(?P<half2>[ap])\.?m\b\.?"
    r"|(?P<half3>上午|早上|下午|晚上|中午)?\s*(?P<hour3>[01]?\d|2[0-4])\s*点(?:(?P<minute3>[0-5]?\d)分?)?",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b"
    rf"|\b(?P<month2>{_MONTHS})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:%€$£])"
    r"|(?P<month3>\d{1,2})\s*月\s*(?P<day3>\d{1,2})\s*[日号]",
    re.IGNORECASE,
)
_MONTH = {month[:3].lower(): number for number, month in enumerate(month_name) if month}
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_JOINS = re.compile(r"\s*(?:-|–|—|~|to|or|and|through|bis|至|到|或)\s*$", re.IGNORECASE)
_MINUS = re.compile(r"(?:(?<![\w.,)])[-−–]|\bminus\s|零下\s?|负)\s?$", re.IGNORECASE)

_BEFORE = 80
"""Characters before a number in which its currency, sign and bound are looked for."""

_AT_MOST = re.compile(
    r"(?:\bup to|\bat (?:the )?most|\bno(?:t)? (?:more|longer|later|older|heavier) than"
    r"|\bmaximum(?: of)?|\bmax\.?|\bas (?:many|much|long) as"
    r"|\bwithin|\bless than|\bfewer than|\bunder|\bbelow|\bnot exceed(?:ing)?|\blimited to"
    r"|最多|至多|不超过|少于|低于|不到|小于)(?:\s+(?:the )?(?:first |last |about )?)?$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\bat least|\bmore than|\bover|\babove|\bminimum(?: of)?|\bmin\.?|\bfrom"
    r"|\bno(?:t)? (?:less|fewer|shorter) than"
    r"|\bexceed(?:s|ing)?|\blonger than|\bheavier than|至少|最少|超过|多于|高于|大于|不少于|满"
    r"|起码|门槛(?:是|为)?:?|\bfree from:?)\s*(?:about\s*)?$",
    re.IGNORECASE,
)
_AT_MOST_AFTER = re.compile(
    r"\s*(?:or (?:less|fewer|under|below)|at (?:the )?most|max(?:imum)?\b"
    r"|之?以?内|以下|之内)",
    re.IGNORECASE,
)
_AT_LEAST_AFTER = re.compile(
    r"\s*(?:(?:ahead |before |in advance )?at least"
    r"|(?:\w+ )?or (?:more|above|over|longer|up)|and (?:more|above|over|up)\b"
    r"|\+|以上|起)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[^,;.]{0,20}?\s(?:to|until|till|through)\s+[€$£]?\d", re.IGNORECASE)
_UNTIL_TIME = frozenset({"time", "month", "workday", "workhour"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number.

    Attributes:
        value: In the canonical unit: durations in seconds or months, sizes in mm, g, l.
        unit: Canonical unit; empty for a bare number, `*` for one whose unit stands elsewhere.
        bound: `most` (up to, within), `least` (from, more than), or empty.
        start, end: Where it stands in the text that was read.
    """

    value: float
    unit: str
    bound: str
    start: int
    end: int

    def is_same(self, other: Quantity) -> bool:
        """Tell whether another text means the same number; a bare one fits any unit."""
        close = abs(self.value - other.value) <= 1e-6 * max(1.0, abs(self.value))
        return close and (self.unit == other.unit or not self.unit or other.unit == "*")


@dataclass(frozen=True, slots=True)
class Measured:
    """A text whose numbers were read.

    Attributes:
        words: The text with each quantity and its bounds blanked, in the same places.
    """

    quantities: tuple[Quantity, ...]
    words: str


@bounded
def measure(text: str) -> Measured:
    """Read the quantities of a text.

    >>> [(q.value, q.unit) for q in measure("Two weeks or 1,000 euros, at 4 pm").quantities]
    [(1209600.0, 'time'), (1000.0, 'eur'), (960.0, 'clock')]
    >>> measure("最多14天").quantities == measure("at most 14 days").quantities
    False
    """
    text = in_digits(text)
    found: list[Quantity] = []
    taken = text
    for clock in _CLOCK.finditer(text):
        found.append(Quantity(_minutes(clock), "clock", "", clock.start(), clock.end()))
        taken = _blank(taken, clock.start(), clock.end())
    found += [
        Quantity(float("".join(date.groups())), "date", "", date.start(), date.end())
        for date in _DATE.finditer(taken)
    ]
    found += [_day_of_month(date) for date in _DAY_OF_MONTH.finditer(taken)]
    for date in [q for q in found if q.unit in {"date", "day"}]:
        taken = _blank(taken, date.start, date.end)
    numbers = [_quantity(taken, number) for number in _NUMBER.finditer(taken)]
    numbers = _inherit(taken, numbers)
    for start, end in [_bounding(taken, quantity) for quantity in numbers]:
        taken = _blank(taken, start, end)
    return Measured(tuple(sorted([*found, *numbers], key=lambda q: q.start)), taken)


def _quantity(text: str, number: re.Match[str]) -> Quantity:
    value, start, end = _value(number.group()), number.start(), number.end()
    unit, factor = "", 1.0
    if currency := _CURRENCY_BEFORE.search(text, max(start - _BEFORE, 0), start):
        unit, start = _CURRENCY[currency[1].lower()], currency.start()
    else:
        for pattern, name, scale in _UNITS:
            if behind := pattern.match(text, end):
                unit, factor, end = name, scale, behind.end()
                break
    if minus := _MINUS.search(text, max(start - _BEFORE, 0), start):
        value, start = -value, minus.start()
    return Quantity(value * factor, unit, _bound(text, start, end, unit), start, end)


def _bound(text: str, start: int, end: int, unit: str) -> str:
    before = text[max(start - _BEFORE, 0) : start].rstrip()
    if _AT_MOST.search(before) or _AT_MOST_AFTER.match(text, end):
        return "most"
    if _AT_LEAST.search(before) or _AT_LEAST_AFTER.match(text, end):
        weak = unit in _UNTIL_TIME or _RANGE.match(text, end)
        if before.lower().endswith("from") and weak:
            return ""  # "from 1 May to 3 June", "60 days from delivery": nothing is bounded
        return "least"
    return ""


def _bounding(text: str, quantity: Quantity) -> tuple[int, int]:
    """Return where a quantity stands, with the words that bound it."""
    start, end = quantity.start, quantity.end
    first = max(start - _BEFORE, 0)
    before = text[first:start].rstrip()
    if quantity.bound and (found := _AT_MOST.search(before) or _AT_LEAST.search(before)):
        start = first + found.start()
    if quantity.bound and (
        found := _AT_MOST_AFTER.match(text, end) or _AT_LEAST_AFTER.match(text, end)
    ):
        end = found.end()
    return start, end


def _inherit(text: str, numbers: list[Quantity]) -> list[Quantity]:
    """Give the first number of a range such as `1 to 3 days` the unit of the second."""
    result = list(numbers)
    for place in range(len(result) - 1, 0, -1):
        left, right = result[place - 1], result[place]
        between = text[left.end : right.start]
        if not _JOINS.fullmatch(between):
            continue
        if not left.unit and right.unit:
            factor = _factor(text, right)
            result[place - 1] = Quantity(
                left.value * factor, right.unit, left.bound, left.start, left.end
            )
        elif left.unit in CURRENCIES and not right.unit:
            result[place] = Quantity(right.value, left.unit, right.bound, right.start, right.end)
    return result


def _factor(text: str, quantity: Quantity) -> float:
    number = _NUMBER.search(text, quantity.start, quantity.end)
    plain = _value(number.group()) if number else 0.0
    return abs(quantity.value) / plain if plain else 1.0


def _minutes(clock: re.Match[str]) -> float:
    hour = int(clock["hour"] or clock["hour2"] or clock["hour3"])
    minute = int(clock["minute"] or clock["minute3"] or 0)
    half = (clock["half"] or clock["half2"] or clock["half3"] or "").lower()
    if half in {"p", "下午", "晚上"} and hour < 12:
        hour += 12
    return float(hour * 60 + minute)


def _day_of_month(found: re.Match[str]) -> Quantity:
    """Read `1 January`; the month's name stays a word as well."""
    which = next(name for name in ("day", "day2", "day3") if found[name])
    month = found[which.replace("day", "month")]
    number = int(month) if month.isdigit() else _MONTH[month[:3].lower()]
    if which == "day3":
        return Quantity(100.0 * number + int(found[which]), "day", "", found.start(), found.end())
    start, end = found.span(which)
    return Quantity(100.0 * number + int(found[which]), "day", "", start, end)


@bounded
def _value(digits: str) -> float:
    """Read `1,000.5` and `4,95`.

    >>> _value("1,000"), _value("4,95"), _value("4.95")
    (1000.0, 4.95, 4.95)
    """
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
