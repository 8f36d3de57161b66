"""HTML to Markdown: the visible text of a page, with its line numbers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.element import Comment, NavigableString, PreformattedString
from markdownify import ATX, MarkdownConverter
from soupsieve import SelectorSyntaxError

from bot.answering.knowledge.conversion.css_hidden import hides
from bot.answering.knowledge.conversion.decoding import decode
from bot.answering.knowledge.conversion.result import (
    Converted,
    Meta,
    Unreadable,
    collect_marks,
    mark,
    unmarkable,
)

DEEPEST = 150
"""Most nested elements; pages have far fewer, and the parser recurses."""

_UNSEEN = (
    "script, style, noscript, template, iframe, object, embed, svg, canvas, audio, video, img, "
    "form, input, button, select, textarea, nav, [hidden], [aria-hidden=true], head, title"
)
_BLOCKS = ["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "th", "pre", "dt", "dd", "div"]
_RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_META = "frontdesk-"


def convert(data: bytes) -> Converted:
    """Convert a page.

    Raises:
        Unreadable: It is no text, or nested beyond reason.
    """
    declared = _CHARSET.search(data[:4096])
    text = decode(data, declared.group(1).decode() if declared else "")
    return convert_text(unmarkable(text))


def convert_text(html: str) -> Converted:
    """Convert a page that is text already; it must hold no marks but those meant to stay."""
    with warnings.catch_warnings():
        # A text that is as short as a file's name is a text all the same.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        page = BeautifulSoup(html, "html.parser")
    _bound_depth(page)
    _close_unclosed(page)
    meta = dict(_meta(page))
    title = page.title.get_text(" ", strip=True) if page.title else ""
    _drop_unseen(page)
    _mend_links(page, meta["url"].value if "url" in meta else "")
    body = page.find("main") or page.find("article") or page.body or page
    _mark_lines(body)
    markdown, places = collect_marks(_Markdown(heading_style=ATX, bullets="-").convert_soup(body))
    return Converted(markdown, places, meta, title)


class _Markdown(MarkdownConverter):
    """As customers may read it: no rules between sections."""

    def convert_hr(self, _element: object, _text: str, _parents: object) -> str:
        """Leave rules out: passages are cut along headings."""
        return "\n\n"


def _bound_depth(page: BeautifulSoup) -> None:
    """Refuse what only an attacker writes, before anything recurses into it."""
    waiting: list[tuple[Tag, int]] = [(page, 0)]
    while waiting:
        element, depth = waiting.pop()
        if depth > DEEPEST:
            line = element.sourceline or 0
            raise Unreadable(f"nested {DEEPEST} elements deep", "simplify the page", line, 1)
        waiting += [(child, depth + 1) for child in element.children if isinstance(child, Tag)]


def _close_unclosed(page: BeautifulSoup) -> None:
    """Make siblings of elements that the parser nested because HTML allows to omit the end tag."""
    for name in ("li", "tr", "td", "th", "dt", "dd", "p"):
        for tag in page.find_all(name):
            if tag.parent is not None and tag.parent.name == name:
                tag.parent.insert_after(tag)


def _meta(page: BeautifulSoup) -> Iterator[tuple[str, Meta]]:
    """Yield the metadata of the page; our own meta tags last, so that they win."""
    root = page.find("html")
    if isinstance(root, Tag) and root.get("lang"):
        yield "language", _said(root, "lang")
    for link in page.select("link[rel=canonical][href]"):
        if re.match("https?://", str(link["href"])):
            yield "url", _said(link, "href")
    for tag in page.select(f"meta[name^={_META}]"):
        yield str(tag["name"]).removeprefix(_META), _said(tag, "content")


def _said(tag: Tag, attribute: str) -> Meta:
    return Meta(str(tag.get(attribute, "")), tag.sourceline or 0, (tag.sourcepos or 0) + 1)


def _drop_unseen(page: BeautifulSoup) -> None:
    """Remove what is not visible: code, controls, hidden text, comments."""
    for rule in [r for style in page.find_all("style") for r in _RULE.findall(style.get_text())]:
        _drop_styled(page, *rule)
    for tag in page.select(_UNSEEN):
        tag.decompose()
    for tag in page.select("[style]"):
        if not tag.decomposed and hides(str(tag["style"])):
            tag.decompose()
    for text in page.find_all(string=lambda text: isinstance(text, PreformattedString | Comment)):
        text.extract()


def _drop_styled(page: BeautifulSoup, selector: str, declarations: str) -> None:
    """Remove what a rule of a style sheet hides."""
    if not hides(declarations) or "@" in selector:
        return
    try:
        hidden = page.select(selector.strip())
    except (SelectorSyntaxError, NotImplementedError):
        return  # a selector such as :hover, of which nothing is hidden for good
    for tag in hidden:
        tag.decompose()


def _mend_links(page: BeautifulSoup, base: str) -> None:
    """Make links absolute; a link without a target becomes its text."""
    for link in page.find_all("a"):
        target = urljoin(base, str(link.get("href", "")).strip())
        if re.match(r"https?://|mailto:|tel:", target):
            link["href"] = target
        else:
            link.unwrap()


def _mark_lines(body: Tag) -> None:
    """Mark each block with its line number in the file."""
    for block in body.find_all(_BLOCKS):
        if not block.sourceline:
            continue
        first = block.find(string=lambda text: bool(text and text.strip()))
        if isinstance(first, NavigableString):
            stripped = first.lstrip()
            space = first[: len(first) - len(stripped)]
            line = block.sourceline + (space.count("\n") if first.parent is block else 0)
            if not stripped.startswith("\ue000"):
                first.replace_with(NavigableString(f"{space}{mark(line)}{stripped}"))
