"""Lexicon of the guard: function words, synonyms, negations, and words that allow no synonym.

For English and Chinese it is large, for some other languages it has function words and negations;
in any other language every word of a claim must occur in the evidence.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from bot.answering.grounding.bounds import bounded

_FOLDER = Path(__file__).with_name("vocabulary")


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list: `function`, `light`, `polar`, `negations`.

    >>> "the" in words("function"), "never" in words("negations")
    (True, True)
    """
    return frozenset(word for line in _lines(f"{name}.txt") for word in line.split())


@functools.cache
def function_words() -> dict[str, frozenset[str]]:
    """Return the function words of each language that has a list, by BCP 47 tag."""
    from bm25s import stopwords  # imports scipy: not needed without articles

    return {
        "en": words("function"),
        "de": frozenset(stopwords.STOPWORDS_GERMAN),
        "fr": frozenset(stopwords.STOPWORDS_FRENCH),
        "es": frozenset(stopwords.STOPWORDS_SPANISH),
        "it": frozenset(stopwords.STOPWORDS_ITALIAN),
        "nl": frozenset(stopwords.STOPWORDS_DUTCH),
        "pt": frozenset(stopwords.STOPWORDS_PORTUGUESE),
    }


@functools.cache
def silent() -> frozenset[str]:
    """Return the function words and negations of all languages that have a list."""
    english, *others = function_words().values()
    foreign = frozenset[str]().union(*others) - words("polar") - _ENGLISH
    return english | words("negations") | foreign


def synonyms(language: str) -> list[list[str]]:
    """Return the sets of synonymous words and phrases, `en` or `zh`."""
    return [line.split("|") for line in _lines(f"synonyms.{language}.txt")]


@functools.cache
def han_function() -> re.Pattern[str]:
    """Return a pattern for the Chinese function words."""
    return re.compile("|".join(word for line in _lines("function.zh.txt") for word in line.split()))


def _lines(name: str) -> list[str]:
    text = (_FOLDER / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


_ENGLISH = frozenset({"die", "men", "man", "son", "war", "van", "over", "come", "are", "as", "no"})
"""Function words of other languages that are content words in English."""

NEGATED_AUXILIARY = re.compile(r"\b(?:\w+n['’]t|cannot|can not)\b", re.IGNORECASE)
NO_NEGATION = re.compile(
    r"\bnot only\b|\bno (?:more|later|longer|less|fewer|older|heavier|shorter) than\b|\bno matter\b"
    r"|\bno(?:t)? problem\b|\bwhy not\b|\bif not\b|\bwhether or not\b|\bor not\b"
    r"|\bcosts? (?:you )?nothing\b|\bearns? nothing\b|\bat no (?:extra |additional )?(?:cost"
    r"|charge)\b"
    r"|\b(?:is|comes|for) no (?:extra )?(?:charge|cost|fee)\b|\bwithout (?:extra |additional "
    r"|any )?(?:charge|cost|fee)s?\b"
    r"|\bcash on delivery\b|\bno\.\s?\d",
    re.IGNORECASE,
)
"""Phrases that look like a negation but are none; some mean `free`."""

HAN_NEGATION = re.compile(
    r"(?:不(?!过|仅|但|同|论|管|错|断|久|好意思|客气|超过|少于|多于|低于|高于)|没|無|无(?!论)|未(?!来)|非(?!常)|勿|禁止|拒绝"
    r"|(?<![特区分级个类性])别(?!人|的|处)|免(?!疫|得)|包邮)"
)
"""Negations; "free" negates that something is charged."""

HAN_PERIOD = re.compile(
    r"当天|当日|当周|当月|[今明次每]天|[今明次每]日|[下本上每]周|[下本上每]个?月|[今明每]年"
    r"|工作日|小时|分钟|钟头|星期|周(?![一二三四五六日天])|天|月|年"
)
"""Chinese words for a day, a week or the like."""

FREE = re.compile(
    r"\b(?:free of charge|free|(?:at|for) no (?:extra |additional )?(?:cost|charge)|no (?:extra "
    r"|additional )?(?:cost|charge|fee)s?"
    r"|without (?:extra |additional |any )?(?:charge|cost|fee)s?|costs? (?:you )?nothing|on us"
    r"|complimentary|kostenlos|gratis)\b",
    re.IGNORECASE,
)

NOT_CHARGED = re.compile(
    r"(?:(?:不(?:会|再|另|额外)*(?:收取?|要)|(?:不用|无需|不需要?|不必|免)(?:再|另外?|额外)*"
    r"(?:支付|付|交|缴|收取?)?)(?=.{0,6}(?:费|钱|税)))"
)
"""Negations that mean "free" in Chinese."""

_PERIOD = r"\s+(?:\d+\s+)?(?:minute|hour|day|night|week|month|quarter|year|visit|time)s?\b"
"""After "each" or "every", how often: no claim about all."""

_ENGLISH_MARKERS = {
    "not only": "not (?:only|just|merely)",
    "only": "only|solely|merely|exclusively|nothing (?:else|but)|nobody else|alone|nur"
    "|just (?:for|in|on|to|from|with)",
    "all": f"all|(?:every|each)(?!{_PERIOD})|everything|everybody|everyone|everywhere|always"
    "|anybody|anyone|anything|anywhere|anytime|in full|whole|entire(?:ly)?|completely|totally"
    "|unlimited(?:ly)?|whatever"
    "|whenever|wherever|no matter|regardless|without exception|guaranteed?|lifetime|forever"
    "|for ever|indefinite(?:ly)?|any (?:time|item|product|order|reason|amount|size|country"
    "|customer|person|card|case|kind|other|of)",
    "except": "except(?:ions?|ing)?|unless|apart from|other than|exclud(?:es?|ing|ed)"
    "|save for|as long as not|außer",
    "before": "before|prior|until|by the time|beforehand|in advance|ahead of|up to|earlier than"
    "|vor",
    "after": "after|afterwards?|later|following|then|from (?:the|then)"
    r"|(?<=[a-z\d] )since|upon|when|nach",
    "must": "must|have to|has to|need(?:s|ed)? to|required?|requires|mandatory|obligatory"
    "|necessary|compulsory|müssen",
    "if": "if|provided|providing|as long as|in case|on condition|condition(?:al|s)?|subject to"
    "|depend(?:s|ing)?|assuming|given that|so long as|falls",
    "more": "more|higher|larger|greater|bigger|longer|dearer|extra|additional(?:ly)?|plus"
    "|increase[sd]?|doubles?",
    "less": "less|lower|smaller|fewer|shorter|cheaper|reduced?|discount(?:ed|s)?|decrease[sd]?|off",
}
_HAN_MARKERS = {
    "not only": "不仅|不只|不但|不光",
    "only": "只|仅|唯一",
    "all": "所有|全部|任何|一切|每(?!周|天|月|年|日|个月)|总是|始终|永远|都|随时|无论|不论|不管"
    "|一律|终身|永久|保证",
    "except": "除非|除了|除外|除.{1,12}外|例外",
    "before": "之前|以前|(?<![目当])前(?!台|往|提|面)|提前|事先",
    "after": "之后|以后|后(?!台|面|续)|起",
    "must": "必须|须|需要|得先|务必|要求",
    "if": "如果|若|只要|前提|条件|的话|取决|视.{0,6}而定",
    "more": "更多|更高|更大|更长|更贵|额外|另加|另收|增加",
    "less": "更少|更低|更小|更短|更便宜|减少|打折|折扣|优惠",
}
MARKERS = {
    name: re.compile(rf"\b(?:{words})\b|{_HAN_MARKERS[name]}", re.IGNORECASE)
    for name, words in _ENGLISH_MARKERS.items()
}
"""Modifiers that change the meaning of a sentence, by their effect."""

_HAN_BOTH = re.compile(r"([、和与及][^，,。;、]{1,8})都")
"""After an enumeration, 都 means these, not all."""


@bounded
def markers(text: str) -> frozenset[str]:
    """Return the names of the markers that occur in a text."""
    text = _HAN_BOTH.sub(r"\1", text)
    return frozenset(name for name, marker in MARKERS.items() if marker.search(text))


RELATIVE = re.compile(
    r"\b(?:that|which|who|whose|where|when|if|for|with|once|while|as soon as|from|until|unless"
    r"|within|after|before)\b|\?|？|的|时|后|前|凭"
)
"""Other ways to express a condition."""
