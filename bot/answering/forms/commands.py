"""What a customer does in a form: a command from a fixed list.

The order of precedence, after safety, which reads every message before:

1. `Human`: a person is wished for.
2. `Stop`: the form is to end.
3. `Correct`: a slot that is filled is to have another value.
4. `Skip`, `Why`, `Repeat`: about the open question.
5. `Answer`: the extractor of the asked slot takes the whole text, or no other intent is sure, or it
   is not asked for.
6. `SideQuestion`: something else is asked that has a plain answer.
7. `SecondRequest`: something else is to be done.
8. `FreeText`: none of these; a slot of free text takes it.

A choice whose own word the text is, such as "cancel" or "none", is an answer before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answering.forms.extraction import NOTHING, SlotReading
from bot.open_form import SlotValue


@dataclass(frozen=True, slots=True)
class Human:
    """A person is wished for."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The form is to end; `rest` is what is wanted instead, or empty."""

    rest: str = ""


@dataclass(frozen=True, slots=True)
class Correct:
    """A filled slot is to have another value; None: it is to be asked for again."""

    slot: str
    value: SlotValue | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why is that needed?"""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The question was not understood."""


@dataclass(frozen=True, slots=True)
class Skip:
    """This one cannot or will not be given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value for the asked slot, perhaps one that is refused or not clear."""

    reading: SlotReading


@dataclass(frozen=True, slots=True)
class SideQuestion:
    """Something else is asked."""


@dataclass(frozen=True, slots=True)
class SecondRequest:
    """Something else is to be done."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """None of these."""


@dataclass(frozen=True, slots=True)
class Yes:
    """What was proposed or summed up is right."""


@dataclass(frozen=True, slots=True)
class No:
    """It is not."""


Command = (
    Human
    | Stop
    | Correct
    | Why
    | Repeat
    | Skip
    | Answer
    | SideQuestion
    | SecondRequest
    | FreeText
    | Yes
    | No
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says beside an answer, by its cue phrases or its dialogue act.

    Attributes:
        stop, skip, why, repeat, person, yes, no: It says this and little else.
        pure: It says nothing else.
        agrees: It agrees and denies nothing, whatever else it says.
        no_but: It begins with a no, whatever follows.
        corrects: It says that something earlier was wrong, whatever else it says.
        changes: It says that something is to be otherwise, whatever else it says.
        elsewhere: It asks or wants something else than the form.
        instead: What is wanted instead of the form, with `stop`.
    """

    stop: bool = False
    skip: bool = False
    why: bool = False
    repeat: bool = False
    person: bool = False
    yes: bool = False
    no: bool = False
    pure: bool = False
    agrees: bool = False
    no_but: bool = False
    corrects: bool = False
    changes: bool = False
    elsewhere: bool = False
    instead: str = ""

    @property
    def does_more(self) -> bool:
        """Whether it says something beside an answer."""
        about = self.stop or self.skip or self.why or self.repeat
        return about or self.person or self.elsewhere


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message says, in all that commands are read from.

    Attributes:
        said: Its cue phrases.
        wishes_person: It asks for a person, by the model or by a sure intent.
        reading: For the asked slot.
        own_word: It is a word of one of the choices of the asked slot.
        takes_text: The asked slot takes free text.
        correction: Of a filled slot; None: none.
        other: A sure intent that is not the form's; empty: none.
        other_begins: That intent has a form of its own.
        asks: It asks for something, as far as the model reads it.
        marked: It ends in a question mark.
        closed: A yes or a no answers the open question.
    """

    said: Said = field(default_factory=Said)
    wishes_person: bool = False
    reading: SlotReading = NOTHING
    own_word: bool = False
    takes_text: bool = False
    correction: Correct | None = None
    other: str = ""
    other_begins: bool = False
    asks: bool = False
    marked: bool = False
    closed: bool = False


def read_command(heard: Heard) -> Command:
    """Return the first command of the order of precedence that a message means."""
    fills = heard.reading.value is not None and not heard.takes_text
    answers = fills and not heard.said.pure
    if heard.own_word:
        return Answer(heard.reading)
    if (heard.wishes_person and not fills) or (heard.said.person and not answers):
        return Human()
    if heard.said.stop and not answers:
        return Stop(heard.said.instead)
    if heard.correction is not None:
        return heard.correction
    about = None if answers else _about_the_question(heard)
    return about or _answer(heard) or _about_something_else(heard) or FreeText()


def _about_the_question(heard: Heard) -> Command | None:
    said = heard.said
    if heard.closed and (said.yes or said.no):
        return Yes() if said.yes else No()
    if said.skip:
        return Skip()
    if said.why:
        return Why()
    return Repeat() if said.repeat else None


def _answer(heard: Heard) -> Command | None:
    reading = heard.reading
    if reading.value is None and not reading.candidates and not reading.refused:
        return None
    if heard.said.elsewhere:
        return None
    asks = heard.marked or (heard.other_begins and heard.asks and not heard.takes_text)
    whole = reading.whole and not heard.takes_text
    return None if heard.other and asks and not whole else Answer(reading)


def _about_something_else(heard: Heard) -> Command | None:
    if heard.other:
        return SecondRequest() if heard.other_begins else SideQuestion()
    asks = heard.said.elsewhere or heard.asks or heard.marked
    return SideQuestion() if asks else None
