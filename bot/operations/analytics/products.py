"""What became of products that were recommended: shown, asked about, and followed by a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.operations.analytics.answer_outcomes import follows, person_of
from bot.operations.analytics.intervals import Share, share
from bot.storage.analytics import CaseTimes
from bot.storage.product_records import ProductRecord


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """What customers did with a product, see docs/statistics.md.

    Attributes:
        recommended: How often it was shown.
        why, more, cheaper: How often they asked why, for more like it, for something cheaper.
        handoff: Share of the times it was shown after which a case opened for the customer.
    """

    recommended: int
    why: int
    more: int
    cheaper: int
    handoff: Share


@dataclass(slots=True)
class _Counted:
    events: Counter[str] = field(default_factory=Counter)
    handed_over: int = 0


def product_figures(
    records: Iterable[ProductRecord], cases: Iterable[CaseTimes]
) -> Mapping[str, ProductFigures]:
    """Return the figures of each product, by its id; what was shown most first.

    Args:
        records: What decisions tell of products.
        cases: Of customers who were handed over, up to 72 hours after the last record.
    """
    opened: dict[str, list[datetime]] = defaultdict(list)
    for case in sorted(cases, key=lambda each: each.opened_at):
        opened[person_of(case.author)].append(case.opened_at)
    counted: dict[str, _Counted] = defaultdict(_Counted)
    for record in records:
        handed_over = follows(opened.get(person_of(record.author), ()), record.at)
        for product in record.shown:
            counted[product].events["shown"] += 1
            counted[product].handed_over += handed_over
        for product, event in record.events:
            counted[product].events[event] += 1
    found = {name: _figures(each) for name, each in counted.items()}
    return dict(sorted(found.items(), key=lambda item: (-item[1].recommended, item[0])))


def _figures(counted: _Counted) -> ProductFigures:
    events = counted.events
    shown = events["shown"]
    handoff = share(counted.handed_over, shown)
    return ProductFigures(shown, events["why"], events["more"], events["cheaper"], handoff)
