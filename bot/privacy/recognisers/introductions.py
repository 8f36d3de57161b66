"""Finds the names that words introduce: "my name is", "regards", "my wife"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.recognisers.gazetteer import Gazetteer
from bot.privacy.spans import PERSON, Span

_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?")
_NAME = r"[^\W\d_a-z\u3040-\u9fff\uac00-\ud7af][\w'’-]{0,40}\.?"
_PARTICLE = r"(?:van|von|der|den|de|da|dos|del|di|la|bin|al|ten|ter|zu)"
_NAMES = rf"(?P<it>(?:{_PARTICLE}\s+)?{_NAME}(?:\s+(?:{_PARTICLE}\s+)*{_NAME}){{0,3}})"
_TOLD = re.compile(
    r"(?:\b(?i:my\s+(?:full\s+)?name(?:\s+is|['’]s|:)|name(?:d)?\s*(?:is|:)|i\s?am|i['’]m|this\s+is"
    r"|call\s+me|called|on\s+behalf\s+of|(?:kind|best|warm)\s+regards|regards|sincerely|cheers"
    r"|yours(?:\s+truly)?|signed|best\s+wishes|dear|attn\.?|attention|c/o|contact|spoke\s+(?:to"
    r"|with)"
    r"|ich\s+hei(?:ß|ss)e|mein\s+name\s+ist|ich\s+bin|je\s+m['’]appelle|je\s+suis|mon\s+nom\s+est"
    r"|me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|sono|meu\s+nome\s+(?:é|e)|ik\s+heet|mijn\s+naam\s+is"
    r"|mit\s+navn\s+er|jag\s+heter|mvg|(?:liebe[nr]?|freundliche[nr]?|viele[nr]?)?\s*gr(?:ü"
    r"|u)(?:ß|ss)en?"
    r"|cordialement|saludos|atentamente|soy|hier\s+ist|hier\s+spricht|says|said|thanks|thank\s+you"
    r"|under|talk(?:ed)?\s+to|(?:addressed|belongs?|sent|sold|given|handed|delivered|booked"
    r"|registered)"
    r"(?:\s+(?:the|it|my|a)(?:\s+\w{1,12})?)?\s+(?:to|by|with)|(?:named|call(?:ed|s"
    r"|ing)?)\s+(?:him|her|them|it)"
    r"|according\s+to|written\s+by|signed\s+by|name,|surname,|nom\s+de|nombre\s+de|namen))"
    rf"\s*[,:]?\s+{_NAMES}"
)
_SURE = re.compile(
    r"(?:\b(?i:my\s+(?:full\s+)?name(?:\s+is|['’]s|:)|name\s*:|call\s+me|ich\s+hei(?:ß|ss)e"
    r"|mein\s+name\s+ist|je\s+m['’]appelle|me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|ik\s+heet"
    r"|mijn\s+naam\s+is|jag\s+heter|(?:mr|mrs|ms|dr|prof|herr|frau|mme|señora?)\.?"
    r"|(?:your|the|his|her)\s+name\s?\?|au\s+nom\s+de|im\s+namen\s+von|auf\s+den\s+namen"
    r"|a\s+nombre\s+de"
    r"|in\s+the\s+name\s+of|under\s+the\s+name(?:\s+of)?|everyone\s+calls\s+me))"
    rf"\s*[,:]?\s+{_NAMES}"
)
_ADDRESSED = re.compile(
    rf"(?:^|[.!?\n]\s{{1,2}})(?i:(?:hi|hello|hey|hallo|hola|bonjour)[ ,]{{1,2}})?(?P<it>{_NAME}),"
    r"\s(?=(?:can|could|please|would|will|do|did|i|my|where|what|when|is|thanks|thank)\b)"
)
"""Whom a message is addressed to."""

_CHANGED = re.compile(
    r"\b(?i:(?:sur|last|first|maiden|family|middle)?\s?name)\s(?:(?:has|was|is|just|will|to\sbe"
    r"|be)\s){0,2}"
    rf"(?i:change[ds]?"
    rf"|changing)\s(?i:from)\s(?P<it>{_NAME}(?:\s{_NAME})?)\sto\s(?P<new>{_NAME}(?:\s{_NAME})?)"
)
_ACTS = re.compile(
    rf"(?P<it>{_NAME}(?:\s+(?:{_PARTICLE}\s+)*{_NAME}){{1,3}})"
    r"\s+(?:said|says|told|tells|asked|asks|called|wrote|writes|wants?|lives?|lived|works?|worked"
    r"|joined|married|born|died|emailed|answered|replied|promised|signed|paid|ordered|bought|had"
    r"|has"
    r"|will|spent|is|was|can|never|received|gave|sent|lost|moved|needs?|listed)\b"
)
_RELATED = re.compile(
    r"\b(?i:(?:my|his|her|our|their|your)\s+(?:wife|husband|partner|son|daughter|brother|sister"
    r"|mother"
    r"|mom|mum|father|dad|friend|colleague|boss|neighbou?r|girlfriend|boyfriend|uncle|aunt|cousin"
    r"|roommate|flatmate|assistant|lawyer|kid|child|baby|boy|girl|grandma|grandpa|grandson"
    r"|granddaughter|nephew|niece|twin|tenant|landlord|landlady|fiancée?|ex|mate|teacher|doctor"
    r"|manager)|colleague|actor|actress|singer|producer|author|writer|drummer"
    r"|guitarist|coach|agent|driver|customer|patient|client|employee|passenger|cardholder"
    r"|account\s+holder|the\s+name\s+(?:of|is)|recipient|addressee|supervisor"
    r"|(?:mein|meine|meiner|meinem|meinen)\s+(?:frau|mann|sohn|tochter|bruder|schwester|mutter"
    r"|vater"
    r"|freund|freundin|kollege|kollegin|nachbar|nachbarin|partner|partnerin|chef)"
    r"|(?:ma|mon|mi)\s+(?:femme|mari|fils|fille|fr(?:è|e)re|s(?:œ|oe)ur|m(?:è|e)re|p(?:è|e)re"
    r"|amie?|voisine?"
    r"|coll(?:è|e)gue|mujer|esposa|marido|esposo|hijo|hija|hermano|hermana|madre|padre|amigo"
    r"|amiga))"
    rf"\s*[:,]?\s+{_NAMES}"
)
_LOWER = re.compile(
    r"\b(?i:(?:my|the)\s+(?:full\s+)?name\s+is|this\s+is|i\s?am|i['’]m|hier\s+ist|ich\s+bin"
    r"|ich\s+hei(?:ß|ss)e|soy"
    r"|me\s+llamo|je\s+m['’]appelle|je\s+suis|(?:named|call(?:ed|s)?)\s+(?:him|her|me)|it['’]?s"
    r"|under|regards,?|cheers,?"
    r"|gr(?:ü|u)(?:ß|ss)e,?|wife|husband|partner|son|daughter"
    r"|friend|boyfriend|girlfriend|brother|sister|mate|neighbou?r|flatmate|roommate|colleague"
    r"|coach,?|instructor,?|se\s+llama|si\s+chiama|s['’]appelle|heet|hei(?:ß|ss)t)\s+"
    r"(?P<it>[a-zà-ž]{2,20}(?:[ ](?:van[ ]|de[ ]|[a-z]\.?[ ])?[a-zà-ž'’-]{2,20})?)"
)
_SURELY_LOWER = re.compile(r"my\s+(?:full\s+)?name\s+is\s", re.IGNORECASE)
_CHINESE = re.compile(
    r"(?:我(?:叫|是|的名字是|的名字叫)|姓名\s*[:：是]?|联系人\s*[:：是]?|收[件货]人\s*(?:写成了?"
    r"|写的是|填的?是?|应该是|改[成为]|[:：是])?"
    r"|写成了?|应该是|改[成为]|名字[叫是]|找一下)\s*"
    r"(?P<it>[\u4e00-\u9fff]{2,4}?)(?=$|[\s,，。.;；!！?？、]|的|,)"
)
_CHINESE_TITLED = re.compile(r"(?P<it>[\u4e00-\u9fff]{1,2})(?:先生|女士|小姐|太太)")
_CHINESE_RELATED = re.compile(
    r"(?:老婆|妻子|太太|爱人|丈夫|老公|先生|儿子|女儿|妈妈|母亲|爸爸|父亲|朋友|同事|同学|店员|客服"
    r"|经理|教练|师傅|哥哥|姐姐|弟弟|妹妹|表弟|表妹|表哥|表姐|室友|邻居|孩子)"
    r"(?P<it>[\u4e00-\u9fff]{2,3}?)(?=$|[\s,，。.;；!！?？、会给来说是在想要把已刚今昨帮和跟去也])"
)
_CHINESE_SIGNED = re.compile(r"(?:——|--|—|此致|敬上)\s*(?P<it>[\u4e00-\u9fff]{2,3})\s*$")
_LONGEST_MARK = 3
"""Letters of capitals alone that are a standard's or a size's rather than a name's."""

_NOT_CHINESE = tuple("色码号款元天个件单型的了")
"""Endings of what a surname's character begins as well: 黄色 is yellow."""


def introduced(text: str, known: Gazetteer) -> Iterator[Span]:
    """Yield the names behind "my name is" and the like, whether a list knows them or not."""
    for match in _SURE.finditer(text):
        if span := _trimmed(text, match.span("it"), known):
            yield span
    for match in _CHANGED.finditer(text):
        yield from (Span(*match.span(group), PERSON) for group in ("it", "new"))
    for pattern in (_TOLD, _RELATED, _ACTS, _ADDRESSED):
        for match in pattern.finditer(text):
            span = _trimmed(text, match.span("it"), known)
            if span and _could_be_name(text[span.start : span.end], known, pattern):
                yield span
    for match in _LOWER.finditer(text):
        words = match["it"].split()
        is_strange = _says_name(match) or (len(words) > 1 and known.is_unusual(words[-1]))
        is_known = known.is_first(words[0]) or (is_strange and known.is_unusual(words[0]))
        is_name = known.is_unusual(words[-1]) or known.is_first(words[-1]) or _says_name(match)
        if is_known and is_name:
            yield Span(*match.span("it"), PERSON)
    yield from _chinese(text, known)


def _says_name(match: re.Match[str]) -> bool:
    return _SURELY_LOWER.match(match.group()) is not None


def _chinese(text: str, known: Gazetteer) -> Iterator[Span]:
    for pattern in (_CHINESE, _CHINESE_TITLED, _CHINESE_RELATED, _CHINESE_SIGNED):
        for match in pattern.finditer(text):
            written = match["it"]
            if written.endswith(_NOT_CHINESE):
                continue
            if written[0] in known.chinese or written[:2] in known.chinese:
                yield Span(*match.span("it"), PERSON)


def _trimmed(text: str, place: tuple[int, int], known: Gazetteer) -> Span | None:
    """Cut a name before the first word that is never part of one."""
    start, end = place
    words = [*_WORD.finditer(text, start, end)]
    for number, word in enumerate(words):
        is_initial = len(word.group()) == 1 and 0 < number < len(words) - 1
        if plain(word.group()) in known.not_names and not is_initial:
            words = words[:number]
            break
        if word.group().endswith(".") and len(word.group()) > 3:
            words = words[: number + 1]
            break
    return Span(words[0].start(), name_end(words[-1]), PERSON) if words else None


def _could_be_name(written: str, known: Gazetteer, before: re.Pattern[str]) -> bool:
    """Return whether capitalised words, where a name is likely, are a name."""
    words = [plain(word) for word in written.split()]
    if written.isupper() and len(written) <= _LONGEST_MARK:
        return False
    if len(words) == 1 and before is not _ACTS and known.is_unusual(words[0]):
        return True
    if before is _RELATED and words[0] in known.first:
        return True
    if words[0] in known.first or known.is_family(words[0]):
        return words[0] not in known.common_words or len(words) > 1
    return len(words) > 1 and all(
        known.is_unusual(word) or known.is_family(word) or len(word) == 1 for word in words
    )


def plain(word: str) -> str:
    """Return a word in the form of the lists."""
    return word.rstrip(".").removesuffix("'s").removesuffix("’s").lower()


def name_end(word: re.Match[str]) -> int:
    """Return where a word ends, without the full stop or the possessive."""
    text = word.group()
    shorter = text if len(text) <= 2 else text.rstrip(".")  # an initial
    for ending in ("'s", "’s"):
        shorter = shorter.removesuffix(ending)
    return word.start() + len(shorter)
