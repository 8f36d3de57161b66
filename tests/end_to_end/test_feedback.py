"""Thumbs from the answer to the statistics, on Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from adapters.slack import plugin
from bot.config.schema import Config
from bot.operations.analytics import Analysis, Courtesies, Period, analyse
from bot.storage import open_database
from bot.storage.statistics import Statistics, statistics
from bot.storage.tables import events, feedback
from tests.end_to_end.conftest import serving, until
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section


def asking(trained: Config, *, feedback: bool = True) -> Config:
    responder = trained.responder.model_copy(update={"feedback": feedback})
    return trained.model_copy(update={"responder": responder})


async def votes_in(folder: Path) -> tuple[list[tuple[str, str, str]], Statistics]:
    """Return author, verdict and reason of all votes, and the statistics."""
    columns = select(feedback.c.author, feedback.c.verdict, feedback.c.comment)
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        rows = await database.query(lambda it: it.execute(columns.order_by(feedback.c.id)).all())
        found = await statistics(database, since=datetime.now(UTC) - timedelta(days=1))
    return [(row.author, row.verdict, row.comment) for row in rows], found


async def figures_in(folder: Path) -> Analysis:
    """Return what became of the answers of the last day."""
    now = datetime.now(UTC)
    period = Period(now - timedelta(days=1), now + timedelta(days=1))
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        return await analyse(database, period, courtesies=Courtesies())


async def test_votes_are_taken_changed_explained_and_counted(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(asking(trained), tmp_path, adapter):
            slack.say("<@UBOT> where is my order?", channel="C1", user="U7")
            await until(lambda: len(slack.workspace.posts) == 1)
            post = slack.workspace.posts[0]
            slack.vote(post, "positive", user="U7")
            await until(lambda: len(slack.workspace.posts) == 2)
            slack.vote(post, "negative", user="U7")
            await until(lambda: slack.workspace.views)
            slack.give_reason("ask ann@example.org, it is late", user="U7")
            await until(lambda: len(slack.workspace.posts) == 3)
            slack.vote(post, "positive", user="U8")
            await until(lambda: len(slack.workspace.posts) == 4)
        thanks = slack.workspace.posts[1:]
        assert {each.markdown for each in thanks} == {"Thank you for your feedback."}
        assert [each.only_for for each in thanks] == ["U7", "U7", "U8"]
    votes, found = await votes_in(tmp_path)
    assert votes == [
        ("slack:T1:U7", "down", "ask ann@example.org, it is late"),
        ("slack:T1:U8", "up", ""),
    ]
    assert found.votes == {"down": 1, "up": 1}
    assert found.disliked == {"order_status": {"up": 1, "down": 1}}
    assert found.kinds == {"intent": 1}
    analysis = await figures_in(tmp_path)
    assert (analysis.total.answers, analysis.total.confirmed.number) == (1, 1)  # the last vote
    assert list(analysis.cuts["intent"]) == ["order_status"]
    assert list(analysis.cuts["channel"]) == ["slack:A1:C1"]
    assert analysis.total.first_response.number == 1


async def test_what_is_no_answer_has_no_thumbs_and_neither_has_anything_without_the_setting(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(asking(trained), tmp_path, adapter):
            slack.say("help", channel="D1")
            await until(lambda: len(slack.workspace.posts) == 1)
            slack.say("where is my order?", channel="D1")
            await until(lambda: len(slack.workspace.posts) == 2)
        again = plugin.build(section(slack), environment(slack))
        async with serving(asking(trained, feedback=False), tmp_path, again):
            await until(lambda: slack.sockets.sockets)
            slack.say("where is my order?", channel="D2")
            await until(lambda: len(slack.workspace.posts) == 3)
        assert [bool(post.thumbs) for post in slack.workspace.posts] == [False, True, False]
    channels = (await figures_in(tmp_path)).cuts["channel"]
    assert {name: each.answers for name, each in channels.items()} == {"slack: direct messages": 2}


async def test_a_vote_on_what_is_forgotten_says_so(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(asking(trained), tmp_path, adapter):
            slack.say("<@UBOT> where is my order?", channel="C1")
            await until(lambda: len(slack.workspace.posts) == 1)
            (thumbs,) = slack.workspace.posts[0].blocks[-1]["elements"]
            thumbs["positive_button"]["value"] = "up:slack:A1:C1:1.000001"
            slack.vote(slack.workspace.posts[0], "positive", user="U7")
            await until(lambda: len(slack.workspace.posts) == 2)
        assert "too old" in slack.workspace.posts[1].markdown
        assert slack.workspace.posts[1].only_for == "U7"
    async with await open_database(f"sqlite:///{tmp_path / 'desk.db'}") as database:
        assert await database.query(lambda it: it.execute(select(events)).all()) == []
