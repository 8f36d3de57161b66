"""Cross-lingual checks: a sentence in another language than its evidence.

Rules cannot verify such a sentence, nor can the multilingual encoder: it puts many false sentences
as near as translations (`python -m benchmarks.translations`). So a sentence that passes these
checks is shown only if a judge confirms it.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.grounding import lexicon
from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.evidence import Evidence, Unit
from bot.answering.grounding.parsing import HAN, is_negated
from bot.answering.grounding.quantities import Quantity, measure

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_PROMISE = re.compile(
    r"\b(?:ich|je|j['’]|yo|io|ik|eu)(?:\b|(?<=['’]))"
    r"|\b(?:versprech|versprich|garantier|garanti|promet|promett|promis|asegur|assicur|beloof|beloven)\w*"
    r"|\b(?:nous (?:allons|avons|vous)|vamos a|le (?:reembolsa|enviar|devolver)\w*|hemos|abbiamo"
    r"|wir (?:werden|haben))\b"
    r"|私|約束|保証|(?:返金|発送|取消|キャンセル)(?:いたします|します|しました)|[您你]的同事|我们?(?:会|将|已)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:only|nur|lediglich|ausschließlich|seulement|uniquement|exclusivement|solo|sólo|solamente"
    r"|únicamente|soltanto|solamente|alleen|apenas|somente)\b|只|仅|のみ|だけ",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\b(?:if|unless|provided|as long as|when|except|wenn|falls|sofern|außer|solange|si|sauf"
    r"|lorsque|quand|pourvu|cuando|salvo|siempre que|se|quando|tranne|als|tenzij|indien|caso"
    r"|exceto)\b"
    r"|如果|若|只要|除非|的话|时|もし|場合|なら|たら|れば|限り|とき|を除",
    re.IGNORECASE,
)
_NOT_JAPANESE = re.compile(r"ない|ません|せず|不可|なし|禁止")
_THOUSANDS = re.compile(r"(?<=\d)[. \u00a0\u202f](?=\d{3}(?!\d))")
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d))?\s?(?:Uhr\b|時(?!間))", re.IGNORECASE)
_FIRST_NUMBERS = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "zéro _ deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze",
    "cero _ dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    "zero _ due tre quattro cinque sei sette otto nove dieci undici dodici",
)
_TENS = (
    "zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "dix vingt trente quarante cinquante soixante",
    "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "dieci venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
)
_NUMBERS = {
    word: value for line in _FIRST_NUMBERS for value, word in enumerate(line.split()) if word != "_"
} | {word: 10 * ten for line in _TENS for ten, word in enumerate(line.split(), 1)}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_LITTLE = 2


@bounded
def language_of(text: str) -> str:
    """Return the language of a text where it is certain, else an empty string.

    >>> language_of("返品できます。"), language_of("Das ist nicht mehr da."), language_of("Stag 65")
    ('ja', 'de', '')
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if HAN.search(text):
        return "zh"
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {
        name: sum(w in known for w in words) for name, known in lexicon.function_words().items()
    }
    best = max(counts, key=lambda name: counts[name])
    others = max(count for name, count in counts.items() if name != best)
    return best if counts[best] > others else ""


def basis(text: str, evidence: Evidence) -> Unit | None:
    """Return a unit in another language that a sentence does not contradict, if there is one.

    Args:
        text: The sentence, in plain words.
        evidence: What may support it.
    """
    language = language_of(text)
    if not language or _PROMISE.search(text) or not _names_stand(text, language, evidence.raw):
        return None
    numbers = measure(_in_english_notation(text)).quantities
    fitting = [
        unit
        for unit in evidence.units
        if language_of(unit.text) not in ("", language) and _fits(text, numbers, unit)
    ]
    return fitting[0] if fitting else None


def _fits(text: str, numbers: Sequence[Quantity], unit: Unit) -> bool:
    quantities = [q for segment in unit.segments for q in segment.reading.quantities]
    quantities += unit.context.quantities
    return (
        all(any(number.is_same(other) for other in quantities) for number in numbers)
        and (bool(_ONLY.search(text)) is bool(_ONLY.search(unit.text)))
        and (bool(_IF.search(unit.text)) <= bool(_IF.search(text)))
        and (_denies(text) is _denies(unit.text) or lexicon.FREE.search(unit.text) is not None)
    )


@bounded
def _denies(text: str) -> bool:
    return is_negated(text) or _NOT_JAPANESE.search(text) is not None


def _names_stand(text: str, language: str, raw: str) -> bool:
    """Return whether the evidence holds the names: all Latin words, where the script is another."""
    if language not in {"zh", "ja", "ko"}:
        return True
    known = {word.lower() for word in _LATIN_WORD.findall(raw)}
    foreign = [word.lower() for word in _LATIN_WORD.findall(text) if len(word) > _LITTLE]
    return known.issuperset(foreign)


@bounded
def _in_english_notation(text: str) -> str:
    """Rewrite numbers as the evidence writes them: `1.000` is 1000, `dreißig` is 30."""
    text = _CLOCK.sub(lambda found: f"{found[1]}:{found[2] or '00'}", text)
    text = _NUMBER_WORD.sub(lambda found: str(_NUMBERS[found.group().lower()]), text)
    return _THOUSANDS.sub("", text)
