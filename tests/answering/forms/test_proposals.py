"""GPT proposes commands in forms: only from the list, only of the customer's own words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.answering.forms.own_words import own_words
from bot.answering.forms.proposals import read_proposal
from bot.answering.generation.budget import Budget
from bot.answering.generation.circuit_breaker import Breaker
from bot.answering.generation.openai import build_chat_model
from bot.app.gpt import Gpt
from bot.clock import SystemClock
from bot.config.schema import BudgetConfig, Config, GptConfig
from bot.messages import DecisionKind
from bot.ports import ActionInfo, ActionResult
from bot.storage import Database
from bot.storage.spend import StoredSpend
from tests.answering.forms.form_desk import FormDesk, Heard, ScriptedActions, taught
from tests.servers.openai import OpenAIServer, openai_server

BOOK = r"""
version: 1
intents:
  - name: book
    title: Book a table
    examples: [book it, book a table, I want a table, table please, reserve]
    slots:
      guests: {type: number, ask: For how many?, why: To find a table.}
      seat: {type: choice, choices: [inside, outside], ask: Where?, optional: true}
      name: {type: name, ask: On what name?}
    action: book
    reply: "Booked for {guests}."
  - name: hours
    examples: [when are you open, opening hours, are you open, hours please, until when]
    reply: From 9 to 18.
"""
BOOKS = {"book": ActionInfo("book", True, ("guests", "name"), ())}
UNCLEAR = "whatever Ann said last time of 4 or so"
VAGUE = "that is a thing with you"


@dataclass
class Asked:
    """A desk with a model that proposes what it is told to."""

    desk: FormDesk
    server: OpenAIServer
    actions: ScriptedActions = field(
        default_factory=lambda: ScriptedActions(BOOKS, {"book": [ActionResult("done")]})
    )

    async def open(self, *lines: str) -> None:
        for line in ("book it", *lines):
            await self.desk.say(line)
        assert self.server.requests == [], "read without a model"

    async def say(self, text: str, command: str, slot: str = "", words: str = "") -> Heard:
        """Return the reply to a message for which the model proposes a command."""
        self.server.answer = json.dumps({"command": command, "slot": slot, "words": words})
        return await self.desk.say(text)

    async def values(self) -> dict[str, Any]:
        form = await self.desk.form()
        assert form is not None
        return {name: value.value for name, value in form.slots.items()}

    @property
    def sent(self) -> str:
        (request,) = self.server.requests
        return json.dumps(request.body, ensure_ascii=False)


@asynccontextmanager
async def asked(
    database: Database,
    folder: Path,
    *scripts: str,
    on: bool = True,
    wait: float = 5.0,
    cap: float = 0,
) -> AsyncIterator[Asked]:
    clock = SystemClock()
    async with openai_server(*scripts) as server:
        gpt = GptConfig(base_url=server.url, timeout=wait, max_tokens=10)
        model = build_chat_model(gpt, {})
        assert model is not None
        prices = BudgetConfig(user_day=cap, prompt_price=1_000, completion_price=1_000)
        budget = Budget(prices, gpt, StoredSpend(database, clock), None, clock)
        config = Config.model_validate({"forms": {"gpt": on}})
        intents = taught(folder / "intents", BOOK, BOOKS)
        script = {"book it": "book", "and the hours": "hours"}
        desk = FormDesk(database, intents, script, config=config)
        desk.gpt = Gpt(Breaker(model, clock), budget)
        found = Asked(desk, server)
        desk.actions = found.actions
        async with aclosing(model):
            yield found


async def test_what_can_be_read_is_never_shown_to_gpt(sqlite: Database, tmp_path: Path) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4", "inside")
        await it.desk.say("why do you need that")
        await it.desk.say("and the hours")
        await it.desk.say("stop")
        assert it.server.requests == []


async def test_gpt_is_off_by_default(sqlite: Database, tmp_path: Path) -> None:
    assert Config().forms.gpt is False
    async with asked(sqlite, tmp_path, on=False) as it:
        await it.open("4")
        assert (await it.say(UNCLEAR, "skip")).text.startswith("Sorry, I could not find that")
        assert it.server.requests == []


async def test_commands_of_the_list_are_done(sqlite: Database, tmp_path: Path) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open()
        assert (await it.say(VAGUE, "why")).text.startswith("To find a table.")
        assert (await it.say(VAGUE, "stop")).text.startswith("“Book a table” is stopped.")
        await it.desk.say("book it")
        passed = await it.say("tell me until what time", "side_question")
        assert passed.text.endswith("Back to “Book a table”: For how many?")
        handed = await it.say("let somebody of flesh do this", "human")
        assert handed.kind is DecisionKind.HANDOFF


async def test_a_value_is_read_from_the_customers_own_words(
    sqlite: Database, tmp_path: Path
) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4", "inside")
        line = "that is a long story, in the books I stand as Schmidt"
        heard = await it.say(line, "answer", "name", "schmidt")
        assert await it.values() == {"guests": 4, "seat": "inside", "name": "Schmidt"}
        assert "form book: gpt_taken" in heard.decision.reasons
        assert "Is that right?" in heard.text


@pytest.mark.parametrize(
    ("command", "slot", "words"),
    [
        ("answer", "seat", "outside"),  # written nowhere
        ("answer", "seat", "Ann"),  # no value of the slot
        ("answer", "seat", ""),
        ("answer", "name", "Ann"),  # not asked
        ("answer", "guests", "4"),  # filled, not asked
        ("correct", "guests", "6"),  # written nowhere
        ("correct", "seat", "Ann"),  # asked, not filled
        ("correct", "name", "Ann"),  # neither
        ("correct", "address", "Ann"),
        ("yes", "", ""),  # nothing is proposed
        ("no", "", ""),
        ("set_slot", "seat", "outside"),
        ("none", "", ""),
    ],
)
async def test_what_does_not_hold_is_asked_again(
    sqlite: Database, tmp_path: Path, command: str, slot: str, words: str
) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4")
        heard = await it.say("well, Ann was saying something", command, slot, words)
        assert "Where?" in heard.text
        assert await it.values() == {"guests": 4}
        form = await it.desk.form()
        assert form is not None
        assert form.tries == 2


async def test_a_correction_takes_what_stands_in_the_message(
    sqlite: Database, tmp_path: Path
) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4")
        heard = await it.say("hm, Ann is coming, that makes 5 of us", "correct", "guests", "5")
        assert heard.text.startswith("Changed: guests is now 5.")


async def test_gpt_never_confirms_a_write(sqlite: Database, tmp_path: Path) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4", "inside", "Ann")
        for command in ("yes", "answer", "skip"):
            heard = await it.say("sounds like a plan to me", command, "guests", "plan")
            assert "Yes, do it" in heard.buttons
        assert it.actions.called == []
        schema = it.server.requests[0].body["response_format"]["json_schema"]["schema"]
        assert not {"yes", "answer", "skip"} & {*schema["properties"]["command"]["enum"]}
        assert "Cancel" not in (await it.say("sounds odd", "no")).text
        assert "Yes, do it" in (await it.desk.say("yes")).buttons  # summed up again after a no
        await it.desk.say("yes")
        assert it.actions.called == ["book"], "a yes that is read without GPT does"


async def test_gpt_sees_no_personal_data_and_no_values(sqlite: Database, tmp_path: Path) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("417")
        await it.say("as Ann Smith has it, maria@example.org knows", "none")
        assert "Where?" in it.sent
        assert "[EMAIL_1]" in it.sent
        for hidden in ("maria@example.org", "417", "Smith"):
            assert hidden not in it.sent


async def test_a_proposal_is_paid_from_the_budget(sqlite: Database, tmp_path: Path) -> None:
    async with asked(sqlite, tmp_path) as it:
        await it.open("4")
        assert (await it.say(UNCLEAR, "none")).decision.cost > 0
    async with asked(sqlite, tmp_path, cap=0.01) as it:
        over = await it.say(UNCLEAR, "skip")
        assert "GPT was not asked: the person's budget of today" in " ".join(over.decision.reasons)
        assert it.server.requests == []
        assert "Where?" in over.text


@pytest.mark.parametrize(
    "script", ["hang_before", "cut_midway", "filtered", "empty", "nonsense_json"]
)
async def test_a_failure_is_asked_again(sqlite: Database, tmp_path: Path, script: str) -> None:
    async with asked(sqlite, tmp_path, script, wait=0.2) as it:
        await it.open("4")
        heard = await it.say(UNCLEAR, "skip")
        assert "Where?" in heard.text
        assert "GPT" in " ".join(heard.decision.reasons)


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("48213", "it is #48213.", "48213"),
        ("ORDER 48213", "order  48213", "order 48213"),
        ("48213", "482130", ""),
        ("20", "for 20,50 or so", ""),
        ("50", "for 20,50 or so", ""),
        ("30 1234567", "+49 30 1234567", ""),
        ("bob@x.org", "ann.bob@x.org", ""),
        ("x.org", "bob@x.org", ""),
        ("20", "between -20 and 0", ""),
        ("48213", "A48213", ""),
        ("红色", "我要红色的", "红色"),
        ("48213", "我的订单48213谢谢", "48213"),
        ("", "anything", ""),
        ("anything else", "anything", ""),
    ],
)
def test_own_words_stand_whole_in_the_message(words: str, text: str, found: str) -> None:
    assert own_words(words, text) == found


@pytest.mark.parametrize(
    "written",
    ["", "stop", "{}", '{"command": "pay"}', '["stop"]', '{"command": "stop", "x": 1}', "{" * 5000],
)
def test_a_completion_that_is_no_proposal_is_dropped(written: str) -> None:
    assert read_proposal(written) is None
