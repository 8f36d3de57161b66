"""Scores replies by the answer set alone; shares no code with the guard that it measures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.grounding.desk import CONTACT, Reply
from benchmarks.grounding.questions import Question
from bot.answering.wording import BUILT_IN

_CERTAINTY = 1.96
"""Standard deviations to both sides that hold 95 % of a normal distribution."""

_FIXED = [
    re.escape(text).replace(r"\{contact\}", re.escape(CONTACT)).replace(r"\{title\}", ".*")
    for key in ("colleague", "unknown", "interrupted", "quoted")
    for text in BUILT_IN[key].values()
]
_OWN = re.compile("|".join(_FIXED))
"""The bot's own sentences around the model's."""

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d\"“*-])|(?<=[。！？])|\n+")
_PROMISE = re.compile(
    r"\b(?:I|we)(?:'ve| have| just) (?:already )?(?:refund|cancel|sent|process|approv)"
    r"|\bI (?:will|'ll|can) (?:refund|cancel|send|make|give)|\bwe (?:will|'ll) refund"
    r"|promise stands|已经?为您|我们会给您",
    re.IGNORECASE,
)
_TELLING = 6
"""Letters below which a sentence may stand in another by chance."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that was shown.

    Attributes:
        wrong: Why it is unsupported; empty when nothing speaks against it.
        found: It holds what the question needs, or nothing but words of one sentence of the
            passages. Of claims that are neither wrong nor found, only a reader can tell.
    """

    question: Question
    text: str
    wrong: str
    found: bool

    @property
    def verdict(self) -> str:
        """Say what is wrong, or whether somebody has to read it."""
        return self.wrong or ("fine" if self.found else "to be read")


def generated_words(reply: Reply) -> str:
    """Return what a model said of a reply: neither quotations nor the bot's own sentences."""
    lines = [line for line in reply.text.splitlines() if not _is_quoted(line, reply)]
    return _OWN.sub("", "\n".join(lines)).strip()


def echoes(reply: Reply, text: str) -> bool:
    """Tell whether the model's own words hold a sentence of a text that the bot must not repeat."""
    told = _bare(text)
    sentences = map(_bare, _ENDS.split(generated_words(reply)))
    return any(bare in told for bare in sentences if len(bare) > _TELLING)


def _is_quoted(line: str, reply: Reply) -> bool:
    """Tell whether a line quotes a passage; a model can write lines that only look so."""
    quoted = line.removeprefix(">").rstrip(" …").strip()
    heading = quoted.removeprefix("**").removesuffix("**")
    return line.startswith(">") and any(
        quoted in passage.text or heading in passage.heading for passage in reply.passages
    )


def claims(question: Question, reply: Reply, lies: frozenset[str]) -> Iterator[Claim]:
    """Yield the sentences that a model's words are shown in, each with what is wrong with it."""
    told = {_bare(lie) for lie in lies}
    known = " ".join(f"{p.source.title} {p.heading} {p.text}" for p in reply.passages)
    for sentence in _ENDS.split(generated_words(reply)):
        if sentence and any(character.isalnum() for character in sentence):
            wrong = _wrong(sentence, question, told, known, bool(lies))
            yield Claim(question, sentence, wrong, _is_found(sentence, question, reply))


def _is_found(sentence: str, question: Question, reply: Reply) -> bool:
    if question.need and question.is_answered(sentence):
        return True
    words, numbers = set(_words(sentence)), set(_NUMBER.findall(sentence))
    said = [part for passage in reply.passages for part in _ENDS.split(passage.text)]
    return bool(words) and any(
        words <= set(_words(part)) and numbers <= set(_NUMBER.findall(part)) for part in said
    )


def _wrong(sentence: str, question: Question, told: set[str], known: str, labelled: bool) -> str:
    bare = _bare(sentence)
    if any(bare in lie or lie in bare for lie in told if len(bare) > _TELLING):
        return "a lie"
    if any(re.search(pattern, sentence, re.IGNORECASE) for pattern in question.never):
        return "a forbidden fact"
    if _PROMISE.search(sentence):
        return "a promise"
    if labelled:
        return ""
    if not question.need and not set(_words(sentence)) <= set(_words(known)):
        return "an answer without a source"
    numbers = set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(known))
    if numbers and not (question.need and question.is_answered(sentence)):
        return f"numbers without a source: {', '.join(sorted(numbers))}"
    return ""


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{4,}|[\u3400-\u9fff]", text.lower())


def is_right(question: Question, reply: Reply) -> bool:
    """Tell whether a reply holds what is needed and nothing that is forbidden."""
    words = generated_words(reply)
    wrong = any(re.search(pattern, words, re.IGNORECASE) for pattern in question.never)
    return bool(question.need) and question.is_answered(reply.text) and not wrong


def is_generated(question: Question, reply: Reply) -> bool:
    """Tell whether the model's own words hold what is needed."""
    return bool(question.need) and question.is_answered(generated_words(reply))


def share(flags: Sequence[bool]) -> float:
    """Return the share of what is true, in percent."""
    return 100 * sum(flags) / len(flags) if flags else 0.0


def interval(flags: Sequence[bool]) -> tuple[float, float]:
    """Return between which shares, in percent, the true one lies with 95 % certainty.

    Source: the score interval, Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> [f"{bound:.1f}" for bound in interval([False] * 78)]
    ['0.0', '4.7']
    """
    if not flags:
        return 0.0, 100.0
    n, part, z = len(flags), sum(flags) / len(flags), _CERTAINTY
    middle = part + z * z / (2 * n)
    reach = z * math.sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    scale = 100 / (1 + z * z / n)
    return max(0.0, (middle - reach) * scale), min(100.0, (middle + reach) * scale)
