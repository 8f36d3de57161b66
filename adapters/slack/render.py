"""From the parts of a reply to Slack's blocks, within Slack's limits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from adapters.common.emphasis import with_visible_bold
from adapters.common.markdown import plain_text, split_markdown
from adapters.common.rewriting import Rules, rewritten, tables_apart
from adapters.common.tables import Table, as_list, as_text, cell_text
from adapters.common.votes import vote_id
from adapters.slack.cards import card_blocks, cards_text
from adapters.slack.text import escape, harmless
from bot.messages import (
    MANY,
    AskFeedback,
    Button,
    Cite,
    Done,
    Offer,
    Part,
    Say,
    Source,
    Visibility,
)
from bot.text.shorten import shortened

Block = dict[str, Any]

ACTION_PREFIX = "frontdesk_button_"
WINDOW_ACTION = "frontdesk_window_"
BLOCK_PREFIX = "frontdesk_thread:"
VOTE_ACTION = "frontdesk_vote:"
VOTE_BLOCK = "frontdesk_vote_thread:"
BLOCK_NUMBER = ":"  # separates the thread from the number of the row

# A markdown block may have 12,000 characters, but Slack refuses a post whose blocks have about
# 13,200 together (github.com/slackapi/bolt-js/issues/2509): leave room for sources and buttons.
MARKDOWN_LIMIT = 9_500
_FALLBACK_LIMIT = 3_000
_PLAIN_LIMIT = 3_500  # Slack advises 4,000 characters for a text; signs are escaped
_LABEL_LIMIT = 75
_TITLE_LIMIT = 120
_URL_LIMIT = 150
_SOURCES_LIMIT = 10  # elements of a context block
_ROWS_LIMIT = 100
_COLUMNS_LIMIT = 20
_TABLE_LIMIT = 8_000  # characters; Slack takes 10,000 in all tables of a message
_BUTTONS_LIMIT = 25  # elements of an actions block
_OPTIONS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Post:
    """One message to post.

    Attributes:
        text: What notifications show, and clients without blocks.
    """

    text: str
    blocks: tuple[Block, ...]

    def plain(self) -> Post:
        """Return it as plain text that Slack takes whatever is in it."""
        text = self.text
        if self.streamable:
            text = _fallback(self.markdown, _PLAIN_LIMIT)
        cards = [each["text"]["text"] for each in self.blocks if each["type"] == "section"]
        return Post("\n\n".join(filter(None, (text, *cards)))[:_PLAIN_LIMIT] or "…", ())

    @property
    def markdown(self) -> str:
        """What its text says, without tables, sources and buttons."""
        texts = [block["text"] for block in self.blocks if block["type"] == "markdown"]
        return "\n\n".join(texts)

    @property
    def streamable(self) -> bool:
        """Whether its text is one block, which a stream can show."""
        kinds = [block["type"] for block in self.blocks]
        return kinds[:1] == ["markdown"] and not {"markdown", "table"}.intersection(kinds[1:])

    @property
    def digest(self) -> str:
        """Digest of the content, equal for equal posts."""
        canonical = json.dumps([self.text, self.blocks], sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as Slack takes it.

    Attributes:
        visibilities: Of all that it says.
        language: BCP 47 tag; empty when it answers nothing.
    """

    posts: tuple[Post, ...]
    visibilities: frozenset[Visibility]
    language: str = ""

    @property
    def private(self) -> bool:
        """Whether the author alone may see it: as soon as they alone may see a part of it."""
        return Visibility.PRIVATE in self.visibilities


def render(parts: Sequence[Part], thread: str) -> Reply:
    """Turn the parts of a reply into posts; sources and buttons hang on the last one.

    Args:
        parts: The whole reply.
        thread: Where the reply belongs; the buttons name it, since the press of a button on a
            private post does not.
    """
    says = [part for part in parts if isinstance(part, Say)]
    sources = [source for part in parts if isinstance(part, Cite) for source in part.sources]
    buttons = [button for part in parts if isinstance(part, Offer) for button in part.buttons]
    said = rewritten("".join(say.markdown for say in says if not say.cards), RULES)
    pieces = split_markdown(harmless(said), MARKDOWN_LIMIT)
    posts = [Post(_fallback(piece), _blocks(piece)) for piece in pieces]
    thumbs = [part for part in parts if isinstance(part, AskFeedback)]
    cards = [card for say in says for card in say.cards]
    extras = (
        *card_blocks(cards),
        *_context(sources),
        *_actions(buttons, thread),
        *_thumbs(thumbs, thread),
    )
    if extras and (posts or cards or sources or buttons):
        last = posts.pop() if posts else Post(_labels(sources, buttons), ())
        text = "\n".join(filter(None, (last.text, cards_text(cards))))
        posts.append(Post(text, (*last.blocks, *extras)))
    languages = [part.decision.language for part in parts if isinstance(part, Done)]
    visibilities = frozenset(say.visibility for say in says)
    return Reply(tuple(posts), visibilities, "".join(languages[:1]))


RULES = Rules(
    table=None, heading=lambda level, text: f"{'#' * level} {text}", inline=with_visible_bold
)
"""What Slack shows differently; its tables are blocks of their own."""


def _blocks(piece: str) -> tuple[Block, ...]:
    """Return the text of a post as blocks; Slack takes one table a message."""
    blocks: list[Block] = []
    for part in tables_apart(piece):
        if isinstance(part, str):
            blocks.append(_markdown(part.strip("\n")))
        elif _fits(part) and not any(block["type"] == "table" for block in blocks):
            blocks.append(_table(part))
        else:
            blocks.append(_markdown(as_text(part)))
    return tuple(_joined(blocks))


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Join texts that follow each other: Slack puts a space between blocks."""
    joined: list[Block] = []
    for block in blocks:
        if joined and joined[-1]["type"] == block["type"] == "markdown":
            joined[-1] = _markdown(f"{joined[-1]['text']}\n\n{block['text']}")
        else:
            joined.append(block)
    return joined


def _markdown(text: str) -> Block:
    return {"type": "markdown", "text": text}


def _fits(table: Table) -> bool:
    rows, columns = 1 + len(table.rows), len(table.head)
    size = sum(len(cell) for row in (table.head, *table.rows) for cell in row)
    return rows <= _ROWS_LIMIT and columns <= _COLUMNS_LIMIT and size <= _TABLE_LIMIT


def _table(table: Table) -> Block:
    """Return a table block; an empty cell would be refused."""
    rows = [[cell_text(cell) or " " for cell in row] for row in (table.head, *table.rows)]
    cells = [[{"type": "raw_text", "text": harmless(text)} for text in row] for row in rows]
    return {"type": "table", "rows": cells}


def _fallback(markdown: str, limit: int = _FALLBACK_LIMIT) -> str:
    parts = (part if isinstance(part, str) else as_list(part) for part in tables_apart(markdown))
    text = plain_text("\n".join(part.strip("\n") for part in parts))
    return escape(harmless(shortened(text, limit, "…")))


def _labels(sources: Sequence[Source], buttons: Sequence[Button]) -> str:
    names = [source.title for source in sources] + [button.label for button in buttons]
    return escape(harmless(" · ".join(names))[:_FALLBACK_LIMIT])


def _context(sources: Sequence[Source]) -> list[Block]:
    if not sources:
        return []
    elements = [{"type": "mrkdwn", "text": _link(source)} for source in sources[:_SOURCES_LIMIT]]
    return [{"type": "context", "elements": elements}]


def _link(source: Source) -> str:
    """Return a source as mrkdwn; an address that is no web address is left out."""
    title = escape(harmless(shortened(source.title or source.url, _TITLE_LIMIT, "…")))
    url = quote(source.url, safe=":/?#[]!$&'()*+,;=%~")  # without @: @here may stand in it
    if urlsplit(url).scheme not in {"http", "https"} or len(url) > _URL_LIMIT:
        return title
    return f"<{escape(url)}|{title.replace('|', '/')}>"


def _actions(buttons: Sequence[Button], thread: str) -> list[Block]:
    elements = _elements(buttons)
    return [
        {
            "type": "actions",
            "block_id": f"{BLOCK_PREFIX}{thread}{BLOCK_NUMBER}{start}",
            "elements": elements[start : start + _BUTTONS_LIMIT],
        }
        for start in range(0, len(elements), _BUTTONS_LIMIT)
    ]


def _elements(buttons: Sequence[Button]) -> list[Block]:
    """Return buttons; many values stand in a menu before the others."""
    listed = [button for button in buttons if button.listed]
    if len(listed) <= MANY:
        return [_button(button, position) for position, button in enumerate(buttons)]
    others = [button for button in buttons if not button.listed]
    menu = {
        "type": "static_select",
        "action_id": f"{ACTION_PREFIX}menu",
        "options": [
            {"text": {"type": "plain_text", "text": label_of(each.label)}, "value": each.id}
            for each in listed[:_OPTIONS_LIMIT]
        ],
    }
    return [menu, *(_button(button, position) for position, button in enumerate(others))]


def _thumbs(asked: Sequence[AskFeedback], thread: str) -> list[Block]:
    """Return Slack's own feedback buttons; the action names the language of the reply."""
    return [
        {
            "type": "context_actions",
            "block_id": f"{VOTE_BLOCK}{thread}{BLOCK_NUMBER}0",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": f"{VOTE_ACTION}{each.language}",
                    "positive_button": _thumb(each.up, vote_id("up", each.answer)),
                    "negative_button": _thumb(each.down, vote_id("down", each.answer)),
                }
            ],
        }
        for each in asked[:1]
    ]


def _thumb(label: str, value: str) -> Block:
    text = label_of(label)
    return {
        "text": {"type": "plain_text", "text": text},
        "accessibility_label": text,
        "value": value,
    }


def label_of(text: str) -> str:
    """Return the label of a button, as long as Slack takes it."""
    return shortened(harmless(text), _LABEL_LIMIT, "…")


def chosen(label: str) -> Block:
    """Return what stands in the place of buttons once one of them was pressed."""
    text = f"✓ {label_of(label)}"
    return {"type": "context", "elements": [{"type": "plain_text", "text": text}]}


def _button(button: Button, position: int) -> Block:
    return {
        "type": "button",
        "action_id": f"{WINDOW_ACTION if button.opens else ACTION_PREFIX}{position}",
        "text": {"type": "plain_text", "text": label_of(button.label)},
        "value": button.id,
    }
