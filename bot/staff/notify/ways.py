"""The ways that config and environment give to tell staff outside the platforms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from bot.config.schema import Config
from bot.errors import ConfigError, Problem
from bot.ports import Clock
from bot.staff.notify.mail import HOW, read_mail_server
from bot.staff.notify.notice import Notifies
from bot.staff.notify.webhook import Webhook


def open_ways(
    config: Config, environment: Mapping[str, str], clock: Clock
) -> Mapping[str, Notifies]:
    """Return the ways to tell staff, by name: `webhook`, `mail`.

    Args:
        config: Which environment variables hold them.
        environment: The variables. A way is left out whose variable is empty.
        clock: The time.

    Raises:
        ConfigError: A variable holds something else; the message does not quote it.
    """
    if problems := list(way_problems(config, environment)):
        raise ConfigError(problems)
    notify, ways = config.staff.notify, dict[str, Notifies]()
    if url := _value(environment, notify.webhook_env):
        ways["webhook"] = Webhook(url, _value(environment, notify.secret_env), clock)
    if mail := _value(environment, notify.smtp_env):
        ways["mail"] = read_mail_server(mail)
    return ways


def way_problems(config: Config, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the variables that config names; they are not quoted."""
    notify, at = config.staff.notify, ("staff", "notify")
    url = _value(environment, notify.webhook_env)
    if url and not _value(environment, notify.secret_env):
        remedy = "put a secret there, by which calls of the webhook are signed"
        yield config.problem((*at, "secret_env"), f"{notify.secret_env} is empty", remedy)
    if url and not _is_address(url):
        wrong = f"{notify.webhook_env} holds no address of a webhook"
        yield config.problem((*at, "webhook_env"), wrong, "write https://HOST/PATH")
    if mail := _value(environment, notify.smtp_env):
        try:
            read_mail_server(mail)
        except ValueError as error:
            wrong = f"{notify.smtp_env} holds {error}"
            yield config.problem((*at, "smtp_env"), wrong, f"write {HOW}")


def _value(environment: Mapping[str, str], name: str | None) -> str:
    return environment.get(name or "", "").strip()


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
