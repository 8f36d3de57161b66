"""Output sanitiser: no pings, no links outside the knowledge, no active markup.

Whatever a platform would execute is removed or refused here, before any adapter gets it; adapters
escape the sequences of their own platform on top.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from bot.answering.grounding.bounds import bounded
from bot.ports import PlatformRules
from bot.text.control_characters import without_controls
from bot.text.invisible import without_invisible

_ANGLES = re.compile(r"<\s*([^<>\n]*)>")
_MENTION = re.compile(r"(?<![\w.+-])[@＠]+(?=\S)")
_PINGS = frozenset({"everyone", "here", "channel", "group"})
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MARKDOWN_LINK = re.compile(r"(!?)\[([^\[\]\n]*+)\]\(\s*+<?([^)\s>]{0,1000}+)>?[^)]{0,1000}+\)")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:|\[([^\]\n]+)\]\[[^\]\n]*\]", re.MULTILINE)
_SCHEME = re.compile(r"(?<![\w/])([a-z][a-z0-9+.-]{1,20}):(?=//|\S)", re.IGNORECASE)
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}://|//|www\.)[^\s<>\"'`|*)\]，。；！？、]+", re.IGNORECASE
)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[^\W_](?:[\w-]*[^\W_])?[.．。｡])+[^\W\d_]{2,24}(?::\d+)?(?:[/?#][^\s<>\"'`"
    r"|*)\]，。；！？、]*)?",
)
_BRACKETED_DOT = re.compile(r"\w\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*\w", re.IGNORECASE)
_LEADING = re.compile(r"^(\s*)(?:#{1,6}\s+|>+\s*|-#\s+|/(?=\w))+", re.MULTILINE)
_RULES = re.compile(r"^\s*(?:[-*_=]\s*){3,}$", re.MULTILINE)
_STRUCK = re.compile(r"~{2,}|~(?=\S)([^~\n]*\S)~")
"""Code fences, and strike-through, which reverses the meaning; "~5 cm" is neither."""

_TAGS = re.compile(r"<\|[^|]*\|>|\[/?INST\]|\|\|", re.IGNORECASE)
_DANGEROUS = frozenset(
    {
        "javascript",
        "data",
        "vbscript",
        "file",
        "ftp",
        "tel",
        "sms",
        "about",
        "blob",
    }
)
_TRAILING = ".,;:!?)]}'\"*_"
_CYRILLIC_GREEK = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")


class DisplayRules:
    """What the platforms that a text may be shown on act on, beyond what all of them do.

    Args:
        rules: Of these platforms.
    """

    def __init__(self, rules: Iterable[PlatformRules] = ()) -> None:
        known = list(rules)
        self._schemes = _DANGEROUS.union(*(each.schemes for each in known))
        words = sorted(_PINGS.union(*(each.pings for each in known)), key=len, reverse=True)
        any_ping = "|".join(re.escape(word) for word in words)
        self._mention = re.compile(rf"{_MENTION.pattern}|[@＠](?=(?:{any_ping})\b)", re.IGNORECASE)

    def without_mentions(self, text: str) -> str:
        """Take every `@` away that could notify somebody; e-mail addresses keep theirs."""
        mails = [match.span() for match in _EMAIL.finditer(text)]
        return self._mention.sub(
            lambda found: found.group() if _inside(found.start(), mails) else "", text
        )

    def acts_on(self, scheme: str) -> bool:
        """Return whether an address of a scheme does something else than open a page."""
        return scheme.lower() in self._schemes


_ANYWHERE = DisplayRules()


@dataclass(frozen=True, slots=True)
class SanitisedText:
    """A sanitised text.

    Attributes:
        text: Harmless Markdown.
        wrong: Why it is refused; empty when it may be shown.
    """

    text: str
    wrong: str = ""


def links_in(text: str) -> frozenset[str]:
    """Return every web and mail address in a text, normalised.

    >>> sorted(links_in("See example.com/returns, or mail help@example.com."))
    ['example.com/returns', 'help@example.com']
    """
    rest = _EMAIL.sub(" ", text)
    found = [match.group() for pattern in (_URL, _DOMAIN) for match in pattern.finditer(rest)]
    found += [target for _, _, target in _MARKDOWN_LINK.findall(rest)]
    mails = [mail.rstrip(_TRAILING).lower() for mail in _EMAIL.findall(text)]
    return frozenset([*(_normal(link) for link in found if link), *mails])


@bounded
def sanitise(
    text: str, allowed: frozenset[str], display: DisplayRules = _ANYWHERE
) -> SanitisedText:
    """Make a model's text harmless, or refuse it.

    Args:
        text: Markdown, as the model wrote it.
        allowed: The addresses that the knowledge holds, as `links_in` returns them.
        display: Where it may be shown.

    >>> sanitise("@everyone **Look**: <!channel>", frozenset()).text
    'everyone **Look**: '
    >>> sanitise("See [here](https://evil.test)", frozenset()).wrong
    'a link that is not in the knowledge'
    """
    text = _visible(html.unescape(html.unescape(_visible(text))))  # `&#8203;` becomes invisible
    text = _TAGS.sub("", text)
    if _has_foreign_letters(text):
        return SanitisedText("", "letters of several alphabets in one word")
    if _BRACKETED_DOT.search(text) or "![" in text:
        return SanitisedText("", "a link that is not in the knowledge")
    text = _ANGLES.sub(_unwrapped, text)
    if any(display.acts_on(name) for name in _SCHEME.findall(text)):
        return SanitisedText("", "a link that is not in the knowledge")
    if not links_in(text) <= allowed or _REFERENCE.search(text):
        return SanitisedText("", "a link that is not in the knowledge")
    text = display.without_mentions(text)
    text = _STRUCK.sub(r"\1", text).replace("`", "").replace("<", "‹")
    return SanitisedText(_RULES.sub("", _LEADING.sub(r"\1", text)))


def _normal(link: str) -> str:
    """Normalise an address: no scheme, no `www.`, no trailing marks."""
    link = unicodedata.normalize("NFKC", link).rstrip(_TRAILING)
    link = re.sub(r"^(?:https?:)?//", "", link, flags=re.IGNORECASE)
    link = re.sub(r"^mailto:", "", link, flags=re.IGNORECASE)
    host, slash, path = link.partition("/")
    return (host.lower().removeprefix("www.") + slash + path).rstrip("/")


def _unwrapped(found: re.Match[str]) -> str:
    """Return an address without its angle brackets; anything else in brackets is dropped."""
    inside = found[1].strip()
    target, bar, label = inside.partition("|")
    if re.match(r"https?://|mailto:|www\.", target, re.IGNORECASE):
        return f"{label} {target}" if bar else target
    return ""


def _visible(text: str) -> str:
    """Return a text without invisible characters: they hide a ping from us, not from platforms."""
    return without_controls(without_invisible(text))


def _has_foreign_letters(text: str) -> bool:
    """Return whether a word mixes Latin letters with lookalikes of other alphabets."""
    return any(
        _CYRILLIC_GREEK.search(word) and _LATIN.search(word)
        for word in re.findall(r"[^\W_]+", text)
    )


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Return whether a place is within one of several spans, in ascending order."""
    after = bisect_right(spans, place, key=itemgetter(0))
    return after > 0 and place < spans[after - 1][1]
