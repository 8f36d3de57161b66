"""Language tags (BCP 47) as used in intent files: language, script, region."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
_TWO_LETTERS = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu
    cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi
    ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks
    ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
    vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - 184 quoted words in a row read worse
)  # ISO 639-1
_COMMONLY_MEANT = {
    "cn": "zh",
    "chinese": "zh",
    "cz": "cs",
    "dk": "da",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "gr": "el",
    "italian": "it",
    "japanese": "ja",
    "jp": "ja",
    "spanish": "es",
    "ua": "uk",
}


def canonical(tag: str) -> str | None:
    """Return a tag in its canonical spelling, or None when it is not a language tag.

    >>> canonical("ZH-hans-cn"), canonical("cn")
    ('zh-Hans-CN', None)
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    language, script, region = match.groups()
    language = language.lower()
    if len(language) == 2 and language not in _TWO_LETTERS:
        return None
    rest = [script.title()] if script else []
    rest += [region.upper()] if region else []
    return "-".join([language, *rest])


def primary(tag: str) -> str:
    """Return the primary language of a tag, without script and region.

    >>> primary("zh-CN")
    'zh'
    """
    return tag.partition("-")[0].lower()


def suggestion(tag: str) -> str:
    """Return a remedy for an invalid language tag: the tag that was probably meant, or examples.

    >>> suggestion("english"), suggestion("zh_CN")
    ('did you mean "en"?', 'did you mean "zh-CN"?')
    """
    meant = _COMMONLY_MEANT.get(tag.lower()) or canonical(tag.replace("_", "-"))
    return f'did you mean "{meant}"?' if meant else "write a tag such as en, zh or pt-BR"


def fallbacks(tag: str, default: str) -> Sequence[str]:
    """Return the tags to look up, best first: the tag, its language alone, the default.

    >>> fallbacks("zh-TW", "en-GB")
    ['zh-TW', 'zh', 'en-GB', 'en']
    """
    wanted = [tag.replace("_", "-"), default]
    spelled = [canonical(each) or each for each in wanted]
    return list(dict.fromkeys(part for each in spelled for part in (each, each.partition("-")[0])))
