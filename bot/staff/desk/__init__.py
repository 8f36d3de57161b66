"""The desk: cases of customers who wait for a person, and what staff do with them."""

from bot.staff.desk.desk import Desk
from bot.staff.desk.results import (
    ActResult,
    DeskTeam,
    DeskTeams,
    OpenCase,
    Opening,
    Outcome,
)

__all__ = ["ActResult", "Desk", "DeskTeam", "DeskTeams", "OpenCase", "Opening", "Outcome"]
