"""`staff:` the people behind the bot: who they are, their teams, and what cases they get."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from bot.config.durations import Wait
from bot.config.hours import HoursConfig
from bot.config.types import (
    ChannelId,
    PlatformId,
    Section,
    VariableName,
    Wording,
    read_wording,
)
from bot.errors import Problem
from bot.ports import Trigger
from bot.text.invisible import is_invisible
from bot.yamlfile import Document, mistake, resembling

DEFAULT_TEAM = "default"
"""Name of the team that gets a case where no other is named."""

_LONGEST_KEYWORD = 80


class MembersConfig(Section):
    """The staff on one platform; ids as the platform shows them."""

    channel: ChannelId | None = None
    """Channel where staff read alerts and, in shadow mode, what the bot would say."""

    users: frozenset[PlatformId] = frozenset()
    """People who belong to the staff."""

    roles: frozenset[PlatformId] = frozenset()
    """Roles whose members belong to the staff, where the platform has roles and tells them."""


class TeamConfig(Section):
    """A team that works on cases."""

    title: Annotated[Wording | None, BeforeValidator(read_wording)] = None
    """What customers read as its name, also by language; absent: the name in words."""

    cases: dict[str, ChannelId] = Field(default_factory=dict)
    """Channel of its cases, by platform; empty: the channels of `staff.members`."""

    hours: HoursConfig | None = None
    """When somebody is there; absent: always."""

    thread: Literal["inside", "send"] = "inside"
    """`inside`: what is written in a case thread stays there; `send`: each line that does not
    begin with `//` is sent to the customer."""

    names: Literal["team", "agent"] = "team"
    """Whose name customers read before a line: the team's, or the display name of who wrote it."""

    next: str | None = None
    """Team that gets a case that nobody of this one claims or goes on with."""


def read_keywords(value: object) -> object:
    """Validate words that call for a person."""
    if not isinstance(value, (list, tuple)):
        raise mistake("no list of words", "write for example [chargeback, lawyer]")
    for each in value:
        text = each if isinstance(each, str) else ""
        if not any(sign.isalnum() for sign in text) or len(text) > _LONGEST_KEYWORD:
            raise mistake(f'"{each}" is no word', "write a word or a few words")
        if any(is_invisible(sign) or sign == "\n" for sign in text):
            raise mistake("an invisible character in a word", "type the word anew")
    return tuple(value)


class TriggersConfig(Section):
    """`staff.triggers:` what calls a person."""

    asked: bool = True
    """A customer asks for a person, also beside another wish."""

    intent: bool = True
    """An intent with `handoff` is recognised."""

    safety: bool = True
    """A message is about a danger."""

    unsure_twice: bool = True
    """The bot was not sure twice in a row."""

    action_error: bool = True
    """An action failed."""

    ungrounded: bool = False
    """Words of GPT were held back, since the articles do not bear them out."""

    frustration: bool = False
    """A customer is frustrated."""

    keywords: Annotated[tuple[str, ...], BeforeValidator(read_keywords)] = ()
    """Words that call a person, whatever else the message says."""

    @property
    def on(self) -> frozenset[Trigger]:
        """What calls a person."""
        known: tuple[Trigger, ...] = get_args(Trigger)
        return frozenset(each for each in known if getattr(self, each, bool(self.keywords)))


class NotifyConfig(Section):
    """`staff.notify:` who is told outside the platforms when nobody claims a case."""

    webhook_env: VariableName | None = None
    """Environment variable that holds the address of a webhook."""

    secret_env: VariableName | None = None
    """Environment variable that holds the secret by which calls of the webhook are signed."""

    smtp_env: VariableName = "SMTP_URL"
    """Environment variable that holds a mail server with sender and recipients; no mail is sent
    while it is empty."""

    include_text: bool = False
    """Tell what the customer asked as well."""


class StaffConfig(Section):
    """`staff:` the people behind the bot."""

    members: dict[str, MembersConfig] = Field(default_factory=dict)
    """Who belongs to the staff and where they read, by platform."""

    teams: dict[str, TeamConfig] = Field(default_factory=dict)
    """Teams by name; `default`, or else the first one, gets what names no other."""

    unclaimed: Wait = timedelta(minutes=10)
    """Time after which the next team gets a case that nobody claimed, or false."""

    owner_idle: Wait = timedelta(minutes=30)
    """Time that a customer waits for another line of who has the case, before it goes back to the
    bot or to the next team, or false."""

    close_after: Wait = timedelta(hours=72)
    """Time without a line after which a case is closed, or false; never while a customer waits."""

    csat: bool = True
    """Customers are asked once how they were helped, after a person took part in a case."""

    assist: bool = True
    """Each message of a customer whose case a person has brings a drafted reply into its thread;
    GPT is paid for it as for an answer."""

    notify: NotifyConfig = NotifyConfig()
    triggers: TriggersConfig = TriggersConfig()


def first_team(teams: Mapping[str, TeamConfig]) -> str:
    """Return the name of the team that gets what names no other."""
    return DEFAULT_TEAM if DEFAULT_TEAM in teams else next(iter(teams), DEFAULT_TEAM)


def staff_problems(
    document: Document, staff: StaffConfig, platforms: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong among teams: names that do not exist, circles, platforms not served.

    Args:
        document: Where it stands.
        staff: What it says.
        platforms: Names of the platforms that config has a section for.
    """
    for name, team in staff.teams.items():
        at = ("staff", "teams", name)
        for platform in team.cases:
            if platform not in platforms:
                wrong = f"the platform {platform} is not configured"
                remedy = f"add a section `{platform}:`, or delete the line"
                yield document.problem((*at, "cases", platform), wrong, remedy, at_key=True)
        if team.next is None:
            continue
        if team.next not in staff.teams:
            wrong = f'there is no team "{team.next}"'
            yield document.problem((*at, "next"), wrong, resembling(team.next, staff.teams))
        elif (circle := _circle(name, staff.teams)) and name == min(circle):
            wrong = f"the next teams lead in a circle: {' -> '.join((*circle, name))}"
            yield document.problem((*at, "next"), wrong, "delete `next` at the last team")
    notify = staff.notify
    if notify.webhook_env is not None and notify.secret_env is None:
        wrong = "a webhook without a secret: whoever receives its calls cannot trust them"
        remedy = "name the variable that holds it as `secret_env`"
        yield document.problem(("staff", "notify", "webhook_env"), wrong, remedy, at_key=True)


def _circle(name: str, teams: Mapping[str, TeamConfig]) -> tuple[str, ...]:
    """Return the teams from one back to itself; nothing where the way ends or misses it."""
    way = [name]
    while (following := teams[way[-1]].next) in teams and following is not None:
        if following == name:
            return tuple(way)
        if following in way:
            return ()
        way.append(following)
    return ()
