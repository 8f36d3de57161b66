"""What is sent to GPT for one question, and what of the answer may be shown and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.generation.prompt import Persona, build_prompt, remembered
from bot.messages import Readers, Visibility
from bot.ports import ChatMessage, KnownAnswer, Passage
from bot.privacy import Pseudonyms
from bot.responder import Turn

_FINAL_MARKS = " ?!.…。？！"


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt without personal data, and the way back.

    Attributes:
        prompt: What GPT reads; placeholders stand for what is personal.
        question: What was asked, likewise.
        vault: What the placeholders stand for.
        visibility: Who may read the answer, by the passages that it is made from; the customer
            alone where personal data is restored.
        private: Only the customer reads it, so that personal data is restored.
        key: What equal questions have in common; empty when the answer is for this customer alone.
    """

    prompt: Sequence[ChatMessage]
    question: str
    vault: Pseudonyms
    visibility: Visibility
    private: bool
    key: str

    def reveal(self, sentence: str, instead: str) -> str:
        """Return what the customer reads.

        Args:
            sentence: As GPT wrote it, checked.
            instead: Stands for personal data where others can read along.
        """
        return self.vault.restore(sentence) if self.private else self.vault.veil(sentence, instead)

    def may_keep(self, answer: KnownAnswer) -> bool:
        """Tell whether an answer may be given to others: nothing personal came into it."""
        said = "".join(answer.pieces)
        return bool(self.key and said) and self.vault.hide(said) == said


def draft(
    turn: Turn,
    passages: Sequence[Passage],
    visibility: Visibility,
    *,
    persona: Persona,
    by: str,
) -> Draft:
    """Write the prompt for an inquiry; what the model will not read is cut before it is hidden.

    Args:
        turn: What is asked, where, after what.
        passages: What the asker may know, best first.
        visibility: Who else may know it.
        persona: Who speaks.
        by: Who will answer, and who checks it: what others said or let through is not given again.
    """
    public = "\n".join(
        [*(f"{p.source.title}\n{p.heading}\n{p.text}" for p in passages), persona.contact]
    )
    vault = Pseudonyms(public)
    turns = [
        replace(turn, text=vault.hide(turn.text))
        for turn in remembered(turn.conversation.turns, persona.memory)
    ]

    language = persona.answers_in(turn.language)

    def prompt(question: str) -> list[ChatMessage]:
        return build_prompt(question, passages, turns, persona=persona, language=language)

    question = vault.hide(turn.text)
    alone = vault.empty and not turn.conversation.turns
    private = visibility is Visibility.PRIVATE or turn.message.readers is Readers.AUTHOR
    return Draft(
        prompt(question),
        question,
        vault,
        Visibility.PRIVATE if private else visibility,
        private=private,
        key=_key(prompt(equal_form(question)), by) if alone else "",
    )


def equal_form(question: str) -> str:
    """Return what equal questions have in common: neither spaces nor final marks.

    Nor the capital that begins them, nor that of the English "I". Other capitals tell words apart:
    US from us, Polish from polish. A question too many costs money, a wrong answer a customer.

    >>> equal_form("  How long is the  warranty?? "), equal_form("do you ship to US?")
    ('how long is the warranty', 'do you ship to US')
    """
    words = ["i" if word == "I" else word for word in question.split()]
    if words and not words[0][1:2].isupper():
        words[0] = words[0][:1].lower() + words[0][1:]
    return " ".join(words).rstrip(_FINAL_MARKS)


def _key(prompt: Sequence[ChatMessage], by: str) -> str:
    """Return the key of the answer that a prompt leads to.

    The prompt holds everything else that an answer depends on: question, language, rules, and the
    passages that the asker may see. Another audience, a changed article or another version of the
    rules give another prompt, and so another key.
    """
    said = json.dumps([by, *((each.role, each.content) for each in prompt)])
    return hashlib.sha256(said.encode()).hexdigest()
