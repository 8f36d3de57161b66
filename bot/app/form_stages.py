"""Builds the stage of open forms, and what begins them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.answering.forms.definitions import Definitions
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import Questions
from bot.answering.forms.running import RunsActions
from bot.answering.forms.steps import FormSteps
from bot.answering.replies import Replies
from bot.answering.served import ServedLanguages
from bot.app.own_questions import knows
from bot.app.staff import StaffTools
from bot.config.schema import Config
from bot.config.staff import first_team
from bot.ports import Actions, Buttons, Classifier, Forms, Handoffs, ProofDialogue, Wording
from bot.publishing.bundle import Bundle
from bot.staff.handoffs import NoStaff
from bot.stages.form import ContinueForm
from bot.stages.form_presses import FormPresses
from bot.stages.form_reading import FormReaders, ReadsForms
from bot.stages.form_replies import FormReplies
from bot.stages.intent_reply import IntentReply
from bot.understanding.intents import IntentSet


@dataclass(frozen=True, slots=True)
class FormPorts:
    """What forms are led with, beside the intents.

    Attributes:
        forms: The open forms.
        actions: The actions; None: there are none.
        proof: Asks for a proof of identity; None: nobody does.
    """

    forms: Forms
    actions: Actions | None = None
    proof: ProofDialogue | None = None


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
    begins = FormReplies(
        machine, steps, questions, ports.forms, buttons, answers, persons, team_zone(config)
    )
    reads, presses = ReadsForms(machine, readers), FormPresses(machine, steps, begins, wording)
    return FormStages(begins, ContinueForm(ports.forms, reads, begins, presses, buttons))


def bundle_forms(
    config: Config,
    bundle: Bundle,
    classifier: Classifier,
    ports: FormPorts,
    answers: Replies,
    buttons: Buttons,
    handoffs: Handoffs,
    wording: Wording,
) -> FormStages:
    """Return the same for the intents and the model of a bundle; see `form_stages`."""
    model = bundle.classifier
    readers = FormReaders(classifier, model, model, answers, knows(model))
    tools = answers, buttons, handoffs, wording
    return form_stages(config, bundle.intents, readers, ports, *tools)


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


def team_zone(config: Config) -> ZoneInfo:
    """Return the time zone of the first team; UTC where config names none."""
    teams = config.staff.teams
    team = teams.get(first_team(teams))
    return ZoneInfo(team.hours.zone if team is not None and team.hours is not None else "UTC")
