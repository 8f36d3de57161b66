"""After a person the bot answers again; many first messages at once are one case."""

from __future__ import annotations

import pytest

from benchmarks.field.coming_back import many_at_once, opened, play, staffed
from bot.config.schema import Config, load_config
from bot.ownership import Owner
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from tests.end_to_end.conftest import INTENTS
from tests.end_to_end.test_handoff import PERSON
from tests.storage.conftest import url

__all__ = ["url"]

THANKS = """\
  - name: thanks
    small_talk: true
    examples:
      - thanks
      - thank you
      - many thanks
      - that was kind of you
      - thanks for your help
    reply: You are welcome.
out_of_scope:
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Bundle]:
    """A desk that knows two intents, how to hand over, and thanks."""
    folder = tmp_path_factory.mktemp("coming-back")
    (folder / "intents").mkdir()
    taught = INTENTS.replace("out_of_scope:\n", PERSON).replace("out_of_scope:\n", THANKS)
    (folder / "intents" / "shop.yaml").write_text(taught)
    path = folder / "config.yaml"
    path.write_text("intents: intents\nmodel: model\nresponder: {introduction: false}\n")
    config = staffed(load_config(path, {}))
    train_everything(config)
    return config, load_bundle(config)


async def test_the_question_after_a_person_is_answered_by_the_bot(
    shop: tuple[Config, Bundle], url: str
) -> None:
    entry = {
        "id": "one",
        "asks": "I want to talk to a person",
        "agent": ["Hello, this is Mia.", "It left today."],
        "closing": "Told that order 48213 left.",
        "thanks": "thanks for your help",
        "new": "can I return a jacket",
        "intent": "return_item",
    }
    async with opened(*shop, url) as (platform, database):
        played = await play(entry, platform, database)

    assert played.handed_over
    assert played.closed
    assert played.stayed, "thanks opened the conversation again"
    assert played.came_back, str(played)
    assert (played.owner, played.handed_over_again) == (Owner.BOT, False)


async def test_many_first_messages_with_a_restart_amid_are_one_case(
    shop: tuple[Config, Bundle], url: str
) -> None:
    assert await many_at_once(*shop, url) == 1
