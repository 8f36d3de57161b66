"""`gpt:` the section of config.yaml for GPT and its judge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bot.config.types import Section, VariableName
from bot.yamlfile import mistake


class JudgeConfig(Section):
    """`gpt.judge:` what gives a second opinion of GPT's own words."""

    model: Path | None = None
    """Folder of a local cross-encoder: `model.onnx`, `tokenizer.json`, and `config.json` whose
    `id2label` names `entailment`; absent: a model at the provider."""

    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Probability of entailment from which the local model confirms a sentence."""

    name: str = Field(default="", exclude=True, repr=False)
    """Name of a model at the provider; empty: the one that answers. In the file it stands in the
    place of the whole section."""


def read_judge(value: object) -> object:
    """Read a judge: `true`, the name of a model, or the folder of a local one; `false` is none."""
    if isinstance(value, dict):
        if "name" in value or value.get("model") is None:
            raise mistake("no folder of a model", f"write `{{model: FOLDER}}`, or {_JUDGES}")
        return value
    if isinstance(value, bool):
        return JudgeConfig() if value else None
    if isinstance(value, str):
        if value.strip().lower() in _NO_MODEL:
            raise mistake(f'"{value}" is the name of no model', f"write {_JUDGES}")
        return JudgeConfig(name=value.strip())
    return value


_NO_MODEL = {"", "off", "no", "none", "on", "yes"}
_JUDGES = "false for no judge, true for the model that answers, or the name of a model"


class GptConfig(Section):
    """`gpt:` the fallback for what intents do not cover; off without a key or a base_url."""

    provider: Literal["openai", "local"] = "openai"
    """`openai`: any server that speaks OpenAI's chat completions; `local`: a GGUF file that runs on
    this machine, without a key and without a network."""

    model: str = "gpt-5-mini"
    """The model's name at the provider."""

    base_url: str | None = None
    """Any server that speaks OpenAI's chat completions; absent: OpenAI's own."""

    api_key_env: VariableName = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key."""

    timeout: Annotated[float, Field(gt=0)] = 20.0
    """Seconds to wait for the first words, and between any two pieces of an answer."""

    max_tokens: Annotated[int, Field(gt=0)] = 1_000
    """Longest answer, in tokens."""

    memory_tokens: Annotated[int, Field(ge=0)] = 1_000
    """How much of the conversation GPT reads, in tokens, the latest first; 0: nothing."""

    persona: str = ""
    """Who the bot is, in a sentence or two, for example `You know every trail in the Alps.`"""

    tone: str = "short, friendly and plain"
    """How it speaks."""

    rules: list[str] = Field(default_factory=list)
    """Further rules for GPT, a sentence each; they cannot loosen the ones that are built in."""

    judge: Annotated[JudgeConfig | None, BeforeValidator(read_judge)] = None
    """What is asked whether GPT's own words follow from the articles: `true`: the model that
    answers; the name of a model; or a local one, as `{model: FOLDER, threshold: 0.5}`."""

    answers: Literal["select", "rephrase"] = "select"
    """`select`: GPT chooses sentences of the articles, which are shown word for word; `rephrase`:
    it answers in its own words, which a judge has to confirm."""

    chooser: Literal["auto", "model", "ranking"] = "auto"
    """What chooses the sentences for `answers: select`: the `model`, or the encoder's `ranking` of
    them, which asks no GPT; `auto`: the model, unless it is a local one below a gigabyte."""

    model_path: Path | None = None
    """The GGUF file of a local model; `make local-gpt` fetches a small one for trying out."""

    context: Annotated[int, Field(ge=512)] = 4_096
    """Longest prompt with its answer that a local model is loaded for, in tokens."""

    threads: Annotated[int, Field(ge=1)] = 1
    """Threads of a local model: as many as cores that nobody else needs."""

    @field_validator("answers")
    @classmethod
    def _words_need_a_judge(cls, answers: str, info: ValidationInfo) -> str:
        if answers == "rephrase" and "judge" in info.data and info.data["judge"] is None:
            raise mistake(
                "GPT's own words need a judge",
                "add `judge: true`, or remove the line: then GPT chooses from the articles' words",
            )
        return answers
