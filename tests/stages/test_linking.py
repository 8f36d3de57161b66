"""Accounts are linked in private by "link CODE", and unlinked by a word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversations.transcript import Conversation
from bot.messages import Done, Readers, Received, Say, Visibility
from bot.open_form import FormChange, OpenForm
from bot.responder import Turn
from bot.stages.linking import LinkAccount
from bot.storage import Database
from bot.storage.forms import StoredForms
from tests.answering.proof.shop import ANNA, Desk, request
from tests.delivery.support import START
from tests.storage.conftest import database, sqlite, url

__all__ = ["database", "sqlite", "url"]


async def said(desk: Desk, forms: StoredForms, text: str, *, public: bool = False) -> str:
    """What the stage says to a message; empty: it leaves it to others."""
    message = request(text=text, readers=Readers.OTHERS if public else Readers.AUTHOR).message
    turn = Turn(Received(message), Conversation(message.conversation), text, "en")
    parts = [part async for part in LinkAccount(desk.accounts, forms).handle(turn)]
    assert not parts or isinstance(parts[-1], Done)
    assert all(each.visibility is Visibility.PRIVATE for each in parts if isinstance(each, Say))
    return "".join(each.markdown for each in parts if isinstance(each, Say))


async def test_an_account_is_linked_and_unlinked(sqlite: Database) -> None:
    desk, forms = Desk(sqlite), StoredForms(sqlite)
    assert "is linked" in await said(desk, forms, f"Link {desk.shop.link_code('c1001')} please")
    assert await desk.subject("linked") == "c1001"
    assert "no account" in (await said(desk, forms, "/unlink")).lower()
    assert await desk.subject("linked") == ""


@pytest.mark.parametrize("text", ["unlink my shop account please, it is the club's tablet", "解绑"])
async def test_it_is_unlinked_in_other_words(sqlite: Database, text: str) -> None:
    desk, forms = Desk(sqlite), StoredForms(sqlite)
    await desk.stored.keep(ANNA, "linked", subject="c1001")
    assert await said(desk, forms, text, public=True)
    assert await desk.subject("linked") == ""


@pytest.mark.parametrize("text", ["link my account", "where is 48213", "how do I unlink it?", ""])
async def test_other_messages_are_left_to_others(sqlite: Database, text: str) -> None:
    desk = Desk(sqlite)
    assert await said(desk, StoredForms(sqlite), text) == ""
    assert desk.shop.calls == []


async def test_no_account_is_linked_where_others_read(sqlite: Database) -> None:
    desk = Desk(sqlite)
    code = desk.shop.link_code("c1001")
    assert await said(desk, StoredForms(sqlite), f"link {code}", public=True) == ""
    assert await desk.subject("linked") == ""


async def test_a_form_that_asks_for_a_proof_takes_the_code_itself(sqlite: Database) -> None:
    desk, forms = Desk(sqlite), StoredForms(sqlite)
    place = request().message.conversation
    form = OpenForm(
        "f1", place, ANNA, "order", "h", "en", START + timedelta(minutes=30), step="proof"
    )
    await forms.change(FormChange(None, form), at=START)
    code = desk.shop.link_code("c1001")
    assert await said(desk, forms, f"link {code}") == ""
    assert await said(desk, forms, "unlink") != ""
    assert (await desk.says(f"link {code}")).state == "proven"
