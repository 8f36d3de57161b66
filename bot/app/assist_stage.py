"""The stage that drafts replies for staff, where config wants it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.staff import StaffTools
from bot.ports import Clock
from bot.responder import Stage
from bot.stages.assist import DraftForStaff
from bot.storage import Database
from bot.storage.conversation_states import StoredStates


def assist_stage(
    staff: StaffTools | None,
    database: Database,
    clock: Clock,
    answering: Sequence[Stage | None],
) -> DraftForStaff | None:
    """Return the stage; None: nobody wants drafts.

    Args:
        staff: Tools of the staff; None: there is no staff.
        database: Open.
        clock: The time.
        answering: The stages that answer customers, from the one that reads the message on.
    """
    if staff is None or staff.drafts is None:
        return None
    stages = [each for each in answering if each is not None]
    return DraftForStaff(StoredStates(database, clock), stages, staff.drafts)
