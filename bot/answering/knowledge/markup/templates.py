"""Template languages: Liquid, Hugo's shortcodes, Jinja, Handlebars, GitBook's blocks."""

from __future__ import annotations

import re

from bot.answering.knowledge.markup.blocks import headline
from bot.answering.knowledge.markup.code import NOTES

_COMMENTS = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|\{%-?\s*comment\b[^%\n]{0,100}%\}.{0,2000}?\{%-?\s*endcomment\s*-?%\}"
    r"|\{\{[<%]\s*comment\s*[>%]\}\}.{0,2000}?\{\{[<%]\s*/\s*comment\s*[>%]\}\}"
    r"|\{\{[<%]?\s*/\*.{0,2000}?\*/\s*[>%]?\}\}|\{\{!--.{0,2000}?--\}\}|\{#\s.{0,2000}?\s#\}"
    r"|\{\s*/\*.{0,1000}?\*/\s*\}|%%[^%]{1,2000}?%%",
    re.DOTALL,
)
_TAG = re.compile(
    r"\{%-?(?P<liquid>[^%}](?:[^%{]|%(?!\})|\{(?!%)){0,2000}?)-?%\}"
    r"|\{\{[<%](?P<hugo>.{0,2000}?)[>%]\}\}"
    r"|\{\{\{?(?P<value>[^{}\n]{0,500})\}?\}\}",
    re.DOTALL,
)
_SHOWN = re.compile(
    r"(?<![\w-])(?P<key>title|label|header|heading|content|text|caption|summary|style|type|color)\s*[=:]\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))"
)
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_FALLBACK = re.compile(r"\|\s*(?:fallback|default)\s*:?\s*\(?\s*(?:\"([^\"]*)\"|'([^']*)')")
_TITLED = frozenset(
    (
        "expand",
        "details",
        "tab",
        "collapse",
        "accordion",
        "notice",
        "callout",
        "alert",
        "step",
        "card",
    )
)
_NAMED = frozenset(
    ("hint", "notice", "callout", "alert", "admonition", "aside", "note", "block", "panel")
)
_KINDS = frozenset(NOTES.split())


def without_comments(text: str) -> str:
    """Remove comments of authors; a comment without an end extends to the end of the text."""
    return _COMMENTS.sub(_newlines, text)


def without_templates(text: str) -> str:
    """Remove template tags, except for their visible words.

    >>> without_templates('{% tab title="Photos" %}{{< figure src="a.jpg" >}}Kept.{% endtab %}')
    '**Photos** Kept.'
    """
    return _TAG.sub(_shown, text)


def _newlines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _shown(tag: re.Match[str]) -> str:
    if tag["value"] is not None:
        otherwise = _FALLBACK.search(tag["value"])
        return next(filter(None, otherwise.groups()), "") if otherwise else ""
    body = (tag["liquid"] or tag["hugo"] or "").strip()
    name, _, rest = body.partition(" ")
    if name.startswith(("/", "end")):
        return _newlines(tag)
    said = _said(name.strip("/").lower(), rest)
    ends_line = tag.string[tag.end() : tag.end() + 1] in {"", "\n"}
    return (said.rstrip() if ends_line else said) + _newlines(tag)


def _said(name: str, rest: str) -> str:
    """Return what a reader sees of a tag."""
    said = {
        found["key"]: found["double"] or found["single"] or found["bare"] or ""
        for found in _SHOWN.finditer(rest)
    }
    title = next(
        (said[k] for k in ("title", "label", "header", "heading", "summary") if k in said), ""
    )
    if name == "include":
        return said.get("content") or said.get("text") or title
    quoted = _QUOTED.search(rest)
    if not title and name in _TITLED and quoted and "=" not in rest:
        title = quoted[1] or quoted[2] or ""
    kind = name if name in _KINDS else ""
    if name in _NAMED:
        words = [said.get("style", ""), said.get("type", ""), *re.findall(r"[\w-]+", rest)]
        kind = next((word for word in words if word.lower() in _KINDS), kind)
    shown = headline(kind, title)
    caption = said.get("caption", "")
    return f"{shown or caption} " if shown or caption else ""
