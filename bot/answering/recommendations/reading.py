"""What a message says about products."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.wish import CATEGORY, Constraint


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says about products.

    Attributes:
        constraints: What is wanted and not wanted.
        soft: What would be nice.
        needless: Attributes that do not matter, the customer says.
        lower, higher: Attributes of which less or more is wanted than before.
        near: The price that it is to be about; 0: none.
        named: Products that are named, by id, each as those that the name may mean.
        like: Ids of products that it is to be similar to.
        currency: Currency of an amount that was read as one in the shop's; empty: none.
        cues: What else is said.
        covered: Share of the words that were understood, in [0, 1].
        places: Kinds that say where something is used: one of them is wanted, if no other is.
        owned: Categories of what the customer has already.
        may_mean: Categories of which one may be meant, none of them surely; the likeliest first.
        unread: What is wanted or not, and was not understood, as it was written.
    """

    constraints: tuple[Constraint, ...] = ()
    soft: tuple[Constraint, ...] = ()
    needless: frozenset[str] = frozenset()
    lower: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    near: float = 0.0
    named: tuple[tuple[str, ...], ...] = ()
    like: tuple[str, ...] = ()
    currency: str = ""
    cues: frozenset[WishCue] = frozenset()
    covered: float = 0.0
    places: tuple[Constraint, ...] = ()
    owned: frozenset[str] = frozenset()
    may_mean: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything was understood that changes what fits."""
        return bool(
            self.constraints
            or self.soft
            or self.needless
            or self.lower
            or self.higher
            or self.near
            or self.named
        )

    @property
    def categories(self) -> frozenset[str]:
        """The categories that are wanted."""
        found = (each for each in self.constraints if each.key == f"is:{CATEGORY}")
        return frozenset(str(value) for each in found for value in each.values)
