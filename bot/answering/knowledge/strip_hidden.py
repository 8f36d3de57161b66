"""Hidden-text stripping: removes comments, pictures, hidden elements and invisible characters.

People review an article as it is rendered. What they cannot see there is shown neither to customers
nor to a model.
"""

from __future__ import annotations

import re

from bot.answering.knowledge.conversion import hides
from bot.text.invisible import JOINERS, without_invisible

_PIECE = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<tick>`+)(?!`)[^\n]{1,500}?(?<!`)(?P=tick)(?!`))"
    r"|(?P<unseen><!--.*?(?:-->|\Z)|!\[[^\]\n]{0,500}\](?:\([^)\n]{0,1000}\)|\[[^\]\n]{0,500}\])?)"
    r"|(?P<tag><(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:\s(?:[^<>\"']|\"[^\"]{0,2000}\""
    r"|'[^']{0,2000}')*)?)/?>)"
    r"|(?P<link>\]\(\s{0,9}[^()\s]{0,1000})\s{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\([^()\n]{0,500}\))\s{0,9}\)",
    re.DOTALL | re.MULTILINE,
)
"""Code stays unchanged; of links only the title is removed, which appears on hover."""

_HIDDEN = re.compile(r"\shidden\b|aria-hidden\s*=\s*[\"']?true", re.IGNORECASE)
_STYLE = re.compile(r"\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_VOID = "area base br col embed hr img input link meta param source track wbr"
_UNSEEN = (
    "audio canvas head iframe noscript object script select style svg template textarea title video"
)
_SEEN = (
    "a abbr address article aside b blockquote body button caption center cite code dd del details "
    "dfn div dl dt em figcaption figure font footer form h1 h2 h3 h4 h5 h6 header html i ins kbd "
    "label li main mark nav ol p pre q s samp section small span strike strong sub summary sup "
    "table tbody td tfoot th thead tr tt u ul var"
)
_ELEMENTS = frozenset(f"{_VOID} {_UNSEEN} {_SEEN}".split())
"""Elements of HTML. What only looks like one, such as <order number>, is text."""


def visible(markdown: str) -> str:
    r"""Return the visible text of Markdown, with the same number of lines.

    >>> visible("60 days<!-- not in May -->, *free* <b hidden>or not</b><br>![now](n.png)\u200b.")
    '60 days, *free* .'
    """
    text = without_invisible(markdown, keep=JOINERS)
    kept: list[str] = []
    place, hiding, depth = 0, "", 0
    for found in _PIECE.finditer(text):
        kept.append(_lines(text[place : found.start()]) if depth else text[place : found.start()])
        place, name = found.end(), (found["name"] or "").lower()
        kept.append(_lines(found[0]) if depth else _seen(found, name))
        if depth and name == hiding:
            depth += -1 if found["end"] else 1
        elif not depth and found["tag"] and _hides(found, name):
            hiding, depth = name, 1
    kept.append(_lines(text[place:]) if depth else text[place:])
    return "".join(kept)


def _seen(found: re.Match[str], name: str) -> str:
    """Return the visible text of one match."""
    if found["code"]:
        return found[0]
    if found["link"]:
        return f"{found['link']})"
    if found["tag"] and name not in _ELEMENTS and not _hides(found, name):
        return found[0]
    return _lines(found[0])


def _hides(found: re.Match[str], name: str) -> bool:
    """Return whether a tag begins a hidden element."""
    if found["end"] or name in _VOID.split():
        return False
    return name in _UNSEEN.split() or hides_text(found["attributes"])


def is_element(name: str) -> bool:
    """Return whether HTML has an element of a name, in small letters."""
    return name in _ELEMENTS


def hides_text(attributes: str) -> bool:
    """Return whether attributes, with a space before each, hide the content of their element."""
    style = _STYLE.search(attributes)
    hidden = style is not None and hides("".join(filter(None, style.groups())))
    return hidden or _HIDDEN.search(attributes) is not None


def _lines(text: str) -> str:
    """Return only the line ends, so that later text keeps its line number."""
    return "\n" * text.count("\n")
