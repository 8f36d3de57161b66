"""Words of the articles that stand to each other otherwise than there say something else."""

from __future__ import annotations

import pytest

from bot.answering.grounding import CheckOutcome, Evidence, Guard
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Source
from bot.ports import Passage

TEXT = """\
Rinse with fresh water only; salt water eats the chrome. The Otter (300 g) is for ponds; the \
Heron (900 g) for whole days at sea. Most ports lend buckets and lines. Harwich does not. Your \
club may add a levy for the pier; we never do. When the crew has hoisted the flag, we open the \
gate: nobody waits until the tide has turned. Every second Friday of the month at 9:00 the shed \
is open; it is free, and no booking is needed. We can bar a stolen pass and print a new one as \
long as it has not been used. A full creel should stay below a third of your own weight. Late \
entries pay double. Printed caps cannot be returned unless they are torn. Day passes cannot be \
used to buy bait. You can apply from \
1 March to 15 April. A worn line keeps its number; a lost one starts at zero. The Tern (9.8 m) \
and the Gull (16.5 m) are for hire. Anglers may stay overnight. The pike and \
the perch of the lake may be eaten; the Rainbow Trout may not. Tunnels (Cabin 1, Hut) want firm \
ground. An open roof (Cabin 2, Cabin 3) stands on sand. Nobody at the hut? The ranger leaves a key \
with the baker. The mate checks all nets and refunds within 5 days of their landing. After \
3 hours without wind, tell the harbour your number and we send a tug."""

STEPS = """\
1. Fill the tank to the mark.
2. Close the lid, and wait for the click."""

SIZES = """\
| Size | Chest | Waist |
| --- | --- | --- |
| M | 94–99 | 82–87 |
| L | 100–106 | 88–94 |"""

CHINESE = """\
工作日 9:00 前的预约当天安排,之后的预约下一个工作日安排。价格含早餐。租船人自带救生衣时,\
不收押金费用。老城区、北岛以及灯塔暂时不能停靠。我们停靠 30 个港口:27 个内湖港口和 3 个海港。"""

PASSAGES = [
    Passage("pier", Source("The pier", ""), "At the water", TEXT, 0.8),
    Passage("steps", Source("Stove", ""), "Filling", STEPS, 0.8),
    Passage("sizes", Source("Waders in centimetres", ""), "Sizes", SIZES, 0.8),
    Passage("boats", Source("租船", ""), "租船和午餐", CHINESE, 0.8),
]


async def outcome(sentence: str, question: str = "") -> tuple[CheckOutcome, str]:
    """Check by the rules alone."""
    guard = Guard(None, BotWording(ResponderConfig(), "en"))
    verdict = await guard.check(sentence, Evidence.of(PASSAGES, question=question), "en")
    return verdict.outcome, verdict.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "Salt water eats the chrome.",
        "You cannot buy bait with day passes.",
        "Bait cannot be bought with a day pass.",
        "The Heron is for whole days at sea.",
        "The Heron weighs 900 g.",
        "Harwich does not lend buckets.",
        "Most ports lend buckets.",
        "We never add a levy for the pier.",
        "Your club may add a levy for the pier.",
        "We open the gate when the crew has hoisted the flag.",
        "Every second Friday at 9:00 the shed is open, free and without booking.",
        "We can bar a stolen pass as long as it has not been used.",
        "A full creel should weigh less than a third of your own weight.",
        "Printed caps can only be returned if they are torn.",
        "You can apply between 1 March and 15 April.",
        "First close the lid, and then wait for the click.",
        "Size M has a waist of 82–87 cm.",
        "A lost line starts at zero.",
        "The Tern has 9.8 m.",
        "The Rainbow Trout may not be eaten.",
        "After three hours without wind, tell the harbour your number and we send a tug.",
        "If nobody is at the hut, the ranger leaves a key with the baker.",
        "Once your nets have landed, the mate checks them and they are refunded within 5 days.",
        "The ranger leaves a key with the baker, and tunnels (Cabin 1, Hut) want firm ground.",
        "9点以后的预约下一个工作日安排。",
        "价格含早餐。",
        "租船人自带救生衣时,免收押金费用。",
        "灯塔暂时不能停靠。",
    ],
)
async def test_what_keeps_its_relations_is_kept(sentence: str) -> None:
    assert await outcome(sentence) == (CheckOutcome.KEPT, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "Fresh water eats the chrome.",
        "The Otter is for whole days at sea.",
        "The Heron is for whole weeks at sea.",
        "The Heron has 300 g.",
        "Harwich lends buckets and lines.",
        "Most ports do not lend buckets.",
        "We add a levy for the pier.",
        "Your club never adds a levy.",
        "We open the gate before the crew has hoisted the flag.",
        "Every Friday at 9:00 the shed is open.",
        "A stolen pass cannot be barred.",
        "A full creel should weigh more than a third of your own weight.",
        "Printed caps can be returned.",
        "You cannot buy bait.",
        "Bait cannot be bought.",
        "Size L has a waist of 82–87 cm.",
        "A worn line starts at zero.",
        "The Tern has 16.5 m.",
        "You can apply from 15 March to 1 April.",
        "Anglers may stay overnight unless it is torn.",
        "The Rainbow Trout may be eaten, as the Pike and the Perch may not.",
        "Tunnels (Cabin 2, Hut) want firm ground.",
        "9点以后的预约当天安排。",
        "9点以后的预约下周安排。",
        "价格含早餐和午餐。",
        "租船人自带救生衣时,收押金费用。",
        "灯塔可以停靠。",
        "我们停靠 27 个港口:30 个内湖港口和 3 个海港。",
    ],
)
async def test_what_changes_them_is_dropped(sentence: str) -> None:
    assert (await outcome(sentence, question=sentence))[0] is CheckOutcome.DROPPED


async def test_a_dropped_sentence_tells_where_most_of_it_stands() -> None:
    guard = Guard(None, BotWording(ResponderConfig(), "en"))
    evidence = Evidence.of(PASSAGES)
    assert (await guard.check("Harwich lends red buckets.", evidence, "en")).nearest == "pier"
    assert (await guard.check("Elephants fly to Peru.", evidence, "en")).nearest == ""
