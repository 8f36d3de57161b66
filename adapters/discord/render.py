"""A reply as Discord takes it: texts of at most 2,000 characters, buttons under the last."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from adapters.common.markdown import plain_text, split_markdown
from adapters.common.rewriting import Rules, rewritten
from adapters.common.tables import as_text
from adapters.discord.heard import BUTTON_PREFIX
from bot.messages import (
    ASIDE,
    Button,
    Cite,
    DecisionKind,
    Done,
    Offer,
    Part,
    Say,
    Source,
    Visibility,
)
from bot.text.shorten import shortened

CONTENT_LIMIT = 2000  # error 50035 above
LABEL_LIMIT = 80
BUTTONS_LIMIT = 25  # five rows of five
CITED_LIMIT = 5
SOURCES = "\n\n-# Sources: "
HEADING_LEVELS = 3
_UNDERLINED = re.compile(r"(?<![\w\\])__(?=\S)(?P<text>[^_\n]{1,200})(?<=\S)__(?!\w)")


@dataclass(frozen=True, slots=True)
class Reply:
    """All parts of a reply.

    Attributes:
        public: Markdown for those who read the place of the question; may be empty.
        private: Markdown for the author alone; may be empty.
        everything: Both, in the order said, for a place where nobody else reads.
        visibilities: Of all that is said.
        kind: What was decided.
        language: BCP 47 tag of the reply.
    """

    public: str
    private: str
    everything: str
    visibilities: frozenset[Visibility]
    kind: DecisionKind | None
    buttons: tuple[Button, ...]
    sources: tuple[Source, ...]
    language: str

    @property
    def aside(self) -> bool:
        """Whether it is a word to one person that leaves no trace in the conversation."""
        return bool(self.private) and not self.public and self.kind in _ASIDE


_ASIDE = ASIDE | {DecisionKind.UNKNOWN}


def render(parts: Iterable[Part]) -> Reply:
    """Sort the parts of a reply."""
    says: list[Say] = []
    buttons: list[Button] = []
    sources: list[Source] = []
    kind: DecisionKind | None = None
    language = ""
    for part in parts:
        match part:
            case Say():
                says.append(part)
            case Offer(offered):
                buttons += offered
            case Cite(cited):
                sources += cited
            case Done(decision):
                kind, language = decision.kind, decision.language
    private = [say for say in says if say.visibility is Visibility.PRIVATE]
    public = [say for say in says if say.visibility is not Visibility.PRIVATE]
    return Reply(
        public=_joined(public),
        private=_joined(private),
        everything=_joined(says),
        visibilities=frozenset(say.visibility for say in says),
        kind=kind,
        buttons=tuple(buttons[:BUTTONS_LIMIT]),
        sources=tuple(sources[:CITED_LIMIT]),
        language=language,
    )


def _joined(says: Sequence[Say]) -> str:
    """Join what is said; where it begins to be for others, or ends, begins a paragraph."""
    runs = itertools.groupby(says, key=lambda say: say.visibility)
    texts = ["".join(say.markdown for say in run).strip() for _, run in runs]
    return "\n\n".join(text for text in texts if text)


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send.

    Attributes:
        visibilities: Of all that the reply says which it belongs to.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    visibilities: frozenset[Visibility] = frozenset()

    def plain(self) -> Post:
        """Return it as plain text that Discord takes whatever is in it."""
        text = shortened(plain_text(self.text), CONTENT_LIMIT, "…")
        return Post(
            discord.utils.escape_markdown(text)[:CONTENT_LIMIT] or "…", (), self.visibilities
        )

    def view(self) -> discord.ui.View | None:
        """Return the buttons as discord.py sends them.

        The view is stopped, so that discord.py keeps no track of it: a press is recognised by
        its custom id, also after a restart.
        """
        if not self.buttons:
            return None
        view = discord.ui.View(timeout=None)
        for button in self.buttons:
            label = shortened(button.label, LABEL_LIMIT, "…")
            view.add_item(discord.ui.Button(label=label, custom_id=BUTTON_PREFIX + button.id))
        view.stop()
        return view


def _heading(level: int, text: str) -> str:
    """Return a heading; below the third level Discord has none."""
    return f"{'#' * level} {text}" if level <= HEADING_LEVELS else f"**{text}**"


def _inline(text: str) -> str:
    """Return text with its bold marked by stars: to Discord `__` underlines."""
    return _UNDERLINED.sub(r"**\g<text>**", text)


RULES = Rules(table=as_text, heading=_heading, rule="───", inline=_inline)
"""What Discord shows differently: it has neither tables nor rules."""


def posts(
    text: str,
    buttons: tuple[Button, ...] = (),
    sources: Iterable[Source] = (),
    visibilities: frozenset[Visibility] = frozenset(),
) -> list[Post]:
    """Cut a text into posts, its sources and buttons under the last."""
    cited = ", ".join(_citation(source) for source in sources)
    shown = rewritten(text, RULES).strip("\n")
    whole = f"{shown}{SOURCES}{cited}" if cited else shown
    texts = split_markdown(whole, CONTENT_LIMIT) or [""]
    last = Post(texts.pop(), buttons, visibilities)
    first = [Post(each, visibilities=visibilities) for each in texts]
    return [*first, *([last] if last.text or last.buttons else [])]


def _citation(source: Source) -> str:
    """Link a source without a preview: <> keeps Discord from unfolding the page."""
    title = discord.utils.escape_markdown(source.title).replace("[", "(").replace("]", ")")
    return f"[{title}](<{source.url}>)" if source.url else title
