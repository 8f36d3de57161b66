"""`responder.texts:` what is said about proofs of identity."""

from __future__ import annotations

from bot.config.text_field import Text
from bot.config.types import Section


class ProofTexts(Section):
    """What customers are told who must prove who they are."""

    proof_code_asked: Text = None
    """To a customer who must prove who they are, whether the shop knows them or not; `{minutes}`
    is how long it is good for."""

    proof_code_offered: Text = None
    """To a customer whose form has moved to private messages, before a code is sent; yes or no."""

    proof_or_link: Text = None
    """Below `proof_code_asked`, where accounts can be linked as well."""

    proof_link_asked: Text = None
    """To a customer who must link an account first."""

    proof_code_wrong: Text = None
    """To a customer whose code is not the right one."""

    proof_tries_over: Text = None
    """To a customer who has written too many wrong codes."""

    proof_sends_over: Text = None
    """To a customer who has asked for too many codes."""

    proof_shop_down: Text = None
    """To a customer who must prove who they are while the shop does not answer."""

    proof_impossible: Text = None
    """To a customer for whom there is no way to prove who they are."""

    proof_in_private: Text = None
    """To a customer who must prove who they are, where others read."""

    proof_code_public: Text = None
    """To a customer who wrote a code where others read it, for their eyes only."""

    proof_linked: Text = None
    """To a customer whose account is linked now; `{days}` is how long it stays so."""

    proof_unlinked: Text = None
    """To a customer who wants their account unlinked."""
