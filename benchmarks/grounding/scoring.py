"""Judges replies by the answer set alone; shares no code with the guard that it measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.grounding.desk import Reply
from benchmarks.grounding.questions import Question

_LEAD = re.compile(r"^(?:This is what our article|我们的文章《|In unserem Artikel)")
_OWN = re.compile(
    r"I can't promise that myself\. A colleague can look into it: our team\."
    r"|这件事我无法自行承诺,可以请同事为您核实:our team。"
    r"|I don't know the answer to that, and I'd rather not guess\. A person can help: our team\."
    r"|这个问题我不知道答案,也不想乱猜。您可以联系人工客服:our team。"
)
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
    """

    question: Question
    text: str
    wrong: str


def generated_words(reply: Reply) -> str:
    """Return a reply without quotations and without the bot's own fixed sentences."""
    lines = [
        line
        for line in reply.text.splitlines()
        if not line.startswith(">") and not _LEAD.match(line)
    ]
    return _OWN.sub("", "\n".join(lines)).strip()


def echoes(reply: Reply, text: str) -> bool:
    """Tell whether the model's own words hold a sentence of a text that the bot must not repeat."""
    if reply.kind not in {"generated", "unknown"}:
        return False
    told = _bare(text)
    sentences = map(_bare, _ENDS.split(generated_words(reply)))
    return any(bare in told for bare in sentences if len(bare) > _TELLING)


def claims(question: Question, reply: Reply, lies: frozenset[str]) -> Iterator[Claim]:
    """Yield the sentences that a model's words are shown in, each with what is wrong with it."""
    if reply.kind != "generated":
        return
    told = {_bare(lie) for lie in lies}
    known = " ".join(f"{p.source.title} {p.heading} {p.text}" for p in reply.passages)
    for sentence in _ENDS.split(generated_words(reply)):
        if sentence and any(character.isalnum() for character in sentence):
            yield Claim(question, sentence, _wrong(sentence, question, told, known, bool(lies)))


def _wrong(sentence: str, question: Question, told: set[str], known: str, labelled: bool) -> str:
    bare = _bare(sentence)
    if any(bare in lie or lie in bare for lie in told if len(bare) > _TELLING):
        return "a lie"
    if any(re.search(pattern, sentence, re.IGNORECASE) for pattern in question.never):
        return "a forbidden fact"
    if _PROMISE.search(sentence):
        return "a promise"
    if not labelled and not question.need:
        return "" if set(_words(sentence)) <= set(_words(known)) else "an answer without a source"
    numbers = set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(known))
    if numbers and not labelled and not question.is_answered(sentence):
        return f"numbers without a source: {', '.join(sorted(numbers))}"
    return ""


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{4,}|[\u3400-\u9fff]", text.lower())


def is_right(question: Question, reply: Reply) -> bool:
    """Tell whether a reply holds what is needed and nothing that is forbidden."""
    words = generated_words(reply) if reply.kind == "generated" else ""
    wrong = any(re.search(pattern, words, re.IGNORECASE) for pattern in question.never)
    return bool(question.need) and question.is_answered(reply.text) and not wrong


def is_generated(question: Question, reply: Reply) -> bool:
    """Tell whether the model's own words hold what is needed."""
    return reply.kind == "generated" and question.is_answered(generated_words(reply))


def share(flags: Sequence[bool]) -> float:
    """Return the share of what is true, in percent."""
    return 100 * sum(flags) / len(flags) if flags else 0.0
