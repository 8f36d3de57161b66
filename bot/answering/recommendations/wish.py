"""What a customer wants of a product: constraints, and what counts softly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.answering.recommendations.catalogue import Value

CATEGORY, PRICE, NAME, TEXT = "category", "price", "name", "text"
"""What a constraint may be about beside attributes: `name` is one of some products, by id; `text`
is a word in what the shop writes about them."""

Op = Literal["is", "not", "most", "least"]

MOST_TEXTS = 3
"""Latest messages by whose meaning products are ranked."""

MOST_SHOWN = 30
"""Products that were shown and are not shown again."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that a customer wants.

    Attributes:
        about: `category`, `price`, `name`, `text` or an attribute.
        op: One of the values, none of them, at most or at least the number.
        values: For `most` and `least` one number.
    """

    about: str
    op: Op
    values: tuple[Value, ...]

    @property
    def key(self) -> str:
        """What the constraint is called in buttons; another one of this key takes its place."""
        return f"{self.op}:{self.about}"

    @property
    def number(self) -> float:
        """The bound of `most` and `least`."""
        return float(self.values[0])


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants, as far as they said.

    Attributes:
        constraints: Never violated.
        soft: What would be nice: named before for something else, or with "preferably".
        lower, higher: Attributes of which less or more is better.
        near: The price that it is to be about; 0: none.
        texts: What the customer wrote, the latest last.
        like: Ids of products to which others are to be similar.
        last: Ids of products that were shown last.
        shown: Those, and others before them.
    """

    constraints: tuple[Constraint, ...] = ()
    soft: tuple[Constraint, ...] = ()
    lower: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    near: float = 0.0
    texts: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def categories(self) -> frozenset[Value]:
        """The categories that are wanted; empty: any."""
        found = (each for each in self.constraints if each.key == f"is:{CATEGORY}")
        return frozenset(value for each in found for value in each.values)

    def with_text(self, text: str) -> Wish:
        """Return the wish with a further message."""
        return replace(self, texts=(*self.texts, text)[-MOST_TEXTS:])

    def of_kind(self, category: str) -> Wish:
        """Return the wish for products of a category."""
        kind = Constraint(CATEGORY, "is", (category,))
        return replace(self, constraints=merged(self.constraints, (kind,)))

    def showing(self, ids: Sequence[str]) -> Wish:
        """Return the wish once products were shown."""
        shown = tuple(dict.fromkeys((*ids, *self.shown)))[:MOST_SHOWN]
        return replace(self, last=tuple(ids), shown=shown)

    def without(self, key: str) -> Wish:
        """Return the wish without the constraints of a key, hard or soft."""
        return replace(
            self,
            constraints=tuple(each for each in self.constraints if each.key != key),
            soft=tuple(each for each in self.soft if each.key != key),
            near=0.0 if key == f"most:{PRICE}" else self.near,
        )

    def softened(self) -> Wish:
        """Return what of a wish counts for another kind of product: all of it softly."""
        kept = [each for each in self.constraints if each.about not in (CATEGORY, TEXT)]
        soft = {each.key: each for each in (*self.soft, *kept)}
        return Wish(soft=tuple(soft.values()), like=self.like)


def merged(old: Iterable[Constraint], new: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Return constraints with new ones in the place of those that they replace.

    What is excluded adds up; a value that is wanted now is excluded no more.
    """
    found = {each.key: each for each in old}
    for fresh in new:
        before = found.get(fresh.key)
        kept = before.values if before is not None and fresh.op == "not" else ()
        each = replace(fresh, values=tuple(dict.fromkeys((*kept, *fresh.values))))
        found[each.key] = each
        opposite = f"{'not' if each.op == 'is' else 'is'}:{each.about}"
        if each.op in ("is", "not") and (other := found.pop(opposite, None)) is not None:
            left = tuple(value for value in other.values if value not in each.values)
            if left:
                found[opposite] = replace(other, values=left)
        _widen(found, each)
    return tuple(found.values())


def _widen(found: dict[str, Constraint], bound: Constraint) -> None:
    """Drop an older bound that leaves no number between it and a new one."""
    other = {"most": "least", "least": "most"}.get(bound.op)
    opposite = found.get(f"{other}:{bound.about}")
    if opposite is None:
        return
    low, high = sorted((bound, opposite), key=lambda each: each.op == "most")
    if low.number > high.number:
        del found[opposite.key]


def to_data(wish: Wish) -> dict[str, Any]:
    """Return a wish as JSON has it."""
    return {
        "constraints": [_row(each) for each in wish.constraints],
        "soft": [_row(each) for each in wish.soft],
        "lower": list(wish.lower),
        "higher": list(wish.higher),
        "near": wish.near,
        "texts": list(wish.texts),
        "like": list(wish.like),
        "last": list(wish.last),
        "shown": list(wish.shown),
    }


def from_data(data: Mapping[str, Any]) -> Wish:
    """Return a wish from what `to_data` returned."""
    return Wish(
        constraints=tuple(_constraint(each) for each in data.get("constraints", ())),
        soft=tuple(_constraint(each) for each in data.get("soft", ())),
        lower=tuple(data.get("lower", ())),
        higher=tuple(data.get("higher", ())),
        near=data.get("near", 0.0),
        texts=tuple(data.get("texts", ())),
        like=tuple(data.get("like", ())),
        last=tuple(data.get("last", ())),
        shown=tuple(data.get("shown", ())),
    )


def _row(constraint: Constraint) -> list[Any]:
    return [constraint.about, constraint.op, list(constraint.values)]


def _constraint(row: list[Any]) -> Constraint:
    about, op, values = row
    return Constraint(about, op, tuple(values))
