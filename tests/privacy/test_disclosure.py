"""Who may read what, at the last step before a post."""

from __future__ import annotations

import itertools

import pytest

from bot.delivery.codec import decode, encode
from bot.messages import Addressing, Readers, Received, Visibility
from bot.privacy.disclosure import cleared, may_read
from tests.delivery.support import received

ALLOWED = {
    Readers.AUTHOR: {Visibility.PUBLIC, Visibility.PRIVATE, Visibility.INTERNAL},
    Readers.STAFF: {Visibility.PUBLIC, Visibility.INTERNAL},
    Readers.OTHERS: {Visibility.PUBLIC},
}


@pytest.mark.parametrize(("readers", "visibility"), [*itertools.product(Readers, Visibility)])
def test_a_post_is_cleared_only_for_readers_who_may_see_it(
    readers: Readers, visibility: Visibility
) -> None:
    allowed = visibility in ALLOWED[readers]
    assert may_read(readers, visibility) is allowed
    assert cleared("m", [Visibility.PUBLIC, visibility], readers) is allowed


def test_a_refused_post_is_one_line_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    cleared("slack:A1:C1:1", [Visibility.PRIVATE, Visibility.INTERNAL], Readers.OTHERS)
    (line,) = capsys.readouterr().out.splitlines()
    assert "post withheld" in line
    assert "slack:A1:C1:1" in line


@pytest.mark.parametrize("addressing", [*Addressing])
@pytest.mark.parametrize("readers", [*Readers])
def test_an_event_keeps_its_readers_in_the_inbox(addressing: Addressing, readers: Readers) -> None:
    message = received(1, addressing=addressing).message
    payload = encode(Received(message))
    payload["message"]["readers"] = str(readers)
    assert decode(payload).message.readers is readers


def test_a_command_stored_by_version_0_1_is_no_direct_message() -> None:
    payload = encode(received(1, addressing=Addressing.DIRECT))
    del payload["message"]["readers"]
    assert decode(payload).message.readers is Readers.AUTHOR
    payload["message"]["id"] = "slack:A1:C1:command:1.2"
    stored = decode(payload).message
    assert (stored.addressing, stored.readers) == (Addressing.COMMAND, Readers.OTHERS)
