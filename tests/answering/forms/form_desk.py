"""A desk whose customers fill forms: real storage, scripted understanding, scripted actions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.answering.actions.confirmation import values_hash
from bot.answering.replies import Replies
from bot.answering.wording import BotWording
from bot.app.form_stages import FormPorts, form_stages
from bot.app.gpt import Gpt
from bot.app.private import PrivatePlaces
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.messages import (
    Author,
    Decision,
    DecisionKind,
    Done,
    Event,
    Message,
    Offer,
    Pressed,
    Readers,
    Received,
    Say,
    ScoredIntent,
    Visibility,
)
from bot.open_form import OpenForm
from bot.ports import (
    ActionInfo,
    ActionRequest,
    ActionResult,
    Asked,
    ClauseReading,
    DialogueAct,
    EventOutcome,
    Handoffs,
    Prediction,
    ProofDialogue,
    Wish,
)
from bot.responder import Responder
from bot.staff.handoffs import NoStaff
from bot.stages.form_reading import FormReaders
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.quote import AdmitUnknown
from bot.stages.understand import Classify
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.forms import StoredForms, change_form
from bot.storage.transcripts import record
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.language.detector import LanguageDetector

ANN = "test:w:ann"
HERE = "test:app:c"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


class Scripted:
    """Gives each text the intent that the script has for it, and asks for a person by one word."""

    def __init__(self, script: Mapping[str, str], acts: Mapping[str, DialogueAct]) -> None:
        self._script = script
        self._acts = acts

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        name = self._script.get(text)
        ranked = (ScoredIntent(name, 0.9),) if name else (ScoredIntent("other", 0.1),)
        return Prediction(ranked, 0.6, 0.3, "model", "intents")

    async def wishes(self, texts: Sequence[str], *, language: str) -> Sequence[Wish]:
        return [Wish(float("a human" in text), 0.0) for text in texts]

    def similarities(self, text: str, others: Sequence[str], *, language: str) -> Sequence[float]:
        return [0.0] * len(others)

    async def reasons(self, texts: Sequence[str], *, language: str) -> Sequence[Sequence[float]]:
        return []

    async def dialogue_acts(
        self, texts: Sequence[str], *, asked: Asked, language: str
    ) -> Sequence[Mapping[DialogueAct, float]]:
        if not self._acts:
            return []
        return [{act: float(self._acts.get(text) is act) for act in DialogueAct} for text in texts]

    async def read_clauses(self, texts: Sequence[str], *, language: str) -> Sequence[ClauseReading]:
        return [ClauseReading(0.0, 0.0, 1.0, 0.0) for _ in texts]


@dataclass
class ScriptedActions:
    """Actions that give results in turn, the last one again and again."""

    infos: Mapping[str, ActionInfo]
    results: Mapping[str, Sequence[ActionResult]]
    available: bool = True
    requests: list[ActionRequest] = field(default_factory=list)

    def info(self, action: str) -> ActionInfo | None:
        return self.infos.get(action)

    def is_available(self, action: str) -> bool:
        return self.available

    async def run(self, request: ActionRequest) -> ActionResult:
        if self.infos[request.action].writes and request.confirmed != values_hash(request.values):
            return ActionResult("not_confirmed")
        earlier = [each for each in self.requests if each.action == request.action]
        self.requests.append(request)
        results = self.results[request.action]
        return results[min(len(earlier), len(results) - 1)]

    @property
    def called(self) -> list[str]:
        return [each.action for each in self.requests]


@dataclass(frozen=True)
class Heard:
    """A reply."""

    text: str
    buttons: Mapping[str, str]
    decision: Decision
    private: bool

    @property
    def kind(self) -> DecisionKind:
        return self.decision.kind


@dataclass
class FormDesk:
    """A responder with the stages that forms need, and its database."""

    database: Database
    intents: IntentSet
    script: Mapping[str, str] = field(default_factory=dict)
    actions: ScriptedActions | None = None
    config: Config = field(default_factory=Config)
    now: datetime = NOON
    said: int = 0
    private: PrivatePlaces | None = None
    proof: ProofDialogue | None = None
    gpt: Gpt | None = None
    handoffs: Handoffs = field(default_factory=NoStaff)
    acts: Mapping[str, DialogueAct] = field(default_factory=dict)

    def responder(self) -> Responder:
        clock = SystemClock()
        wording = BotWording(self.config.responder.model_copy(update={"introduction": False}), "en")
        buttons, model = StoredButtons(self.database, clock), Scripted(self.script, self.acts)
        answers = Replies(
            self.intents, language_default="en", values={"bot": "Bo"}, actions=self.actions
        )
        languages = LanguageDetector(["en", "de"], lambda text: float(text.isascii()))
        readers = FormReaders(
            *(model, model, model, model, model, model),
            *(answers, str.isalpha, languages),
        )
        ports = FormPorts(
            StoredForms(self.database), self.actions, proof=self.proof, private=self.private
        )
        tools = answers, buttons, self.handoffs, wording
        forms = form_stages(self.config, self.intents, readers, ports, *tools, gpt=self.gpt)
        replies = IntentReply(answers, buttons, self.handoffs, wording, forms=forms.begins)
        return Responder(
            [
                forms.stage,
                ButtonPress(buttons, replies, wording),
                Classify(model, languages, wording),
                AnswerIntent(replies),
                AdmitUnknown(wording),
            ],
            transcripts=StoredTranscripts(self.database),
            wording=wording,
            clock=clock,
            default_language="en",
        )

    async def say(
        self, text: str, *, author: str = ANN, where: str = HERE, public: bool = False
    ) -> Heard:
        """Answer a message, as the inbox has it done."""
        return await self.finish(Received(self.message(text, author, where, public=public)))

    async def press(self, button: str, *, author: str = ANN, where: str = HERE) -> Heard:
        """Answer the press of a button."""
        return await self.finish(Pressed(self.message("", author, where), button))

    def message(
        self, text: str, author: str = ANN, where: str = HERE, *, public: bool = False
    ) -> Message:
        """Return the next message."""
        self.said += 1
        readers = Readers.OTHERS if public else Readers.AUTHOR
        at = self.now + timedelta(seconds=self.said)
        return Message(f"{where}:{self.said}", where, Author(author), text, at, readers=readers)

    async def finish(self, event: Event) -> Heard:
        """Answer an event, and store what it makes of the form."""
        heard, done = await self.respond(event)
        outcome = EventOutcome(replace(done.decision), heard.text)
        await self.database.write(lambda it: record(it, [(event, outcome)], self.now))
        form = done.form
        if form is not None:
            await self.database.write(lambda it: change_form(it, form, at=self.now))
        return heard

    async def respond(self, event: Event) -> tuple[Heard, Done]:
        """Answer an event; nothing is stored, as when the process is killed."""
        parts = [part async for part in self.responder().respond(event)]
        says = [part for part in parts if isinstance(part, Say)]
        offers = [part for part in parts if isinstance(part, Offer)]
        (done,) = (part for part in parts if isinstance(part, Done))
        heard = Heard(
            "".join(part.markdown for part in says),
            {button.label: button.id for offer in offers for button in offer.buttons},
            done.decision,
            any(part.visibility is Visibility.PRIVATE for part in says),
        )
        return heard, done

    async def form(self, author: str = ANN, where: str = HERE) -> OpenForm | None:
        """Return the stored form."""
        return await StoredForms(self.database).form(where, author)


def taught(folder: Path, text: str, infos: Mapping[str, ActionInfo] | None = None) -> IntentSet:
    """Return the intents of a file, beside the actions that they name."""
    folder.mkdir(exist_ok=True)
    (folder / "shop.yaml").write_text(text)
    if infos:
        actions = {name: _written(info) for name, info in infos.items()}
        file = {"version": 1, "hosts": ["shop.example"], "actions": actions}
        (folder / "actions.yaml").write_text(json.dumps(file))
    return load_intents(folder)


def _written(info: ActionInfo) -> Mapping[str, object]:
    names = "&".join(f"{name}={{{name}}}" for name in info.needs)
    return {
        "kind": "write" if info.writes else "read",
        "http": {
            "method": "POST" if info.writes else "GET",
            "url": f"https://shop.example/?{names}",
            "timeout": "5s",
        },
        "returns": {name: name for name in info.provides},
        "on_error": dict(info.on_error) or "handoff",
    }
