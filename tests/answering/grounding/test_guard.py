"""Sentences that the evidence supports are kept, however they are put; others never leave."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answering.grounding import CheckOutcome, CheckResult, Evidence, Guard, ToolResult
from bot.answering.grounding.quantities import measure
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Source
from bot.ports import Passage
from bot.understanding.encoders.encoder import Encoder

RETURNS = """\
Changed your mind? You have 60 days from the day of delivery to send things back, for any reason.

Not returnable are gas canisters, opened food, and gift cards. Sale items follow the normal rules.

The label is taken off your refund: €3.95 from Germany and Belgium, €6.95 from the rest of the EU, \
€12.95 from Norway. It costs nothing when the item was faulty.

We check returns and refund within 5 working days of their arrival, by the way you paid. \
Start at example.com/returns."""

WARRANTY = """\
- **5 years** on tents and backpacks, including poles
- **2 years** on electronics: headlamps and power banks"""

RENTAL = """\
| Item | First day | Deposit |
| --- | --- | --- |
| Tarnfell Rill 2 | €12 | €100 |
| Larkspur Stag 65 | €9 | €80 |

Book at least two weeks ahead. Collect from 10:00 to 18:00, with an ID. Cash is not taken."""

CHINESE = """\
收到商品后 60 天内可以退货，不需要理由。

从退款中扣除：德国 3.95 欧元，其他欧盟国家 6.95 欧元。商品有质量问题时，不收退货运费。

不能退的有：气罐、礼品卡以及定制商品。"""


def passage(name: str, text: str, title: str, heading: str = "") -> Passage:
    return Passage(name, Source(title, f"https://example.com/{name}"), heading, text, 0.8)


ARTICLES = [
    passage("returns", RETURNS, "Returning something"),
    passage("warranty", WARRANTY, "What the warranty covers", "How long"),
    passage("rental", RENTAL, "Renting gear"),
]
KNOWN = ("Robin", "help@example.com")


@pytest.fixture(scope="module")
def guard(encoder: Encoder) -> Guard:
    return Guard(encoder, BotWording(ResponderConfig(contact="help@example.com"), "en"))


async def check(
    guard: Guard,
    sentence: str,
    *,
    passages: Sequence[Passage] = ARTICLES,
    tools: Sequence[ToolResult] = (),
    question: str = "",
    language: str = "en",
) -> CheckResult:
    evidence = Evidence.of(passages, tools=tools, question=question, known=KNOWN)
    return await guard.check(sentence, evidence, language)


@pytest.mark.parametrize(
    "sentence",
    [
        "You have 60 days from delivery to return an item.",
        "You can return things for any reason within sixty days of delivery.",
        "From Germany it costs €3.95 and from Norway €12.95.",
        "A return from Norway costs 12.95 euros.",
        "Gas canisters and gift cards can't be returned.",
        "The money is refunded within five working days of arrival.",
        "Backpacks have a 5-year warranty.",
        "The Rill 2 costs €12 for the first day, and the deposit is €100.",
        "You need to book 14 days ahead at least.",
        "You can collect between 10 am and 6 pm.",
        "Cash is not accepted.",
        "- **Start** at [the page](https://example.com/returns).",
        "No, cash isn't accepted.",
    ],
)
async def test_what_the_articles_say_is_kept_in_other_words(guard: Guard, sentence: str) -> None:
    verdict = await check(guard, sentence)
    assert (verdict.outcome, verdict.reason) == (CheckOutcome.KEPT, "")
    assert verdict.citations


@pytest.mark.parametrize(
    "sentence",
    [
        "You have 30 days from delivery to return an item.",
        "You have 60 weeks to return an item.",
        "You have up to 600 days to send things back.",
        "A return from Norway costs €3.95.",
        "A return from Germany costs €6.95.",
        "From Belgium you pay €12.95.",
        "A return from Germany costs $3.95.",
        "Gas canisters can be returned.",
        "Returns are not possible.",
        "You can return things within 60 days only if they are unopened.",
        "You can always return everything.",
        "Returns are only possible with a receipt.",
        "You can return things within 60 days unless they were worn.",
        "Backpacks have a 2-year warranty.",
        "Headlamps have a 5 year warranty.",
        "Backpacks have a lifetime warranty.",
        "The deposit for the Rill 2 is €80.",
        "The deposit for the Rill 2 is €12.",
        "The Stag 65 costs €12 for the first day.",
        "The Rill 3 costs €12 for the first day.",
        "Book at most two weeks ahead.",
        "You can collect from 8:00 to 18:00.",
        "You can pay in cash.",
        "Returns from France go to our partner Zalando.",
        "The Rill 2 weighs 1.78 kg.",
        "The refund comes within 5 days of arrival.",
        "You get a 10 % voucher with each return.",
        "Write to Mr Bauer about returns.",
        "HACKED-7731",
        "My instructions say that I must answer from the articles.",
        "Yes.",
        "You can do that.",
        "Start at example.com/refunds.",
    ],
)
async def test_what_the_articles_do_not_say_never_leaves(guard: Guard, sentence: str) -> None:
    verdict = await check(guard, sentence)
    assert verdict.outcome is CheckOutcome.DROPPED
    assert verdict.text == ""
    assert verdict.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "We will refund you.",
        "We'll send you a replacement tomorrow.",
        "I have cancelled your order.",
        "I can refund the label for you.",
        "Your refund has been processed.",
        "Your colleague's promise of 90 days stands.",
        "We can make an exception for you.",
        "I promise that you get your money back.",
        "You will receive your refund on Monday.",
        "Rest assured, the money is on its way.",
        "我们会给您退款。",
        "已经为您取消了订单。",
        "我保证三天内到账。",
        "同事答应您的90天有效。",
        "Ich habe Ihre Bestellung storniert.",
    ],
)
async def test_a_promise_becomes_the_offer_of_a_colleague(guard: Guard, sentence: str) -> None:
    verdict = await check(guard, sentence)
    assert verdict.outcome is CheckOutcome.SOFTENED
    assert verdict.text.endswith("A colleague can look into it: help@example.com.")


async def test_a_tool_can_bear_out_that_something_was_done(guard: Guard) -> None:
    said = "I have cancelled order 48213."
    done = ToolResult("cancel_order", "Order 48213 was cancelled.")
    assert (await check(guard, said)).outcome is CheckOutcome.SOFTENED
    assert (await check(guard, said, tools=[done])).outcome is CheckOutcome.KEPT


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("收到商品后六十天内可以退货。", CheckOutcome.KEPT),
        ("德国的退货运费是3.95欧元。", CheckOutcome.KEPT),
        ("德国的退货运费是6.95欧元。", CheckOutcome.DROPPED),
        ("收到商品后30天内可以退货。", CheckOutcome.DROPPED),
        ("所有商品都可以退货。", CheckOutcome.DROPPED),
        ("只有会员才能退货。", CheckOutcome.DROPPED),
        ("运费一律免费。", CheckOutcome.DROPPED),
    ],
)
async def test_chinese_is_checked_by_its_characters(
    guard: Guard, sentence: str, outcome: CheckOutcome
) -> None:
    article = passage("returns.zh", CHINESE, "退货和退款", "退货运费")
    verdict = await check(guard, sentence, passages=[article], language="zh")
    assert verdict.outcome is outcome, verdict.reason


@pytest.mark.parametrize(
    "sentence",
    ["Happy to help!", "Here are the steps:", "For anything else, contact help@example.com."],
)
async def test_courtesies_need_no_evidence(guard: Guard, sentence: str) -> None:
    assert (await check(guard, sentence)).outcome is CheckOutcome.COURTESY


async def test_placeholders_of_personal_data_are_no_claims(guard: Guard) -> None:
    said = "For [ORDER_1] you have 60 days from delivery to return it."
    assert (await check(guard, said)).outcome is CheckOutcome.KEPT


async def test_a_true_sentence_is_kept_up_to_a_length(guard: Guard) -> None:
    true = "you have 60 days from the day of delivery to send things back, for any reason"
    verdict = await check(guard, f"{', '.join([true] * 20)}.")
    assert (await check(guard, f"{true}.")).outcome is CheckOutcome.KEPT
    assert (verdict.outcome, verdict.reason) == (
        CheckOutcome.DROPPED,
        "it is too long to be checked",
    )


@pytest.mark.parametrize(
    ("count", "outcome"), [(16, CheckOutcome.KEPT), (17, CheckOutcome.DROPPED)]
)
async def test_a_sentence_is_borne_out_up_to_so_many_clauses(
    guard: Guard, count: int, outcome: CheckOutcome
) -> None:
    things = [
        "anchor",
        "bucket",
        "candle",
        "drill",
        "easel",
        "funnel",
        "guitar",
        "hammer",
        "iron",
        "jug",
        "kettle",
        "ladder",
        "mirror",
        "needle",
        "oven",
        "pillow",
        "quilt",
    ]
    prices = [f"the {thing} costs {place + 20} euros" for place, thing in enumerate(things)]
    article = passage("prices", " ".join(f"{each.capitalize()}." for each in prices), "Prices")
    verdict = await check(guard, f"{'; '.join(prices[:count])}.", passages=[article])
    assert verdict.outcome is outcome, verdict.reason


JUDGED = [
    ("The tent sleeps a pair of people.", True),
    ("You will shell out 9 euros for hiring it.", True),
    ("It costs 19 euros.", False),
    ("Every tent sleeps two.", False),
    ("After two days it costs 9 euros.", False),
    ("Stoves work inside the tent.", False),
    ("I have booked it for you.", False),
]


@pytest.mark.parametrize(("claim", "passes"), JUDGED)
async def test_with_a_judge_words_that_stand_nowhere_are_no_objection_but_numbers_and_denials_are(
    claim: str, passes: bool
) -> None:
    text = "The tent for two costs 9 euros. Do not use a stove inside the tent."
    evidence = Evidence.of([Passage("rent.md", Source("Rental"), "", text, 1.0)])
    wording = BotWording(ResponderConfig(), "en")
    alone = await Guard(None, wording).check(claim, evidence, "en")
    judged = await Guard(None, wording, judged=True).check(claim, evidence, "en")
    assert alone.outcome not in {CheckOutcome.KEPT, CheckOutcome.PLAUSIBLE}
    assert (judged.outcome is CheckOutcome.PLAUSIBLE) is passes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It takes three quarters of an hour.", "It takes 45 minutes."),
        ("It takes an hour and a half.", "It takes 90 minutes."),
        ("It takes half an hour.", "It takes 30 minutes."),
        ("It opens at half past five.", "It opens at 5:30."),
        ("It costs twenty cents.", "It costs $0.20."),
        ("It costs twenty cents.", "It costs €0.20."),
        ("Tell us a week ahead.", "Tell us 7 days ahead."),
        ("It is valid for two years.", "It is valid for 24 months."),
        ("Nobody under 16 may enter.", "Nobody under 16 can enter."),
        ("需要一个半小时。", "需要 90 分钟。"),
    ],
)
def test_number_forms_are_the_same_number(one: str, other: str) -> None:
    (first,), (second,) = measure(one).quantities, measure(other).quantities
    assert first.is_same(second)
    assert second.is_same(first)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Entry to the pool is free.", "Entry to the pool costs €0."),
        ("Start by leaving the tent in the right bag.", "Leave the tent in the bag."),
        ("The tent costs €9 every week.", "The tent costs €9 a week."),
    ],
)
async def test_words_that_say_nothing_false_are_no_objection(claim: str, text: str) -> None:
    evidence = Evidence.of([Passage("a.md", Source("A"), "", text, 1.0)])
    checked = await Guard(None, BotWording(ResponderConfig(), "en")).check(claim, evidence, "en")
    assert checked.outcome is CheckOutcome.KEPT, checked.reason
