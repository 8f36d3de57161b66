"""Credentials of known providers, by prefix and length: the one definition of a secret.

A password in prose ("my password is ...") has no such form; `bot.privacy.recognisers.tokens` finds
it.

Source: the providers' own documentation of their token formats, as secret scanners use them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

_RUN = 10
"""Length from which letters and digits in a row count as random: words are shorter."""

_SHORTEST = 4
"""Length below which nothing counts as random."""

_BEGINNING = re.compile(r"xox[a-z]-|xapp-|sk-")

_FORMS = (
    ("a Slack token", r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}|xwfp-[\w-]{8,}"),
    (
        "a Slack webhook",
        r"(?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z][\w/-]{18,}",
    ),
    ("a Discord token", r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}|mfa\.[\w-]{20,}"),
    (
        "a Discord webhook",
        r"(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,}",
    ),
    ("a Stripe key", r"\b(?:sk|pk|rk)_(?:live|test)_\w{16,}|\bwhsec_\w{24,}"),
    ("an API key", r"\b(?:sk|pk|rk)[-_][\w-]{16,}"),  # OpenAI, Anthropic and others like them
    ("a GitHub token", r"\bgh[pousr]_\w{16,}|\bgithub_pat_\w{22,}"),
    ("a GitLab token", r"\bgl(?:pat|ptt|dt|rt|cbt|agent|oas|ft|imt|soat)-[\w-]{16,}"),
    ("an AWS key", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    ("a Google key", r"\bAIza[\w-]{35}|\bGOCSPX-[\w-]{20,}|\bya29\.[\w-]{20,}"),
    ("an npm token", r"\bnpm_\w{30,}"),
    ("a PyPI token", r"\bpypi-[\w-]{16,}"),
    ("a Hugging Face token", r"\bhf_\w{16,}"),
    ("a SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{30,}"),
    ("a Twilio key", r"\bSK[0-9a-f]{32}\b"),
    ("a Mailgun key", r"\bkey-[0-9a-f]{32}\b"),
    ("a Mailchimp key", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    ("a Telegram token", r"\b\d{8,10}:AA[\w-]{33}"),
    ("a Shopify token", r"\bshp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{32}"),
    ("a Square token", r"\bsq0(?:atp|csp|idp)-[\w-]{22,}|\bEAAA[\w-]{60}"),
    ("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}"),
    ("an Atlassian token", r"\bATATT3[\w=-]{100,}"),
    ("a Linear or Notion key", r"\blin_(?:api|oauth)_\w{32,}|\bntn_\w{40,}|\bsecret_\w{43}\b"),
    ("a key of a model provider", r"\b(?:gsk_|xai-|r8_|pplx-)\w{30,}"),
    ("a Databricks token", r"\bdapi[0-9a-f]{32}\b"),
    ("a Vault token", r"\bhv[sbr]\.[\w-]{24,}"),
    ("a Grafana token", r"\bgl(?:sa|c)_[\w=]{32,}"),
    ("a New Relic key", r"\bNRAK-[A-Z0-9]{27}"),
    ("a Postman key", r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("a Sentry token", r"\bsntry[su]_[\w=/+.-]{40,}"),
    ("an Azure key", r"\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,88}={0,2}"),
    ("a JSON Web Token", r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    ("a private key", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"),
)


_SURROGATE = re.compile("[\ud800-\udfff]")
"""Halves of pairs, which RE2 cannot read; each is replaced by one character."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential in a text.

    Attributes:
        kind: With an article: `a Slack token`.
        start, end: Position of the first character, and of the one after the last.
    """

    kind: str
    start: int
    end: int


def credentials_in(text: str) -> Iterator[Credential]:
    """Yield the credentials of known providers in a text, in order.

    >>> [found.kind for found in credentials_in("use xoxb-" + "1234567890")]
    ['a Slack token']
    """
    for match in _any().finditer(_SURROGATE.sub("\ufffd", text)):
        kind = next(kind for kind, form in _each() if form.fullmatch(match.group()))
        yield Credential(kind, *match.span())


def begins_like_credential(text: str) -> bool:
    """Return whether a text begins like a credential, whole or cut off: do not repeat it.

    >>> begins_like_credential("xoxb-1"), begins_like_credential("token")
    (True, False)
    """
    return _BEGINNING.match(text) is not None


def is_example(token: str) -> bool:
    """Return whether a token is a placeholder, as in documentation.

    >>> is_example("xoxb-your-bot-token"), is_example("sk-" + "x" * 40)
    (True, True)
    >>> is_example("sk-" + "a1" * 20)
    False
    """
    if token.startswith("-----"):
        return False
    pieces = re.split(r"[^A-Za-z0-9]", token)
    return not any(_is_random(piece) for piece in pieces)


def _is_random(piece: str) -> bool:
    """Return whether letters and digits in a row are neither a word nor a row of x or 0."""
    if len(piece) < _SHORTEST or set(piece[1:]) <= set("xX0"):
        return False
    word = piece.isalpha() and (piece.islower() or piece.isupper() or piece.istitle())
    return len(piece) >= _RUN or not (word or piece.isdecimal())


@cache
def _any() -> Any:  # noqa: ANN401 - RE2 has no types
    """RE2: linear in any text."""
    return re2.compile("|".join(form for _, form in _FORMS))


@cache
def _each() -> tuple[tuple[str, Any], ...]:
    return tuple((kind, re2.compile(form)) for kind, form in _FORMS)
