"""Keys of earlier versions, which nothing executes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.intents import inspect_intents, load_intents
from tests.understanding.shop import SOUND, changed


@pytest.mark.parametrize("written", ["identity: order_owner", "identity:"])
def test_the_proof_belongs_to_the_action(tmp_path: Path, written: str) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", f"reply: Soon.\n    {written}"))
    assert problem == (
        "shop.yaml:12:5: order_status.identity: no longer a key: write `proof:` on the action in"
        " actions.yaml; an intent cannot state it"
    )


def test_follow_ups_are_no_longer_a_key(tmp_path: Path) -> None:
    written = "follow_ups: [{examples: [and the other?], ask: n}]"
    (problem,) = changed(tmp_path, ("reply: Soon.", f"reply: Soon.\n    {written}"))
    assert problem == (
        "shop.yaml:12:5: order_status.follow_ups: no longer a key: delete it: follow-ups are"
        " understood from the conversation"
    )


def test_a_model_of_an_earlier_version_serves_on_with_follow_ups(tmp_path: Path) -> None:
    changed(tmp_path, ("reply: Soon.", "reply: Soon.\n    follow_ups: []"))
    assert "order_status" in load_intents(tmp_path, serving=True).by_name


def test_handing_over_and_several_replies_are_executed(tmp_path: Path) -> None:
    assert changed(tmp_path, ("reply: Soon.", "handoff: true\n    reply: [{text: Soon.}]")) == []


def test_a_model_that_serves_goes_on_with_its_other_intents(tmp_path: Path) -> None:
    (tmp_path / "safety.yaml").write_text("version: 1\n")
    text = SOUND.replace("reply: Soon.", "reply: Soon.\n    identity: order_owner")
    (tmp_path / "shop.yaml").write_text(text)
    intents, problems = inspect_intents(tmp_path, serving=True)
    assert intents is not None
    assert {problem.severity for problem in problems} == {"warning"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      - is my parcel late", "       - is my parcel late"),
        ("- is my parcel late", f"- {'so late ' * 6_000}"),
    ],
)
def test_a_model_that_serves_goes_on_with_slips_that_an_earlier_version_let_through(
    tmp_path: Path, old: str, new: str
) -> None:
    (tmp_path / "shop.yaml").write_text(SOUND.replace(old, new))
    assert inspect_intents(tmp_path, serving=True)[0] is not None
    assert inspect_intents(tmp_path)[0] is None


def test_a_team_that_config_does_not_have_is_a_mistake_where_config_is_looked_at(
    tmp_path: Path,
) -> None:
    text = SOUND.replace("reply: Soon.", "reply: Soon.\n    handoff: biling")
    (tmp_path / "shop.yaml").write_text(text)
    assert inspect_intents(tmp_path)[1] == ()
    for teams, remedy in (
        (["billing"], 'did you mean "billing"?'),
        ([], "name it in config as `staff.teams`"),
    ):
        (problem,) = inspect_intents(tmp_path, teams=teams)[1]
        said = f'shop.yaml:12:14: order_status.handoff: there is no team "biling": {remedy}'
        assert str(problem).endswith(said)
