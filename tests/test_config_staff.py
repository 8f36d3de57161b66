"""`staff:` in config.yaml: teams, hours, next steps, triggers; mistakes with place and remedy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.schema import Config, load_config
from bot.config.staff import StaffConfig
from bot.messages import Readers
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from tests.delivery.support import received
from tests.test_config import refusal, write

TEAMS = """\
slack: {}
discord: {}
staff:
  members: {slack: {channel: CSTAFF}}
  teams:
    default:
      title: {en: Support, de: Kundendienst}
      cases: {slack: C0123, discord: 998877}
      hours: {zone: Europe/Berlin, open: {mon-fri: 9:00-17:00}, holidays: DE-BE}
      next: billing
    billing: {thread: send, names: agent}
  unclaimed: 5m
  owner_idle: 1 h
  close_after: false
  csat: false
  notify: {webhook_env: HOOK, secret_env: HOOK_SECRET, include_text: true}
  triggers: {frustration: true, keywords: [chargeback, 律师]}
"""


def loaded(tmp_path: Path, text: str = TEAMS) -> Config:
    return load_config(write(tmp_path, text), {})


def test_teams_are_read(tmp_path: Path) -> None:
    staff = loaded(tmp_path).staff
    teams = Teams(staff, "en")
    first, second = teams
    assert first is teams.default
    assert (first.title, first.title_in("de-AT"), first.title_in("fr")) == (
        "Support",
        "Kundendienst",
        "Support",
    )
    assert (first.sends, first.shows, second.sends, second.shows) == (False, "team", True, "agent")
    assert teams.channel(first, "discord") == ("discord", "998877")
    assert teams.channel(first, "discord:7:42:9") == ("discord", "998877")
    assert teams.channel(first, "terminal") == ("slack", "C0123")
    assert teams.channel(second, "discord") == ("slack", "CSTAFF")
    assert (teams.following(first), teams.following(second)) == (second, None)
    assert teams.named("gone") is first
    assert second.title == "Billing"
    assert first.hours is not None
    assert (staff.unclaimed, staff.owner_idle) == (timedelta(minutes=5), timedelta(hours=1))
    assert staff.close_after is None
    assert staff.triggers.keywords == ("chargeback", "律师")


def test_defaults_are_those_of_the_documentation() -> None:
    staff = StaffConfig()
    assert (staff.unclaimed, staff.owner_idle, staff.close_after) == (
        timedelta(minutes=10),
        timedelta(minutes=30),
        timedelta(hours=72),
    )
    on = {name for name, value in staff.triggers if value}
    assert on == {"asked", "intent", "safety", "unsure_twice", "action_error"}
    assert staff.csat
    assert not staff.notify.include_text


def test_without_teams_cases_stand_in_the_channels_of_the_members(tmp_path: Path) -> None:
    staff = loaded(tmp_path, "slack: {}\nstaff: {members: {slack: {channel: C1}}}\n").staff
    teams = Teams(staff)
    assert teams.channel(teams.default, "slack:A1:C5") == ("slack", "C1")
    assert [team.name for team in teams] == ["default"]
    assert not teams.default.is_named
    assert Teams.channel(Teams(StaffConfig()).default, "slack") is None


def test_a_channel_of_cases_is_read_by_staff_alone() -> None:
    teams = Teams(StaffConfig.model_validate({"teams": {"default": {"cases": {"test": "C1"}}}}))
    roster = Roster({}, desks=teams.channels)
    read = [roster.mark(received(1, f"test:app:{each}")).message.readers for each in ("C1", "C2")]
    assert read == [Readers.STAFF, Readers.OTHERS]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "next: billing",
            "next: biling",
            '10:13: staff.teams.default.next: there is no team "biling": did you mean "billing"?',
        ),
        ("names: agent}", "names: agent, next: default}", "in a circle: billing -> default -> b"),
        ("next: billing", "next: default", "10:13: staff.teams.default.next: the next teams lead"),
        (
            "discord: {}\n",
            "",
            "7:29: staff.teams.default.cases.discord: the platform discord is",
        ),
        ("slack: C0123", "slck: C0123", "the platform slck is not configured: add a section"),
        ("slack: C0123", "slack: '#help'", "8:22: staff.teams.default.cases.slack: "),
        ("9:00-17:00", "9-17", 'hours.open: "9-17" is no span of a day: write for example 9:00-12'),
        ("mon-fri", "mon-fry", '"fry" is no day: did you mean "fri"?'),
        ("Europe/Berlin", "Europe/Berln", 'hours.zone: "Europe/Berln" is no time zone: did you'),
        ("DE-BE", "DE-XX", '"XX" is no part of DE with holidays of its own'),
        (
            "DE-BE",
            "Germany",
            'the holidays of "Germany" are not known: write the code of a',
        ),
        ("unclaimed: 5m", "unclaimed: soon", '12:14: staff.unclaimed: "soon" is no duration'),
        (", secret_env: HOOK_SECRET", "", "16:12: staff.notify.webhook_env: a webhook without a s"),
        ("[chargeback, 律师]", '["..."]', '"..." is no word: write a word or a few words'),
        ("frustration: true", "frustation: true", 'unknown key: did you mean "frustration"?'),
    ],
)
def test_mistakes_have_a_place_and_a_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEAMS
    assert said in refusal(tmp_path, TEAMS.replace(old, new, 1))


def test_another_process_reads_what_this_one_has_read(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    assert Config.model_validate_json(config.model_dump_json()).staff == config.staff
    assert Config.model_validate_json(Config().model_dump_json()).staff == StaffConfig()
