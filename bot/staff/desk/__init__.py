"""The desk: cases of customers who wait for a person, and what staff do with them."""

from bot.staff.desk.desk import Desk
from bot.staff.desk.results import OpenCase, Opening
from bot.storage.case_acts import ActResult, Outcome

__all__ = ["ActResult", "Desk", "OpenCase", "Opening", "Outcome"]
