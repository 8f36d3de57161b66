"""Finds postal addresses in what a customer wrote: a linear tagger over the tokens of a text.

Its weights are learned by `python -m benchmarks.forms.train_addresses`, from addresses that are
made up and from sentences around them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from bot.answering.forms.extraction.tokens import Answer, Token
from bot.text.word_lists import WordList, word_list

WEIGHTS = "address_tagger.json"

OUTSIDE, BEGINS, INSIDE = range(3)
"""Labels of tokens, ..."""

FOLLOWS = ((OUTSIDE, BEGINS), (OUTSIDE, BEGINS, INSIDE), (OUTSIDE, BEGINS, INSIDE))
"""... and those that may follow each."""

_COMMON = (-3.0, -3.6, -4.2, -5.0)
"""Decimal logarithms of frequencies between which words are told apart."""

_ENDING = 4
_FEWEST_FOR_ENDING = 6
_NEAR = 3
"""Tokens beside a token among which a number counts."""

_EDGES = ("<s>", "</s>")

Weights = Mapping[str, Sequence[float]]
"""Feature: what it adds to each label."""


def address_spans(said: Answer, language: str) -> list[tuple[int, int]]:
    """Return the tokens of the addresses in a text, from and to before."""
    weights = _weights()
    rows = [_scores(weights, each) for each in features(said, language)]
    return spans(best_labels(rows, _transitions(weights)))


def spans(labels: Sequence[int]) -> list[tuple[int, int]]:
    """Return where addresses begin and end, by the labels of the tokens.

    >>> spans([OUTSIDE, BEGINS, INSIDE, OUTSIDE, BEGINS])
    [(1, 3), (4, 5)]
    """
    found: list[tuple[int, int]] = []
    for place, label in enumerate(labels):
        if label == BEGINS:
            found.append((place, place + 1))
        elif label == INSIDE and found:
            found[-1] = (found[-1][0], place + 1)
    return found


def best_labels(
    rows: Sequence[Sequence[float]], transitions: Sequence[Sequence[float]]
) -> list[int]:
    """Return the labels that fit best together (Viterbi 1967).

    Args:
        rows: For each token, the score of each label.
        transitions: For each label, the score of each that follows it.
    """
    if not rows:
        return []
    scores = [rows[0][OUTSIDE], rows[0][BEGINS], float("-inf")]
    back: list[list[int]] = []
    for row in rows[1:]:
        came = [OUTSIDE] * len(row)
        reached = [float("-inf")] * len(row)
        for before, following in enumerate(FOLLOWS):
            for label in following:
                score = scores[before] + transitions[before][label] + row[label]
                if score > reached[label]:
                    reached[label], came[label] = score, before
        back.append(came)
        scores = reached
    label = max(range(len(scores)), key=scores.__getitem__)
    labels = [label]
    for came in reversed(back):
        label = came[label]
        labels.append(label)
    return labels[::-1]


def features(said: Answer, language: str) -> list[list[str]]:
    """Return the features of each token: its form, its word, and those beside it."""
    words = word_list(language.partition("-")[0])
    forms = [_form(said, token, words) for token in said.tokens]
    texts = [token.folded for token in said.tokens]
    return [list(_at(place, texts, forms, said.tokens)) for place in range(len(texts))]


def _at(
    place: int, texts: Sequence[str], forms: Sequence[str], tokens: Sequence[Token]
) -> Iterator[str]:
    word, form = texts[place], forms[place]
    yield "="
    yield f"f0={form}"
    if not tokens[place].is_number:
        yield f"w0={word}"
    if len(word) >= _FEWEST_FOR_ENDING:
        yield f"e0={word[-_ENDING:]}"
    for by in (-2, -1, 1, 2):
        at = place + by
        inside = 0 <= at < len(texts)
        beside = forms[at] if inside else _EDGES[by > 0]
        yield f"f{by}={beside}"
        if abs(by) == 1:
            yield f"f0{by}={form}|{beside}"
        if inside and not tokens[at].is_number:
            yield f"w{by}={texts[at]}"
    before, after = tokens[max(place - _NEAR, 0) : place], tokens[place + 1 : place + 1 + _NEAR]
    yield f"n={_number(before)}{_number(after)}"
    if tokens[place].glued:
        yield "g"


def _number(tokens: Sequence[Token]) -> int:
    return int(any(each.is_number for each in tokens))


def _form(said: Answer, token: Token, words: WordList | None) -> str:
    """Return how a token is written, and how common its word is."""
    if token.is_number:
        return f"9{min(len(token.folded), 6)}"
    if not token.is_word:
        return token.folded
    if token.stands_alone:
        return "ideograph"
    written = said.text[token.start : token.end]
    case = "x" if written.islower() else "X" if len(written) == 1 else "Xx"
    case = "XX" if len(written) > 1 and written.isupper() else case
    frequency = words.frequency(token.folded) if words is not None else None
    if frequency is None:
        return f"{case}?"
    return f"{case}{sum(frequency < each for each in _COMMON)}"


def _scores(weights: Weights, found: Sequence[str]) -> list[float]:
    rows = [weights[each] for each in found if each in weights]
    return [sum(row[label] for row in rows) for label in range(len(FOLLOWS))]


def transition(before: int) -> str:
    """Return the name of the weights of what follows a label."""
    return f"t{before}"


def _transitions(weights: Weights) -> list[Sequence[float]]:
    return [weights[transition(before)] for before in range(len(FOLLOWS))]


@cache
def _weights() -> Weights:
    """Return the weights: a feature with the score that it adds to each label."""
    text = resources.files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8")
    found: dict[str, list[float]] = json.loads(text)
    return found
