"""A BERT that is small enough to make, train and export within a test."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path

from bot.understanding.corpus import Corpus, CorpusIntent, Example

VOCABULARY = (
    "where is my order track parcel package has it shipped yet when will arrive i want money "
    "back refund please the return how do get this hello hi there hey good morning what capital "
    "of france weather tomorrow cook rice tell joke cancel change address to for"
)

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(VOCABULARY.split()))]
MPNET_PIECES = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", *PIECES[5:], "<mask>"]

EXAMPLES = {
    "order_status": (
        "where is my order",
        "track my parcel please",
        "has my package shipped yet",
        "when will my order arrive",
        "is my parcel there yet",
        "track the order",
    ),
    "refund": (
        "i want my money back",
        "refund please",
        "how do i get a refund",
        "return the money",
        "i want a refund for this",
        "get my money back",
    ),
    "greeting": (
        "hello",
        "hi there",
        "hey",
        "good morning",
        "hello there",
        "hi good morning",
    ),
}


def make_bert(folder: Path, *, layers: int = 2, hidden: int = 32) -> Path:
    """Write a BERT with random weights, as `save_pretrained` does, and return its folder."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=64,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        BertModel(config).save_pretrained(folder)
    write_tokenizer(folder)
    write_pooling(folder)
    return folder


def make_mpnet(folder: Path, *, layers: int = 2, hidden: int = 32) -> Path:
    """Write an MPNet with random weights, whose relative positions matter; return its folder."""
    import torch
    from transformers import MPNetConfig, MPNetModel

    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=len(MPNET_PIECES),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=64,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MPNetModel(config)
        torch.nn.init.normal_(model.encoder.relative_attention_bias.weight, std=3.0)
        model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(MPNET_PIECES) + "\n")
    settings = {"tokenizer_class": "MPNetTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    write_pooling(folder)
    return folder


def write_pooling(folder: Path, **settings: object) -> None:
    """Write how an encoder's tokens become one vector: by their mean, if nothing else is given."""
    (folder / "1_Pooling").mkdir(exist_ok=True)
    pooling = settings or {"pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))


def write_tokenizer(folder: Path) -> None:
    """Write the tokenizer of a tiny encoder beside it."""
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def make_corpus(
    examples: Mapping[str, tuple[str, ...]] | None = None,
    *,
    out_of_scope: tuple[str, ...] = (),
    personal: tuple[str, ...] = (),
    hash: str = "h1",  # noqa: A002 - the field's name
) -> Corpus:
    """Return a corpus of a few intents."""
    intents = tuple(
        CorpusIntent(
            name,
            tuple(Example(text) for text in texts),
            label=name,
            personal=name in personal,
        )
        for name, texts in (EXAMPLES if examples is None else examples).items()
    )
    return Corpus(intents, tuple(Example(text) for text in out_of_scope), hash=hash)
