"""What staff are shown of a customer's words: all but cards, passwords and codes."""

from __future__ import annotations

from bot.privacy.cards import mask_cards
from bot.privacy.recognisers.tokens import tokens
from bot.staff.quoting import LONGEST, without_links
from bot.text.control_characters import without_controls
from bot.text.shorten import shortened

SECRET = "[secret]"  # noqa: S105 - stands in place of one

_LONGEST_LINE = 240


def shown(text: str) -> str:
    """Return a customer's text for staff: personal data as written, secrets and links disarmed.

    >>> shown("I am Ann Lee, ann@example.org, my password is tent!2024")
    'I am Ann Lee, ann@example.org, my password is [secret]'
    """
    return without_links(without_secrets(without_controls(shortened(text, LONGEST, " …"))))


def without_secrets(text: str) -> str:
    """Replace cards, passwords and codes in a text.

    >>> without_secrets("card 4111 1111 1111 1111, otp: 48213")
    'card [card number], otp: [secret]'
    """
    text = mask_cards(text)
    kept, done = [], 0
    for span in sorted(tokens(text)):
        if span.start >= done:
            kept += [text[done : span.start], SECRET]
        done = max(done, span.end)
    return "".join(kept) + text[done:]


def one_line(text: str, limit: int = _LONGEST_LINE) -> str:
    r"""Return a customer's text on one line, shortened.

    >>> one_line("where is it?\nI wait since May")
    'where is it? I wait since May'
    """
    return shortened(" ".join(shown(text).split()), limit, "…")
