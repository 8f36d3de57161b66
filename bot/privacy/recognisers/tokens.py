"""Recogniser of keys, tokens and passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.spans import SECRET, Span
from bot.text.credentials import credentials_in

_CALLED = (
    r"(?:password|passwort|kennwort|passcode|passphrase|mot de passe|contrase(?:ñ|n)a|pwd|pw"
    r"|passwd|wachtwoord|senha)(?:\s(?:provisoire|temporaire|temporary|temporal|provisional"
    r"|provis(?:o|ó)ri[oa]|tijdelijk))?"
)
_NAMED = re.compile(
    rf"\b(?:{_CALLED}|pin(?: code)?|otp|api[ _-]?key"
    r"|secret(?:[ _-]key)?|access[ _-]?(?:key|token)|auth(?:entication)?[ _-]?token|bearer"
    r"|one[ -]time (?:code|password))\s*"
    r"(?:\b(?:is|was|ist|war|lautet|es|era|est|était|é)\b|[:=])\s*"
    r"[\"'`]?(?P<it>(?=[^\s\"'`,;]*[\d!#$%&*@^_+=-])[^\s\"'`,;]*[^\s\"'`,;.!?])"
    r"|(?:密码|口令|密钥)\s*(?:是|为|[:：=])\s*(?P<chinese>[!-~]{4,})",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    rf"\b(?:{_CALLED}|pass)\b\s*:?\s*(?:[\"'`“„«](?P<quoted>[^\s\"'`”“»]{4, 64})[\"'`”“»]"
    r"|(?P<it>(?=[^\s\"'`,;:/]{0,64}\d)(?=[^\s\"'`,;:/]{0,64}[^\W\d_])[^\s\"'`,;:/]{5,64}"
    r"(?<![.!?]))(?=[\s,;.!?]|$))",
    re.IGNORECASE,
)
"""A password directly behind the word: in quotation marks, or with letters and digits."""


def tokens(text: str) -> Iterator[Span]:
    """Yield credentials of known providers, and what follows "password is" or the like."""
    for found in credentials_in(text):
        yield Span(found.start, _end(text, found.end), SECRET)
    for match in _NAMED.finditer(text):
        yield Span(*match.span("it" if match["it"] else "chinese"), SECRET)
    for match in _UNNAMED.finditer(text):
        yield Span(*match.span("it" if match["it"] else "quoted"), SECRET)


def _end(text: str, end: int) -> int:
    """Return where a credential ends: for a private key the end of its last line."""
    if not text.endswith("-----", 0, end):
        return end
    last = text.find("-----END", end)
    closed = text.find("-----", last + 8) if last >= 0 else -1
    return closed + 5 if closed >= 0 else len(text)
