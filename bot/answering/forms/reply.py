"""What is said next in a form, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.messages import Choice
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

    @property
    def markdown(self) -> str:
        """All that the customer reads."""
        return "\n\n".join(filter(None, self.said))

    def after(self, *said: str) -> FormReply:
        """Return the reply with something said before it."""
        return replace(self, said=(*said, *self.said))
