"""`frontdesk check`: reports all mistakes in config, intents and articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.adapters import load_plugin
from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, line, remark
from bot.errors import ConfigError, IntentsError, ModelError, Problem, ProblemsError

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.understanding.intents import IntentSet
    from bot.understanding.model.registry import ModelRegistry


def check(
    config: ConfigOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    json: JsonOption = False,
) -> None:
    """Report all mistakes in config, intents and articles as path:line:column."""
    problems: Sequence[Problem]
    found: dict[str, int] = {}
    remarks: list[str] = []
    try:
        problems = _inspect(settings(config, warn=False), found, remarks)
    except ProblemsError as error:
        problems = error.problems
    errors = sum(problem.severity == "error" for problem in problems)
    if json:
        print_json(
            {
                "problems": [_as_data(problem) for problem in problems],
                "errors": errors,
                "warnings": len(problems) - errors,
                "remarks": remarks,
                **found,
            }
        )
    else:
        for problem in problems:
            line(str(problem))
        for text in remarks:
            remark(text)
        line(_summary(found, errors, len(problems) - errors))
    if errors or (strict and problems):
        raise typer.Exit(1)


def _inspect(config: Config, found: dict[str, int], remarks: list[str]) -> Sequence[Problem]:
    """Check everything that admins wrote; count intents and articles into `found`."""
    from bot.cli.gpt_checks import without_effect
    from bot.cli.product_checks import product_problems
    from bot.cli.stats_checks import unknown_courtesies
    from bot.config.emergency_numbers import COUNTRY_UNSET
    from bot.staff.reachability import contact_is_set

    if not config.adapters and not contact_is_set(config):
        remarks.append(
            "`responder.contact` is not set: it tells customers how to reach a person, for example "
            "by an e-mail address"
        )
    known, intents = _intents(config, found, remarks)
    articles = _articles(config, found)
    learned = _learned(config, known, remarks)
    error_bounds = _labelled(config) or _error_bound(config)
    talks = _conversations(config, known)
    products = product_problems(config, known, found)
    gaps = _language_gaps(config, known, remarks)
    reachable = _reachable(config, known)
    if config.safety.country is None:
        remarks.append(COUNTRY_UNSET)
    found_here = (
        config.warnings,
        tuple(without_effect(config)),
        tuple(unknown_courtesies(config, known)),
        _sections(config),
        reachable,
        gaps,
        intents,
        articles,
        learned,
        error_bounds,
        talks,
        products,
    )
    return sorted({problem for problems in found_here for problem in problems})


def _conversations(config: Config, intents: IntentSet | None) -> Sequence[Problem]:
    """Look through the conversation tests, once the intents that they name can be known."""
    from bot.app.conversation_tests.reading import default_places, inspect_conversations

    if intents is None:
        return ()
    names = [each.name for each in intents.intents]
    return inspect_conversations(default_places(config.intents), names)[1]


def _sections(config: Config) -> Sequence[Problem]:
    """Let each adapter check its own section."""
    problems: list[Problem] = []
    for name in config.adapters:
        try:
            config.adapter_section(load_plugin(name))
        except ConfigError as error:
            problems += error.problems
    return problems


def _reachable(config: Config, intents: IntentSet | None) -> Sequence[Problem]:
    """Warn where a customer could not reach a person, once a platform is configured."""
    from bot.staff.reachability import reachable

    return tuple(reachable(config, intents)) if config.adapters else ()


def _language_gaps(
    config: Config, intents: IntentSet | None, remarks: list[str]
) -> Sequence[Problem]:
    """Look for what the languages that are served lack."""
    from bot.answering.language_gaps import language_gaps

    return tuple(language_gaps(config, intents, remarks))


def _intents(
    config: Config, found: dict[str, int], remarks: list[str]
) -> tuple[IntentSet | None, Sequence[Problem]]:
    from bot.cli.platform_checks import mistyped_wording
    from bot.config.platforms import installed_platforms
    from bot.understanding.intents import inspect_intents
    from bot.understanding.intents.privacy_checks import personal_data

    intents, problems = inspect_intents(
        config.intents, default_language=config.language.default, teams=config.staff.teams
    )
    if intents is None:
        return None, problems
    found["intents"] = len(intents.intents)
    found["examples"] = sum(len(intent.examples) for intent in intents.intents)
    mistyped = mistyped_wording(intents, installed_platforms())
    problems_found = [
        *problems,
        *personal_data(intents),
        *mistyped,
        *_meaning(config, intents, remarks),
    ]
    return intents, problems_found


def _meaning(config: Config, intents: IntentSet, remarks: list[str]) -> Sequence[Problem]:
    """Compare the meaning of examples, with the encoder of the trained model."""
    from bot.publishing.train import training_options
    from bot.understanding.intents.semantic_checks import MOST, semantic_problems, written_texts
    from bot.understanding.model.registry import ModelRegistry
    from bot.understanding.training.cross_validation import frozen_encoder
    from bot.understanding.training.progress import NoProgress
    from bot.understanding.training.reuse import known_examples, read_texts

    texts, models = written_texts(intents), ModelRegistry(config.model)
    if len(texts) > MOST:
        remarks.append(
            f"the meaning of the examples was not looked at: {len(texts):,} are more than "
            f"{MOST:,}, the most that are compared: `frontdesk eval` judges them all"
        )
        return ()
    try:
        models.current()
        encoder = frozen_encoder(models, training_options(config))
    except ModelError as error:
        remarks.append(f"the meaning of the examples was not looked at: {error}")
        return ()
    known = known_examples(models, encoder.description)
    found = tuple(semantic_problems(intents, read_texts(texts, encoder, known, NoProgress())))
    places = {(one.path, one.line, one.column) for one in found}
    unseen = _held_out(models, intents, remarks)
    return [*found, *(one for one in unseen if (one.path, one.line, one.column) not in places)]


def _held_out(models: ModelRegistry, intents: IntentSet, remarks: list[str]) -> Sequence[Problem]:
    """Report examples that models trained without them took for another intent."""
    from bot.understanding.encoders.multilingual import FOLDER
    from bot.understanding.intents.held_out_checks import held_out_problems
    from bot.understanding.model.example_probabilities import ExampleProbabilities
    from bot.understanding.model.registry import read_manifest

    try:
        version = models.current()
        names = [intent.name for intent in read_manifest(version).intents]
        english, others = map(ExampleProbabilities.read, (version, version / FOLDER))
    except ModelError as error:
        remarks.append(f"which examples are misunderstood was not looked at: {error}")
        return ()
    if english is None:
        remarks.append(
            "which examples are misunderstood was not looked at: the model is of an earlier "
            "version: run `frontdesk train`"
        )
        return ()
    return tuple(held_out_problems(intents, names, english, others))


def _articles(config: Config, found: dict[str, int]) -> Sequence[Problem]:
    from bot.answering.knowledge import knowledge_folder, read_articles
    from bot.cli.platform_checks import unseen_articles
    from bot.config.platforms import installed_platforms
    from bot.publishing.article_index import planted_problems

    folder = knowledge_folder(config)
    if folder is None:
        return ()
    reading = read_articles(folder, config.language.default)
    found["articles"] = len(reading.articles)
    return [
        *reading.problems,
        *planted_problems(config, reading.articles),
        *unseen_articles(reading.articles, installed_platforms()),
    ]


def _learned(config: Config, intents: IntentSet | None, remarks: list[str]) -> Sequence[Problem]:
    """Look through the approved messages of customers, once the intents can be known."""
    from bot.understanding.traffic.learned_file import inspect_learned, learned_path
    from bot.understanding.traffic.pseudo_labels import learned_problems

    path = learned_path(config.model)
    learned, problems = inspect_learned(path)
    if learned.rows and not config.classifier.learn_from_traffic:
        remarks.append(
            f"{path}: {count(len(learned.rows), 'message')} not learned: "
            "`classifier.learn_from_traffic` is off"
        )
        return problems
    found = learned_problems(learned.rows, intents, path) if intents else ()
    return [*problems, *found]


def _labelled(config: Config) -> Sequence[Problem]:
    """Report mistakes in the file of labelled messages."""
    file = config.classifier.labelled
    if file is None:
        return ()
    from bot.understanding.exchange import read_labelled

    try:
        read_labelled(file)
    except IntentsError as error:
        return error.problems
    return ()


def _error_bound(config: Config) -> Sequence[Problem]:
    """Warn when there are too few labelled messages to verify `max_wrong` for the active model."""
    max_wrong = config.classifier.max_wrong
    if max_wrong is None:
        return ()
    from bot.publishing.train import stored_predictions
    from bot.understanding.model.error_bound import error_bound

    labelled = stored_predictions(config.model)
    given = error_bound(labelled, max_wrong) if labelled else None
    if given is None or given.threshold is not None:  # without a model, training says so
        return ()
    return [
        config.warning(
            ("classifier", "max_wrong"),
            f"unknown: label {given.missing:,} more messages, `careful` counts until then",
            "label messages of customers, then run `frontdesk eval --calibrate FILE`, or name the "
            "file as `classifier.labelled` and run `frontdesk train`",
        )
    ]


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "path": str(problem.path),
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "wrong": problem.wrong,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }


def _summary(found: dict[str, int], errors: int, warnings: int) -> str:
    fine = ", ".join(count(number, name.removesuffix("s")) for name, number in found.items())
    verdict = f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    return f"{fine}: {verdict}" if fine else verdict
