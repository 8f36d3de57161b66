"""Staff are called outside the platforms: a signed webhook and mail, over real loopback servers."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.config.schema import load_config
from bot.errors import ConfigError
from bot.staff.notify import Notice, Undelivered, Webhook, open_ways, read_mail_server
from bot.staff.reachability import examine_notices, reachable
from tests.servers.smtp import mail_host
from tests.test_config import write

NOTICE = Notice("case-17-1", 17, "Support", "asked", datetime(2026, 11, 30, 9, tzinfo=UTC), "forum")
SECRET = "a secret of the desk"
FROM_TO = "from=bot@shop.example&to=team@shop.example,boss@shop.example"


@dataclass
class Hook:
    """A web server that keeps what it is called with."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        status = self.statuses.pop(0) if self.statuses else 204
        headers = {"Location": self.url} if status == 302 else {}
        return web.Response(status=status, headers=headers)


@asynccontextmanager
async def hook_server() -> AsyncIterator[Hook]:
    hook, application = Hook(), web.Application()
    application.router.add_post("/desk", hook.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/desk"
    try:
        yield hook
    finally:
        await runner.cleanup()


async def test_a_call_is_signed_and_says_nothing_that_the_customer_wrote() -> None:
    async with hook_server() as hook:
        await Webhook(hook.url, SECRET, SystemClock()).notify(NOTICE)
    ((headers, body),) = hook.calls
    signed = f"{headers['Frontdesk-Timestamp']}.".encode() + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Frontdesk-Signature"] == f"v1={expected}"
    assert abs(int(headers["Frontdesk-Timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert json.loads(body) == {
        "id": "case-17-1",
        "event": "case_unclaimed",
        "case": 17,
        "team": "Support",
        "trigger": "asked",
        "opened_at": "2026-11-30T09:00:00+00:00",
        "platform": "forum",
    }


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_what_is_no_success_is_not_taken(status: int) -> None:
    async with hook_server() as hook:
        hook.statuses = [status]
        with pytest.raises(Undelivered, match=str(status)):
            await Webhook(hook.url, SECRET, SystemClock()).notify(NOTICE)
    assert len(hook.calls) == 1
    with pytest.raises(Undelivered, match="no answer") as caught:
        await Webhook(hook.url, SECRET, SystemClock()).notify(NOTICE)
    assert hook.url not in str(caught.value)


async def test_a_mail_is_sent_to_everybody() -> None:
    async with mail_host() as host:
        url = f"smtp://bot:pass%40word@127.0.0.1:{host.port}/?{FROM_TO}"
        await read_mail_server(url).notify(NOTICE)
        host.refusals = 1
        with pytest.raises(Undelivered, match="took no mail"):
            await read_mail_server(url).notify(NOTICE)
    (mail,) = host.mails
    assert (mail.sender, mail.recipients) == (
        "bot@shop.example",
        ["team@shop.example", "boss@shop.example"],
    )
    assert "Subject: Case 17 waits: nobody has claimed it" in mail.content
    assert "Message-ID: <case-17-1@shop.example>" in mail.content
    assert "Support" in mail.content
    assert host.logins


CONFIG = "staff: {notify: {webhook_env: HOOK, secret_env: HOOK_SECRET, smtp_env: MAIL}}\n"


def test_the_environment_holds_the_ways(tmp_path: Path) -> None:
    config, clock = load_config(write(tmp_path, CONFIG), {}), SystemClock()
    assert open_ways(config, {}, clock) == {}
    given = {
        "HOOK": "https://hook.example/x",
        "HOOK_SECRET": SECRET,
        "MAIL": f"smtps://mail.example/?{FROM_TO}",
    }
    assert sorted(open_ways(config, given, clock)) == ["mail", "webhook"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HOOK", "hook.example", "1:31: staff.notify.webhook_env: HOOK holds no address"),
        ("HOOK_SECRET", " ", "staff.notify.secret_env: HOOK_SECRET is empty"),
        ("MAIL", "smtp://h/?to=a@b", "staff.notify.smtp_env: MAIL holds no mail address as `from`"),
        (
            "MAIL",
            "mail.example",
            "MAIL holds no address of a mail server, or no recipient",
        ),
        ("MAIL", "smtp://h:x/?to=a@b&from=c@d", "MAIL holds no address of a mail server"),
    ],
)
def test_what_the_environment_holds_wrongly_is_said_and_not_quoted(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    config = load_config(write(tmp_path, CONFIG), {})
    given = {"HOOK": "https://hook.example/x", "HOOK_SECRET": SECRET, variable: value}
    with pytest.raises(ConfigError) as caught:
        open_ways(config, given, SystemClock())
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "state", "said"),
    [
        ({}, "warn", "no webhook and no mail"),
        ({"MAIL": f"smtps://mail.example/?{FROM_TO}"}, "ok", "when nobody claims a case: mail"),
        ({"MAIL": "mail.example"}, "fail", "staff.notify.smtp_env: MAIL holds no address"),
    ],
)
def test_doctor_says_what_calls_staff(
    tmp_path: Path, given: dict[str, str], state: str, said: str
) -> None:
    config = load_config(write(tmp_path, f"slack: {{}}\n{CONFIG}"), {})
    (finding,) = examine_notices(config, given)
    assert finding.state == state
    assert said in finding.found


def test_check_warns_where_nothing_reads_how_customers_feel(tmp_path: Path) -> None:
    text = "understanding: {feelings: false}\nstaff: {triggers: {frustration: true}}\n"
    config = load_config(write(tmp_path, text), {})
    warned = [str(each) for each in reachable(config, None)]
    assert any("2:33: warning: staff.triggers.frustration: nobody is called" in e for e in warned)
