"""A paused desk keeps messages for staff and answers nothing, until somebody resumes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.answering.wording import BUILT_IN, BotWording
from bot.config.schema import ResponderConfig
from bot.config.staff import MembersConfig
from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Done,
    Part,
    Pressed,
    Received,
    Say,
    Visibility,
)
from bot.responder import Responder, Stage, Turn
from bot.staff.pauses import EVERYWHERE, FRESH, Pauses
from bot.staff.roster import Roster
from bot.stages.gates import PausedGate
from bot.stages.staff_commands import StaffCommands
from bot.storage import Database, StoredTranscripts
from bot.storage.cases import Cases
from bot.storage.tables import audit
from tests.delivery.support import MovableClock, received

BOSS = Author("test:team:boss", "Boss", "en")


class Answering:
    """The stage behind: answers everything."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say("here you are")
        yield turn.decide(DecisionKind.INTENT, "always")


ENGLISH = BotWording(ResponderConfig(), "en")


class Bench:
    """A responder over a database, and a command line beside it."""

    def __init__(self, database: Database, wording: BotWording = ENGLISH) -> None:
        self.database = database
        self.clock = MovableClock()
        self.cases = Cases(database, self.clock)
        self.elsewhere = Pauses(database, self.clock)
        pauses = Pauses(database, self.clock)
        self.roster = Roster(
            {"test": MembersConfig(users=frozenset({"boss"}), roles=frozenset({"r1"}))}
        )
        stages: list[Stage] = [
            StaffCommands(pauses, wording),
            PausedGate(pauses, self.cases),
            Answering(),
        ]
        self.responder = Responder(
            stages,
            transcripts=StoredTranscripts(database),
            wording=BotWording(ResponderConfig(introduction=False), "en"),
            clock=self.clock,
            default_language="en",
        )

    async def hear(self, event: Received | Pressed) -> tuple[str, Decision]:
        said: list[Say] = []
        async for part in self.responder.respond(self.roster.mark(event)):
            if isinstance(part, Say):
                said.append(part)
            elif isinstance(part, Done):
                return "".join(say.markdown for say in said), part.decision
        raise AssertionError("no decision")

    async def command(self, text: str, author: Author = BOSS, where: str = "test:app:one") -> str:
        message = replace(received(99, where, text=text).message, author=author)
        said, _ = await self.hear(Received(message))
        return said

    async def deeds(self) -> list[tuple[str, str, str]]:
        columns = (audit.c.actor, audit.c.action, audit.c.subject)
        async with self.database.read() as connection:
            rows = await connection.execute(select(*columns).order_by(audit.c.id))
            return [(row.actor, row.action, row.subject) for row in rows]


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


async def test_while_paused_nothing_is_answered_and_everything_kept(bench: Bench) -> None:
    await bench.elsewhere.pause(EVERYWHERE, "cli:root")

    said, decision = await bench.hear(received(1))
    await bench.hear(received(1))  # a second attempt at the same message

    assert (said, decision.kind) == ("", DecisionKind.SILENT)
    (case,) = await bench.cases.listed()
    assert (case.kind, case.author, case.conversation) == (
        "paused",
        "test:team:ann",
        "test:app:one",
    )


async def test_buttons_are_not_answered_either(bench: Bench) -> None:
    await bench.elsewhere.pause(EVERYWHERE, "cli:root")

    said, _ = await bench.hear(Pressed(received(1).message, "b_1"))

    assert said == ""


async def test_one_channel_is_paused_with_its_threads_and_no_other(bench: Bench) -> None:
    await bench.elsewhere.pause("test:app:one", "cli:root")

    assert (await bench.hear(received(1, "test:app:one")))[0] == ""
    assert (await bench.hear(received(1, "test:app:one:thread")))[0] == ""
    assert (await bench.hear(received(1, "test:app:oneself")))[0] == "here you are"


async def test_a_pause_from_elsewhere_is_seen_within_a_second(bench: Bench) -> None:
    assert (await bench.hear(received(1)))[0] == "here you are"
    await bench.elsewhere.pause(EVERYWHERE, "cli:root")
    bench.clock.move(FRESH)
    assert (await bench.hear(received(2)))[0] == ""

    await bench.elsewhere.resume(None, "cli:root")
    bench.clock.move(FRESH)
    assert (await bench.hear(received(3)))[0] == "here you are"


async def test_resuming_everywhere_ends_every_pause(bench: Bench) -> None:
    assert await bench.elsewhere.pause("test:app:one", "cli:root")
    assert await bench.elsewhere.pause(EVERYWHERE, "cli:root")
    assert not await bench.elsewhere.pause(EVERYWHERE, "cli:root")

    assert await bench.elsewhere.resume("test:app:two", "cli:root") == []
    assert await bench.elsewhere.resume(None, "cli:root") == ["", "test:app:one"]
    assert await bench.elsewhere.listed() == []


async def test_staff_pause_and_resume_in_a_message(bench: Bench) -> None:
    assert "Paused everywhere" in await bench.command("/frontdesk pause")
    assert "already" in await bench.command("frontdesk PAUSE all")
    assert await bench.command("/frontdesk status") == "Paused: everywhere."
    bench.clock.move(FRESH)
    assert (await bench.hear(received(1)))[0] == ""
    assert "I answer again" in await bench.command("/frontdesk resume")
    assert await bench.command("/frontdesk status") == "I answer everywhere."

    assert await bench.deeds() == [
        ("test:team:boss", "pause", ""),
        ("test:team:boss", "resume", ""),
    ]


async def test_staff_pause_the_channel_that_they_write_in(bench: Bench) -> None:
    await bench.command("/frontdesk pause here", where="test:app:two:thread")

    assert [pause.place for pause in await bench.elsewhere.listed()] == ["test:app:two"]


async def test_a_role_makes_staff(bench: Bench) -> None:
    helper = Author("test:team:eve", roles=("r0", "r1"))
    assert "Paused" in await bench.command("/frontdesk pause", helper)


async def test_commands_are_answered_to_their_author_alone(bench: Bench) -> None:
    message = replace(received(1, text="/frontdesk").message, author=BOSS)
    parts = [part async for part in bench.responder.respond(bench.roster.mark(Received(message)))]

    assert parts[0] == Say(BUILT_IN["command_help"]["en"], Visibility.PRIVATE)
    assert isinstance(parts[1], Done)
    assert parts[1].decision.kind is DecisionKind.COMMAND


@pytest.mark.parametrize(
    "author",
    [
        Author("test:team:ann"),
        Author("other:team:boss"),
        Author("test:team:notboss"),
        Author("test:team:eve", roles=("r2",)),
    ],
)
async def test_a_customer_commands_nothing(bench: Bench, author: Author) -> None:
    assert await bench.command("/frontdesk pause", author) == BUILT_IN["staff_only"]["en"]
    assert await bench.command("frontdesk pause", author) == "here you are"
    assert await bench.elsewhere.listed() == []


@pytest.mark.parametrize("words", ["lunch", "what is the PIN?", "pause here and there", ""])
async def test_unknown_words_after_the_command_bring_the_help(bench: Bench, words: str) -> None:
    for addressing in (Addressing.COMMAND, Addressing.MENTION):
        text = f"/frontdesk {words}"
        message = replace(received(1, text=text, addressing=addressing).message, author=BOSS)
        parts = [
            part async for part in bench.responder.respond(bench.roster.mark(Received(message)))
        ]
        assert parts[0] == Say(BUILT_IN["command_help"]["en"], Visibility.PRIVATE)


@pytest.mark.parametrize("author", [BOSS, Author("test:team:ann")])
async def test_another_command_of_the_app_is_not_called_one_for_staff(
    bench: Bench, author: Author
) -> None:
    order = received(1, text="/order 42", addressing=Addressing.COMMAND).message
    parts = [
        part
        async for part in bench.responder.respond(
            bench.roster.mark(Received(replace(order, author=author)))
        )
    ]
    assert parts[0] == Say(BUILT_IN["unknown_command"]["en"], Visibility.PRIVATE)


async def test_staff_may_have_given_the_command_another_name(bench: Bench) -> None:
    pause = received(1, text="/trail-desk pause", addressing=Addressing.COMMAND).message
    said, decision = await bench.hear(Received(replace(pause, author=BOSS)))
    assert (said.partition(":")[0], decision.kind) == ("Paused everywhere", DecisionKind.COMMAND)


async def test_staff_who_only_talk_about_it_are_answered_like_others(bench: Bench) -> None:
    said = await bench.command("what does /frontdesk pause do, and for how long?")
    assert said == "here you are"


async def test_cases_show_what_was_written_and_are_closed(bench: Bench) -> None:
    for number in range(3):
        await bench.cases.open(received(number).message, "stale", "waited for 3 hours")

    newest, _, oldest = await bench.cases.listed()
    assert await bench.cases.close([oldest.id]) == 1
    assert oldest.id not in [case.id for case in await bench.cases.listed()]
    assert len(await bench.cases.listed(closed=True)) == 3
    assert await bench.cases.close() == 2
    assert await bench.cases.count("stale") == 0
    assert newest.note == "waited for 3 hours"


async def test_staff_are_answered_in_their_language_and_in_words_of_the_desk(
    database: Database,
) -> None:
    own = ResponderConfig.model_validate({"texts": {"resumed": {"de": "Weiter: {contact}"}}})
    bench, boss = Bench(database, BotWording(own, "en")), replace(BOSS, locale="de")
    assert await bench.command("/frontdesk pause", boss) == BUILT_IN["paused_everywhere"]["de"]
    assert await bench.command("/frontdesk status", boss) == "Pausiert: überall."
    assert await bench.command("/frontdesk resume", boss) == "Weiter: our team"
