"""In shadow mode staff read what the bot would say, and customers nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from adapters.common.markdown import plain_text
from bot.app.staff import build_staff_tools
from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import (
    Addressing,
    Button,
    Cite,
    Decision,
    DecisionKind,
    Done,
    Event,
    Offer,
    Part,
    Received,
    Say,
    ScoredIntent,
    Source,
)
from bot.ports import CaseButton, OutgoingPost, Posting, ReservedPost
from bot.staff.shadow import Shadow
from bot.text.control_characters import without_controls
from tests.delivery.conftest import Desk
from tests.delivery.platform import ListAdapter
from tests.delivery.support import START, MovableClock, received
from tests.delivery.test_worker import _empty, _texts, working
from tests.staff.posters import Voice


def decided(event: Event, kind: DecisionKind = DecisionKind.INTENT) -> Done:
    intents = (ScoredIntent("order_status", 0.934),)
    return Done(Decision("d", event.message.id, kind, intents, reasons=("0.93 reaches 0.70",)))


class Scripted:
    """A responder that says what it was given."""

    def __init__(self, *parts: Part, kind: DecisionKind = DecisionKind.INTENT) -> None:
        self._parts = parts
        self._kind = kind

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        for part in self._parts:
            yield part
        yield decided(event, self._kind)


async def handled(
    desk: Desk, voice: Voice, responder: Scripted, text: str = "where is it?"
) -> None:
    shadow = Shadow(voice, voice, "STAFF")
    async with working(desk, shadow, responder):
        await desk.inbox.accept(received(1, text=text))
        await _empty(desk)


async def test_staff_read_question_answer_and_decision(desk: Desk) -> None:
    voice = Voice()
    parts = (
        Say("It comes "),
        Say("on **Friday**."),
        Cite((Source("Delivery"),)),
        Offer((Button("b_1", "Change it"),)),
    )
    await handled(desk, voice, Scripted(*parts), "where is it?\nplease")

    ((channel, told),) = voice.announced
    assert channel == "STAFF"
    assert told.split("\n\n") == [
        "**Ann** wrote in `test:app:one`:",
        "> where is it?\n> please",
        "I would say:",
        "It comes on **Friday**.",
        "Buttons: Change it",
        "Sources: Delivery",
        "*intent: order_status 0.93, 0.93 reaches 0.70*",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[http://bank.com](http://evil.com)",
        "[a](<http://evil.com>)",
        "![a](http://evil.com/x.png)",
        "[a][1]\n\n[1]: http://evil.com",
        "[[a](http://evil.com)](http://evil.com)",
        "\\[a](http://evil.com)",
        "<http://evil.com|http://bank.com>",
    ],
)
async def test_links_of_customers_are_shown_as_they_wrote_them(desk: Desk, text: str) -> None:
    voice = Voice()
    await handled(desk, voice, Scripted(Say("On Friday.")), text)

    ((_, told),) = voice.announced
    shown = MarkdownIt("commonmark").render(told)
    assert "<img" not in shown
    assert 'href="http://evil.com' not in shown.replace(">http://evil.com<", "")
    assert not re.search(r"<[\w:/.]+\|", told)  # as Slack writes a link with a text
    assert plain_text(told) == plain_text(told.replace("](", "] ("))  # nothing is taken for a link


async def test_controls_and_personal_data_of_customers_reach_no_staff_channel(desk: Desk) -> None:
    voice = Voice()
    reply = Scripted(Say("We write to maria@example.org."), kind=DecisionKind.GENERATED)
    await handled(desk, voice, reply, "I am Maria Schmidt\u202e, \x1b[31mcall +49 30 901820")

    ((_, told),) = voice.announced
    assert "> I am [PERSON_1], [31mcall [PHONE_1]" in told
    assert "We write to [EMAIL_1]." in told
    assert without_controls(told) == told


async def test_staff_are_shown_the_beginning_of_a_long_message(desk: Desk) -> None:
    voice = Voice()

    await handled(desk, voice, Scripted(Say("Wait.")), "first " + "word " * 8_000 + "last")

    [(_, shown)] = voice.announced
    assert "> first word" in shown
    assert "last" not in shown
    assert "…" in shown


async def test_the_admins_own_addresses_stay_readable(desk: Desk) -> None:
    voice = Voice()
    await handled(desk, voice, Scripted(Say("Write to help@shop.example.")), "how?")

    assert "Write to help@shop.example." in voice.announced[0][1]


async def test_customers_see_nothing_and_the_record_is_written(desk: Desk) -> None:
    voice = Voice()
    await handled(desk, voice, Scripted(Say("On Friday.")))

    assert voice.posts == []
    assert voice.thinking_about == []
    assert await _texts(desk) == ["where is it?", "On Friday."]


async def test_silence_is_not_announced(desk: Desk) -> None:
    voice = Voice()
    await handled(desk, voice, Scripted())

    assert voice.announced == []


async def test_an_announcement_is_made_once_even_when_interrupted(desk: Desk) -> None:
    voice = Voice()
    event = received(1)
    await desk.inbox.accept(event)
    await desk.inbox.checkpoint(await desk.inbox.claim(), [f"shadow:{event.message.id}"])
    await desk.restart()
    async with working(desk, Shadow(voice, voice, "STAFF"), Scripted(Say("On Friday."))):
        await _empty(desk)

    assert voice.announced == []


async def test_a_staff_channel_that_is_away_is_tried_again(desk: Desk) -> None:
    voice = Voice(ServiceUnavailable("away"))
    await handled(desk, voice, Scripted(Say("On Friday.")))

    assert len(voice.announced) == 1


async def test_commands_of_staff_are_answered_in_shadow_too(desk: Desk) -> None:
    voice = Voice()
    await handled(desk, voice, Scripted(Say("Paused."), kind=DecisionKind.COMMAND))

    assert voice.posts == [("test:app:one:1", "Paused.")]
    assert voice.announced == []


async def test_shadow_mode_without_a_staff_channel_is_refused(desk: Desk) -> None:
    config = Config(serve=ServeConfig(shadow=True))

    with pytest.raises(AdapterError, match=r"staff: \{members: \{test: \{channel: ID\}\}\}"):
        build_staff_tools(config, [ListAdapter()], desk.database, desk.inbox, MovableClock())


async def test_config_switches_the_shadow_on_and_off(desk: Desk) -> None:
    voice = Voice()
    people = StaffConfig(members={"test": MembersConfig(channel="STAFF")})
    for shadow in (False, True):
        config = Config(staff=people, serve=ServeConfig(shadow=shadow))
        room = build_staff_tools(config, [voice], desk.database, desk.inbox, MovableClock())
        async with working(desk, room.posters["test"], Scripted(Say("On Friday."))):
            await desk.inbox.accept(received(int(shadow)))
            await _empty(desk)

    assert [id_ for id_, _ in voice.posts] == ["test:app:one:0"]
    assert len(voice.announced) == 1


async def test_posts_of_the_outbox_are_told_to_staff_in_shadow_mode() -> None:
    voice = Voice()
    line = OutgoingPost("test:app:one", "Reach me at ann@example.org.", "act-1")
    reserved = ReservedPost(line, 1, "token", 1, START, START)

    assert await Shadow(voice, voice, "STAFF").deliver(reserved) == f"shadow:{reserved.key}"

    ((channel, text),) = voice.announced
    assert channel == "STAFF"
    assert "test:app:one" in text
    assert "ann@example.org" not in text


async def test_who_asked_with_a_command_is_told_nothing_and_not_left_waiting(desk: Desk) -> None:
    class Both(Voice, ListAdapter):
        """Posts to staff, and to customers."""

        def __init__(self) -> None:
            Voice.__init__(self)
            ListAdapter.__init__(self)
            self.replies: list[list[Part]] = []

        async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
            self.replies.append([part async for part in parts])

    both = Both()
    heard = received(1, text="where is it?")
    asked = replace(heard.message, addressing=Addressing.EPHEMERAL)
    async with working(desk, Shadow(both, both, "STAFF"), Scripted(Say("It comes."))):
        await desk.inbox.accept(Received(asked))
        await _empty(desk)
    assert "It comes." in both.announced[0][1]
    ((done,),) = both.replies
    assert isinstance(done, Done)


class Platform(Voice):
    """Posts, and tells staff."""

    def __init__(self) -> None:
        super().__init__()
        self.delivered: list[str] = []

    async def deliver(self, reserved: ReservedPost) -> str:
        self.delivered.append(reserved.post.markdown)
        return "p1"


@pytest.mark.parametrize(
    "post",
    [
        OutgoingPost("test:app:cases", "a case", "act", kind="thread", case=1),
        OutgoingPost("test:app:cases", "a line of the customer", "act", case=1),
        OutgoingPost("test:app:cases", "", "act", kind="mark", marked="test:app:cases:1"),
        OutgoingPost(
            "test:app:one", "you have it", "act", case_buttons=(CaseButton("return", 1, "Return"),)
        ),
    ],
)
async def test_what_is_for_staff_is_posted_in_shadow_mode(post: OutgoingPost) -> None:
    platform = Platform()

    done = await Shadow(platform, platform, "STAFF").deliver(
        ReservedPost(post, 1, "token", 1, START, START)
    )

    assert (done, platform.delivered, platform.announced) == ("p1", [post.markdown], [])


async def test_no_line_of_a_colleague_reaches_a_customer_in_shadow_mode() -> None:
    platform = Platform()
    line = OutgoingPost("test:app:one", "**Help:** It left today.", "act-1")
    reserved = ReservedPost(line, 1, "token", 1, START, START, relayed=True)

    with pytest.raises(AdapterError, match="shadow mode"):
        await Shadow(platform, platform, "STAFF").deliver(reserved)
    assert (platform.delivered, platform.announced) == ([], [])
