"""Who the bot is in a workspace of Slack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in a workspace.

    Attributes:
        user: The bot's user id, as in `<@U...>`.
        bot: The bot's id, as in `bot_id`.
        team: The workspace.
    """

    user: str
    bot: str
    team: str

    @property
    def account(self) -> str:
        """What stands for this bot in this workspace, and for no other."""
        return f"{self.team}/{self.user}"
