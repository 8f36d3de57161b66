"""`frontdesk learn`: learns from what customers asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption


def learn(
    messages: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="CSV with columns text and author, instead."),
    ] = None,
    config: ConfigOption = None,
    write: Annotated[
        bool, typer.Option("--write", help="Change the files as shown; copies are kept.")
    ] = False,
    k: Annotated[
        int, typer.Option("--k", min=1, help="People in a group before its texts are shown.")
    ] = 3,
    from_traffic: Annotated[
        bool,
        typer.Option("--from-traffic", help="Learn messages that are understood already."),
    ] = False,
    days: Annotated[int, typer.Option("--days", min=1, help="Number of days to look back.")] = 90,
    most: Annotated[
        int, typer.Option("--most", min=1, help="Maximum number of messages, the latest first.")
    ] = 3_000,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            metavar="INTENT",
            help="With --from-traffic: leave an intent out; may be repeated.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="With --from-traffic: approve without being asked.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Group what was not answered, answered wrongly or answered by staff, and say what would help.

    Personal data is replaced, and no text is shown that fewer than `--k` people's group holds.
    With --from-traffic: label messages, show them for approval, and learn the approved ones.
    """
    if from_traffic:
        from bot.cli.traffic_learning import learn_from_traffic

        if write or messages is not None:
            raise typer.BadParameter("neither --write nor FILE go with --from-traffic")
        learn_from_traffic(config, days=days, most=most, without=without or [], yes=yes, json=json)
        return
    from bot.cli.missed_learning import learn_from_missed

    if yes or without:
        raise typer.BadParameter("--yes and --without need --from-traffic")
    learn_from_missed(config, messages, days=days, most=most, people=k, write=write, json=json)
