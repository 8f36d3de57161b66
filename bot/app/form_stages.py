"""Builds the stage of open forms, and what begins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.answering.forms.definitions import Definitions
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import Questions
from bot.answering.forms.running import RunsActions
from bot.answering.forms.steps import FormSteps
from bot.answering.replies import Replies
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.actions import ActionTools
from bot.app.gpt import Gpt
from bot.app.own_questions import knows
from bot.app.private import CustomerZones
from bot.app.resources import Resources
from bot.app.staff import StaffTools
from bot.config.schema import Config
from bot.config.staff import first_team
from bot.operations.form_expiry import FormExpiry
from bot.ports import (
    Actions,
    Buttons,
    Classifier,
    ContinuesInPrivate,
    Forms,
    Handoffs,
    KnowsTimeZone,
    Languages,
    ProofDialogue,
    Wording,
)
from bot.publishing.bundle import ActiveBundle, Bundle
from bot.staff.handoffs import NoStaff
from bot.stages.form import ContinueForm
from bot.stages.form_moves import MovesForms
from bot.stages.form_presses import FormPresses
from bot.stages.form_proposals import ProposesCommands
from bot.stages.form_reading import FormReaders, ReadsForms
from bot.stages.form_replies import FormReplies
from bot.stages.intent_reply import IntentReply
from bot.understanding.intents import IntentSet
from bot.understanding.intents.actions import ActionsFile
from bot.understanding.model.message_heads import MessageHeads


@dataclass(frozen=True, slots=True)
class FormPorts:
    """What forms are led with, beside the intents.

    Attributes:
        forms: The open forms.
        actions: The actions; None: there are none.
        proof: Asks for a proof of identity; None: nobody does.
        private: Finds where forms go on in private; None: customers are asked to write there.
        zones: Tells time zones of customers; None: the team's counts.
    """

    forms: Forms
    actions: Actions | None = None
    proof: ProofDialogue | None = None
    private: ContinuesInPrivate | None = None
    zones: KnowsTimeZone | None = None


def form_ports(tools: ActionTools, file: ActionsFile, forms: Forms) -> FormPorts:
    """Return what forms are led with, over the actions of a file."""
    actions, proof = tools.of(file), tools.dialogue_of(file)
    return FormPorts(forms, actions, proof, tools.private, tools.private)


@dataclass(frozen=True, slots=True)
class FormStages:
    """What forms are begun and continued with."""

    begins: FormReplies
    stage: ContinueForm


def form_stages(
    config: Config,
    intents: IntentSet,
    readers: FormReaders,
    ports: FormPorts,
    answers: Replies,
    buttons: Buttons,
    handoffs: Handoffs,
    wording: Wording,
    *,
    gpt: Gpt | None = None,
) -> FormStages:
    """Return what begins forms and what continues them.

    Args:
        config: Of the instance.
        intents: What is taught.
        readers: Read messages beside the extractors.
        ports: What forms are led with.
        answers: The admins' replies.
        buttons: Keeps what buttons mean.
        handoffs: Notifies staff.
        wording: The bot's own texts.
        gpt: Proposes commands, where `forms.gpt` says so; None: it is off.
    """
    questions = Questions(answers, wording)
    actions = RunsActions(answers, questions, ports.actions, ports.proof)
    machine = FormMachine(
        Definitions(intents),
        questions,
        actions,
        expire=config.forms.expire,
        default_language=config.language.default,
    )
    steps = FormSteps(machine, questions, actions)
    persons = IntentReply(answers, buttons, handoffs, wording)
    moves = MovesForms(ports.private, machine, questions, ports.forms, buttons)
    zone = CustomerZones(ports.zones, team_zone(config))
    begins = FormReplies(
        machine, steps, questions, ports.forms, buttons, answers, persons, moves, zone
    )
    reads, presses = ReadsForms(machine, readers), FormPresses(machine, steps, begins, wording)
    proposes = (
        ProposesCommands(gpt.model, gpt.budget, machine, answers)
        if gpt is not None and config.forms.gpt
        else None
    )
    stage = ContinueForm(ports.forms, reads, begins, presses, buttons, moves, proposes)
    return FormStages(begins, stage)


def bundle_forms(
    config: Config,
    bundle: Bundle,
    classifier: Classifier,
    languages: Languages,
    ports: FormPorts,
    answers: Replies,
    buttons: Buttons,
    handoffs: Handoffs,
    wording: Wording,
    *,
    gpt: Gpt | None = None,
) -> FormStages:
    """Return the same for the intents and the model of a bundle; see `form_stages`."""
    model = bundle.classifier
    heads = MessageHeads(model)
    readers = FormReaders(
        *(classifier, model, model, heads, heads, model),
        *(answers, knows(model), languages),
    )
    tools = answers, buttons, handoffs, wording
    return form_stages(config, bundle.intents, readers, ports, *tools, gpt=gpt)


def admin_replies(
    config: Config, bundle: Bundle, served: ServedLanguages, actions: Actions | None
) -> Replies:
    """Return the admins' replies, of intents whose action there is."""
    return Replies(
        bundle.intents,
        language_default=config.language.default,
        values={"bot": config.responder.bot, "contact": config.responder.contact},
        served=served,
        actions=actions,
    )


def taught_staff(staff: StaffTools | None, answers: Replies) -> Handoffs:
    """Return what calls people, who learn the titles of intents."""
    if staff is None:
        return NoStaff()
    staff.learn(answers)
    return staff.handoffs


def form_jobs(config: Config, resources: Resources, current: ActiveBundle) -> Sequence[FormExpiry]:
    """Return what closes expired forms, where customers are served."""
    if not resources.public:
        return ()
    served = resources.served
    wording = BotWording(config.responder, config.language.default, served)

    def title(intent: str, language: str) -> str:
        replies = admin_replies(config, current.desk, served, None)
        return replies.title(intent, language=language)

    database, wake = resources.database, resources.outbox.wake
    metrics = resources.operations.meter.forms
    return (FormExpiry(database, resources.clock, wording, title, wake, metrics),)


def team_zone(config: Config) -> ZoneInfo:
    """Return the time zone of the first team; UTC where config names none."""
    teams = config.staff.teams
    team = teams.get(first_team(teams))
    return ZoneInfo(team.hours.zone if team is not None and team.hours is not None else "UTC")
