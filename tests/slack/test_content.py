"""What a message says beside its text: what is forwarded with it, and its files."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Attachment, Message
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder

PICTURE = {"id": "F1", "name": "tent.jpg", "mimetype": "image/jpeg", "size": 7}
SHARED = {
    "ts": "1700000000.000100",
    "channel_id": "C9",
    "author_id": "U9",
    "is_msg_unfurl": True,
    "is_share": True,
    "fallback": "[January 1st] ann: where is my parcel?",
    "text": "where is my &lt;big&gt; parcel?",
    "files": [PICTURE],
}


async def said(slack: SlackServer, recorder: Recorder, text: str, **more: object) -> Message:
    slack.say(text, **more)  # type: ignore[arg-type]
    await slack.sockets.settled()
    return recorder.events[-1].message


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("", "where is my <big> parcel?"),
        ("can you help?", "can you help?\n\nwhere is my <big> parcel?"),
    ],
)
async def test_a_forwarded_message_is_read_below_what_was_typed(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, comment: str, text: str
) -> None:
    message = await said(slack, recorder, comment, attachments=[SHARED])
    assert message.text == text
    assert message.attachments == (Attachment("tent.jpg", "image/jpeg", 7, "F1"),)


async def test_what_a_link_unfolds_to_is_not_read(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    unfolded = [
        {"is_msg_unfurl": True, "text": "of somebody else"},
        {"from_url": "https://example.org", "text": "of a page"},
    ]
    message = await said(slack, recorder, "see https://example.org", attachments=unfolded)
    assert (message.text, message.attachments) == ("see https://example.org", ())


async def test_files_of_all_kinds_are_named(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    voice = {"id": "F2", "name": "audio_message.m4a", "mimetype": "audio/mp4", "size": 9}
    untold = {"id": "F3", "file_access": "check_file_info"}
    message = await said(slack, recorder, "", subtype="file_share", files=[PICTURE, voice, untold])
    assert message.attachments == (
        Attachment("tent.jpg", "image/jpeg", 7, "F1"),
        Attachment("audio_message.m4a", "audio/mp4", 9, "F2"),
        Attachment("", source="F3"),
    )
