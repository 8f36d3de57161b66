"""The last check before a post: who may read a text, and who can read it where it will stand.

Every adapter calls `cleared` for each post that it is about to send, with the readers of the place
that the post goes to; the text `withheld` stands in for what they may not see. Where a text came
from was decided earlier; here nothing is decided again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import structlog

from bot.messages import Readers, Visibility

_MAY_READ: Final[Mapping[Readers, frozenset[Visibility]]] = {
    # internal text is made only for an author who belongs to the staff
    Readers.AUTHOR: frozenset(Visibility),
    Readers.STAFF: frozenset({Visibility.PUBLIC, Visibility.INTERNAL}),
    Readers.OTHERS: frozenset({Visibility.PUBLIC}),
}

_log = structlog.get_logger(__name__)


def may_read(readers: Readers, visibility: Visibility) -> bool:
    """Return whether everybody who can read a place may see a text.

    >>> may_read(Readers.OTHERS, Visibility.PRIVATE), may_read(Readers.STAFF, Visibility.INTERNAL)
    (False, True)
    """
    return visibility in _MAY_READ[readers]


def cleared(message_id: str, visibilities: Iterable[Visibility], readers: Readers) -> bool:
    """Return whether a post may be sent; log one line when it may not.

    Args:
        message_id: The message that is answered.
        visibilities: Of all that the post says.
        readers: Who can read the place that it goes to.
    """
    refused = sorted({each for each in visibilities if not may_read(readers, each)})
    if refused:
        _log.error(
            "post withheld",
            message_id=message_id,
            visibility=", ".join(refused),
            readers=str(readers),
        )
    return not refused
