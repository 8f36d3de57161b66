"""Changes of articles that would help: questions by which search finds one, and drafts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.text.shorten import shortened
from bot.yamlfile import scalar
from bot.yamlfile.editing import Uneditable, append_items

MARKDOWN = frozenset({".md", ".markdown"})
"""Endings of the files whose front matter can be edited."""


def with_questions(text: str, questions: Sequence[str]) -> str:
    """Return a Markdown article with questions in its front matter.

    Args:
        text: The article.
        questions: What customers asked.

    Raises:
        Uneditable: Its front matter is no YAML.
    """
    begin = text.partition("\n")[0].strip()
    if begin != "---":
        if begin == "+++" or begin.startswith("{"):
            raise Uneditable("the front matter is no YAML")
        return f"---\n{_questions(questions)}---\n{text}"
    start = text.index("\n") + 1
    end = text.find("\n---", start - 1)
    if end < 0:
        raise Uneditable("the front matter has no end")
    head = text[start : end + 1]
    if any(line.startswith("questions:") for line in head.splitlines()):
        return text[:start] + append_items(head, ["questions"], questions) + text[end + 1 :]
    return text[: end + 1] + _questions(questions) + text[end + 1 :]


def new_article(name: str, questions: Sequence[str], answers: Sequence[str]) -> str:
    """Return a draft of an article: what was asked, and what staff answered.

    Args:
        name: Suggested for it.
        questions: What customers asked.
        answers: What staff answered, with personal data replaced; may be empty.
    """
    title = shortened(name.replace("_", " ").capitalize(), 60, "…")
    return (
        f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ndraft: true\n"
        f"{_questions(questions)}---\n"
        f"# {title}\n\n<!-- Suggested by `frontdesk learn`: no article says what was asked. "
        "Write it, and delete `draft: true`. -->\n\n"
        + ("\n\n".join(answers) or "(What is true, in your words.)")
        + "\n"
    )


def _questions(questions: Sequence[str]) -> str:
    return "questions:\n" + "".join(f"  - {scalar(question)}\n" for question in questions)
