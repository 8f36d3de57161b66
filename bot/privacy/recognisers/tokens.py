"""Keys, tokens and passwords: whoever reads one can act as its owner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.spans import SECRET, Span, matches

_KNOWN = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord
    r"|\b(?:sk|pk|rk)[-_](?:live_|test_|proj-|ant-)?[\w-]{16,}"  # OpenAI, Stripe and others
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|hf_)[\w-]{16,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON Web Token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_NAMED = re.compile(
    r"\b(?:password|passwort|passcode|passphrase|mot de passe|contrase(?:ñ|n)a|pwd|api[ _-]?key"
    r"|secret(?:[ _-]key)?|access[ _-]?(?:key|token)|auth(?:entication)?[ _-]?token|bearer|otp"
    r"|one[ -]time (?:code|password)|pin(?: code)?)\s*(?:is|was|ist|lautet|es|est|[:=])\s*"
    r"[\"'`]?(?P<it>(?=[^\s\"'`,;]*[\d!#$%&*@^_+=-])[^\s\"'`,;]*[^\s\"'`,;.!?])"
    r"|(?:密码|口令|密钥)\s*(?:是|为|[:：=])\s*(?P<chinese>[!-~]{4,})",
    re.IGNORECASE,
)


def tokens(text: str) -> Iterator[Span]:
    """Find keys of well-known services, and what is called a password or key."""
    yield from matches(_KNOWN, text, SECRET)
    for match in _NAMED.finditer(text):
        yield Span(*match.span("it" if match["it"] else "chinese"), SECRET)
