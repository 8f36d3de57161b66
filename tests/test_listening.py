"""Where and to whom the bot speaks, as config says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.listening import Listening, read_listening
from bot.config.schema import load_config
from bot.errors import ConfigError
from bot.messages import Author, Message, Readers
from tests.delivery.support import START


def listening(**sections: dict[str, object]) -> Listening:
    return read_listening(sections)


def message(channel: str = "C1", *roles: str, platform: str = "slack") -> Message:
    place = f"{platform}:A1:{channel}:1.2"
    author = Author(f"{platform}:T1:U1", roles=roles)
    return Message(place, place, author, "hello", START)


def test_without_keys_everybody_is_heard_and_nothing_unasked() -> None:
    told = listening(slack={})
    assert told.admits(message())
    assert listening().admits(message())
    assert not told.is_support("slack:A1:C1:1.2")


def test_a_support_channel_is_one_on_its_own_platform_threads_included() -> None:
    told = listening(slack={"channels": {"C1": {"support": True}, "C2": {"support": False}}})
    assert told.is_support("slack:A1:C1:1.2")
    assert not told.is_support("slack:A1:C2:1.2")
    assert not told.is_support("discord:A1:C1:1.2")


def test_ids_need_no_quotes() -> None:
    assert listening(discord={"channels": {123: {"support": True}}}).is_support("discord:1:123:4")


@pytest.mark.parametrize(
    ("keys", "channel", "roles", "admitted"),
    [
        ({"allow": {"channels": ["C1"]}}, "C1", (), True),
        ({"allow": {"channels": ["C1"]}}, "C2", (), False),
        ({"deny": {"channels": ["C1"]}}, "C1", (), False),
        ({"allow": {"channels": ["C1"]}, "deny": {"channels": ["C1"]}}, "C1", (), False),
        ({"allow": {"roles": ["S1"]}}, "C1", ("S1",), True),
        ({"allow": {"roles": ["S1"]}}, "C1", ("S2",), False),
        ({"deny": {"roles": ["S1"]}}, "C1", ("S1", "S2"), False),
        ({"allow": {"roles": ["S2"]}, "deny": {"roles": ["S1"]}}, "C1", ("S1", "S2"), False),
        ({"allow": {"channels": ["C1"], "roles": ["S1"]}}, "C2", ("S1",), False),
    ],
)
def test_deny_goes_before_allow_and_an_empty_list_allows_all(
    keys: dict[str, object], channel: str, roles: tuple[str, ...], admitted: bool
) -> None:
    assert listening(slack=keys).admits(message(channel, *roles)) is admitted


def test_lists_of_channels_do_not_concern_direct_messages() -> None:
    direct = replace(message(), readers=Readers.AUTHOR)
    assert listening(slack={"allow": {"channels": ["C9"]}}).admits(direct)
    assert not listening(slack={"allow": {"roles": ["S1"]}}).admits(direct)


def test_staff_are_always_heard() -> None:
    boss = replace(message(), author=Author("slack:T1:UBOSS", staff=True))
    assert listening(slack={"deny": {"channels": ["C1"]}}).admits(boss)


def test_the_name_of_a_channel_is_refused(tmp_path: Path) -> None:
    from adapters.slack.plugin import plugin

    path = tmp_path / "config.yaml"
    path.write_text("slack:\n  channels: {help: {support: true}}\n  deny: {rolls: []}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(path, {}).adapter_section(plugin)
    said = str(caught.value)
    assert '"help" is the name of a channel, not its id' in said
    assert 'slack.deny.rolls: unknown key: did you mean "roles"?' in said
