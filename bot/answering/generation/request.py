"""The request to GPT for one question: its prompt, pseudonyms, visibility and cache key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.generation.prompt import Persona, build_prompt, remembered
from bot.conversations.transcript import TranscriptEntry
from bot.messages import Visibility
from bot.ports import ChatMessage, KnownAnswer, Passage
from bot.privacy import Pseudonyms
from bot.responder import Turn

_FINAL_MARKS = " ?!.…。？！"


class BuildsPrompt(Protocol):
    """Makes a prompt."""

    def __call__(self, question: str, turns: Sequence[TranscriptEntry], /) -> list[ChatMessage]:
        """Return the prompt for a question after some turns, both without personal data."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A prompt without personal data, and how its answer is shown and cached.

    Attributes:
        prompt: What GPT reads; placeholders stand for personal data.
        question: The question, likewise.
        vault: The values of the placeholders.
        visibility: Who may read the answer, by the passages that it is made from; the customer
            alone where personal data is restored.
        private: Whether only the customer reads it, so that personal data is restored.
        key: Cache key, the same for equal questions; empty when the answer must not be cached.
    """

    prompt: Sequence[ChatMessage]
    question: str
    vault: Pseudonyms
    visibility: Visibility
    private: bool
    key: str

    def reveal(self, sentence: str, instead: str) -> str:
        """Return a sentence as the customer reads it.

        Args:
            sentence: As GPT wrote it, checked.
            instead: Replaces personal data where others can read the answer.
        """
        return self.vault.restore(sentence) if self.private else self.vault.veil(sentence, instead)

    def may_keep(self, answer: KnownAnswer) -> bool:
        """Return whether an answer may be cached for others: it holds nothing personal."""
        said = "".join(answer.pieces)
        return bool(self.key and said) and self.vault.hide(said) == said


def prepare_request(
    turn: Turn,
    passages: Sequence[Passage],
    visibility: Visibility,
    *,
    persona: Persona,
    by: str,
    build: BuildsPrompt | None = None,
) -> GenerationRequest:
    """Build the request of a turn; what exceeds the prompt is cut before personal data is hidden.

    Args:
        turn: The question with its conversation.
        passages: What the customer may read, best first.
        visibility: Who else may read it.
        persona: Of the bot.
        by: Model and code version: answers of others are not used from the cache.
        build: Makes the prompt of a question and what was said before; None: the prompt that
            answers in the model's own words.
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
        if build is not None:
            return build(question, turns)
        return build_prompt(question, passages, turns, persona=persona, language=language)

    question = vault.hide(turn.text)
    alone = vault.empty and not turn.conversation.turns
    private = visibility is Visibility.PRIVATE or turn.message.answered_alone
    return GenerationRequest(
        prompt(question),
        question,
        vault,
        Visibility.PRIVATE if private else visibility,
        private=private,
        key=_key(prompt(normal_form(question)), by) if alone else "",
    )


def normal_form(question: str) -> str:
    """Return the normal form of a question: without extra spaces, final marks and first capital.

    The English "I" becomes small as well. Other capitals stay, since they distinguish words: US
    from us, Polish from polish.

    >>> normal_form("  How long is the  warranty?? "), normal_form("do you ship to US?")
    ('how long is the warranty', 'do you ship to US')
    """
    words = ["i" if word == "I" else word for word in question.split()]
    if words and not words[0][1:2].isupper():
        words[0] = words[0][:1].lower() + words[0][1:]
    return " ".join(words).rstrip(_FINAL_MARKS)


def _key(prompt: Sequence[ChatMessage], by: str) -> str:
    """Return the cache key of the answer to a prompt.

    The prompt holds everything else that an answer depends on: question, language, rules, and the
    passages that the customer may read. Another audience, a changed article or other rules make
    another prompt, and so another key.
    """
    said = json.dumps([by, *((each.role, each.content) for each in prompt)])
    return hashlib.sha256(said.encode()).hexdigest()
