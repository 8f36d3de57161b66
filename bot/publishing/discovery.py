"""Groups missed messages, and finds out what would help each group."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge import KnowledgeRetriever
from bot.answering.knowledge.search import article_of
from bot.ports import Prediction
from bot.privacy.pseudonyms import PLACEHOLDER, masked
from bot.publishing.bundle import Bundle
from bot.storage.missed import Miss, MissedMessage
from bot.text.control_characters import without_controls
from bot.understanding.discovery.grouping import parted, settled
from bot.understanding.discovery.naming import background, suggested_name
from bot.understanding.discovery.purpose import PurposeReader
from bot.understanding.discovery.suggestions import (
    ArticleFound,
    Help,
    Nearest,
    found_article,
    nearest_intent,
    what_helps,
)
from bot.understanding.discovery.vectors import message_vectors
from bot.understanding.intents import IntentSet
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import has_words
from bot.understanding.language.tags import primary
from bot.understanding.model.classifier import IntentClassifier
from bot.understanding.traffic.pseudo_labels import same

LONGEST = 500
"""Maximum length of a message that is looked at, in characters."""

_PASSAGES = 10

_OF_EACH = 4
"""Examples of each intent and language that messages are compared with."""

_USED_BY = 2
"""People of a group who use a word that is in its name."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed message, read by the model that serves.

    Attributes:
        message: With personal data replaced.
        language: BCP 47 tag.
        prediction: Of its intents.
        articles: Articles that are found for it, with the score of their best passage.
    """

    message: MissedMessage
    language: str
    prediction: Prediction
    articles: tuple[tuple[str, float], ...] = ()

    @property
    def taken_for(self) -> str:
        """The intent that it is answered as, or that is asked about; empty: none."""
        first = next(iter(self.prediction.intents), None)
        if first is None or first.confidence < self.prediction.ask_threshold:
            return ""
        return first.name


@dataclass(frozen=True)
class MissedGroup:
    """Messages that want the same.

    Attributes:
        messages: The most typical first.
        name: A suggested name; empty where fewer people wrote than texts may be shown of.
        to_do: Mean probability that something is to be done for one customer, in [0, 1].
    """

    messages: tuple[Missed, ...]
    nearest: Nearest
    article: ArticleFound
    to_do: float
    name: str = ""

    @cached_property
    def people(self) -> int:
        """The number of people who wrote."""
        return len({each.message.author for each in self.messages})

    @cached_property
    def help(self) -> Help:
        """What would help."""
        return what_helps(self.nearest, self.article, self.to_do)

    @property
    def target(self) -> str:
        """The intent or the article that would be changed or made; empty: none."""
        match self.help:
            case Help.EXAMPLES:
                return self.nearest.intent
            case Help.FOUND_ARTICLE:
                return self.article.name
            case Help.NOTHING:
                return ""
            case _:
                return self.name

    @cached_property
    def why(self) -> Counter[Miss]:
        """The number of messages by why they were missed."""
        return Counter(each.message.why for each in self.messages)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """What staff answered, with personal data replaced; each text once."""
        return tuple(
            dict.fromkeys(each.message.answer for each in self.messages if each.message.answer)
        )


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found.

    Attributes:
        groups: Of which texts may be shown, the largest first.
        hidden: Of which fewer people wrote.
        looked_at: Number of messages.
        alone: Number of messages that belong to no group.
        answered_now: Number of messages that staff answered, and the bot is sure of by itself.
    """

    groups: tuple[MissedGroup, ...] = ()
    hidden: tuple[MissedGroup, ...] = ()
    looked_at: int = 0
    alone: int = 0
    answered_now: int = 0


def discover(bundle: Bundle, missed: Sequence[MissedMessage], *, people: int) -> Discovery:
    """Group missed messages by meaning, and find out what would help.

    Args:
        bundle: The model that serves, with its intents and articles.
        missed: The messages.
        people: In how many people's words a group must be to be named, and to count as one of which
            texts may be shown.
    """
    cleaned = list(_cleaned(missed))
    read = _read(bundle.classifier, cleaned)
    kept = [each for each in read if not (each.message.quiet and _is_sure(each.prediction))]
    if not kept:
        return Discovery(looked_at=len(cleaned), answered_now=len(read))
    kept = asyncio.run(_with_articles(bundle.retriever, kept))
    rows_of_groups = _groups(bundle, kept)
    purposes = PurposeReader(bundle.classifier.multilingual or bundle.classifier)
    found = [_group([kept[row] for row in rows], purposes) for rows in rows_of_groups]
    found.sort(key=lambda each: (-each.people, -len(each.messages), each.messages[0].message.text))
    shown = [each for each in found if each.people >= people]
    return Discovery(
        groups=tuple(_named(shown, bundle, [each.message.text for each in kept])),
        hidden=tuple(each for each in found if each.people < people),
        looked_at=len(cleaned),
        alone=len(kept) - sum(map(len, rows_of_groups)),
        answered_now=len(read) - len(kept),
    )


def _cleaned(missed: Iterable[MissedMessage]) -> Iterator[MissedMessage]:
    """Yield messages with personal data replaced: what a person says twice counts once."""
    seen: set[tuple[tuple[str, str], str]] = set()
    for each in missed:
        text = " ".join(without_controls(masked(each.text)).split())
        if len(text) > LONGEST or not has_words(PLACEHOLDER.sub(" ", text)):
            continue
        if (known := (each.author, same(text))) in seen:
            continue
        seen.add(known)
        yield replace(each, text=text, answer=without_controls(masked(each.answer)).strip())


def _read(classifier: IntentClassifier, messages: Sequence[MissedMessage]) -> list[Missed]:
    texts = [each.text for each in messages]
    languages = [classifier.language(text) for text in texts]
    predictions = classifier.predict(texts, languages) if texts else []
    return [Missed(*each) for each in zip(messages, languages, predictions, strict=True)]


def _is_sure(prediction: Prediction) -> bool:
    first = next(iter(prediction.intents), None)
    return first is not None and first.confidence >= prediction.threshold


async def _with_articles(retriever: KnowledgeRetriever, missed: Sequence[Missed]) -> list[Missed]:
    """Search the public articles for each message."""
    found = []
    for each in missed:
        result = await retriever.search(each.message.text, language=each.language, limit=_PASSAGES)
        best: dict[str, float] = {}
        for passage in result.passages:
            best.setdefault(article_of(passage.citation), passage.score)
        found.append(replace(each, articles=tuple(best.items())))
    return found


def _groups(bundle: Bundle, missed: Sequence[Missed]) -> list[list[int]]:
    """Return the positions of the messages of each group of two or more, the most typical first."""
    classifier = bundle.classifier
    vectors = message_vectors(
        [(each.message.text, each.language) for each in missed],
        list(_background(bundle.intents)),
        classifier.encoder,
        classifier.multilingual.encoder() if classifier.multilingual else None,
    )
    labels = settled(vectors, parted(vectors))
    return [
        _typical_first(np.flatnonzero(labels == number), vectors.vectors)
        for number in range(int(labels.max(initial=-1)) + 1)
    ]


def _background(intents: IntentSet) -> Iterator[tuple[str, str]]:
    """Yield some examples of each intent, with their languages, and out-of-scope texts."""
    for intent in intents.intents:
        languages = defaultdict(list)
        for example in intent.examples:
            languages[example.language].append(example.text)
        for language, texts in languages.items():
            yield from ((text, language) for text in texts[:_OF_EACH])
    yield from ((one.text, one.language) for one in intents.out_of_scope[: 10 * _OF_EACH])


def _typical_first(rows: NDArray[np.intp], vectors: NDArray[np.float32]) -> list[int]:
    center = vectors[rows].mean(axis=0)
    return [int(row) for row in rows[np.argsort(-(vectors[rows] @ center), kind="stable")]]


def _group(missed: Sequence[Missed], purposes: PurposeReader) -> MissedGroup:
    return MissedGroup(
        tuple(missed),
        nearest_intent([each.prediction for each in missed]),
        found_article([each.articles for each in missed]),
        float(purposes.to_do([each.message.text for each in missed]).mean()),
    )


def _named(
    groups: Sequence[MissedGroup], bundle: Bundle, texts: Sequence[str]
) -> Iterator[MissedGroup]:
    """Yield the groups with their names, none of which is taken."""
    taken = set(bundle.intents.by_name)
    taught = (one.text for intent in bundle.intents.intents for one in intent.examples)
    ordinary = background([*texts, *taught])
    for each in groups:
        english = [one for one in each.messages if primary(one.language) == ENGLISH]
        said = [
            (one.message.text, "\0".join(one.message.author))
            for one in (english if len(english) >= _USED_BY else each.messages)
        ]
        name = suggested_name(
            said, ordinary, taken, people=_USED_BY, otherwise=f"{each.nearest.intent}_other"
        )
        taken.add(name)
        yield replace(each, name=name)
