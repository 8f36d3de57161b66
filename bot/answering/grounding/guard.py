"""The grounding guard of `gpt.answers: rephrase`: checks one sentence of the language model."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.grounding.bounds import LONGEST
from bot.answering.grounding.clauses import breaks_brackets, clause_pieces, may_follow
from bot.answering.grounding.commitments import Commitment, commitment
from bot.answering.grounding.cross_lingual import basis
from bot.answering.grounding.entailment import Match, claim_is_han, match
from bot.answering.grounding.evidence import Evidence, Unit
from bot.answering.grounding.informativeness import is_uninformative
from bot.answering.grounding.paraphrase import equivalents
from bot.answering.grounding.parsing import ParsedText, plain, read
from bot.answering.grounding.sanitise import DisplayRules, links_in, sanitise
from bot.answering.grounding.similarity import Similarity
from bot.answering.grounding.small_talk import is_small_talk, without_opening
from bot.answering.grounding.vetoes import likely_source
from bot.answering.knowledge.injection import is_order
from bot.ports import PlatformRules, Wording
from bot.ports.embedding import Embeds

_FOREIGN = "it is in another language than the articles, and no judge has confirmed it"
_PIECES, _JOINED = 16, 5
"""Most pieces of a sentence, and most pieces of one clause."""

_LEAST = 2
_DOUBTFUL_SHARE = 1 / 3
_HALF = 0.5


class CheckOutcome(StrEnum):
    """The result of the check of a sentence.

    `FOREIGN` is in another language than the articles, `PLAUSIBLE` in other words: the rules have
    no objection, and it is shown only if a judge confirms it.
    """

    KEPT = "kept"
    COURTESY = "courtesy"
    SOFTENED = "softened"
    DROPPED = "dropped"
    FOREIGN = "foreign"
    PLAUSIBLE = "plausible"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of the check of a sentence, with the reason.

    Attributes:
        text: What may be shown, harmless Markdown: the sentence, an offer instead of a promise,
            or nothing.
        reason: Why it was dropped or softened, without quoting the sentence; else empty.
        citations: The passages that support it.
        nearest: Of a dropped sentence, the passage that holds most of its words; else empty.
    """

    outcome: CheckOutcome
    text: str = ""
    reason: str = ""
    citations: frozenset[str] = frozenset()
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class _Unsupported:
    """Why nothing supports a sentence, and the passage that is nearest to it."""

    reason: str
    nearest: str = ""


class Guard:
    """Checks sentences against evidence.

    Args:
        encoder: Finds words of similar meaning; None: only listed synonyms count.
        wording: Texts of the offer that replaces a promise.
        rules: Of the platforms that answers may be shown on.
        judged: A judge confirms what is shown, so that words which stand nowhere are no objection.
    """

    def __init__(
        self,
        encoder: Embeds | None,
        wording: Wording,
        rules: Iterable[PlatformRules] = (),
        *,
        judged: bool = False,
    ) -> None:
        self._judged = judged
        self._similarity = Similarity(encoder)
        self._wording = wording
        self._display = DisplayRules(rules)

    async def check(self, sentence: str, evidence: Evidence, language: str) -> CheckResult:
        """Check one sentence.

        Args:
            sentence: As the model wrote it, Markdown.
            evidence: What may support it.
            language: BCP 47 tag of the customer's language, for the offer of a colleague.
        """
        return await asyncio.to_thread(self._check, sentence, evidence, language)

    def _check(self, sentence: str, evidence: Evidence, language: str) -> CheckResult:
        if len(unicodedata.normalize("NFKC", sentence)) > LONGEST:
            return CheckResult(CheckOutcome.DROPPED, reason="it is too long to be checked")
        shown = sanitise(sentence, links_in(evidence.raw), self._display)
        if shown.wrong:
            return CheckResult(CheckOutcome.DROPPED, reason=shown.wrong)
        claim = read(plain(shown.text))
        if not claim.text or not any(c.isalnum() for c in claim.text):
            return CheckResult(CheckOutcome.DROPPED, reason="it has no words")
        if is_small_talk(claim, evidence.vocabulary, evidence.known):
            return CheckResult(CheckOutcome.COURTESY, shown.text)
        if is_order(claim.text):
            return CheckResult(
                CheckOutcome.DROPPED, reason="it is about the assistant's own instructions"
            )
        return self._judge(claim, shown.text, evidence, language)

    def _judge(
        self, claim: ParsedText, text: str, evidence: Evidence, language: str
    ) -> CheckResult:
        opened = without_opening(claim.text)
        if opened != claim.text:
            claim, text = read(opened), _capital(without_opening(text.strip()), text)
        if not opened:
            return CheckResult(CheckOutcome.DROPPED, reason="it is only a yes or no")
        if nothing := is_uninformative(claim, evidence):
            return CheckResult(CheckOutcome.DROPPED, reason=nothing)
        promised = commitment(claim.text)
        units = [u for u in evidence.units if u.tool or promised not in _NEED_TOOLS]
        support = self._in_any_wording(claim, units, evidence)
        if isinstance(support, _Unsupported):
            if promised is None and not support.nearest and (unit := basis(claim.text, evidence)):
                return CheckResult(CheckOutcome.FOREIGN, text, _FOREIGN, frozenset({unit.citation}))
            plausible = self._judged and promised not in _NEED_TOOLS
            if plausible and (found := likely_source(claim, units, self._similarity)):
                return CheckResult(
                    CheckOutcome.PLAUSIBLE,
                    text,
                    support.reason,
                    frozenset({found}),
                    support.nearest,
                )
            return self._refuse(promised, support.reason, language, support.nearest)
        if promised is Commitment.PROMISE and not _is_conditional(claim, support):
            return self._refuse(promised, "a promise without its condition", language, "")
        return CheckResult(
            CheckOutcome.KEPT, text, citations=frozenset(u.citation for u in support)
        )

    def _refuse(
        self, promised: Commitment | None, reason: str, language: str, nearest: str
    ) -> CheckResult:
        if promised is None:
            return CheckResult(CheckOutcome.DROPPED, reason=reason, nearest=nearest)
        offer = self._wording.say("colleague", language)
        return CheckResult(
            CheckOutcome.SOFTENED, offer, f"a commitment that nothing supports: {reason}"
        )

    def _in_any_wording(
        self, claim: ParsedText, units: list[Unit], evidence: Evidence
    ) -> list[Unit] | _Unsupported:
        """Return the units that support a sentence in one of its paraphrases."""
        wordings = [read(text) for text in equivalents(claim.text, steps=evidence.has_steps)]
        first, *others = (self._support(each, units, evidence) for each in wordings)
        return next((s for s in (first, *others) if not isinstance(s, _Unsupported)), first)

    def _support(
        self, claim: ParsedText, units: list[Unit], evidence: Evidence
    ) -> list[Unit] | _Unsupported:
        """Return the units that support a sentence, or why none does."""
        whole = self._best(claim, units, evidence, claim)
        if isinstance(whole, Unit):
            return [whole]
        return self._piecemeal(claim, units, evidence) or whole

    def _piecemeal(self, claim: ParsedText, units: list[Unit], evidence: Evidence) -> list[Unit]:
        """Return a supporting unit for each clause, all of one passage; none if a clause has none.

        A clause is one piece of the sentence, or several pieces that a unit supports only together.
        """
        pieces = clause_pieces(claim.text)
        if len(pieces) > _PIECES:
            return []
        ways: dict[int, list[Unit]] = {0: []}
        spans = ((e, s) for e in range(1, len(pieces) + 1) for s in range(max(0, e - _JOINED), e))
        for end, start in spans:
            if start not in ways or end in ways or end - start == len(pieces):
                continue
            first, last = pieces[start][0], pieces[end - 1][1]
            if breaks_brackets(claim.text, first, last):
                continue
            clause, before = read(claim.text[first:last]), ways[start][-1:]
            allowed = [u for u in units if all(may_follow(clause, u, b) for b in before)]
            unit = self._best(clause, allowed, evidence, claim)
            if isinstance(unit, Unit):
                ways[end] = [*ways[start], unit]
        return ways.get(len(pieces), [])

    def _best(
        self, claim: ParsedText, units: list[Unit], evidence: Evidence, sentence: ParsedText
    ) -> Unit | _Unsupported:
        matches = [match(claim, unit, evidence.vocabulary, sentence) for unit in units]
        matches.sort(key=lambda m: m.rank)
        for each in matches:
            if not each.objections and self._holds(claim, each, _LEAST if claim is sentence else 1):
                rival = _contradiction(each, matches, evidence.question)
                return _Unsupported(rival, each.unit.citation) if rival else each.unit
        if not matches:
            return _Unsupported("there is no evidence")
        best = matches[0]
        reasons = (*best.objections, "its words are too far from the evidence")
        return _Unsupported(reasons[0], _nearest(matches))

    def _holds(self, claim: ParsedText, found: Match, least: int) -> bool:
        """Return whether similarity in meaning excuses the words that the unit lacks."""
        if found.covered < least:
            return False
        if len(found.doubtful) > max(1, len(claim.terms) * _DOUBTFUL_SHARE):
            return False
        words = [term.surface for s in found.unit.segments for term in s.reading.terms]
        words += [term.surface for term in found.unit.context.terms]
        if not all(self._similarity.excuses(word, words) for word in found.doubtful):
            return False
        if claim_is_han(claim):
            return True
        unit = found.unit
        return any(
            self._similarity.is_about(claim.text, text)
            for part in (unit.text, *unit.statements)
            for text in (f"{unit.context.text} {part}", part)
        )


_NEED_TOOLS = frozenset({Commitment.DONE, Commitment.OWN})


def _nearest(matches: list[Match]) -> str:
    """Return the passage whose unit holds most of a sentence's words, if any holds half of them.

    One word alone ("@everyone") is too little: a model must not choose a quotation by it.
    """
    most = max(matches, key=lambda each: each.share)
    held = most.share >= _HALF and most.covered >= _LEAST
    return most.unit.citation if held else ""


def _is_conditional(claim: ParsedText, support: list[Unit]) -> bool:
    """Return whether a promise has a condition or a number that its evidence has as well."""
    conditions = {"if", "after", "before", "except"} & claim.markers
    when = re.search(r"\b(?:when|where|for|within|from)\b|时|后|内", claim.text)
    return any(unit.tool for unit in support) or bool(conditions) or bool(when and claim.quantities)


def _contradiction(found: Match, matches: list[Match], question: ParsedText) -> str | None:
    """Return the objection of another unit that is at least as near to the question.

    A denial outweighs an affirmation; an affirmation must be nearer to outweigh a denial.
    """
    near = _nearness(found.unit, question)
    for other in matches:
        against = [o for o in other.objections if o.endswith("denied there")]
        nearer = _nearness(other.unit, question) - near
        denies = any(not o.endswith("not denied there") for o in against)
        if (
            against
            and len(against) == len(other.objections)
            and other.covered >= found.covered
            and (nearer > 0 or (nearer == 0 and denies))
        ):
            return "another sentence, nearer to the question, says the opposite"
    return None


def _nearness(unit: Unit, question: ParsedText) -> int:
    text = "|".join(segment.han for segment in unit.segments)
    han = sum(run[i : i + 2] in text for run in question.han for i in range(len(run) - 1))
    return len(question.keys & unit.keys) + han


def _capital(text: str, before: str) -> str:
    """Capitalise the first letter, and keep the white space after the sentence."""
    tail = before[len(before.rstrip()) :]
    return text[:1].upper() + text[1:] + tail
