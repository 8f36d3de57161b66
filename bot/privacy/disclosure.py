"""Disclosure check, the last one before a post: may all readers of the place read the text?

Every adapter calls `cleared` for each post, with the readers of its destination; the text
`withheld` replaces a post that they may not read. The visibility of a text is set
where it is made, and only compared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import structlog

from bot.messages import Readers, Visibility

_MAY_READ: Final[Mapping[Readers, frozenset[Visibility]]] = {
    # only staff get answers with internal text
    Readers.AUTHOR: frozenset(Visibility),
    Readers.STAFF: frozenset({Visibility.PUBLIC, Visibility.INTERNAL}),
    Readers.OTHERS: frozenset({Visibility.PUBLIC}),
}

_log = structlog.get_logger(__name__)


def may_read(readers: Readers, visibility: Visibility) -> bool:
    """Return whether everybody who can read a place may read a text.

    >>> may_read(Readers.OTHERS, Visibility.PRIVATE), may_read(Readers.STAFF, Visibility.INTERNAL)
    (False, True)
    """
    return visibility in _MAY_READ[readers]


def cleared(message_id: str, visibilities: Iterable[Visibility], readers: Readers) -> bool:
    """Return whether a post may be sent; log one line when it may not.

    Args:
        message_id: The message that is answered.
        visibilities: Of all parts of the post.
        readers: Who can read its destination.
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
