"""A sound intent file, and what `frontdesk check` finds after it was changed."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.intents import inspect_intents

SOUND = """\
version: 1
intents:
  - name: order_status
    title: Track my order
    examples:
      - where is my order
      - is my parcel late
      - when will it arrive
      - any news of my delivery
      - track my parcel
    reply: Soon.
  - name: refund_status
    title: My refund
    examples:
      - where is my money
      - when do I get my refund
      - has my refund been made
      - refund not here yet
      - how long do refunds take
    reply: In five days.
"""


def found(folder: Path, **files: str | bytes) -> list[str]:
    """Check a folder of files; problems without the folder in their paths."""
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.yaml").write_bytes(data)
    intents, problems = inspect_intents(folder)
    assert (intents is None) == any(problem.severity == "error" for problem in problems)
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def changed(folder: Path, *changes: tuple[str, str], **files: str | bytes) -> list[str]:
    """Check the sound file after some changes."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return found(folder, shop=text, **files)
