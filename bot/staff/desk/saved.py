"""Saved replies: the reply of any intent, by its name."""

from __future__ import annotations

from bot.ports import Answers


class SavedReplies:
    """The replies that admins wrote, as staff send them; follows what is published."""

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = answers

    def learn(self, answers: Answers) -> None:
        """Take the replies that are published now."""
        self._answers = answers

    def text(self, name: str, *, language: str, platform: str, seed: str) -> str:
        """Return the reply of an intent in the customer's language; empty: it has none."""
        if self._answers is None:
            return ""
        answer = self._answers.answer(name, language=language, platform=platform, seed=seed)
        return answer.markdown if answer is not None else ""
