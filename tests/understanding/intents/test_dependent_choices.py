"""Choices that an action makes of another slot depend on that slot, or the check warns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import found

SHOP = """\
version: 1
intents:
  - name: swap
    examples: [swap it, my item again, some other item, swap my item, another one instead]
    slots:
      number: {type: pattern, pattern: '[0-9]+'}
      item: {type: choice, choices_from: {action: items, list: items}, after: [number]}
      to: {type: choice, choices_from: {action: others, list: others}, after: [item]}
    reply: Fine.
"""
ACTIONS = """\
version: 1
hosts: [shop.example.com]
actions:
  items:
    kind: read
    http: {url: "https://shop.example.com/{number}", timeout: 5s}
    proof: none
    returns: [items]
    on_error: handoff
  others:
    kind: read
    http: {url: "https://shop.example.com/{number}/{item}", timeout: 5s}
    proof: none
    returns: [others]
    on_error: handoff
"""


def test_a_slot_may_depend_through_another_one(tmp_path: Path) -> None:
    assert found(tmp_path, shop=SHOP, actions=ACTIONS) == []


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (", after: [number]", "items needs number, which is not in `after`"),
        (", after: [item]", "others needs item, which is not in `after`"),
    ],
)
def test_a_slot_that_is_missing_in_after_is_a_warning(tmp_path: Path, old: str, said: str) -> None:
    problems = found(tmp_path, shop=SHOP.replace(old, ""), actions=ACTIONS)
    assert any("warning: swap.slots." in each and said in each for each in problems), problems


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("", ""),
        (", value: sku", 'swap.slots.item.choices_from.value: what items lists has no "sku"'),
        (", synonyms: names", 'choices_from.synonyms: what items lists has no "names"'),
    ],
)
def test_choices_whose_keys_no_object_has_are_refused(
    tmp_path: Path, chosen: str, said: str
) -> None:
    shop = SHOP.replace("list: items}", f"list: items{chosen}}}")
    listed = ACTIONS.replace("returns: [items]", 'returns: {items: "all[].{value: sku, words: w}"}')
    problems = found(tmp_path, shop=shop, actions=listed)
    assert len(problems) == bool(said)
    assert said in "".join(problems)
