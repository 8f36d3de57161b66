"""A reply as Discord takes it: texts of at most 2,000 characters, buttons under the last."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from adapters.common.markdown import plain_text, split_markdown
from adapters.common.rewriting import Rules, rewritten
from adapters.common.tables import as_text
from adapters.common.votes import vote_id
from adapters.discord.cards import embeds_of
from adapters.discord.case_button_row import LABEL_LIMIT, case_button_row
from adapters.discord.case_ids import CUSTOM_ID_LIMIT
from adapters.discord.heard import BUTTON_PREFIX, MENU_PREFIX, VOTE_PREFIX, WINDOW_PREFIX
from bot.messages import (
    ASIDE,
    MANY,
    AskFeedback,
    Button,
    Card,
    Cite,
    DecisionKind,
    Done,
    Offer,
    Part,
    Say,
    Source,
    Verdict,
    Visibility,
)
from bot.ports import CaseButton, FileContent
from bot.text.shorten import shortened

CONTENT_LIMIT = 2000  # error 50035 above
BUTTONS_LIMIT = 25  # five rows of five
BESIDE_MENU = 15  # a menu takes a row, thumbs another
OPTIONS_LIMIT = 25
OPTION_LIMIT = 100
ABOVE_THUMBS = 20  # the fifth row is theirs
FILES_LIMIT = 10
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
        thumbs: What its readers are asked; None: nothing.
        cards: Products, shown in place of what is said about them.
    """

    public: str
    private: str
    everything: str
    visibilities: frozenset[Visibility]
    kind: DecisionKind | None
    buttons: tuple[Button, ...]
    sources: tuple[Source, ...]
    language: str
    thumbs: AskFeedback | None = None
    cards: tuple[Card, ...] = ()

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
    thumbs: AskFeedback | None = None
    for part in parts:
        match part:
            case Say():
                says.append(part)
            case Offer(offered):
                buttons += offered
            case Cite(cited):
                sources += cited
            case AskFeedback():
                thumbs = part
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
        buttons=_most(buttons, BUTTONS_LIMIT),
        sources=tuple(sources[:CITED_LIMIT]),
        language=language,
        thumbs=thumbs,
        cards=tuple(card for say in says for card in say.cards),
    )


def _most(buttons: Sequence[Button], room: int) -> tuple[Button, ...]:
    """Return as many buttons as fit; what stands in a menu takes none of their room."""
    listed, others = _split(buttons)
    return (*listed, *others) if listed else tuple(buttons[:room])


def _joined(says: Sequence[Say]) -> str:
    """Join what is said; where it begins to be for others, or ends, begins a paragraph."""
    runs = itertools.groupby(says, key=lambda say: say.visibility)
    texts = ["".join(s.markdown for s in run if not s.cards).strip() for _, run in runs]
    return "\n\n".join(text for text in texts if text)


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send.

    Attributes:
        visibilities: Of all that the reply says which it belongs to.
        thumbs: Stand below the buttons.
        case_buttons: For staff.
        files: To be uploaded.
        cards: Products, as embeds.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    visibilities: frozenset[Visibility] = frozenset()
    thumbs: AskFeedback | None = None
    case_buttons: tuple[CaseButton, ...] = ()
    files: tuple[FileContent, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def custom_ids(self) -> tuple[str, ...]:
        """Custom ids of its buttons and thumbs, as Discord has them."""
        listed, buttons = _split(self.buttons)
        ours = [MENU_PREFIX + each.id for each in listed[:1]]
        ours += [_custom_id(button) for button in buttons]
        others = (*case_button_row(self.case_buttons), *_thumbs(self.thumbs))
        return (*ours, *(each.custom_id or "" for each in others))

    def plain(self) -> Post:
        """Return it as plain text that Discord takes whatever is in it."""
        said = "\n\n".join((self.text, *(each.markdown for each in self.cards)))
        text = shortened(plain_text(said), CONTENT_LIMIT, "…")
        escaped = discord.utils.escape_markdown(text)[:CONTENT_LIMIT] or "…"
        return Post(escaped, (), self.visibilities, files=self.files)

    def embeds(self) -> list[discord.Embed]:
        """Return the cards as discord.py sends them."""
        return embeds_of(self.cards)

    def uploads(self) -> list[discord.File]:
        """Return the files as discord.py sends them, once."""
        return [discord.File(io.BytesIO(each.content), each.name or "file") for each in self.files]

    def view(self) -> discord.ui.View | None:
        """Return the buttons as discord.py sends them.

        The view is stopped, so that discord.py keeps no track of it: a press is recognised by
        its custom id, also after a restart.
        """
        if not (self.buttons or self.case_buttons) and self.thumbs is None:
            return None
        view = discord.ui.View(timeout=None)
        listed, buttons = _split(self.buttons)
        if listed:
            view.add_item(_menu(listed))
        for button in buttons:
            label = shortened(button.label, LABEL_LIMIT, "…")
            view.add_item(discord.ui.Button(label=label, custom_id=_custom_id(button)))
        for each in (*case_button_row(self.case_buttons), *_thumbs(self.thumbs)):
            view.add_item(each)
        view.stop()
        return view


def _split(buttons: Sequence[Button]) -> tuple[Sequence[Button], Sequence[Button]]:
    """Return the values that stand in a menu, since they are many, and the other buttons."""
    listed = [button for button in buttons if button.listed]
    if len(listed) <= MANY:
        return (), buttons
    return listed, [button for button in buttons if not button.listed][:BESIDE_MENU]


def _menu(listed: Sequence[Button]) -> discord.ui.Select[discord.ui.View]:
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=MENU_PREFIX + listed[0].id
    )
    for each in listed[:OPTIONS_LIMIT]:
        menu.add_option(label=shortened(each.label, OPTION_LIMIT, "…"), value=each.id)
    return menu


def _custom_id(button: Button) -> str:
    return (WINDOW_PREFIX if button.opens else BUTTON_PREFIX) + button.id


def _thumbs(asked: AskFeedback | None) -> list[discord.ui.Button[discord.ui.View]]:
    """Return the thumbs, in a row of their own; none where they could not name what they judge."""
    if asked is None:
        return []
    thumbs: list[discord.ui.Button[discord.ui.View]] = []
    verdicts: tuple[tuple[Verdict, str, str], ...] = (
        ("up", "👍", asked.up),
        ("down", "👎", asked.down),
    )
    for verdict, emoji, label in verdicts:
        custom_id = VOTE_PREFIX + vote_id(verdict, asked.answer)
        if len(custom_id) > CUSTOM_ID_LIMIT:
            return []
        text = shortened(label, LABEL_LIMIT, "…")
        thumbs.append(discord.ui.Button(emoji=emoji, label=text, custom_id=custom_id, row=4))
    return thumbs


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
    thumbs: AskFeedback | None = None,
    *,
    case_buttons: tuple[CaseButton, ...] = (),
    files: Sequence[FileContent] = (),
    cards: tuple[Card, ...] = (),
) -> list[Post]:
    """Cut a text into posts, its cards, sources, buttons, thumbs and files under the last.

    Files that this one does not take follow in posts of their own.
    """
    cited = ", ".join(_citation(source) for source in sources)
    shown = rewritten(text, RULES).strip("\n")
    whole = f"{shown}{SOURCES}{cited}" if cited else shown
    texts = split_markdown(whole, CONTENT_LIMIT) or [""]
    room = BUTTONS_LIMIT if thumbs is None else ABOVE_THUMBS
    sent, *further = [
        tuple(files[start : start + FILES_LIMIT])
        for start in range(0, max(len(files), 1), FILES_LIMIT)
    ]
    last = Post(texts.pop(), _most(buttons, room), visibilities, thumbs, case_buttons, sent, cards)
    first = [Post(each, visibilities=visibilities) for each in texts]
    after = [Post("", visibilities=visibilities, files=each) for each in further]
    says = last.text or last.buttons or last.case_buttons or last.files or last.cards
    return [*first, *([last] if says else []), *after]


def _citation(source: Source) -> str:
    """Link a source without a preview: <> keeps Discord from unfolding the page."""
    title = discord.utils.escape_markdown(source.title).replace("[", "(").replace("]", ")")
    return f"[{title}](<{source.url}>)" if source.url else title
