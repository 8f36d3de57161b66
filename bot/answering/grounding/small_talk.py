"""Small talk: greetings, lead-ins, "I don't know", referral to a colleague.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re

from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.parsing import HAN, ParsedText, stem, stems
from bot.answering.grounding.sanitise import links_in

_CORE = re.compile(
    r"\b(?:thank|thanks|welcome|sorry|apolog|unfortunately|happy to|glad to|pleased|hope (?:this"
    r"|that|it)"
    r"|let (?:me|us) know|feel free|here(?:'s| is| are)|follow(?:ing)? (?:these )?steps?"
    r"|good question|great question"
    r"|hi|hello|hey|contact|reach|ask|colleagues?|our team|support|nice day|best to|happy)\b",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"\b(?:yes|no|sure|certainly|absolutely|definitely|can|may|will|approved"
    r"|agreed|done|granted)\b",
    re.IGNORECASE,
)
_TO_ASSISTANT = re.compile(
    r"\byou (?:can|could|should|may|might|must|need to|have to) (?:answer|respond|reply)\b",
    re.IGNORECASE,
)
"""Customers are not told to answer: such a sentence repeats or invents instructions."""

_IGNORANCE = re.compile(
    r"^(?:(?:unfortunately|sorry|i'm sorry|i am sorry|i'm afraid|but|however)[, ]+(?:but )?)*"
    r"(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|am not able to|'m not able to"
    r"|am not sure|'m not sure)\b"
    r"\s*(?:know|have|find|see|say|tell|confirm|answer|sure|speak)\b",
    re.IGNORECASE,
)
_HAN = re.compile(
    r"(?:您好|你好|谢谢.{0,8}|感谢.{0,10}|抱歉|很抱歉|对不起|不好意思|很高兴为您服务|希望.{0,4}对您有(?:所)?帮助"
    r"|如(?:果|有)?.{0,4}(?:其他|任何|别的|更多)?(?:问题|疑问).{0,6}"
    r"(?:请|可以|可)?(?:随时)?(?:联系|告诉|咨询|问)(?:我们|我|客服)?"
    r"|(?:具体|操作)?(?:步骤|方法|流程)(?:如下|是)?|如下|请(?:按照|参考)?以下步骤(?:操作)?|祝您.{0,8})"
    r"[!。,:~ ]*"
)
_HAN_IGNORANCE = re.compile(
    r"^(?:抱歉|很抱歉|对不起)?[, ]*(?:我|我们)(?:暂时)?(?:不知道|不清楚|没有(?:相关|这方面的)?信息"
    r"|无法(?:回答|确认))"
)
_OPENING = re.compile(
    r"^\s*(?:yes|no|yeah|yep|nope|sure|certainly|absolutely|definitely|of course|correct|right"
    r"|exactly|ok|okay"
    r"|ja|nein|oui|non|sí|si|是的|对的|对|好的|当然(?:可以)?|没错|可以的|可以|不是|不可以|不行|不能|能|行)\s*[,，.!:;。！—–-]+\s*",
    re.IGNORECASE,
)
_NAMES_LIMIT = 40


def is_small_talk(reading: ParsedText, vocabulary: frozenset[str], known: str) -> bool:
    """Return whether a sentence needs no evidence.

    Args:
        reading: The sentence.
        vocabulary: Keys of all words of the evidence.
        known: The bot's name and the way to a human, which may be named.
    """
    if reading.quantities or len(reading.text) > 300 or _TO_ASSISTANT.search(reading.text):
        return False
    text = _without_known(reading.text, known)
    if HAN.search(text):
        return _HAN.fullmatch(text) is not None or (
            _HAN_IGNORANCE.match(text) is not None and len(text) < _NAMES_LIMIT
        )
    names = {stem(word) for word in re.findall(r"[^\W\d_]+", known)}
    links = {f"@{link}" for link in links_in(known)}
    words = [
        term
        for term in reading.terms
        if not {stem(w) for w in term.surface.split()} <= names and not term.keys <= links
    ]
    if _IGNORANCE.match(text):
        return all(term.keys & (vocabulary | stems("small_talk")) for term in words)
    if _ASSENT.search(_without_offers(text)) or "all" in reading.markers - _harmless(text):
        return False
    return _CORE.search(text) is not None and all(
        {stem(w) for w in term.surface.split()} & stems("small_talk")
        or term.keys & stems("small_talk")
        for term in words
    )


@bounded
def without_opening(text: str) -> str:
    """Return a sentence without a yes or no at its beginning, which cannot be checked by itself.

    >>> without_opening("Yes, you can return it."), without_opening("No.")
    ('you can return it.', '')
    """
    while (opening := _OPENING.match(text + " ")) is not None:
        text = text[opening.end() :]
    return "" if _OPENING.fullmatch(text.rstrip(".!。！") + ",") else text


def _without_known(text: str, known: str) -> str:
    for name in known.splitlines():
        text = text.replace(name, " ") if name.strip() else text
    return " ".join(text.split())


@bounded
def _without_offers(text: str) -> str:
    return re.sub(
        r"\b(?:can|will|may|could)\s+(?:help|tell|assist|answer|reach|contact|ask|write|find|look"
        r"|also ask|also reach|also contact)\b"
        r"|\b(?:no|any) (?:further|other|more)\b|\bhow (?:can|may) I\b",
        " ",
        text,
        flags=re.IGNORECASE,
    )


@bounded
def _harmless(text: str) -> frozenset[str]:
    harmless = re.search(
        r"\b(?:any|anything) (?:other|else|more|further)"
        r"|\bthat'?s all\b",
        text,
        re.IGNORECASE,
    )
    return frozenset({"all"}) if harmless else frozenset()
