"""Lines between customers and staff: what is sent arrives once, talk stays inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config.staff import TeamConfig
from bot.errors import AdapterError
from bot.messages import Attachment, Deleted, Edited, Message
from bot.ownership import Owner
from bot.staff.desk import Outcome
from bot.storage.conversation_states import StoredStates
from tests.staff.desk.conftest import BOB, CLEO, CUSTOMERS, DeskRoom

PDF = Attachment("plan.pdf", "application/pdf", 2_000, "F1")


def edited(line: Message, text: str) -> Edited:
    """The edit of a line; the longer its text, the later it is."""
    changed = replace(line, id=f"{line.id}-edit-{len(text)}", text=text)
    return Edited(changed, line.id, line.sent_at + timedelta(seconds=len(text)))


async def test_talk_stays_inside(room: DeskRoom) -> None:
    case = await room.opened()
    for text in ("What do you think?", "> !send quoted", "!Send it", "/NOTE hi", "//x", "send it"):
        assert await room.desk.line(case, await room.written(case, text)) is None
    await room.delivered()

    assert room.outside() == []
    assert room.chat.marks == {}


async def test_a_sent_line_is_read_once_and_marked(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send It left\nyesterday.")
    for _ in range(2):
        result = await room.desk.line(case, line)
    await room.delivered()

    assert result is None
    assert room.outside() == ["**Team:** It left\nyesterday."]
    assert list(room.chat.marks.values()) == ["sent"]
    state = await StoredStates(room.database, room.clock).state(CUSTOMERS)
    assert (state.owner, state.assignee) == (Owner.HUMAN, BOB.key)


async def test_what_begins_a_block_begins_a_line_in_the_thread(room: DeskRoom) -> None:
    case = await room.opened()
    for text in ("# Help", "> quoted\n\nyes", "1. one\n2. two", "no block"):
        await room.desk.to_staff(room.message(text))
    await room.delivered()

    assert (await room.inside(case))[-4:] == [
        "**Ann Lee:**\n\n# Help",
        "**Ann Lee:**\n\n> quoted\n\nyes",
        "**Ann Lee:**\n\n1. one\n2. two",
        "**Ann Lee:** no block",
    ]


async def test_a_failed_line_is_marked_with_the_reason_and_sent_again_once(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send It left yesterday.")
    room.forum.refusals.append(AdapterError("the customer takes no direct messages"))
    await room.desk.line(case, line)
    await room.delivered()
    said = next(each for each in room.chat.standing.values() if "did not reach" in each.text)
    (button,) = said.buttons

    assert room.outside() == []
    assert list(room.chat.marks.values()) == ["failed"]
    assert said.text.endswith("the customer takes no direct messages")
    assert (button.act, button.case) == ("retry", case)

    results = [await room.desk.retry(case, CLEO, int(button.about)) for _ in range(3)]
    await room.delivered()

    assert [each.outcome for each in results] == [Outcome.DONE, Outcome.AGAIN, Outcome.AGAIN]
    assert room.outside() == ["**Team:** It left yesterday."]
    assert list(room.chat.marks.values()) == ["sent"]


async def test_a_retry_sends_what_the_line_says_now(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send It left yesterdey.")
    room.forum.refusals.append(AdapterError("closed"))
    sent = await room.desk.line(case, line)
    assert sent is not None
    await room.delivered()
    await room.desk.changed(edited(line, "!send It left yesterday."))
    await room.delivered()
    await room.desk.retry(case, BOB, sent.post)
    await room.delivered()

    assert room.outside() == ["**Team:** It left yesterday."]


async def test_an_edit_of_a_sent_line_edits_the_copy_and_one_of_talk_nothing(
    room: DeskRoom,
) -> None:
    case = await room.opened()
    line, talk = await room.written(case, "!send Tomorow"), await room.written(case, "hm")
    await room.desk.line(case, line)
    await room.desk.line(case, talk)
    await room.delivered()
    for change in (edited(line, "!send Tomorrow"), edited(talk, "!send never")) * 2:
        await room.desk.changed(change)
    await room.delivered()
    assert room.outside() == ["**Team:** Tomorrow"]

    await room.desk.changed(edited(line, "on second thoughts, keep this inside"))
    await room.delivered()
    assert room.outside() == ["**Team:** Tomorrow"]


async def test_a_deleted_line_is_deleted_where_the_customer_reads(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send Wrong customer, sorry")
    await room.desk.line(case, line)
    await room.delivered()
    for _ in range(2):
        await room.desk.changed(Deleted(line, line.id))
    await room.delivered()

    assert room.outside() == []


async def test_what_can_no_longer_be_changed_is_said_in_the_thread(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send Tomorow")
    await room.desk.line(case, line)
    await room.delivered()
    room.forum.standing.clear()
    await room.desk.changed(edited(line, "!send Tomorrow"))
    await room.delivered()

    assert any("still says what it said before: it is gone" in x for x in await room.inside(case))


async def test_a_deleted_line_that_failed_is_not_sent_again(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send Wrong customer")
    room.forum.refusals.append(AdapterError("closed"))
    sent = await room.desk.line(case, line)
    assert sent is not None
    await room.delivered()
    await room.desk.changed(Deleted(line, line.id))
    await room.delivered()

    assert not (await room.desk.retry(case, BOB, sent.post)).done
    await room.delivered()
    assert room.outside() == []


async def test_a_form_leaves_a_copy_inside_that_carries_the_mark(room: DeskRoom) -> None:
    case = await room.opened()
    for _ in range(2):
        await room.desk.reply(case, BOB, "Hello\n- one", cause="chat:app:CASES:form:1")
    await room.delivered()

    assert room.outside() == ["**Team:** Hello\n- one"]
    copies = [each for each in await room.inside(case) if "→ customer" in each]
    assert copies == ["**Bob → customer:** Hello\n- one"]
    copy = next(n for n, each in room.chat.standing.items() if each.text == copies[0])
    assert room.chat.marks == {copy: "sent"}


async def test_the_shortcut_sends_a_line_as_it_stands(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "It left yesterday", author=CLEO)
    await room.desk.line(case, line)
    for press in ("1", "2"):
        await room.desk.send_line(case, BOB, line, cause=f"chat:app:CASES:shortcut:{press}")
    await room.delivered()
    await room.desk.changed(edited(line, "It left today"))
    await room.delivered()

    assert room.outside() == ["**Team:** It left today"]
    assert list(room.chat.marks.values()) == ["sent"]


async def test_a_team_may_send_every_line_and_says_so(room: DeskRoom) -> None:
    room.serve(default=TeamConfig(cases={"chat": "CASES"}, thread="send", names="agent"))
    case = await room.opened()
    for text in ("It left yesterday", "// who is this?", "!send bye"):
        await room.desk.line(case, await room.written(case, text))
    await room.delivered()

    assert room.outside() == ["**Bob:** It left yesterday", "**Bob:** bye"]
    root = next(each for each in room.chat.standing.values() if each.title)
    assert "Every line in this thread goes to the customer" in root.text


async def test_files_go_along_and_what_cannot_is_told_to_both(room: DeskRoom) -> None:
    case = await room.opened()
    room.chat.contents["F1"] = b"%PDF"
    big = Attachment("film.mp4", "video/mp4", 20_000_000, "F2")
    await room.desk.line(case, await room.written(case, "!send The plan", PDF, big))
    await room.delivered()
    (post,) = room.forum.standing.values()

    assert [(each.name, each.content) for each in post.files] == [("plan.pdf", b"%PDF")]
    assert "This could not be passed on: film.mp4" in post.text
    assert any("not passed on: film.mp4, larger" in each for each in await room.inside(case))


@pytest.mark.parametrize(("text", "mark"), [("!send The plan", "sent"), ("!send", "failed")])
async def test_a_file_that_is_gone_is_told_to_both(room: DeskRoom, text: str, mark: str) -> None:
    case = await room.opened()
    await room.desk.line(case, await room.written(case, text, PDF))
    await room.delivered()

    assert "This could not be passed on: plan.pdf" in room.outside()[0]
    assert any("Not passed on" in each and "plan.pdf" in each for each in await room.inside(case))
    assert list(room.chat.marks.values()) == [mark]


async def test_a_customers_line_and_file_reach_the_thread_once(room: DeskRoom) -> None:
    case = await room.opened()
    room.forum.contents["F1"] = b"%PDF"
    message = room.message("Any news? ann@example.org, password: tent!2024", PDF)
    for _ in range(2):
        assert await room.desk.to_staff(message)
    await room.delivered()

    assert (await room.inside(case))[-1] == (
        "**Ann Lee:** Any news? ann@example.org, password: [secret]"
    )
    assert [each.name for each in [*room.chat.standing.values()][-1].files] == ["plan.pdf"]


async def test_a_customers_edits_and_deletions_are_seen_by_staff(room: DeskRoom) -> None:
    case = await room.opened()
    message, other = room.message("Any newz?"), room.message("hello?")
    await room.desk.to_staff(message)
    await room.desk.to_staff(other)
    await room.delivered()
    for _ in range(2):
        await room.desk.changed(edited(message, "Any news?"))
        await room.desk.changed(Deleted(other, other.id))
    await room.delivered()

    assert (await room.inside(case))[-2:] == [
        "**Ann Lee** (edited): Any news?",
        "**Ann Lee:** *deleted by the customer*",
    ]


async def test_a_line_without_a_case_stays_where_it_is(room: DeskRoom) -> None:
    assert not await room.desk.to_staff(room.message("hello"))


async def test_nothing_is_sent_by_an_empty_line_or_an_unknown_saved_reply(room: DeskRoom) -> None:
    case = await room.opened()
    results = [
        await room.desk.line(case, await room.written(case, text))
        for text in ("!send", "!saved no_such_intent")
    ]
    await room.delivered()

    assert [each.outcome for each in results if each] == [Outcome.EMPTY, Outcome.UNKNOWN]
    assert room.outside() == []
    assert list(room.chat.marks.values()) == ["failed", "failed"]
