"""An answer on its way through the guard: what may be said of it, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Protocol

from bot.answering.grounding import Evidence, Outcome, Verdict
from bot.messages import Source

_INTRODUCES = (":", "：")


class Checks(Protocol):
    """Tells what becomes of a sentence: the grounding guard."""

    async def check(self, sentence: str, evidence: Evidence, language: str) -> Verdict:
        """Return what becomes of one sentence.

        Args:
            sentence: As the model wrote it, Markdown.
            evidence: What it may rest on.
            language: BCP 47 tag of the customer's language.
        """
        ...


class Judges(Protocol):
    """Gives a second opinion of an answer's sentences."""

    async def objection(self, sentence: str) -> str:
        """Return why a sentence may not be shown; empty when the judge bears it out."""
        ...


class Checked:
    """Puts the sentences of one answer through the guard, in their order.

    Courtesies wait until something follows that they can introduce: alone they are no answer, and
    what ends with a colon introduces the next sentence or nothing.

    Attributes:
        kept: Something that the evidence supports was said.
        offer: What is said instead of promises; empty when none was made.
        said: What was said so far, piece by piece.
        refused: The model declined to answer.
        nearest: The passage that most of the first dropped sentence's words stand in; or empty.
    """

    def __init__(
        self, guard: Checks, evidence: Evidence, language: str, judge: Judges | None = None
    ) -> None:
        self._guard = guard
        self._judge = judge
        self._evidence = evidence
        self._language = language
        self._waiting = ""
        self._gap = ""
        self._reasons: Counter[str] = Counter()
        self._citations: set[str] = set()
        self.offer = ""
        self.nearest = ""
        self.said: list[str] = []
        self.kept = False
        self.refused = False

    @property
    def dropped(self) -> bool:
        """Tell whether something was left out."""
        return bool(self._reasons)

    @property
    def reasons(self) -> list[str]:
        """Say what was left out and why, in words that an admin understands."""
        return [
            f"left out {count} sentence{'s'[: count > 1]} of GPT: {reason}"
            for reason, count in self._reasons.items()
        ]

    async def add(self, sentence: str) -> str:
        """Return what may be said now; empty for nothing."""
        body = sentence.rstrip()
        if not body:
            self._gap = self._gap or sentence
            return ""
        verdict = await self._guard.check(body, self._evidence, self._language)
        text = self._take(await self._judged(verdict, body), sentence[len(body) :])
        if text:
            self.said.append(text)
            self._evidence = self._evidence.after(text)
        return text

    async def _judged(self, verdict: Verdict, sentence: str) -> Verdict:
        """Ask the judge, where there is one, about what would be shown."""
        if verdict.outcome not in {Outcome.KEPT, Outcome.FOREIGN}:
            return verdict
        if self._judge is None:
            shown = verdict.outcome is Outcome.KEPT
            return verdict if shown else replace(verdict, outcome=Outcome.DROPPED, text="")
        if why := await self._judge.objection(sentence):
            nearest = verdict.nearest or min(verdict.citations, default="")
            return Verdict(Outcome.DROPPED, reason=why, nearest=nearest)
        return replace(verdict, outcome=Outcome.KEPT)

    def sources(self) -> tuple[Source, ...]:
        """Return where the kept sentences come from."""
        return self._evidence.sources(frozenset(self._citations))

    def _take(self, verdict: Verdict, space: str) -> str:
        if verdict.outcome in {Outcome.DROPPED, Outcome.SOFTENED}:
            self._reasons[verdict.reason] += 1
            self.offer = self.offer or verdict.text
            self.nearest = self.nearest or verdict.nearest
            if self._waiting.rstrip().endswith(_INTRODUCES):
                self._waiting = ""
            self._gap = space if "\n" in space else self._gap or " "
            return ""
        text = f"{self._gap if self.kept or self._waiting else ''}{verdict.text.strip()}"
        self._gap = space
        if verdict.outcome is Outcome.COURTESY:
            self._waiting += text
            return ""
        text, self._waiting, self.kept = self._waiting + text, "", True
        self._citations |= verdict.citations
        return text
