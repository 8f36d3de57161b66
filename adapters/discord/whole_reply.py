"""All posts of a reply."""

from __future__ import annotations

from adapters.discord.render import Post, Reply, posts


def whole(reply: Reply, text: str | None = None) -> list[Post]:
    """Return the posts of a whole reply; None as its text: everything that it says."""
    return posts(
        reply.everything if text is None else text,
        reply.buttons,
        reply.sources,
        reply.visibilities,
        reply.thumbs,
        cards=reply.cards,
    )
