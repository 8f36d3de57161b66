"""The schema of config.yaml, and how it is loaded; every setting has a working default.

Relative paths count from the folder of the config file. Secrets never stand in the file: it
names the environment variables that hold them. The sections of adapters belong to
the adapters, which bring a model of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
)

from bot.config.legacy import modernise
from bot.config.platforms import ADAPTERS as ADAPTERS  # noqa: PLC0414 - kept where it was
from bot.config.platforms import installed_platforms, with_hint
from bot.config.texts import ResponderConfig as ResponderConfig  # noqa: PLC0414 - a section of ours
from bot.config.types import (
    DatabaseUrl,
    RetentionConfig,
    Section,
    Tag,
    TeamConfig,
    database_in,
    read_mode,
    read_rate,
    read_served,
    read_share,
    read_switch,
    without_empty,
)
from bot.errors import ConfigError, Problem
from bot.yamlfile import (
    Document,
    Key,
    Node,
    pasted_secrets,
    plain,
    read,
    translate,
    unknown_key,
    validate,
)

if TYPE_CHECKING:
    from bot.ports import AdapterPlugin


class LanguageConfig(Section):
    """`language:` what customers are answered in."""

    default: Tag = "en"
    """Language of plain examples and replies, as a BCP 47 tag."""

    served: Annotated[tuple[Tag, ...] | None, BeforeValidator(read_served)] = None
    """Languages that customers are answered in, others get the default one; absent: the default
    and every language that has examples or replies."""


class ClassifierConfig(Section):
    """`classifier:` how intents are learned."""

    encoder: str = "embedded"
    """`embedded` (all-MiniLM-L6-v2), a local folder, or the id of a BERT on the model hub."""

    multilingual: Annotated[str, BeforeValidator(read_switch)] = "embedded"
    """The encoder for messages that are not English: `embedded` (Universal Sentence Encoder
    multilingual v3), a local folder, the id of a multilingual BERT on the model hub, or `off`."""

    threshold: Annotated[Strictness | float, BeforeValidator(read_caution)] = "balanced"
    """From when an intent is answered: `balanced` and `careful` are chosen on the training data;
    or the confidence itself, 0 to 1."""

    max_wrong: Annotated[float | None, BeforeValidator(read_share)] = None
    """Share of the answers that may be wrong, as in `5%`, instead of a threshold; `careful` until
    enough labelled messages bear it out."""

    labelled: Path | None = None
    """CSV file of labelled messages (columns `text` and `label`): every new model judges them, and
    keeps `max_wrong` by them; absent: `frontdesk eval --calibrate FILE` does it for one model."""

    full: Annotated[Literal["off", "auto"], BeforeValidator(read_switch)] = "off"
    """`auto`: a running bot fine-tunes the encoder, too, when intents have rested for a minute."""

    seed: int = 0
    """Seed of everything random in training."""

    @property
    def policy(self) -> Policy:
        """What is asked for, as the classifier takes it."""
        return Policy(self.threshold, self.max_wrong)


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

    judge: bool | str = False
    """Name of a model that is asked of each sentence whether it follows from the articles; `true`:
    the model that answers. It costs a call a sentence, and makes answers in other languages than
    the articles possible."""

    model_path: Path | None = None
    """The GGUF file of a local model; `make local-gpt` fetches a small one for trying out."""

    context: Annotated[int, Field(ge=512)] = 4_096
    """Longest prompt with its answer that a local model is loaded for, in tokens."""

    threads: Annotated[int, Field(ge=1)] = 1
    """Threads of a local model: as many as cores that nobody else needs."""


Amount = Annotated[float, Field(ge=0)]
"""In units of the currency; as a cap, 0: none."""


class BudgetConfig(Section):
    """`budget:` what GPT may cost; beyond a cap articles are quoted until the day is over (UTC)."""

    currency: str = "USD"
    """What amounts are shown in."""

    prompt_price: Amount = 0.25
    """Price of a million tokens that are sent, as of gpt-5-mini."""

    completion_price: Amount = 2.0
    """Price of a million tokens that are answered, as of gpt-5-mini."""

    user_day: Amount = 0.25
    """Cap for each person and day: nobody can spend what the others need."""

    conversation_day: Amount = 0.0
    """Cap for each conversation and day."""

    channel_day: Amount = 0.0
    """Cap for each channel and day."""

    day: Amount = 10.0
    """Cap for each day."""

    reuse: bool = True
    """Give an answer again when an equal question comes, for `retention.answers` days."""


class KnowledgeConfig(Section):
    """`knowledge:` the articles that GPT answers from and that are quoted without it."""

    path: Path | None = None
    """Folder of articles (Markdown, text, HTML, PDF, Word); absent: `knowledge/` beside the
    intents."""


class ServeConfig(Section):
    """`serve:` the running service."""

    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    """Conversations handled at the same time."""

    answer: bool = True
    """False: `frontdesk serve` only takes messages in; `frontdesk worker` answers them, in any
    number of processes on PostgreSQL."""

    shadow: bool = False
    """Customers get no answers: staff read what the bot would say, in their channel."""

    rate_limit: Annotated[str | Literal[False], BeforeValidator(read_rate)] = "300/minute"
    """Messages of one person, as in `20/minute`, beyond which the bot asks once to slow down and
    then only listens; false: no limit."""

    stale_after: Annotated[int, Field(ge=0)] = 60
    """Minutes after which a message gets an apology instead of an answer, and staff a case;
    0: every message is answered, however old."""

    publish: Literal["auto", "tested", "manual"] | None = None
    """When changed intents answer: `auto` at once, `tested` when they pass their own tests,
    `manual` after `frontdesk models promote`; absent: `tested`, and `auto` in `frontdesk chat`."""

    poll: Annotated[float, Field(gt=0, le=3600)] = 5.0
    """Seconds after which changed files are noticed where the file system tells nobody: network."""

    host: str = "127.0.0.1"
    """Address that health and metrics are served on; 0.0.0.0: every one of this machine."""

    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Port of health and metrics; absent: 8080, unless it is taken; 0: none."""


class PrivacyConfig(Section):
    """`privacy:` what becomes of personal data."""

    ledger: Path = Path(".frontdesk/erasures.jsonl")
    """File that notes, without names, who was forgotten; keep it apart from backups."""


class StaffConfig(Section):
    """`staff:` the people behind the bot."""

    members: dict[str, TeamConfig] = Field(default_factory=dict)
    """Who belongs to the staff and where they read, by platform."""


class Config(Section):
    """The whole configuration file."""

    intents: Path = Path("intents")
    """Folder of intent files and knowledge."""

    model: Path = Path(".frontdesk/model")
    """Folder of the trained model."""

    database: DatabaseUrl = "sqlite:///.frontdesk/frontdesk.db"
    """SQLAlchemy URL: sqlite:///PATH or postgresql://USER@HOST/NAME."""

    database_mode: Annotated[int, BeforeValidator(read_mode)] = 0o600
    """Who may read the file of a SQLite database and copies of it, as chmod takes it: `"0640"` lets
    a group that makes backups."""

    language: LanguageConfig = LanguageConfig()
    responder: ResponderConfig = ResponderConfig()
    classifier: ClassifierConfig = ClassifierConfig()
    gpt: GptConfig = GptConfig()
    budget: BudgetConfig = BudgetConfig()
    knowledge: KnowledgeConfig = KnowledgeConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    retention: RetentionConfig = RetentionConfig()
    staff: StaffConfig = StaffConfig()
    serve: ServeConfig = ServeConfig()
    adapters: dict[str, Any] = Field(default_factory=dict, exclude=True)
    """Sections of adapters, as they stand in the file, by name; filled by the loader."""

    _document: Document = PrivateAttr(default=Document(Path("config.yaml")))
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the file still says in the terms of an earlier version."""
        return self._warnings

    def warning(self, setting: Sequence[str], wrong: str, remedy: str) -> Problem:
        """Return a warning about a setting, with its place in the file."""
        return self._document.problem(setting, wrong, remedy, severity="warning")

    def adapter_section(self, plugin: AdapterPlugin) -> object | None:
        """Return an adapter's section, checked by its own model; None when the adapter is off.

        Raises:
            ConfigError: With every mistake in the section.
        """
        if plugin.name not in self.adapters:
            return None
        model = plugin.config_model
        if not issubclass(model, BaseModel):
            raise TypeError(f"config_model of {plugin.name!r} is no pydantic model: {model!r}")
        try:
            return model.model_validate(without_empty(self.adapters[plugin.name] or {}, model))
        except ValidationError as error:
            problems = translate(error, self._document, model, at=(plugin.name,))
            raise ConfigError(problems) from error


def load_config(path: Path | None, environment: Mapping[str, str]) -> Config:
    """Read the configuration.

    Args:
        path: The file. None: the one that FRONTDESK_CONFIG names, else ./config.yaml where there
            is one, else defaults.
        environment: The environment's variables.

    Raises:
        ConfigError: With every mistake in the file.
    """
    named = path or _path_in(environment)
    if named is None and not _USUAL.exists():
        return Config()
    found = read(named or _USUAL)
    if found.root is None:
        raise ConfigError(found.problems)
    modern = modernise(found)
    document = modern.document
    core, adapters, unknown = _sections(document)
    config, wrong = validate(core, Config, resolve=True)
    problems = {*document.problems, *pasted_secrets(found), *modern.problems}
    problems |= {modern.as_written(with_hint(problem)) for problem in (*unknown, *wrong)}
    if config is None or problems:
        raise ConfigError({*problems, *modern.warnings})
    config = _relative_to(document.path.parent, config).model_copy(update={"adapters": adapters})
    config._document = document  # where mistakes in the adapters' sections stand
    config._warnings = modern.warnings
    return config


_USUAL = Path("config.yaml")


def _path_in(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("FRONTDESK_CONFIG", "").strip()
    return Path(named) if named else None


def _sections(document: Document) -> tuple[Document, dict[str, Any], list[Problem]]:
    """Split the document into core sections, adapter sections and unknown ones."""
    root = document.root
    if root is None or not isinstance(root.content, dict):
        return document, {}, []
    ours = set(Config.model_fields) - {"adapters"}
    theirs = set(installed_platforms())
    core = {key: node for key, node in root.content.items() if key in ours}
    adapters = {
        str(key): plain(node, resolve=True) for key, node in root.content.items() if key in theirs
    }
    unknown = [
        unknown_key(document, (key,), sorted(ours | theirs), what="unknown section")
        for key in root.content
        if key not in ours | theirs
    ]
    unknown += [
        unknown_key(document, ("staff", "members", key), sorted(theirs), what="unknown platform")
        for key in _platforms(root)
        if key not in theirs
    ]
    return replace(document, root=replace(root, content=core)), adapters, unknown


def _platforms(root: Node) -> list[Key]:
    staff = root.get("staff")
    members = staff.get("members") if staff else None
    return list(members.content) if members and isinstance(members.content, dict) else []


def _relative_to(folder: Path, config: Config) -> Config:
    """Resolve the paths in a config relative to its folder."""
    knowledge = config.knowledge
    if knowledge.path is not None:
        path = folder / knowledge.path.expanduser()
        knowledge = knowledge.model_copy(update={"path": path})
    classifier = config.classifier
    for key in ("encoder", "multilingual"):
        encoder = folder / Path(getattr(classifier, key)).expanduser()
        if encoder.is_dir():
            classifier = classifier.model_copy(update={key: str(encoder)})
    if classifier.labelled is not None:
        path = folder / classifier.labelled.expanduser()
        classifier = classifier.model_copy(update={"labelled": path})
    gpt = config.gpt
    if gpt.model_path is not None:
        gpt = gpt.model_copy(update={"model_path": folder / gpt.model_path.expanduser()})
    privacy = config.privacy
    ledger = folder / privacy.ledger.expanduser()
    return config.model_copy(
        update={
            "intents": folder / config.intents.expanduser(),
            "model": folder / config.model.expanduser(),
            "database": database_in(folder, config.database),
            "gpt": gpt,
            "knowledge": knowledge,
            "classifier": classifier,
            "privacy": privacy.model_copy(update={"ledger": ledger}),
        }
    )
