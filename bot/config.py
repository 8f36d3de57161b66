"""config.yaml: one model per section, everything with a working default.

Relative paths count from the folder of the config file. Secrets never stand in the file: it
names the environment variables that hold them. The sections `slack` and `discord` (and those of
other adapters) belong to the adapters, which bring a model of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Wording = str | dict[str, str]
"""Text in the default language, or by language tag."""


class Section(BaseModel):
    """A section of config.yaml: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class LanguageConfig(Section):
    """`language:` what customers are answered in."""

    default: str = "en"
    """Language of plain examples and replies, as a BCP 47 tag."""


class ResponderConfig(Section):
    """`responder:` who the bot is and what it says when nothing else is known."""

    bot: str = "Frontdesk"
    """The bot's name: `{bot}` in replies."""

    contact: str = "our team"
    """How to reach a human, for example an e-mail address: `{contact}` in replies."""

    introduction: Wording | bool = True
    """Said before the first reply to a person: own wording, or false for none.
    `{bot}` and `{contact}` may stand in it. True: the built-in wording."""

    unknown: Wording | None = None
    """Said when neither intents nor articles help; the built-in wording when absent."""


class ClassifierConfig(Section):
    """`classifier:` how intents are learned."""

    encoder: str = "embedded"
    """`embedded` (all-MiniLM-L6-v2), a local folder, or the id of a BERT on the model hub."""

    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    """Confidence from which an intent is answered; absent: chosen on the training data."""

    seed: int = 0
    """Seed of everything random in training."""


class GptConfig(Section):
    """`gpt:` the fallback for what intents do not cover; off without a key or a base_url."""

    model: str = "gpt-5-mini"
    """The model's name at the provider."""

    base_url: str | None = None
    """Any server that speaks OpenAI's chat completions; absent: OpenAI's own."""

    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key."""

    timeout: Annotated[float, Field(gt=0)] = 20.0
    """Seconds to wait for the first words, and between any two pieces of an answer."""

    max_tokens: Annotated[int, Field(gt=0)] = 500
    """Longest answer, in tokens."""


class KnowledgeConfig(Section):
    """`knowledge:` the articles that GPT answers from and that are quoted without it."""

    path: Path | None = None
    """Folder of Markdown articles; absent: `knowledge/` in the folder of the intents."""


class ServeConfig(Section):
    """`serve:` the running service."""

    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    """Conversations handled at the same time."""


class Config(Section):
    """The whole file."""

    intents: Path = Path("intents")
    """Folder of intent files, catalogue and knowledge."""

    model: Path = Path(".frontdesk/model")
    """Folder of the trained model."""

    database: str = "sqlite:///.frontdesk/frontdesk.db"
    """SQLAlchemy URL: sqlite:///PATH."""

    language: LanguageConfig = LanguageConfig()
    responder: ResponderConfig = ResponderConfig()
    classifier: ClassifierConfig = ClassifierConfig()
    gpt: GptConfig = GptConfig()
    knowledge: KnowledgeConfig = KnowledgeConfig()
    serve: ServeConfig = ServeConfig()
    adapters: dict[str, Any] = Field(default_factory=dict, exclude=True)
    """Sections of adapters, as they stand in the file, by name; filled by the loader."""
