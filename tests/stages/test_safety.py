"""A message about a danger is answered at once and brought to a person, whatever gate stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

import pytest

from bot.answering.safety_texts import SafetyTexts
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.config.schema import Config, ResponderConfig, SafetyConfig
from bot.messages import Addressing, Decision, DecisionKind, Done, Message, Part, Say
from bot.ownership import Owner
from bot.ports import Addressed, Danger, DangerKind, HandoffRequest, HandoffStatus
from bot.responder import Responder, Turn
from bot.staff.pauses import EVERYWHERE, Pauses
from bot.staff.shadow import Shadow
from bot.stages.gates import PausedGate, RateLimitGate, StaleGate
from bot.stages.safety import CERTAIN, ReadDanger
from bot.storage import Database, StoredTranscripts
from bot.storage.cases import Cases
from bot.storage.conversation_states import StoredStates
from bot.understanding.intents.safety_file import SafetyWording
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.support import MovableClock, received
from tests.staff.posters import Voice

FUMES = "we are dizzy since the stove is on"
SCRIPT = {
    FUMES: Danger(DangerKind.GAS, 0.9),
    "uns ist schwindlig, seit der Kocher an ist": Danger(DangerKind.GAS, 0.9),
    "it is all too much, good bye": Danger(DangerKind.SELF_HARM, 0.9),
    "my lawyer writes to you": Danger(DangerKind.LEGAL_THREAT, 0.9),
    "this jacket is fire": Danger(DangerKind.FIRE, CERTAIN - 0.1),
}


class Reader:
    """Reads what the script names; a model of an earlier version reads nothing."""

    def __init__(self, script: Mapping[str, Danger], talk: Addressed | None = None) -> None:
        self._script = script
        self._talk = talk

    async def addressed(self, texts: Sequence[str], *, language: str) -> list[Addressed]:
        return [self._talk] * len(texts) if self._talk else []

    async def dangers(self, texts: Sequence[str], *, language: str) -> list[Danger]:
        harmless = Danger(DangerKind.INJURY, 0.0)
        return [self._script.get(text, harmless) for text in texts] if self._script else []


class Answering:
    """The stage behind: answers everything."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say("an answer")
        yield turn.decide(DecisionKind.INTENT, "whatever it is")


class Told:
    """Staff who hear of everything, or of nothing."""

    def __init__(self) -> None:
        self.told = True
        self.requests: list[HandoffRequest] = []

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        self.requests.append(request)
        return HandoffStatus(self.told, closed="They are back on Monday." if self.told else "")


class Desk:
    """A responder with all gates, and staff who are told."""

    def __init__(
        self,
        database: Database,
        *,
        country: str | None = None,
        own: SafetyWording | None = None,
        script: Mapping[str, Danger] = SCRIPT,
        talk: Addressed | None = None,
    ) -> None:
        self.clock, self.voice = MovableClock(), Voice()
        self.pauses, self.cases = Pauses(database, self.clock), Cases(database, self.clock)
        self.states = StoredStates(database, self.clock)
        responder = ResponderConfig(contact="help@shop.example")
        config = Config(responder=responder, safety=SafetyConfig(country=country))
        wording, languages = BotWording(responder, "en"), LanguageDetector({"en", "de", "zh"})
        served = ServedLanguages(config.language)
        self.staff = Told()
        texts = SafetyTexts(config, own or SafetyWording(), served)
        reader = Reader(script, talk)
        read = ReadDanger(
            reader, languages, texts, self.staff, self.states, self.pauses.hold, reader
        )
        self.responder = Responder(
            [
                read,
                PausedGate(self.pauses, self.cases),
                StaleGate(timedelta(hours=1), self.cases, languages, wording, self.clock),
                RateLimitGate("1/hour", wording, self.clock),
                Answering(),
            ],
            transcripts=StoredTranscripts(database),
            wording=wording,
            clock=self.clock,
            default_language="en",
        )

    async def say(
        self, text: str, number: int = 1, addressing: Addressing = Addressing.DIRECT
    ) -> tuple[str, Decision]:
        event = received(number, text=text, addressing=addressing)
        parts = [part async for part in self.responder.respond(event)]
        last = parts[-1]
        assert isinstance(last, Done)
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        return said, last.decision


async def test_a_danger_is_answered_with_a_careful_text_and_staff_are_told(
    database: Database,
) -> None:
    desk = Desk(database)

    said, decision = await desk.say(FUMES)

    assert said.startswith("If you smell gas or feel unwell")
    assert "your local emergency number" in said
    assert "help@shop.example" in said
    assert decision.kind is DecisionKind.SAFETY
    assert decision.reasons[0] == "a danger, gas, at 0.90"
    assert said.endswith("They are back on Monday.")
    (told,) = desk.staff.requests
    assert (told.trigger, told.danger, told.asked) == ("safety", "gas", FUMES)


async def test_numbers_are_named_where_the_country_is_known(database: Database) -> None:
    desk = Desk(database, country="DE")
    assert "call 112 from there" in (await desk.say(FUMES))[0]
    assert "0800 1110111" in (await desk.say("it is all too much, good bye", 2))[0]


async def test_a_customer_reads_their_own_language(database: Database) -> None:
    said, decision = await Desk(database).say("uns ist schwindlig, seit der Kocher an ist")
    assert said.startswith("Wenn es nach Gas riecht")
    assert decision.language == "de"


@pytest.mark.parametrize("text", ["where is my order", "this jacket is fire", ""])
async def test_what_is_harmless_or_unsure_goes_on(database: Database, text: str) -> None:
    desk = Desk(database)
    assert (await desk.say(text or "hello"))[0].endswith("an answer")
    assert desk.staff.requests == []


async def test_while_the_bot_is_paused_nothing_is_posted_and_staff_are_told_at_once(
    database: Database,
) -> None:
    desk = Desk(database)
    await desk.pauses.pause(EVERYWHERE, "boss")

    said, decision = await desk.say(FUMES)

    assert said == ""
    assert decision.kind is DecisionKind.SAFETY
    assert len(desk.staff.requests) == 1


async def test_who_writes_too_fast_is_answered(database: Database) -> None:
    desk = Desk(database)
    await desk.say("hello")
    assert (await desk.say("hello again", 2))[1].kind is DecisionKind.LIMITED
    said, decision = await desk.say(FUMES, 3)
    assert said.startswith("If you smell gas")
    assert decision.kind is DecisionKind.SAFETY


async def test_a_message_that_waited_long_is_answered(database: Database) -> None:
    desk = Desk(database)
    desk.clock.move(5 * 3600)
    assert (await desk.say("hello"))[1].kind is DecisionKind.STALE
    assert (await desk.say(FUMES, 2))[1].kind is DecisionKind.SAFETY


async def test_where_a_person_owns_the_conversation_they_and_staff_are_told_and_nothing_is_posted(
    database: Database,
) -> None:
    desk = Desk(database)
    state = await desk.states.state("test:app:one")
    await desk.states.change(state.moved(Owner.HUMAN, assignee="test:team:boss"))

    said, decision = await desk.say(FUMES)

    assert said == ""
    assert decision.kind is DecisionKind.SAFETY
    (told,) = desk.staff.requests
    assert told.owner == "test:team:boss"


async def test_where_a_person_is_awaited_it_is_answered(database: Database) -> None:
    desk = Desk(database)
    state = await desk.states.state("test:app:one")
    await desk.states.change(state.moved(Owner.WAITING))
    assert (await desk.say(FUMES))[0].startswith("If you smell gas")


async def test_in_shadow_mode_the_customer_reads_nothing_and_staff_are_told(
    database: Database,
) -> None:
    desk = Desk(database)
    event = received(1, text=FUMES)

    shadow = Shadow(desk.voice, desk.voice, "STAFF")
    await shadow.post(_Posting(event), desk.responder.respond(event))  # type: ignore[arg-type]

    assert desk.voice.posts == []
    assert [told.danger for told in desk.staff.requests] == ["gas"]
    ((_, shown),) = desk.voice.announced
    assert "I would say" in shown


class _Posting:
    """An attempt at posting, of an event that was not answered before."""

    def __init__(self, event: object) -> None:
        self.event, self.posted = event, ""

    async def reserve(self) -> None:
        """Nobody takes over here."""

    async def remember(self, posted: str) -> None:
        self.posted = posted


async def test_staff_who_cannot_be_told_leave_the_customer_with_the_contact(
    database: Database,
) -> None:
    desk = Desk(database)
    desk.staff.told = False
    said, decision = await desk.say(FUMES)
    assert "Please turn to a person here: help@shop.example." in said
    assert "staff could not be told" in decision.reasons


async def test_admins_word_it_and_leave_kinds_out(database: Database) -> None:
    own = SafetyWording(
        {DangerKind.GAS: {"en": "Out! Call {emergency}."}}, frozenset({DangerKind.LEGAL_THREAT})
    )
    desk = Desk(database, own=own)
    assert (await desk.say(FUMES))[0].startswith("Out! Call your local emergency number.")
    said, _ = await desk.say("uns ist schwindlig, seit der Kocher an ist", 2)
    assert said.startswith("Wenn es nach Gas riecht")
    assert (await desk.say("my lawyer writes to you", 3))[1].kind is not DecisionKind.SAFETY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My account was hacked!", "hacked_account"),
        ("the lamp caught fire", "fire"),
        ("ich will mich umbringen", "self_harm"),
        ("厨房有煤气味", "gas"),
    ],
)
async def test_a_model_of_an_earlier_version_knows_fixed_phrases(
    database: Database, text: str, kind: str
) -> None:
    desk = Desk(database, script={})
    _, decision = await desk.say(text)
    assert decision.reasons[0] == f"a danger, {kind}, at 1.00"
    assert (await desk.say(FUMES, 2))[1].kind is not DecisionKind.SAFETY


@pytest.mark.parametrize(
    ("text", "addressing", "asks", "is_posted"),
    [
        ("that was the gas again haha", Addressing.THREAD, 0.1, False),
        ("that was the gas again haha", Addressing.AMBIENT, 0.1, False),
        ("that was the gas again haha", Addressing.MENTION, 0.1, True),
        ("that was the gas again haha", Addressing.DIRECT, 0.1, True),
        ("that was the gas again haha", Addressing.THREAD, 0.8, True),
        (FUMES, Addressing.THREAD, 0.1, True),
    ],
)
async def test_what_may_be_a_danger_in_talk_between_people_is_for_staff_alone(
    database: Database, text: str, addressing: Addressing, asks: float, is_posted: bool
) -> None:
    script = {**SCRIPT, "that was the gas again haha": Danger(DangerKind.GAS, 0.6)}
    desk = Desk(database, script=script, talk=Addressed(asks, 0.9, 0.0))
    said, decision = await desk.say(text, addressing=addressing)
    assert bool(said) is is_posted
    assert decision.kind is DecisionKind.SAFETY
    assert len(desk.staff.requests) == 1
