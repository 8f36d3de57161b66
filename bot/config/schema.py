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

from bot.config.forms import FormsConfig
from bot.config.gpt import GptConfig
from bot.config.legacy import modernise
from bot.config.platforms import ADAPTERS, installed_platforms, with_hint
from bot.config.proof import ProofConfig
from bot.config.recommend import RecommendConfig
from bot.config.responder import ResponderConfig
from bot.config.sections import (
    BudgetConfig,
    ClassifierConfig,
    KnowledgeConfig,
    PrivacyConfig,
    RetentionConfig,
    SafetyConfig,
    ServeConfig,
    UnderstandingConfig,
)
from bot.config.staff import StaffConfig, staff_problems
from bot.config.stats import StatsConfig
from bot.config.types import (
    DatabaseUrl,
    Section,
    Tag,
    database_in,
    read_mode,
    read_served,
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

__all__ = [
    "ADAPTERS",
    "BudgetConfig",
    "ClassifierConfig",
    "Config",
    "GptConfig",
    "KnowledgeConfig",
    "LanguageConfig",
    "PrivacyConfig",
    "ProofConfig",
    "RecommendConfig",
    "ResponderConfig",
    "RetentionConfig",
    "SafetyConfig",
    "ServeConfig",
    "StaffConfig",
    "StatsConfig",
    "load_config",
]


class LanguageConfig(Section):
    """`language:` what customers are answered in."""

    default: Tag = "en"
    """Language of plain examples and replies, as a BCP 47 tag."""

    served: Annotated[tuple[Tag, ...] | None, BeforeValidator(read_served)] = None
    """Languages that customers are answered in, others get the default one; absent: the default
    and every language that has examples or replies."""


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
    understanding: UnderstandingConfig = UnderstandingConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    proof: ProofConfig = ProofConfig()
    retention: RetentionConfig = RetentionConfig()
    forms: FormsConfig = FormsConfig()
    safety: SafetyConfig = SafetyConfig()
    recommend: RecommendConfig = RecommendConfig()
    staff: StaffConfig = StaffConfig()
    stats: StatsConfig = StatsConfig()
    serve: ServeConfig = ServeConfig()
    adapters: dict[str, Any] = Field(default_factory=dict, exclude=True)
    """Sections of adapters, as they stand in the file, by name; filled by the loader."""

    _document: Document = PrivateAttr(default=Document(Path("config.yaml")))
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    @property
    def folder(self) -> Path:
        """The folder that relative paths count from: the config file's."""
        return self._document.path.parent

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the file still says in the terms of an earlier version."""
        return self._warnings

    def warning(self, setting: Sequence[str | int], wrong: str, remedy: str) -> Problem:
        """Return a warning about a setting, with its place in the file."""
        return self._document.problem(setting, wrong, remedy, severity="warning")

    def problem(self, setting: Sequence[str], wrong: str, remedy: str) -> Problem:
        """Return an error about a setting, with its place in the file."""
        return self._document.problem(setting, wrong, remedy)

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
    if config is not None:
        wrong = tuple(staff_problems(document, config.staff, adapters))
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
    if gpt.judge is not None and gpt.judge.model is not None:
        path = folder / gpt.judge.model.expanduser()
        gpt = gpt.model_copy(update={"judge": gpt.judge.model_copy(update={"model": path})})
    privacy = config.privacy
    ledger = folder / privacy.ledger.expanduser()
    names = privacy.names_model and folder / privacy.names_model.expanduser()
    proof_key = folder / config.proof.key.expanduser()
    return config.model_copy(
        update={
            "intents": folder / config.intents.expanduser(),
            "model": folder / config.model.expanduser(),
            "database": database_in(folder, config.database),
            "gpt": gpt,
            "knowledge": knowledge,
            "classifier": classifier,
            "privacy": privacy.model_copy(update={"ledger": ledger, "names_model": names}),
            "proof": config.proof.model_copy(update={"key": proof_key}),
        }
    )
