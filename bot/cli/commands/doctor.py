"""`frontdesk doctor`: checks everything that answering customers needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.adapters import load_plugin, setup_lines
from bot.cli.options import ConfigOption, JsonOption, environment, print_json, settings
from bot.cli.output import line
from bot.errors import ConfigError, FrontdeskError

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.ports import Finding

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(
    config: ConfigOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Make no requests to platforms or GPT.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check config, intents, model, database, platforms, GPT, disk and clock."""
    findings = asyncio.run(_examine(settings(config), offline=offline))
    failed = any(finding.state == "fail" for finding in findings)
    if json:
        print_json({"ok": not failed, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            remedy = f": {finding.remedy}" if finding.remedy else ""
            line(
                f"{finding.state:<4} {finding.about}: {finding.found}{remedy}",
                style=_STYLES[finding.state],
            )
    if failed:
        raise typer.Exit(1)


async def _examine(config: Config, *, offline: bool) -> Sequence[Finding]:
    from bot.answering.recommendations.checks import examine_products
    from bot.clock import SystemClock
    from bot.operations.action_diagnostics import check_actions
    from bot.operations.diagnostics import (
        check_articles,
        check_database,
        check_disk,
        check_gpt,
        check_intents,
        check_model,
        check_names,
        check_safety,
    )
    from bot.operations.form_diagnostics import check_forms
    from bot.operations.proof_checks import check_proofs
    from bot.ports import Finding
    from bot.staff.reachability import examine_contact, examine_notices

    return [
        Finding("config", "ok", "no mistakes"),
        *check_intents(config),
        *await check_actions(config, environment(), offline=offline),
        *check_articles(config),
        *await examine_products(config, offline=offline),
        *check_model(config, SystemClock().now()),
        check_names(config),
        await check_database(config),
        *examine_contact(config),
        *examine_notices(config, environment()),
        check_safety(config),
        *check_proofs(config),
        *await check_forms(config, SystemClock().now()),
        *await _examine_platforms(config, offline=offline),
        await check_gpt(config, environment(), offline=offline),
        check_disk(config),
    ]


async def _examine_platforms(config: Config, *, offline: bool) -> Sequence[Finding]:
    """Let each adapter check its platform."""
    from bot.ports import Finding

    if not config.adapters:
        lines = (f"`{line.partition('#')[0].strip()}`" for line in setup_lines())
        remedy = f"add {' or '.join(lines)} to config.yaml to serve"
        return [Finding("platforms", "warn", "none is set up", remedy)]
    findings: list[Finding] = []
    for name in config.adapters:
        try:
            findings += await _examine_platform(config, name, offline=offline)
        except ConfigError as error:
            findings += [
                Finding(name, "fail", str(problem), "see there") for problem in error.problems
            ]
        except FrontdeskError as error:
            findings.append(Finding(name, "fail", str(error), "see there"))
    return findings


async def _examine_platform(config: Config, name: str, *, offline: bool) -> Sequence[Finding]:
    """Let an adapter check its platform, and once nothing fails the channels that config names."""
    from bot.config.listening import ListenConfig
    from bot.ports import (
        ChecksCaseChannels,
        ChecksChannels,
        ChecksEmails,
        Finding,
        HasDiagnostics,
    )
    from bot.staff.teams import Teams

    plugin = load_plugin(name)
    section = config.adapter_section(plugin)
    if not isinstance(plugin, HasDiagnostics):
        plugin.build(section, environment())
        return [Finding(name, "ok", "its settings are in order")]
    findings = await plugin.doctor(section, environment(), offline=offline)
    if offline or any(finding.state == "fail" for finding in findings):
        return findings
    if "platform_email" in config.proof.ways and isinstance(plugin, ChecksEmails):
        findings = [*findings, *await plugin.check_emails(section, environment())]
    team = config.staff.members.get(name)
    special = section.channels if isinstance(section, ListenConfig) else ()
    named = dict.fromkeys([*filter(None, [team.channel if team else None]), *special])
    cases = sorted(Teams(config.staff).channels.get(name, ()))
    if cases and isinstance(plugin, ChecksCaseChannels):
        findings = [*findings, *await plugin.check_case_channels(section, environment(), cases)]
        named = {each: None for each in named if each not in cases}
    else:
        named |= dict.fromkeys(cases)
    if not named or not isinstance(plugin, ChecksChannels):
        return findings
    return [*findings, *await plugin.check_channels(section, environment(), [*named])]
