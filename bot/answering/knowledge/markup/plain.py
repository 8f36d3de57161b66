"""Plain Markdown: removes the markup of generators, line by line."""

from __future__ import annotations

import html
import re

from bot.answering.knowledge.markup.blocks import without_blocks, without_statements
from bot.answering.knowledge.markup.code import Masks
from bot.answering.knowledge.markup.components import open_lines, without_components
from bot.answering.knowledge.markup.links import settle_links
from bot.answering.knowledge.markup.templates import without_comments, without_templates

_ATTRIBUTES = re.compile(
    r"[ \t]?\{:?[ \t]*(?:(?:[#.][\w:-]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+)"
    r"|:?toc|no_toc|-)[ \t]*)++\}"
    r"|[ \t]?\{:[^{}\n]{1,200}\}"
)
_EXPRESSION = re.compile(
    r"\{\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|`([^`\n$]*)`|[A-Za-z_$][\w$]*(?:\.[\w$]+)+(?:\([^)\n]{0,200}\))?)\s*\}"
)
_MACRO = re.compile(
    r"\{(?P<name>info|note|tip|warning|panel|expand|toc|anchor|color|section|column|excerpt|code|noformat|quote|include|children|details)(?::(?P<set>[^{}\n]*))?\}"
)
_KEPT_TITLE = re.compile(r"\btitle=([^|}\n]*)")
_ROLE = re.compile(r"\{[\w:-]+\}(?=\ue000)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}\]")
_KEYS = re.compile(r"(?<![+\w])\+\+(?P<keys>[\w\"-]+(?:\+[\w\"-]+)*)\+\+(?![+\w])")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=[^=\s])([^=\n]{1,500}?)(?<=[^=\s])==(?!=)")
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple|icon)-[\w-]+:")
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]++\^[A-Za-z][\w-]*[ \t]*$", re.MULTILINE)
_HEADING = re.compile(
    r"^[ \t]*<h([1-6])(?:\s[^<>]*)?>(.*?)</h\1>[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_ITEM = re.compile(
    r"(?:(?P<first>^[ \t]*+(?:<[uo]l(?:\s[^<>]*)?>[ \t]*+)?)|(?<![ \t])[ \t]*+)<li(?=[\s>])",
    re.IGNORECASE | re.MULTILINE,
)
_APART = re.compile(r"(</(?:p|div|li|td|th|tr|dt|dd|h[1-6]|ul|ol)>|<br\s*/?>)(?=\S)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_SAFE = re.compile(r"[^\W_]|[\s.,;:!?'\"“”‘’«»„‚…–—()/€£¥§°©®™•·×-]")


def plain(markdown: str, base: str = "") -> str:
    r"""Return Markdown without the markup of generators, with the same lines; code is unchanged.

    Args:
        markdown: An article below its front matter.
        base: The address of its page, for relative links; empty when it is unknown.

    >>> plain(":::note\n\nOnly **owners**{.x} see [it](./it).\n\n:::")
    '**Note**\n\nOnly **owners** see it.\n\n'
    """
    masks = Masks()
    text = without_comments(masks.hide(markdown))
    text = without_blocks(without_statements(text))
    text = masks.hide_indented(text, open_lines(text))
    text = without_components(without_templates(text))
    text = settle_links(_inline(_of_html(text)), base)
    return masks.put_back(text)


def _inline(text: str) -> str:
    text = _MACRO.sub(_macro, text)
    text = _EXPRESSION.sub(lambda found: next(filter(None, found.groups()), ""), text)
    text = _ROLE.sub("", _ATTRIBUTES.sub("", text))
    text = _KEYS.sub(lambda found: found["keys"], _FOOTNOTE.sub("", text))
    return _BLOCK_ID.sub("", _ICON.sub("", _HIGHLIGHT.sub(r"\1", text)))


def _macro(found: re.Match[str]) -> str:
    title = _KEPT_TITLE.search(found["set"] or "")
    return f"**{title[1].strip()}**" if title and title[1].strip() else ""


def _of_html(text: str) -> str:
    """Set apart what HTML sets apart: headings, items and cells that share a line."""
    text = _HEADING.sub(lambda found: f"{'#' * int(found[1])} {found[2].strip()}", text)
    text = _ITEM.sub(lambda item: " • <li" if item["first"] is None else "- <li", text)
    return _ENTITY.sub(_character, _APART.sub(r"\1 ", text))


def _character(entity: re.Match[str]) -> str:
    """Return the character of an entity, unless Markdown or HTML would read it as a sign."""
    text = html.unescape(entity[0]).replace("\xa0", " ")
    return text if len(text) == 1 and _SAFE.fullmatch(text) and text != "\n" else entity[0]
