"""What staff do with a case: presses, forms and the shortcut on a line become acts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.common.case_forms import draft_in
from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import Addressing, Attachment, CaseAct, Readers, Say, Visibility
from bot.ports.outbox import CaseButton
from tests.servers.slack import Fault, SlackServer
from tests.servers.slack.workspace import Post
from tests.slack.conftest import Recorder, answer, ask, eventually
from tests.slack.test_case_posts import CASES, of_case, opened


async def line_with(
    slack: SlackServer, adapter: SlackAdapter, act: CaseAct, about: str = "", said: str = "A line"
) -> Post:
    """Post a line with one button into the thread of a case; return it."""
    thread = await opened(adapter)
    button = CaseButton(act, 7, act.title(), about)
    await adapter.deliver(of_case(said, where=thread, case_buttons=(button,)))
    return slack.workspace.posts[-1]


async def pressed(slack: SlackServer, post: Post, user: str = "U5") -> None:
    slack.press(post, user=user)
    await slack.sockets.settled()


async def form_opened(slack: SlackServer, post: Post) -> dict[str, object]:
    """Press a button; return the modal that it opens."""
    before = len(slack.workspace.views)
    await pressed(slack, post)
    await eventually(lambda: len(slack.workspace.views) > before)
    view = slack.workspace.views[-1]
    (block,) = view["blocks"]
    element: dict[str, object] = block["element"]
    return {**element, "title": view["title"]["text"], "optional": block["optional"]}


@pytest.mark.parametrize("act", ["claim", "return", "retry"])
async def test_press_of_a_button_is_an_act_on_its_case(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, act: CaseAct
) -> None:
    post = await line_with(slack, adapter, act, "31" if act == "retry" else "")
    await pressed(slack, post)
    (acted,) = recorder.acted
    assert (acted.act, acted.case, acted.about) == (act, 7, "31" if act == "retry" else "")
    message = acted.message
    assert message.conversation == f"{CASES}:{post.thread_ts}"
    assert (message.author.key, message.text) == ("slack:T1:U5", "")
    assert (message.addressing, message.readers) == (Addressing.EPHEMERAL, Readers.OTHERS)
    assert slack.workspace.views == []


async def test_press_below_a_root_is_answered_where_its_author_reads(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    thread = await opened(adapter)
    (root,) = slack.workspace.posts
    await pressed(slack, root)
    slack.write("talk", user="U6", channel="C1", thread_ts=root.ts)
    await pressed(slack, root)
    first, second = recorder.acted
    assert first.message.conversation == CASES  # a thread without replies shows nothing
    assert second.message.conversation == thread
    for event in (first, second):
        await answer(adapter, event, Say("You have it now."))
    assert [(post.only_for, post.thread_ts) for post in slack.workspace.posts[-2:]] == [
        ("U5", ""),
        ("U5", root.ts),
    ]


async def test_button_that_one_person_alone_sees_acts_as_well(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    told = of_case(
        "You have it now.",
        where=event.message.conversation,
        visibility=Visibility.PRIVATE,
        case_buttons=(CaseButton("return", 7, "Return to bot"),),
    )
    author = {"author": "slack:T1:U5", "case": 0}
    await adapter.deliver(replace(told, post=replace(told.post, **author)))  # type: ignore[arg-type]
    (post,) = slack.workspace.posts
    assert post.only_for == "U5"
    await pressed(slack, post)
    (acted,) = recorder.acted
    assert (acted.act, acted.case) == ("return", 7)
    assert acted.message.conversation == event.message.conversation


async def test_reply_opens_a_form_at_once_whose_text_is_the_act(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    form = await form_opened(slack, post := await line_with(slack, adapter, "reply"))
    assert recorder.events == []
    assert (form["type"], form["multiline"], form["max_length"]) == (
        "plain_text_input",
        True,
        3_000,
    )
    assert (form["title"], form["optional"]) == ("Reply to the customer", False)
    slack.give_reason("It left **today**.\n<@U9> *knows*", user="U5")
    await slack.sockets.settled()
    (acted,) = recorder.acted
    assert (acted.act, acted.case, acted.about) == ("reply", 7, "")
    assert acted.message.text == "It left **today**.\n<@U9> *knows*"
    assert acted.message.conversation == f"{CASES}:{post.thread_ts}"
    assert acted.message.addressing is Addressing.EPHEMERAL


async def test_form_that_is_submitted_twice_is_two_deliveries_of_one_act(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await form_opened(slack, await line_with(slack, adapter, "reply"))
    envelope = slack.give_reason("Hello", user="U5")
    slack.sockets.deliver(envelope.type, envelope.payload)
    await slack.sockets.settled()
    assert len(recorder.acted) == 1


async def test_use_fills_the_form_with_the_draft(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    draft = "**Draft**, not sent:\n\n> It left *today*.\n>\n> Ask @here.\n\nSource: shipping"
    form = await form_opened(slack, await line_with(slack, adapter, "use", "12", draft))
    assert form["initial_value"] == "It left *today*.\n\nAsk @here."
    slack.give_reason("It left *yesterday*.", user="U5")
    await slack.sockets.settled()
    assert [(each.act, each.message.text) for each in recorder.acted] == [
        ("reply", "It left *yesterday*.")
    ]


async def test_long_draft_is_cut_to_what_the_form_takes(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    form = await form_opened(slack, await line_with(slack, adapter, "use", "12", "word " * 1_000))
    assert len(str(form["initial_value"])) == 3_000


@pytest.mark.parametrize(
    ("said", "draft"),
    [("> a\n> b", "a\nb"), ("no quotation", "no quotation"), ("x\n>a\n\n> b\n", "a\nb")],
)
def test_draft_is_what_its_post_quotes(said: str, draft: str) -> None:
    assert draft_in(said) == draft


async def test_assign_asks_for_a_person(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    form = await form_opened(slack, await line_with(slack, adapter, "assign"))
    assert form["type"] == "users_select"
    slack.choose("U6", user="U5")
    await slack.sockets.settled()
    (acted,) = recorder.acted
    assert (acted.act, acted.about, acted.message.text) == ("assign", "slack:T1:U6", "")


@pytest.mark.parametrize("said", ["A new tent was sent.", None])
async def test_close_may_say_what_came_of_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, said: str | None
) -> None:
    form = await form_opened(slack, await line_with(slack, adapter, "close"))
    assert (form["optional"], form["max_length"]) == (True, 1_000)
    slack.fill_in({"type": "plain_text_input", "value": said}, user="U5")
    await slack.sockets.settled()
    (acted,) = recorder.acted
    assert (acted.act, acted.case, acted.message.text) == ("close", 7, said or "")


async def test_empty_reply_is_no_act(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await form_opened(slack, await line_with(slack, adapter, "reply"))
    envelope = slack.give_reason("  \n", user="U5")
    await slack.sockets.settled()
    assert (envelope.state, recorder.events) == ("acked", [])


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(error="expired_trigger_id")])
async def test_form_that_does_not_open_is_said_to_its_author_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, fault: Fault
) -> None:
    post = await line_with(slack, adapter, "reply")
    slack.faults.order("views.open", fault)
    await pressed(slack, post)
    await eventually(lambda: slack.workspace.posts[-1].only_for)
    told = slack.workspace.posts[-1]
    assert (told.only_for, told.thread_ts) == ("U5", post.thread_ts)
    assert told.text == BUILT_IN["try_again"]["en"]


async def test_button_of_another_version_is_refused(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    post = await line_with(slack, adapter, "claim")
    post.blocks[-1]["elements"][0]["value"] = "dance:7:"
    await pressed(slack, post)
    await eventually(lambda: slack.workspace.posts[-1].only_for)
    assert recorder.events == []
    assert slack.workspace.posts[-1].text == BUILT_IN["expired"]["en"]


async def test_shortcut_sends_a_line_with_its_marks_and_files(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    thread = (await opened(adapter)).rpartition(":")[2]
    line = slack.write("It left *today*", user="U6", channel="C1", thread_ts=thread)
    line.files = [slack.files.add("bill.pdf", b"%PDF", "application/pdf")]
    slack.shortcut("frontdesk_send", user="U5", message=line)
    await slack.sockets.settled()
    (acted,) = recorder.acted
    message = acted.message
    assert (acted.act, acted.case, acted.about) == ("send", 0, f"{CASES}:{line.ts}")
    assert (message.text, message.formatted) == ("It left *today*", "It left **today**")
    assert message.conversation == f"{CASES}:{thread}"
    assert message.author.key == "slack:T1:U5"
    assert [replace(each, source="") for each in message.attachments] == [
        Attachment("bill.pdf", "application/pdf", 4)
    ]
    assert message.addressing is Addressing.EPHEMERAL


async def test_answer_to_an_act_comes_as_a_direct_message_where_the_bot_is_not(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = slack.write("secret", user="U6", channel="C3")
    slack.shortcut("frontdesk_send", user="U5", message=line)
    await slack.sockets.settled()
    await answer(adapter, recorder.acted[0], Say("This is no thread of a case."))
    (post,) = slack.workspace.posts
    assert (post.channel, post.markdown) == ("U5", "This is no thread of a case.")
