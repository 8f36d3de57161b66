"""Links: relative ones are made absolute where the page is known, and else become their text."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt

_INLINE = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]\n]|\n(?![ \t]*\n)|\[[^\[\]\n]{0,300}\]"
    r"|!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)){0,500})\]"
    r"\(\s*(?:<(?P<angled>[^>\n]{0,1000})>|(?P<target>(?:[^\s()]|\([^\s()]{0,300}\)){0,1000}+))"
    r"(?P<rest>(?:[ \t][^)\n]{0,500})?)\)"
)
_REFERENCE = re.compile(
    r"(?<![!\\\]])\[(?P<text>[^\[\]\n]{1,500})\](?:\[(?P<label>[^\[\]\n]{0,500})\])?(?![(:\[])"
)
_WIKI = re.compile(
    r"(?P<embed>!?)\[\[(?P<page>[^\[\]|\n]{1,500})(?:\|(?P<text>[^\[\]\n]{0,500}))?\]\]"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:mdx?|markdown|rst|adoc|ipynb)$", re.IGNORECASE)
_PARSER = MarkdownIt("commonmark").disable(["inline", "text_join"])


def settle_links(text: str, base: str = "") -> str:
    """Return Markdown without relative links and links of wikis.

    Args:
        text: Markdown, without its code.
        base: The address of the page; empty when it is unknown.

    >>> settle_links("[a](./b), [[c|d]], [e](https://f.test)")
    'a, d, [e](https://f.test)'
    >>> settle_links("[a](b)", "https://f.test/c/d")
    '[a](https://f.test/c/b)'
    """
    text = _WIKI.sub(_of_wiki, text)
    references = _references(text)
    if references:
        text = _REFERENCE.sub(lambda found: _resolved(found, references), text)
    return _INLINE.sub(lambda found: _settled(found, base), text)


def _of_wiki(found: re.Match[str]) -> str:
    if found["embed"]:
        return ""
    page = found["page"]
    return found["text"] or page.split("#")[0].rsplit("/", 1)[-1] or page.lstrip("#")


def _references(text: str) -> dict[str, str]:
    environment: dict[str, dict[str, dict[str, str]]] = {}
    if "]:" in text:
        _PARSER.parse(text, environment)
    return {label: each["href"] for label, each in environment.get("references", {}).items()}


def _resolved(found: re.Match[str], references: dict[str, str]) -> str:
    label = " ".join((found["label"] or found["text"]).upper().split())
    target = references.get(label, references.get(label.lower()))
    return found[0] if target is None else f"[{found['text']}]({target})"


def _settled(found: re.Match[str], base: str) -> str:
    target = found["angled"] if found["angled"] is not None else found["target"] or ""
    if _SCHEME.match(target):
        return found[0]
    absolute = _absolute(target, base)
    return f"[{found['text']}]({absolute})" if absolute else found["text"]


def _absolute(target: str, base: str) -> str:
    """Return where a relative link leads, if that is known: a source file has another address."""
    if target.startswith("//"):
        return f"https:{target}"
    path = urlsplit(target).path if target else ""
    if not base or not target or target.startswith(("@", "{", "__")) or _SOURCE.search(path):
        return ""
    return urljoin(base, target)
