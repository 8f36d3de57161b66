from __future__ import annotations

import json
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.codec import decode, encode
from bot.messages import (
    Addressing,
    Attachment,
    Author,
    Deleted,
    Edited,
    Event,
    Message,
    Pressed,
    Received,
    Voted,
)

anything = st.text(st.characters(codec=None))
messages = st.builds(
    Message,
    id=anything,
    conversation=anything,
    author=st.builds(
        Author, anything, anything, anything, st.lists(anything, max_size=2).map(tuple)
    ),
    text=anything,
    sent_at=st.datetimes(timezones=st.just(UTC)),
    addressing=st.sampled_from(Addressing),
    attachments=st.lists(
        st.builds(Attachment, anything, anything, st.integers(min_value=0)), max_size=3
    ).map(tuple),
    revision=st.integers(min_value=0, max_value=9),
    edited_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
moments = st.datetimes(timezones=st.just(UTC))
all_events = (
    st.builds(Received, messages)
    | st.builds(Pressed, messages, anything, anything)
    | st.builds(Edited, messages, anything, moments)
    | st.builds(Deleted, messages, anything)
    | st.builds(Voted, messages, anything, st.sampled_from(["up", "down"]))
)


@given(all_events)
def test_every_event_survives_the_inbox(event: Event) -> None:
    written = json.dumps(encode(event))

    assert written.isascii()
    assert decode(json.loads(written)) == event
