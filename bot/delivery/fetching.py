"""Fetches the files of an outgoing post from where they came from."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.conversations.attachments import name_of
from bot.errors import AdapterError
from bot.messages import Attachment
from bot.ports import FetchesFiles, FileContent, ReservedPost

log = structlog.get_logger(__name__)

LIMIT = 10 * 1024 * 1024
"""Bytes of a file at most, whatever the platform says of its size."""

FOR_STAFF = "\N{WARNING SIGN} could not be fetched: {files}"


async def with_contents(reserved: ReservedPost, source: object) -> ReservedPost:
    """Return a post with the content of its files; its text says which could not be fetched.

    Args:
        reserved: The post.
        source: The adapter that its files came through.

    Raises:
        ServiceUnavailable: The platform does not give one at the moment.
        AdapterError: Nothing is left to post: no text, and no file could be fetched.
    """
    post = reserved.post
    contents, missing = [], []
    for file in post.files:
        content = await _content(file, source)
        if content is None:
            missing.append(name_of(file))
        else:
            contents.append(content)
    filled = replace(reserved, contents=tuple(contents), missing=tuple(missing))
    if not missing:
        return filled
    words = FOR_STAFF if post.case else post.unfetched
    words = words.replace("{files}", ", ".join(missing))
    said = "\n\n".join(part for part in (post.markdown, words) if part)
    if not said:
        raise AdapterError(f"the platform no longer gives {', '.join(missing)}")
    return replace(filled, post=replace(post, markdown=said))


async def _content(file: Attachment, source: object) -> FileContent | None:
    """Return the content of a file; None where it will never be given."""
    if not isinstance(source, FetchesFiles):
        log.warning("no adapter fetches files here")
        return None
    try:
        content = await source.fetch(file, limit=LIMIT)
    except AdapterError as error:
        log.warning("file not fetched", reason=str(error))
        return None
    return FileContent(name_of(file), file.media_type, content)
