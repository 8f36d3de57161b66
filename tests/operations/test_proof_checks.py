"""What `frontdesk doctor` finds about proofs of identity."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.proof import ProofConfig
from bot.config.schema import Config
from bot.operations.proof_checks import check_proofs
from tests.understanding.shop import SOUND

ACTIONS = """\
version: 1
hosts: [shop.example.com]
proof:
  linked: {redeem: redeem}
actions:
  redeem:
    kind: read
    http: {url: "https://shop.example.com/links/{code}", timeout: 5s}
    returns: [subject]
    on_error: handoff
  get_order:
    kind: read
    http: {url: "https://shop.example.com/{customer_id}/{order_number}", timeout: 5s}
    proof: linked
    returns: [status]
    on_error: handoff
"""


def found(folder: Path, proof: ProofConfig, *, key: str | None = None) -> list[tuple[str, str]]:
    (folder / "intents").mkdir(exist_ok=True)
    (folder / "intents" / "shop.yaml").write_text(SOUND, "utf-8")
    (folder / "intents" / "actions.yaml").write_text(ACTIONS, "utf-8")
    path = folder / "proof.key"
    if key is not None:
        path.write_text(key)
    proof = proof.model_copy(update={"key": path})
    config = Config(intents=folder / "intents", proof=proof)
    return [(each.state, each.found) for each in check_proofs(config)]


def test_a_key_that_is_not_there_yet_is_no_problem(tmp_path: Path) -> None:
    ((state, said),) = found(tmp_path, ProofConfig())
    assert state == "ok"
    assert "is made at the first start" in said
    assert not (tmp_path / "proof.key").exists()


def test_the_key_is_known_by_its_fingerprint_alone(tmp_path: Path) -> None:
    key = "ab" * 32
    ((state, said),) = found(tmp_path, ProofConfig(), key=key)
    assert state == "ok"
    assert key[:8] not in said


def test_a_damaged_key_fails(tmp_path: Path) -> None:
    ((state, said),) = found(tmp_path, ProofConfig(), key="abc")
    assert state == "fail"
    assert "holds no key" in said


@pytest.mark.parametrize(
    ("ways", "state", "said"),
    [
        (("code",), "fail", "get_order needs a proof by linked"),
        (("linked", "platform_email"), "warn", "allows platform_email"),
    ],
)
def test_a_way_that_cannot_be_gone_is_found(
    tmp_path: Path, ways: tuple[str, ...], state: str, said: str
) -> None:
    first, _ = found(tmp_path, ProofConfig.model_validate({"ways": ways}))
    assert first[0] == state
    assert said in first[1]
