"""What a reply consists of: text, buttons, sources, and the decision at its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.decisions import Decision
from bot.open_form import FormChange
from bot.ownership import ConversationState


class Visibility(StrEnum):
    """Who may see a reply."""

    PUBLIC = "public"
    PRIVATE = "private"
    """The author alone."""

    INTERNAL = "internal"
    """Staff alone: made of internal articles."""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice that the customer can press; what it means is looked up in storage by its id.

    Attributes:
        opens: It opens a window, see `bot.ports.Windows`, where the platform has any.
        listed: It is one of several values, which stand in a list where there are many.
    """

    id: str
    label: str
    opens: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What pressing a button means; kept in storage, never on the platform.

    Attributes:
        kind: `intent` answers with the intent named by `value`; `neither` says that none of the
            offered intents fits; `handoff` asks for a human; `csat` says how a person has helped;
            `form` answers an open form; `product` changes what is recommended.
        value: The intent's name for `intent`, for `csat` 1 to 5, for `form` and `product` what is
            to be done, as their stages write it; else empty.
        question: The text that led to the offer, so that `neither` can go on with it; for `csat`
            the number of the case; for `form` the id of the form.
        language: BCP 47 tag that the offer was made in.
    """

    kind: Literal["intent", "neither", "handoff", "csat", "form", "product"]
    value: str = ""
    question: str = ""
    language: str = ""

    @property
    def opens(self) -> bool:
        """Whether it opens a window with what a form asks."""
        return self.kind == "form" and self.value.partition(":")[0] == "private"

    @property
    def listed(self) -> bool:
        """Whether it is one of several values that a form can take."""
        return self.kind == "form" and self.value.startswith("answer:")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from, for the customer to read on."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A product, for platforms that show it with its picture.

    Attributes:
        text: Lines about it, in Markdown.
        url: Of its page; empty: it has none.
        picture: Address of its picture; empty: it has none.
        alt: What the picture shows, for those who cannot see it.
    """

    title: str
    text: str
    url: str = ""
    picture: str = ""
    alt: str = ""

    @property
    def markdown(self) -> str:
        """All that it says, for where there are no cards."""
        title = f"**[{self.title}]({self.url})**" if self.url else f"**{self.title}**"
        return "\n".join((title, *self.text.splitlines()))


@dataclass(frozen=True, slots=True)
class Say:
    """A checked piece of the reply, in Markdown; pieces join without a separator.

    Attributes:
        cards: The same as cards: a platform that has them shows those in place of the Markdown.
    """

    markdown: str
    visibility: Visibility = Visibility.PUBLIC
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Buttons under the reply."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """Sources under the reply."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The last part of every reply; a reply of `Done` alone is silence.

    Attributes:
        decision: What was decided.
        state: What the conversation becomes once the reply is posted, made from the stored state;
            None: as it is. Whoever changed it meanwhile comes first.
        form: What becomes of the customer's form with it; None: it stays as it is.
    """

    decision: Decision
    state: ConversationState | None = None
    form: FormChange | None = None


@dataclass(frozen=True, slots=True)
class MarkUsed:
    """The buttons beside the pressed one have served: their post is to show which was chosen."""


@dataclass(frozen=True, slots=True)
class AskFeedback:
    """Thumbs under the reply.

    Attributes:
        answer: Id of the message that is answered.
        up, down: What the thumbs are called.
        language: BCP 47 tag of the reply.
    """

    answer: str
    up: str
    down: str
    language: str


@dataclass(frozen=True, slots=True)
class SayElsewhere:
    """What is said in another conversation; delivered once the event is finished.

    Attributes:
        conversation: Where, as `platform:app:channel[:thread]`.
        markdown: What is said.
        author: Key of the person it is for.
        buttons: Under it.
        visibility: `PRIVATE`: nobody else reads there.
        instead: What is said where the platform will never take it; None: staff are told.
    """

    conversation: str
    markdown: str
    author: str
    buttons: tuple[Button, ...] = ()
    visibility: Visibility = Visibility.PRIVATE
    instead: SayElsewhere | None = None


MANY = 5
"""Values above which adapters show a list in place of buttons, where the platform has lists."""

Part = Say | SayElsewhere | Offer | Cite | MarkUsed | AskFeedback | Done
