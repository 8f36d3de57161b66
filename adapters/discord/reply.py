"""A reply as Discord takes it: texts of at most 2,000 characters, buttons under the last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import discord

from adapters.discord.translate import BUTTON_PREFIX
from adapters.markdown import split_markdown
from bot.messages import Button, Cite, Done, Offer, Part, Say, Source, Visibility

CONTENT_LIMIT = 2000  # error 50035 above
LABEL_LIMIT = 80
BUTTONS_LIMIT = 25  # five rows of five
CITED_LIMIT = 5
SOURCES = "\n\n-# Sources: "


@dataclass(frozen=True, slots=True)
class Reply:
    """All parts of a reply.

    Attributes:
        public, private: Markdown for everybody, and for the author alone; both may be empty.
    """

    public: str
    private: str
    buttons: tuple[Button, ...]
    sources: tuple[Source, ...]

    @property
    def everything(self) -> str:
        """Public and private text, for a place where nobody else reads."""
        return "\n\n".join(text for text in (self.public, self.private) if text)


async def collected(parts: AsyncIterator[Part]) -> Reply:
    """Read a reply to its end."""
    said: dict[Visibility, str] = dict.fromkeys(Visibility, "")
    buttons: list[Button] = []
    sources: list[Source] = []
    async for part in parts:
        match part:
            case Say(markdown, visibility):
                said[visibility] += markdown
            case Offer(offered):
                buttons += offered
            case Cite(cited):
                sources += cited
            case Done():
                pass
    return Reply(
        public=said[Visibility.PUBLIC].strip(),
        private=said[Visibility.PRIVATE].strip(),
        buttons=tuple(buttons[:BUTTONS_LIMIT]),
        sources=tuple(sources[:CITED_LIMIT]),
    )


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send."""

    text: str
    buttons: tuple[Button, ...] = ()

    def view(self) -> discord.ui.View | None:
        """Return the buttons as discord.py sends them.

        The view is stopped, so that discord.py keeps no track of it: a press is recognised by
        its custom id, also after a restart.
        """
        if not self.buttons:
            return None
        view = discord.ui.View(timeout=None)
        for button in self.buttons:
            label = button.label[:LABEL_LIMIT]
            view.add_item(discord.ui.Button(label=label, custom_id=BUTTON_PREFIX + button.id))
        view.stop()
        return view


def posts(
    text: str, buttons: tuple[Button, ...] = (), sources: Iterable[Source] = ()
) -> list[Post]:
    """Cut a text into posts, its sources and buttons under the last."""
    cited = ", ".join(_citation(source) for source in sources)
    whole = f"{text}{SOURCES}{cited}" if cited else text
    texts = split_markdown(whole, CONTENT_LIMIT) or [""]
    last = Post(texts.pop(), buttons)
    return [*(Post(each) for each in texts), *([last] if last.text or last.buttons else [])]


def _citation(source: Source) -> str:
    """Link a source without a preview: <> keeps Discord from unfolding the page."""
    title = discord.utils.escape_markdown(source.title).replace("[", "(").replace("]", ")")
    return f"[{title}](<{source.url}>)" if source.url else title
