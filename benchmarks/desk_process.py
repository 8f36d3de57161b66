"""A desk in its own process, which `benchmarks.desk` kills.

    python -m benchmarks.desk_process DATABASE SLACK_API DISCORD_API DISCORD_GATEWAY DISCORD_CHANNEL

Both adapters, inbox, outbox and the desk as `frontdesk serve` runs them; no model, since nobody
asks the bot anything.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping

from adapters.discord import plugin as discord_plugin
from adapters.discord.config import DiscordConfig
from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, Tokens
from bot import logs
from bot.answering.wording import BotWording
from bot.app.service import Service
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.delivery import Intake, OutboxWorker, Worker, open_inbox, open_outbox
from bot.ports import Adapter
from bot.responder import Responder
from bot.staff.desk import Desk
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.stages.case_threads import CaseThreads
from bot.storage import Database, StoredHistory, StoredTranscripts, open_database
from tests.servers.discord import TOKEN

AGENTS = {"slack": "U5", "discord": "8"}
"""The member of staff on each platform."""


def staff_of(discord_channel: str) -> StaffConfig:
    """Return the staff: a team for each platform and each way to send."""
    channels = {"slack": "C1", "discord": discord_channel}
    members = {name: MembersConfig(users=frozenset({user})) for name, user in AGENTS.items()}
    teams = {
        f"{platform}_{thread}": TeamConfig(
            title="Help",
            cases={platform: channel},
            thread="send" if thread == "send" else "inside",
        )
        for platform, channel in channels.items()
        for thread in ("inside", "send")
    }
    return StaffConfig(members=members, teams=teams)


def desk_of(
    database: Database, staff: StaffConfig, adapters: Mapping[str, Adapter], wake: object = None
) -> Desk:
    """Build the desk."""
    return Desk(
        database,
        SystemClock(),
        adapters=adapters,
        teams=Teams(staff),
        roster=Roster(staff.members),
        wording=BotWording(ResponderConfig(), "en"),
        language="en",
        wake=wake if callable(wake) else lambda: None,
    )


async def main(
    database_url: str, slack_api: str, discord_api: str, gateway: str, channel: str
) -> None:
    """Serve until SIGTERM."""
    clock, staff = SystemClock(), staff_of(channel)
    section = DiscordConfig.model_validate(
        {"api_url": discord_api, "gateway_url": gateway, "reconnect_after": 0.05}
    )
    slack = SlackAdapter(SlackConfig(api_url=slack_api), Tokens("xoxb-1-valid", "xapp-1-valid"))
    discord = discord_plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})
    adapters: dict[str, Adapter] = {"slack": slack, "discord": discord}
    async with (
        await open_database(database_url) as database,
        open_inbox(database, clock) as inbox,
        open_outbox(database, clock, inbox) as outbox,
    ):
        for adapter in (slack, discord):
            adapter.recall(StoredHistory(database))
            adapter.use_wording(BotWording(ResponderConfig(), "en"))
        desk, roster = desk_of(database, staff, adapters, outbox.wake), Roster(staff.members)
        transcripts = StoredTranscripts(database)
        responder = Responder(
            [CaseThreads(desk)],
            transcripts=transcripts,
            wording=BotWording(ResponderConfig(), "en"),
            clock=clock,
            default_language="en",
        )
        worker = Worker(
            inbox,
            responder,
            adapters,
            concurrency=16,
            clock=clock,
            mark=roster.mark,
            outbox=outbox,
            changed=desk.changed,
        )
        deliverer = OutboxWorker(outbox, adapters, concurrency=16, clock=clock)
        reception = Intake(inbox, transcripts, mark=roster.mark, case_of_thread=desk.case_of_thread)
        service = Service([slack, discord], reception, worker, responder, deliverer=deliverer)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
        await service.run()


if __name__ == "__main__":
    logs.configure(level="CRITICAL")
    asyncio.run(main(*sys.argv[1:]))
