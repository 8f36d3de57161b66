"""Checks of `frontdesk doctor`: everything that answering customers needs, without serving."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.answering.generation.factory import is_on, is_ranked, request_one_word
from bot.clock import SystemClock
from bot.config.emergency_numbers import COUNTRY_UNSET, NUMBERS
from bot.config.schema import Config, GptConfig
from bot.errors import ChatModelUnavailable, FrontdeskError, ModelError, StorageError
from bot.ports import Finding
from bot.privacy.recognisers.names_model import load_names_model
from bot.publishing.article_index import read_for_training
from bot.publishing.bundle import load_bundle_version
from bot.publishing.snapshot import Snapshot
from bot.publishing.status import PublishOutcome, PublishStatus
from bot.publishing.train import is_of
from bot.storage.engine import find_revision
from bot.storage.migrate import newest_revision
from bot.understanding.encoders.encoder import EncoderDescription
from bot.understanding.encoders.sentence_settings import ASSUMED
from bot.understanding.intents import inspect_intents
from bot.understanding.model.registry import Manifest, ModelRegistry

_LITTLE, _TOO_LITTLE = 2 * 2**30, 200 * 2**20
"""Bytes of free disk space: enough for a few models; not enough for one."""

_SKEW = timedelta(minutes=5)


def check_intents(config: Config) -> Iterator[Finding]:
    """Check the intent files."""
    intents, problems = inspect_intents(
        config.intents, default_language=config.language.default, teams=config.staff.teams
    )
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors:
        yield Finding("intents", "fail", str(problem), "see `frontdesk check`")
    if intents is not None:
        summary = f"{len(intents.intents)} intents, {len(problems)} warnings"
        if problems:
            yield Finding("intents", "warn", summary, "see `frontdesk check`")
        else:
            yield Finding("intents", "ok", summary)


def check_articles(config: Config) -> Iterator[Finding]:
    """Check the articles; a running bot keeps the last readable version of each."""
    reading, _ = read_for_training(config)
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    for problem in errors:
        yield Finding("articles", "warn", str(problem), "see `frontdesk check`")
    summary = f"{len(reading.articles)} articles, {len(reading.problems) - len(errors)} warnings"
    state: Literal["ok", "warn"] = "warn" if reading.problems else "ok"
    yield Finding("articles", state, summary, "see `frontdesk check`" if reading.problems else "")


def check_model(config: Config, now: datetime) -> Iterator[Finding]:
    """Check that the active model is complete and matches the files."""
    try:
        version = ModelRegistry(config.model).current()
        manifest = load_bundle_version(config, version).classifier.manifest
    except ModelError as error:
        yield Finding("model", "fail", str(error), "run `frontdesk train`")
        return
    created = datetime.fromisoformat(manifest.created)
    age = max((now - created).days, 0)
    summary = f"{version.name}, {age} days old, intents {manifest.intents_hash[:8]}"
    yield Finding("model", "ok", summary)
    yield _encoder(manifest, version)
    if created > now + _SKEW:
        found = f"the model is dated {manifest.created}, which is in the future"
        yield Finding("clock", "fail", found, "set the clock of this machine (NTP)")
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")
    yield _published(config, version)


def _encoder(manifest: Manifest, version: Path) -> Finding:
    summary = f"{manifest.encoder}, key {manifest.encoder_key[:8]}"
    if EncoderDescription.read(version).pooling_assumed:
        return Finding("encoder", "warn", f"{summary}: pooling assumed", ASSUMED)
    return Finding("encoder", "ok", summary)


def _published(config: Config, version: Path) -> Finding:
    """Check whether the active model matches the files."""
    if is_of(version, config, Snapshot.of(config.intents)):
        return Finding("published", "ok", "the model matches the intent files")
    attempt = PublishStatus.read(config.model)
    if attempt is not None and attempt.problem and attempt.outcome is not PublishOutcome.CHOSEN:
        return Finding("published", "warn", attempt.problem, "see the file named here")
    remedy = "run `frontdesk train`; a running bot does so by itself"
    return Finding("published", "warn", "intents or settings changed after training", remedy)


async def check_database(config: Config) -> Finding:
    """Check that the database responds, and the revision of its schema."""
    try:
        found, newest = (
            await find_revision(config.database, mode=config.database_mode),
            newest_revision(),
        )
    except StorageError as error:
        return Finding("database", "fail", str(error), "start it, or correct `database:`")
    if found is None:
        return Finding("database", "ok", "created at the first start")
    if found != newest:
        remedy = "run `frontdesk db upgrade`, or let the next start upgrade it"
        return Finding("database", "warn", f"revision {found}, the newest is {newest}", remedy)
    return Finding("database", "ok", f"responds, revision {found}")


async def check_gpt(config: Config, environment: Mapping[str, str], *, offline: bool) -> Finding:
    """Check the settings of the fallback, and request one word from it unless `offline`."""
    gpt = config.gpt
    try:
        if is_ranked(gpt):
            return _ranked(gpt)
        if not is_on(gpt, environment):
            remedy = f"to use GPT, set {gpt.api_key_env} or `gpt.base_url`"
            return Finding("gpt", "ok", "off: articles are quoted", remedy)
        if not offline:
            await request_one_word(gpt, environment, SystemClock())
    except ChatModelUnavailable as error:
        return Finding("gpt", "fail", str(error), "until it responds, articles are quoted")
    except FrontdeskError as error:
        return Finding("gpt", "fail", str(error), "correct `gpt:` in config.yaml")
    where = gpt.base_url or "OpenAI"
    found = str(gpt.model_path) if gpt.provider == "local" else f"{gpt.model} at {where}"
    return Finding("gpt", "ok", found if offline else f"{found} responds")


def _ranked(gpt: GptConfig) -> Finding:
    """Return that no GPT is asked, and why."""
    if gpt.chooser == "ranking":
        return Finding("gpt", "ok", "not asked: the encoder ranks the articles' sentences")
    found = f"{gpt.model_path} is small: the encoder ranks the articles' sentences in its place"
    remedy = "name a larger model, or have this one choose: `gpt: {chooser: model}`"
    return Finding("gpt", "warn", found, remedy)


def check_names(config: Config) -> Finding:
    """Check what finds names of people: the rules, and a model where one is named."""
    folder = config.privacy.names_model
    if folder is None:
        return Finding("names", "ok", "names of people are found by rules alone")
    try:
        load_names_model(folder)
    except ModelError as error:
        return Finding("names", "fail", str(error), "or leave `privacy.names_model` out")
    return Finding("names", "ok", f"names of people are found by rules and by {folder}")


def check_safety(config: Config) -> Finding:
    """Check whose emergency numbers customers in danger are told."""
    country = config.safety.country
    if country is None:
        wrong, _, remedy = COUNTRY_UNSET.rpartition(": write ")
        return Finding("safety", "warn", wrong, f"write {remedy}")
    return Finding("safety", "ok", f"{country}: {NUMBERS[country].emergency}")


def check_disk(config: Config) -> Finding:
    """Check the free disk space of the model folder."""
    folder = next(
        path for path in (config.model, *config.model.absolute().parents) if path.exists()
    )
    free = shutil.disk_usage(folder).free
    found = f"{free / 2**30:.1f} GiB free at {folder}"
    if free >= _LITTLE:
        return Finding("disk", "ok", found)
    remedy = "free some disk space: models, database and backups grow"
    return Finding("disk", "warn" if free >= _TOO_LITTLE else "fail", found, remedy)
