"""Units of measurement: names and signs in several languages, with their canonical units.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re

_SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}

_NAMES: tuple[tuple[str, str, float], ...] = (
    # what stands behind a number, canonical unit, factor
    (r"€|eur\b|euros?\b|ユーロ|欧元|欧(?!盟|洲)", "eur", 1),
    (r"us\$|\$|usd\b|dollars?\b|ドル|美元|美金", "usd", 1),
    (r"£|gbp\b|pounds?\b|英镑", "gbp", 1),
    (r"pence\b|p\b(?=\s+(?:per|a|an)\b)|便士", "gbp", 0.01),
    (r"cents?\b|美分|欧分", "cent", 0.01),
    (r"角", "jiao", 0.1),
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
        r"h\b|hours?\b|hrs?\b|stunden?\b|heures?\b|horas?\b|or[ae]\b|uur\b|uren\b|个?小时|个?钟头|時間",
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
    (
        r"years?\b|yrs?\b|y/?o\b|jahre?n?\b|jährige[nrms]?\b|ans\b|années?\b|años?\b|ann[oi]\b|jaar\b|周年|年間?|岁|歳",
        "month",
        12,
    ),
    (r"nights?\b|晚", "night", 1),
    (r"mm\b|millimet(?:re|er)s?\b|毫米", "length", 1),
    (
        r"cm\b|[cz]entimet(?:re|er)[ns]?\b|centimètres?\b|cent[ií]metr[io]s?\b|厘米|公分|センチ",
        "length",
        10,
    ),
    (r"km\b|kilomet(?:re|er)s?\b|公里|千米", "length", 1e6),
    (r"m\b|met(?:re|er)[ns]?\b|mètres?\b|metr[io]s?\b|米", "length", 1e3),
    (r"kg\b|[kq]uilos?\b|kilo(?:gram(?:m|me|mi|mo)?)?s?\b|公斤|千克|キロ", "weight", 1e3),
    (r"g\b|gram(?:me?|mi|mo|os?)?s?\b|克|グラム", "weight", 1),
    (r"ml\b|毫升", "volume", 1e-3),
    (r"l\b|lit(?:re|er|ro|ri)[ns]?\b|升|リットル", "volume", 1),
    (r"°\s?c?\b|°|degrees?(?:\s+celsius)?\b|grad(?:en|i|os?)?\b|degrés?\b|摄氏度|度", "degree", 1),
    (r"wh\b|瓦时", "wh", 1),
    (r"times\b|次|倍", "times", 1),
    (r"points?\b|个?积分|分(?!钟)", "points", 1),
)
UNITS = tuple((re.compile(rf"[\s-]*(?:{p})", re.IGNORECASE), u, f) for p, u, f in _NAMES)
"""Pattern after a number, canonical unit, factor to it."""

CURRENCY_BEFORE = re.compile(r"(€|eur\b|us\$|\$|usd\b|£|gbp\b|¥|chf\b|rmb\b)\s?$", re.IGNORECASE)
"""Sign or code of a currency before a number."""

CURRENCY = {"€": "eur", "eur": "eur", "us$": "usd", "$": "usd", "usd": "usd", "£": "gbp"} | {
    "gbp": "gbp",
    "¥": "cny",
    "rmb": "cny",
    "chf": "chf",
}
"""Canonical unit of a currency, by its sign or code."""

HUNDREDTHS = {"cent": ("eur", "usd"), "jiao": ("cny", "eur", "usd")}
"""Parts of a currency whose name does not say which, and the currencies that they may be of."""

CURRENCIES = frozenset(CURRENCY.values())
"""Canonical units of money."""
