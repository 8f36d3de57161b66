"""What is said next in a form, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.form_events import FormEnding, form_event
from bot.messages import Button, Choice
from bot.open_form import OpenForm


@dataclass(frozen=True, slots=True)
class FormReply:
    """A reply in a form.

    Attributes:
        form: As it is afterwards; None: it is closed.
        reason: Why, for the decision.
        said: What the customer reads, paragraph by paragraph, in Markdown.
        buttons: Label and meaning of each button under it.
        suggestions: Intents that are offered as next steps.
        private: For the customer alone, where others read.
        failed: Why an action failed, for staff, who are told; empty: none did.
        person: A person takes over.
        team: Which one is asked; empty: the default one.
        asks: What is said ends with the open question.
        ending: How the form ended; empty: it did not.
        moved: Where the form goes on; what is said here stands before the word about that.
    """

    form: OpenForm | None
    reason: str
    said: tuple[str, ...] = ()
    buttons: tuple[tuple[str, Choice], ...] = ()
    suggestions: tuple[str, ...] = ()
    private: bool = False
    failed: str = ""
    person: bool = False
    team: str = ""
    asks: bool = True
    ending: FormEnding | Literal[""] = ""
    moved: Moved | None = None

    @property
    def markdown(self) -> str:
        """All that the customer reads."""
        return "\n\n".join(filter(None, self.said))

    def events(self, intent: str) -> tuple[str, ...]:
        """Return how the form of an intent ended, as a reason; empty: it did not."""
        return (form_event(intent, self.ends),) if self.ends else ()

    @property
    def ends(self) -> FormEnding | Literal[""]:
        """How the form ended, here or where it went on; empty: it did not."""
        return self.moved.reply.ending if self.moved is not None else self.ending

    def after(self, *said: str) -> FormReply:
        """Return the reply with something said before it."""
        return replace(self, said=(*said, *self.said))

    def asked(self, offered: Sequence[Button]) -> OpenForm | None:
        """Return the form with what it asks now, for windows in which it is answered."""
        if self.form is None or not self.asks:
            return self.form
        buttons = tuple((each.id, each.label) for each in offered)
        return replace(self.form, said=self.markdown, offered=buttons)


@dataclass(frozen=True, slots=True)
class Moved:
    """A form that goes on where nobody else reads.

    Attributes:
        form: As it was opened there; nothing is said in it yet.
        reply: What is said there.
        direct: It stands in direct messages; False: in a window alone.
        before: The form that its author had open there; None: none.
    """

    form: OpenForm
    reply: FormReply
    direct: bool
    before: OpenForm | None = None
