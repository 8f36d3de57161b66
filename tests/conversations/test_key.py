from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.key import AuthorKey, ConversationKey, MessageId, channel_of, platform_of

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


@pytest.mark.parametrize("kind", ["", "press", "command"])
def test_the_id_of_an_interaction_tells_its_kind_and_number(kind: str) -> None:
    text = str(ConversationKey("discord", "7", "42", "5").message(99, kind))

    assert (MessageId.parse(text).kind, MessageId.parse(text).number) == (kind, "99")
    assert (platform_of(text), channel_of(text)) == ("discord", "discord:7:42")


@given(_PART, st.one_of(st.just(""), _PART), _PART)
def test_a_persons_key_reads_back_as_it_was_written(
    platform: str, workspace: str, user: str
) -> None:
    key = AuthorKey(platform, workspace, user)

    assert AuthorKey.parse(str(key)) == key
    assert key.is_same_person(AuthorKey(platform, "another", user))
    assert not key.is_same_person(AuthorKey(f"{platform}x", workspace, user))


@pytest.mark.parametrize("text", ["", "slack", ":T1:U1", "slack:T1:"])
def test_what_is_no_persons_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no person's key"):
        AuthorKey.parse(text)


_ROOT = Path(__file__).parents[2]
_BY_HAND = re.compile(
    r"""(?:split|partition)\(\s*["']:["']      # cutting at colons
    |["']:["']\.join                           # joining with colons
    |(?:starts|ends)with\(\s*f?["'](?::\{|(?:slack|discord|terminal):)
    |["'](?:slack|discord|terminal):(?:\{|[\w-]+[:"'])  # a key written out
    """,
    re.VERBOSE,
)
_OTHER_FORMS = {
    "bot/answering/knowledge/access.py": "audiences of articles: platform:channel, platform:role",
    "bot/cli/platform_checks.py": "audiences of articles: platform:channel, platform:role",
    "adapters/discord/case_ids.py": "ids of buttons: act:case:about",
    "adapters/slack/case_buttons.py": "ids of buttons: act:case:about",
    "bot/parts.py": "what a button means: act:value",
    "bot/stages/form_presses.py": "what a button means: act:value",
    "bot/stages/recommend.py": "what a button means: act:value",
    "bot/answering/recommendations/feed_csv.py": "columns of texts: name:language",
    "bot/answering/forms/extraction/moments.py": "times of day: hour:minute",
    "adapters/discord/windows.py": "a place within an id of Discord's: channel:thread",
    "bot/understanding/exchange/rasa/legacy.py": "Rasa's intents: name:use",
}


def _by_hand(path: Path) -> list[str]:
    """Return the lines of a module, without docstrings, that cut or join keys."""
    source = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for line in source.splitlines() if _BY_HAND.search(line)]


def test_no_other_module_knows_the_form_of_keys_and_ids() -> None:
    modules = [*_ROOT.glob("bot/**/*.py"), *_ROOT.glob("adapters/**/*.py")]
    allowed = {"bot/conversations/key.py", *_OTHER_FORMS}
    found = {
        name: lines
        for path in modules
        if (name := path.relative_to(_ROOT).as_posix()) not in allowed and (lines := _by_hand(path))
    }
    assert not found


@pytest.mark.parametrize(
    "line",
    ['a.split(":", 3)', "a.rpartition(':')", '":".join(x)', 'f"slack:{app}:{ch}"', '"discord:7:4"'],
)
def test_cutting_and_joining_keys_by_hand_is_noticed(tmp_path: Path, line: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(f'"""About slack:A1:C1."""\n\nx = {line}\n')

    assert _by_hand(module)
