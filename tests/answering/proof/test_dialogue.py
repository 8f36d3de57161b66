"""How customers prove who they are, and how nobody proves to be somebody else."""

from __future__ import annotations

import pytest

from bot.config.proof import ProofConfig
from bot.messages import Readers
from bot.storage import Database
from tests.answering.proof.shop import ANNA, ANNAS, MALLORY, MARCOS, NOBODYS, Desk, request

TRUSTING = ProofConfig(ways=("platform_email",))
"""Of an admin who trusts the platform's addresses."""


def wrong_code(desk: Desk, customer: str = "c1001") -> str:
    """A code that is not the one that was sent."""
    right = desk.shop.code(customer)
    return "000000" if right != "000000" else "111111"


async def test_the_code_that_the_shop_sent_proves_who_somebody_is(desk: Desk) -> None:
    asked = await desk.begin()
    assert asked.state == "asked"
    assert "10 minutes" in asked.said
    assert await desk.subject() == ""
    assert (await desk.says(f"it says {desk.shop.code('c1001')}, thanks")).state == "proven"
    assert await desk.subject() == "c1001"
    assert (await desk.begin()).state == "proven"


async def test_a_code_that_is_only_offered_is_not_sent(desk: Desk) -> None:
    asked = request(ANNAS)
    offered = await desk.dialogue.begin(asked, ("code", "linked"), sends=False)
    assert offered.state == "offered"
    assert not await desk.codes.has_open_code(ANNA)
    assert (await desk.says("please send me a new code")).state == "asked"
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"
    assert (await desk.dialogue.begin(asked, ("code",), sends=False)).state == "proven"


async def test_wrong_wrong_right_is_accepted(desk: Desk) -> None:
    await desk.begin()
    for _ in range(2):
        assert (await desk.says(wrong_code(desk))).state == "asked"
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_no_code_is_taken_after_as_many_wrong_ones_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(tries=2))
    await desk.begin()
    assert (await desk.says(wrong_code(desk))).state == "asked"
    assert (await desk.says(wrong_code(desk))).state == "ended"
    assert (await desk.says(desk.shop.code("c1001"))).state != "proven"
    desk.later(30)
    assert (await desk.begin()).state == "ended"
    assert await desk.subject() == ""
    desk.later(31)
    assert (await desk.begin()).state == "asked"


async def test_five_wrong_codes_of_several_people_lock_the_customer_they_try(desk: Desk) -> None:
    for number in range(2):
        by = f"chat:T1:m{number}"
        await desk.begin(by=by)
        for _ in range(3):
            last = await desk.says(wrong_code(desk), by=by)
    assert last.state == "asked"
    assert (await desk.says(desk.shop.code("c1001"), by="chat:T1:m1")).state == "asked"
    assert await desk.subject(by="chat:T1:m1") == ""
    assert "proof_tries" in desk.alerts.kinds


async def test_a_code_is_good_for_as_long_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(code_minutes=3))
    assert "3 minutes" in (await desk.begin()).said
    desk.later(3)
    assert (await desk.says(desk.shop.code("c1001"))).state == "asked"
    assert await desk.subject() == ""


async def test_a_proof_is_good_for_as_long_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(proof_minutes=7))
    await desk.begin()
    await desk.says(desk.shop.code("c1001"))
    desk.later(6)
    assert await desk.subject() == "c1001"
    desk.later(1)
    assert await desk.subject() == ""


async def test_a_code_is_nothing_to_anybody_else(desk: Desk) -> None:
    await desk.begin()
    await desk.begin(MARCOS, by=MALLORY)
    assert (await desk.says(desk.shop.code("c1001"), by=MALLORY)).state == "asked"
    assert await desk.subject(by=MALLORY) == ""


async def test_a_code_for_ones_own_order_proves_nothing_about_anothers(desk: Desk) -> None:
    await desk.begin(MARCOS, by=MALLORY)
    assert (await desk.says(desk.shop.code("c1002"), by=MALLORY)).state == "proven"
    assert await desk.subject(by=MALLORY) == "c1002"


async def test_only_the_newest_code_counts(desk: Desk) -> None:
    await desk.begin()
    first = desk.shop.code("c1001")
    assert (await desk.says("please send it again")).state == "asked"
    assert len(desk.shop.mails) == 2
    assert (await desk.says(first)).state == "asked"
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_a_code_is_used_once(desk: Desk) -> None:
    await desk.begin()
    code = desk.shop.code("c1001")
    await desk.says(code)
    await desk.stored.void(ANNA, "code", "test")
    assert (await desk.says(code)).state == "asked"
    assert await desk.subject() == ""


async def test_a_proof_is_void_once_the_shop_has_another_address(desk: Desk) -> None:
    await desk.begin()
    await desk.says(desk.shop.code("c1001"))
    desk.shop.address["c1001"] = "Anna@example.com "
    assert await desk.subject() == "c1001"  # the same, spelt otherwise
    desk.shop.address["c1001"] = "new@example.com"
    assert await desk.subject() == ""
    desk.shop.address["c1001"] = "anna@example.com"
    assert await desk.subject() == ""


async def test_a_code_is_void_once_the_shop_has_another_address(desk: Desk) -> None:
    await desk.begin()
    desk.shop.address["c1001"] = "new@example.com"
    assert (await desk.says(desk.shop.code("c1001"))).state == "asked"
    assert await desk.subject() == ""


async def test_no_proof_holds_while_the_shop_cannot_be_asked(desk: Desk) -> None:
    await desk.begin()
    await desk.says(desk.shop.code("c1001"))
    desk.shop.down = True
    assert await desk.subject() == ""


async def test_an_unknown_order_is_answered_as_a_known_one(desk: Desk) -> None:
    known, unknown = await desk.begin(), await desk.begin(NOBODYS, by=MALLORY)
    assert known == unknown
    assert [to for to, _ in desk.shop.mails] == ["c1001"]
    for _ in range(5):
        pair = [await desk.says(wrong_code(desk)), await desk.says("123456", by=MALLORY)]
        assert pair[0] == pair[1]
    assert pair[0].state == "ended"


async def test_it_takes_the_same_time_whether_a_code_is_sent_or_not(desk: Desk) -> None:
    desk.shop.slow.clear()  # the shop's mail server hangs
    before = desk.clock.monotonic()
    known = await desk.begin()
    taken = desk.clock.monotonic() - before
    unknown = await desk.begin(NOBODYS, by=MALLORY)
    assert known == unknown
    assert desk.clock.monotonic() - before == 2 * taken
    desk.shop.slow.set()
    await desk.sender.sent(ANNA)
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_a_code_that_could_not_be_sent_is_told_to_staff_alone(desk: Desk) -> None:
    desk.shop.sends = False
    known = await desk.begin()
    assert known == await desk.begin(NOBODYS, by=MALLORY)
    assert desk.alerts.kinds == ["proof_send"]


async def test_a_shop_that_does_not_answer_is_said_to_be_away(desk: Desk) -> None:
    desk.shop.down = True
    known = await desk.begin()
    assert known.state == "ended"
    assert known == await desk.begin(NOBODYS, by=MALLORY)


async def test_a_customer_is_sent_as_many_codes_an_hour_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(sends_per_hour=2))
    said = [
        await desk.begin(order, by=f"chat:T1:m{number}")
        for number, order in enumerate((ANNAS, "50927", ANNAS, "50927"))
    ]
    assert len(set(said)) == 1  # nobody learns how many others asked
    assert len(desk.shop.mails) == 2
    assert set(desk.alerts.kinds) == {"proof_flood"}
    desk.later(60)
    await desk.begin(by="chat:T1:m9")
    assert len(desk.shop.mails) == 3


async def test_a_message_that_is_answered_again_has_no_second_code_sent(desk: Desk) -> None:
    asked = await desk.begin()
    again = await desk.begin(once_more=True)  # the process was killed before it had answered
    assert again == asked
    assert len(desk.shop.mails) == 1
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_a_message_whose_code_was_not_sent_has_one_sent_once(desk: Desk) -> None:
    desk.shop.down = True  # killed, or away, before the customer was found
    await desk.begin()
    desk.shop.down = False
    assert (await desk.begin(once_more=True)).state == "asked"
    assert len(desk.shop.mails) == 1
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_two_processes_that_answer_one_message_send_one_code(
    desk: Desk, sqlite: Database
) -> None:
    desk.shop.slow.clear()  # the first one hangs while it sends
    await desk.begin()
    other = Desk(sqlite, shop=desk.shop)
    other.said = desk.said
    assert (await other.begin(once_more=True)).state == "asked"
    desk.shop.slow.set()
    await desk.sender.sent(ANNA)
    assert len(desk.shop.mails) == 1
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_a_message_for_another_order_than_before_its_edit_has_a_code_sent(desk: Desk) -> None:
    await desk.begin()
    await desk.begin(MARCOS, once_more=True)
    assert [to for to, _ in desk.shop.mails] == ["c1001", "c1002"]


async def test_a_code_that_is_answered_again_is_not_called_wrong(desk: Desk) -> None:
    await desk.begin()
    code = desk.shop.code("c1001")
    await desk.says(code)
    assert (await desk.says(code, once_more=True)).state == "proven"
    assert (await desk.says(f"the code was {code}")).state == "proven"
    assert "redeem" not in desk.shop.calls


async def test_a_link_code_that_is_answered_again_is_not_called_wrong(desk: Desk) -> None:
    linked = f"link {desk.shop.link_code('c1001')}"
    first = await desk.says(linked)
    assert await desk.says(linked, once_more=True) == first
    assert first.state == "proven"


async def test_a_person_asks_for_as_many_codes_a_day_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(sends_per_day=3))
    for order in (ANNAS, NOBODYS, MARCOS):
        assert (await desk.begin(order)).state == "asked"
    assert (await desk.begin()).state == "ended"
    assert (await desk.says("send it again")).state == "ended"
    desk.later(23 * 60)
    assert (await desk.begin()).state == "ended"
    desk.later(61)
    assert (await desk.begin()).state == "asked"


async def test_a_way_that_config_does_not_allow_is_not_gone(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(ways=("linked",)))
    assert "link" in (await desk.begin(ANNAS, "code", "linked")).said
    assert (await desk.begin(ANNAS, "code")).state == "ended"
    assert desk.shop.mails == []
    await desk.stored.keep(ANNA, "code", subject="c1001")
    assert await desk.subject("code") == ""


async def test_a_code_of_the_signed_in_page_links_an_account(desk: Desk) -> None:
    asked = await desk.begin(None, "linked", "code")
    assert asked.state == "asked"
    assert desk.shop.mails == []  # no order to find anybody by
    linked = await desk.says(f"link {desk.shop.link_code('c1001')}")
    assert linked.state == "proven"
    assert "90 days" in linked.said
    assert await desk.subject("linked") == "c1001"
    assert await desk.subject("linked", by="chat:T2:anna") == ""  # of another workspace


async def test_a_link_code_alone_is_enough_where_it_was_asked_for(desk: Desk) -> None:
    await desk.begin(None, "linked")
    assert (await desk.says(desk.shop.link_code("c1001"))).state == "proven"


async def test_an_account_stays_linked_as_long_as_config_says(sqlite: Database) -> None:
    desk = Desk(sqlite, ProofConfig(link_days=3))
    await desk.accounts.redeem(desk.shop.link_code("c1001"), request())
    desk.later(3 * 24 * 60 - 1)
    assert await desk.subject("linked") == "c1001"
    desk.later(1)
    assert await desk.subject("linked") == ""


async def test_wrong_link_codes_are_counted_as_other_codes_are(desk: Desk) -> None:
    for _ in range(5):
        assert await desk.accounts.redeem("abc1234", request(by=MALLORY)) == "wrong"
    code = desk.shop.link_code("c1001")
    assert await desk.accounts.redeem(code, request(by=MALLORY)) == "tries_over"
    assert desk.shop.links == {code: "c1001"}
    assert (await desk.begin(by=MALLORY)).state == "ended"


async def test_an_unlinked_person_has_proven_nothing(desk: Desk) -> None:
    await desk.accounts.redeem(desk.shop.link_code("c1001"), request())
    await desk.begin()
    await desk.says(desk.shop.code("c1001"))
    assert "linked" in await desk.accounts.unlink(request().message, "en")
    assert await desk.subject("linked", "code") == ""


async def test_an_address_that_the_platform_verified_is_asked_for_each_time(
    sqlite: Database,
) -> None:
    desk = Desk(sqlite, TRUSTING)
    desk.platform.emails[ANNA] = "Anna@example.com"
    assert await desk.subject("platform_email") == "c1001"
    desk.platform.emails[ANNA] = "gone@example.com"
    assert await desk.subject("platform_email") == ""


@pytest.mark.parametrize("email", ["аnna@example.com", "", "anna@example.com@x.org"])
async def test_an_address_that_only_looks_like_a_customers_proves_nothing(
    sqlite: Database, email: str
) -> None:
    desk = Desk(sqlite, TRUSTING)
    desk.platform.emails[MALLORY] = email
    assert await desk.subject("platform_email", by=MALLORY) == ""


async def test_nothing_is_proven_where_others_read(desk: Desk) -> None:
    await desk.accounts.redeem(desk.shop.link_code("c1001"), request())
    in_public = request(readers=Readers.OTHERS)
    assert await desk.proofs.subject(in_public, ("linked",)) == ""
    assert (await desk.begin(readers=Readers.OTHERS)).state == "ended"
    assert (await desk.dialogue.receive(in_public.message, in_public)).state == "ended"
    assert desk.shop.mails == []


async def test_a_code_that_others_could_read_is_void(desk: Desk) -> None:
    await desk.begin()
    code = desk.shop.code("c1001")
    in_public = request(text=f"it is {code}", readers=Readers.OTHERS).message
    assert "void" in await desk.dialogue.void_public_code(in_public)
    assert await desk.dialogue.void_public_code(in_public) == ""
    assert (await desk.says(code)).state == "asked"
    assert await desk.subject() == ""


async def test_a_link_code_that_others_could_read_is_used_up(desk: Desk) -> None:
    code = desk.shop.link_code("c1001")
    in_public = request(text=f"link {code}", readers=Readers.OTHERS).message
    assert "void" in await desk.dialogue.void_public_code(in_public)
    assert await desk.accounts.redeem(code, request(by=MALLORY)) == "wrong"
    assert await desk.subject("linked") == ""


@pytest.mark.parametrize("text", ["order 48213", "my number is 123456", "link my account"])
async def test_other_words_in_public_void_nothing(desk: Desk, text: str) -> None:
    await desk.begin()
    in_public = request(text=text, readers=Readers.OTHERS).message
    assert await desk.dialogue.void_public_code(in_public) == ""
    assert (await desk.says(desk.shop.code("c1001"))).state == "proven"


async def test_what_is_no_code_is_left_to_others(desk: Desk) -> None:
    await desk.begin()
    assert (await desk.says("why do you need that?")).state == "no_answer"
    assert (await desk.says("48213")).state == "no_answer"


async def test_a_link_code_alone_in_public_is_used_up_where_it_was_asked_for(desk: Desk) -> None:
    code = desk.shop.link_code("c1001")
    public = request(ANNAS, code, readers=Readers.OTHERS).message
    assert await desk.dialogue.void_public_code(public) == ""
    assert await desk.dialogue.void_public_code(public, asked=True) != ""
    assert (await desk.says(f"link {code}", by=MALLORY)).state == "asked"
    assert await desk.subject("linked", by=MALLORY) == ""
