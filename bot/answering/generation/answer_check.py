"""Check of an answer: passes its sentences through guard and judge, and collects what is kept.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Protocol

from bot.answering.grounding import CheckOutcome, CheckResult, Evidence
from bot.messages import Source

_INTRODUCES = (":", "：")
_JUDGED = {CheckOutcome.KEPT, CheckOutcome.FOREIGN, CheckOutcome.PLAUSIBLE}
"""What a judge is asked about."""


class Checks(Protocol):
    """Checks a sentence: the grounding guard."""

    async def check(self, sentence: str, evidence: Evidence, language: str) -> CheckResult:
        """Check one sentence.

        Args:
            sentence: As the model wrote it, Markdown.
            evidence: What may support it.
            language: BCP 47 tag of the customer's language.
        """
        ...


class Judges(Protocol):
    """Gives a second opinion of an answer's sentences."""

    async def objection(self, sentence: str) -> str:
        """Return why a sentence may not be shown; empty when the judge confirms it."""
        ...


class CheckedAnswer:
    """Passes the sentences of one answer through the guard, in order.

    Small talk is held back until a supported sentence follows: alone it is no answer. What ends
    with a colon introduces the next sentence, and is dropped with it.

    Attributes:
        kept: Whether a supported sentence was kept.
        offer: Replaces promises; empty when none was made.
        said: The sentences kept so far.
        refused: Whether the model declined to answer.
        nearest: The passage that holds most words of the first dropped sentence; or empty.
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
        """Return whether a sentence was left out."""
        return bool(self._reasons)

    @property
    def reasons(self) -> list[str]:
        """How many sentences were left out, by reason, for admins."""
        return [
            f"left out {count} sentence{'s'[: count > 1]} of GPT: {reason}"
            for reason, count in self._reasons.items()
        ]

    async def add(self, sentence: str) -> str:
        """Check a sentence; return the text that may be shown now, or an empty string."""
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

    async def _judged(self, verdict: CheckResult, sentence: str) -> CheckResult:
        """Send a sentence that would be shown to the judge, where there is one."""
        if verdict.outcome not in _JUDGED:
            return verdict
        if self._judge is None:
            shown = verdict.outcome is CheckOutcome.KEPT
            return verdict if shown else _dropped(verdict)
        if why := await self._judge.objection(sentence):
            nearest = verdict.nearest or min(verdict.citations, default="")
            return CheckResult(CheckOutcome.DROPPED, reason=why, nearest=nearest)
        return replace(verdict, outcome=CheckOutcome.KEPT)

    def sources(self) -> tuple[Source, ...]:
        """Return where the kept sentences come from."""
        return self._evidence.sources(frozenset(self._citations))

    def _take(self, verdict: CheckResult, space: str) -> str:
        if verdict.outcome in {CheckOutcome.DROPPED, CheckOutcome.SOFTENED}:
            self._reasons[verdict.reason] += 1
            self.offer = self.offer or verdict.text
            self.nearest = self.nearest or verdict.nearest
            if self._waiting.rstrip().endswith(_INTRODUCES):
                self._waiting = ""
            self._gap = space if "\n" in space else self._gap or " "
            return ""
        text = f"{self._gap if self.kept or self._waiting else ''}{verdict.text.strip()}"
        self._gap = space
        if verdict.outcome is CheckOutcome.COURTESY:
            self._waiting += text
            return ""
        text, self._waiting, self.kept = self._waiting + text, "", True
        self._citations |= verdict.citations
        return text


def _dropped(verdict: CheckResult) -> CheckResult:
    """Return the verdict on a sentence that only a judge could have saved."""
    return replace(verdict, outcome=CheckOutcome.DROPPED, text="", citations=frozenset())
