from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import ConversationKey, MessageId

_PART = st.text(st.characters(exclude_characters=":"), min_size=1, max_size=12)
_REST = st.text(min_size=1, max_size=20)


@given(_PART, _PART, _PART, st.one_of(st.just(""), _REST))
def test_a_conversation_key_reads_back_as_it_was_written(
    platform: str, app: str, channel: str, thread: str
) -> None:
    key = ConversationKey(platform, app, channel, thread)

    assert ConversationKey.parse(str(key)) == key
    assert str(key).startswith(key.prefix)
    assert key.without_thread().thread == ""


@given(_PART, _PART, _PART, _REST)
def test_a_message_id_reads_back_and_names_its_channel(
    platform: str, app: str, channel: str, own: str
) -> None:
    identity = ConversationKey(platform, app, channel, "thread").message(own)

    assert MessageId.parse(str(identity)) == identity
    assert identity.conversation == ConversationKey(platform, app, channel)


@pytest.mark.parametrize("text", ["", "slack", "slack:A1", "slack::C1", ":A1:C1", "slack:A1:"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no conversation key"):
        ConversationKey.parse(text)


def test_a_channel_alone_is_no_message() -> None:
    with pytest.raises(ValueError, match="own id is missing"):
        MessageId.parse("slack:A1:C1")
