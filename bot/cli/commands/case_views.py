"""How the command line shows cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cli.options import stdout
from bot.cli.output import heading, line, remark

if TYPE_CHECKING:
    from bot.storage.case_details import CaseDetails
    from bot.storage.cases import Case


def show_cases(found: Sequence[Case]) -> None:
    """Print a table of cases."""
    from rich.table import Table
    from rich.text import Text

    table = Table("", "kind", "opened", "conversation", "message", box=None, pad_edge=False)
    for case in found:
        opened = f"{case.opened_at:%Y-%m-%d %H:%M}"
        said = Text(case.text or case.note)
        table.add_row(str(case.id), case.kind, opened, case.conversation, said)
    stdout().print(table)


def show_case(case: CaseDetails) -> None:
    """Print one case."""
    ended = f", closed {case.closed_at:%Y-%m-%d %H:%M} UTC" if case.closed_at else ""
    has = case.assignee or "nobody"
    heading(f"case {case.number}: {case.trigger or case.kind}, team {case.team}, {has}{ended}")
    line(f"{case.conversation}, {case.author}, opened {case.opened_at:%Y-%m-%d %H:%M} UTC")
    if case.first_post:
        line("")
        line(case.first_post)
    line("")
    for each in case.lines:
        line(f"{each.at:%H:%M} {each.role}: {each.text}")
    for post in case.failed:
        remark(
            f"not delivered: {post.reason}; `frontdesk cases retry {case.number} {post.post}` "
            "sends it again"
        )
    if case.closing:
        remark(f"closing line: {case.closing}")
