"""`frontdesk learn --from-traffic`: learns messages of customers, once somebody approved them."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.options import operator, print_json, settings, stdout
from bot.cli.output import count, heading, line, next_step, remark
from bot.errors import FrontdeskError
from bot.text.shorten import shortened

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.storage.questions import CustomerQuestion
    from bot.understanding.intents import IntentSet
    from bot.understanding.traffic.learned_file import Learned
    from bot.understanding.traffic.pseudo_labels import Proposal

SHOWN = 3
"""Messages shown of each intent; `--json` has all of them."""


def learn_from_traffic(
    config: Path | None,
    *,
    days: int,
    most: int,
    without: Sequence[str],
    yes: bool,
    json: bool,
) -> None:
    """Label stored messages, show them for approval, and learn the approved ones."""
    loaded = settings(config)
    _switched_on(loaded)
    intents = _intents(loaded, without)
    proposal = _proposal(loaded, intents, days, most)
    rows = [row for row in proposal.rows if row.intent not in without]
    if not json:
        _show(rows, proposal)
    approved = bool(rows) and (yes or _approves(len(rows), json=json))
    total = _keep(loaded, rows) if approved else 0
    if json:
        print_json(_as_data(rows, proposal, loaded, written=len(rows) if approved else 0))
    elif approved:
        heading(f"{count(len(rows), 'message')} learned, {total:,} in {_file(loaded)}")
        next_step("frontdesk train (a running bot trains by itself)")


def _switched_on(config: Config) -> None:
    """Refuse where config does not ask for it.

    Raises:
        FrontdeskError: It does not.
    """
    if not config.classifier.learn_from_traffic:
        raise FrontdeskError(
            "classifier.learn_from_traffic is off: messages of customers are only learned where "
            "config.yaml says `classifier: {learn_from_traffic: true}` (docs/traffic.md)"
        )


def _intents(config: Config, without: Sequence[str]) -> IntentSet:
    from bot.understanding.intents import load_intents

    intents = load_intents(config.intents, default_language=config.language.default)
    for name in without:
        if name not in intents.by_name:
            raise typer.BadParameter(f"there is no intent {name!r}", param_hint="--without")
    return intents


def _proposal(config: Config, intents: IntentSet, days: int, most: int) -> Proposal:
    from bot.cli.progress import progress
    from bot.publishing.traffic import proposals
    from bot.publishing.train import training_options

    questions = asyncio.run(_questions(config, days))[:most]
    with progress() as shown:
        return proposals(config, intents, questions, training_options(config), shown)


async def _questions(config: Config, days: int) -> list[CustomerQuestion]:
    """Return what customers asked, as far back as retention allows."""
    from bot.cli.missed_learning import listed_staff
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.questions import customer_questions

    kept = (config.retention.transcripts, config.retention.learned)
    since = SystemClock().now() - timedelta(days=min([days, *filter(None, kept)]))
    staff = listed_staff(config)
    async with await open_database(config.database, mode=config.database_mode) as database:
        return await customer_questions(database, since=since, staff=staff)


def _approves(number: int, *, json: bool) -> bool:
    """Ask; without a terminal the answer is no."""
    if json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        remark("nothing was changed: --yes approves these messages")
        return False
    if typer.confirm(f"Learn {count(number, 'message')} as shown?", err=True):
        return True
    remark("nothing was changed")
    return False


def _keep(config: Config, rows: Sequence[Learned]) -> int:
    from bot.publishing.traffic import keep

    total = keep(config, rows)
    asyncio.run(_record(config, _counted(rows)))
    return total


async def _record(config: Config, counts: dict[str, int]) -> None:
    """Record in the audit log who approved how many messages of which intents."""
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.audit import record_audit

    now = SystemClock().now()
    deed = partial(record_audit, actor=operator(), action="learn", at=now, detail=counts)
    async with await open_database(config.database, mode=config.database_mode) as database:
        await database.write(deed)


def _show(rows: Sequence[Learned], proposal: Proposal) -> None:
    """Print a table of the proposed messages by intent, and what was left out."""
    from rich.table import Table
    from rich.text import Text

    if rows:
        table = Table("intent", "messages", "examples", box=None, pad_edge=False)
        for name, number in _counted(rows).items():
            texts = [shortened(row.text, 60, "…") for row in rows if row.intent == name]
            table.add_row(name, f"{number:,}", Text("\n".join(texts[:SHOWN])))
        stdout().print(table)
    line(f"{len(rows):,} of {count(proposal.looked_at, 'message')} can be learned")
    for reason, number in proposal.left_out.most_common():
        line(f"    {number:,} left out: {reason}", style="dim")


def _counted(rows: Sequence[Learned]) -> dict[str, int]:
    """Return the number of messages of each intent, the most frequent first."""
    return dict(Counter(row.intent for row in rows).most_common())


def _file(config: Config) -> Path:
    from bot.understanding.traffic.learned_file import learned_path

    return learned_path(config.model)


def _as_data(
    rows: Sequence[Learned], proposal: Proposal, config: Config, *, written: int
) -> dict[str, Any]:
    return {
        "looked_at": proposal.looked_at,
        "proposed": {
            name: [row.text for row in rows if row.intent == name] for name in _counted(rows)
        },
        "left_out": {reason.name.lower(): number for reason, number in proposal.left_out.items()},
        "written": written,
        "file": str(_file(config)),
    }
