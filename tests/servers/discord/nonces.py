"""How Discord recognises a message that is sent again: for some minutes, then it forgets."""

from __future__ import annotations

from collections.abc import Callable

REMEMBERED = 300.0


class Nonces:
    """Remembers which post a nonce led to, for five minutes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._posts: dict[str, tuple[float, int]] = {}

    def known(self, nonce: str | None) -> int | None:
        """Return the number of the post that a nonce led to lately."""
        if nonce is None or nonce not in self._posts:
            return None
        since, post = self._posts[nonce]
        return post if self._clock() - since < REMEMBERED else None

    def remember(self, nonce: str | None, post: int) -> None:
        if nonce is not None:
            self._posts[nonce] = (self._clock(), post)
