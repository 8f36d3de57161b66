"""Reads exported Dialogflow ES agents: a folder, or a zip file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.understanding.exchange.archive import json_files
from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import Row, objects, parsed_json, refusal
from bot.understanding.intents.names import slug
from bot.understanding.language.tags import canonical

_SAYS = re.compile(r"^(?P<intent>.+)_usersays_(?P<language>[A-Za-z-]+)$")
_VALUE = re.compile(r"\$(?P<name>[A-Za-z][\w-]*)(?:\.original)?|#(?P<context>[\w-]+\.[\w.-]+)")
"""A value in a response. Source: Dialogflow ES documentation, "Parameter reference"."""

_TEXT, _CARD, _QUICK, _IMAGE, _PAYLOAD = "0", "1", "2", "3", "4"
_MESSAGES = {_CARD: "cards", _QUICK: "quick replies", _IMAGE: "images", _PAYLOAD: "payloads"}
_TYPES = {"number": "number", "date": "date", "date-time": "date", "email": "email"}


@dataclass(frozen=True, slots=True)
class _Agent:
    """The intents and training phrases of an agent, by name, and its default language."""

    intents: Mapping[str, Any]
    says: Mapping[str, Mapping[str, Any]]
    language: str


def read_dialogflow(path: Path) -> ImportedContent:
    """Read a Dialogflow ES agent.

    Args:
        path: Its folder (with agent.json and intents/), or the exported zip file.

    Raises:
        IntentsError: It is not such an agent, or cannot be read.
    """
    agent = _agent(path)
    found = ImportedContent()
    for name, intent in agent.intents.items():
        label = str(intent.get("name") or name)
        for language, phrases in _phrases(agent, name, intent):
            for phrase in phrases:
                _take_phrase(found, label, language, phrase)
        if intent.get("fallbackIntent") is True:
            found.outside.add(label)
            found.left_out.add("replies of fallback intents, left out", label)
        else:
            _take_replies(found, agent, label, intent)
            _hold(found, label, intent)
    if not found.rows:
        raise refusal(
            path, 0, "no intent has training phrases", "check that this is the right agent"
        )
    return found


def _agent(path: Path) -> _Agent:
    texts = json_files(path)
    root = min((name for name in texts if name.split("/")[-1] == "agent.json"), key=len, default="")
    base = root.removesuffix("agent.json")
    intents: dict[str, Any] = {}
    says: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, text in texts.items():
        folder, _, file = name.removeprefix(base).rpartition("/")
        if folder.endswith("trainingPhrases") or folder.startswith("flows/"):
            wrong = "this is a Dialogflow CX agent, which is not supported"
            raise refusal(path, 0, wrong, "export its training phrases as CSV: text,label")
        if folder != "intents" or not name.startswith(base):
            continue
        stem = file.removesuffix(".json")
        document = parsed_json(path / name, text)
        if said := _SAYS.match(stem):
            says[said["intent"]][said["language"]] = document
        elif isinstance(document, dict):
            intents[stem] = document
    if not intents:
        remedy = "name the exported zip file, or the folder with agent.json and intents/"
        raise refusal(path, 0, "not a Dialogflow ES agent: no intents/*.json", remedy)
    details = parsed_json(path / root, texts[root]) if root else {}
    if not isinstance(details, dict):
        raise refusal(path / root, 0, "not a JSON object", "export the agent again")
    return _Agent(intents, says, _tag(details.get("language")))


def _tag(language: object) -> str:
    return (canonical(language.replace("_", "-")) or "") if isinstance(language, str) else ""


def _phrases(
    agent: _Agent, name: str, intent: Mapping[str, Any]
) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield training phrases by language; agents from before 2017 keep them in the intent."""
    own = intent.get("userSays")
    for language, phrases in ((agent.language, own), *agent.says.get(name, {}).items()):
        if isinstance(phrases, list):
            yield _tag(language) or agent.language, list(objects(phrases))


def _take_phrase(
    found: ImportedContent, label: str, language: str, phrase: Mapping[str, Any]
) -> None:
    parts = list(objects(phrase.get("data")))
    text = "".join(str(part.get("text", "")) for part in parts).strip()
    if phrase.get("isTemplate") is True:
        found.left_out.add("template phrases, left out", f"{label}: {text}")
        return
    found.rows.append(Row(text, label, 0, language))
    for part in parts:
        if meta := part.get("meta"):
            entity = str(part.get("alias") or meta)
            found.entities.note(label, entity)
            kind = str(meta).removeprefix("@sys.")
            found.entities.types[entity] = _TYPES.get(kind, "text")


def _take_replies(
    found: ImportedContent, agent: _Agent, label: str, intent: Mapping[str, Any]
) -> None:
    by_language: dict[str, list[list[str]]] = defaultdict(list)
    for response in objects(intent.get("responses")):
        for message in objects(response.get("messages")):
            kind = str(message.get("type", _TEXT))
            texts = _speech(message)
            if message.get("platform") or kind not in (_TEXT, "message") or not texts:
                if kind != _TEXT or texts:
                    what = _MESSAGES.get(kind, "messages for one platform")
                    found.left_out.add(f"{what} in replies, left out", label)
                continue
            by_language[_tag(message.get("lang")) or agent.language].append(texts)
    for language, messages in by_language.items():
        for number in range(max(len(texts) for texts in messages)):
            sent = [texts[number % len(texts)] for texts in messages]
            found.answers[label].add(_reply("\n\n".join(sent)), language)


def _speech(message: Mapping[str, Any]) -> list[str]:
    speech = message.get("speech")
    texts = speech if isinstance(speech, list) else [speech]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _reply(text: str) -> str:
    """Return a response with `{name}` where Dialogflow has `$name` or `#context.name`."""
    return _VALUE.sub(
        lambda value: f"{{{slug(value['name'] or value['context'])}}}",
        text.replace("{", "{{").replace("}", "}}"),
    )


def _hold(found: ImportedContent, label: str, intent: Mapping[str, Any]) -> None:
    """Keep intents as drafts if their reply depends on a dialogue, or is incomplete."""
    if intent.get("contexts") or intent.get("parentId"):
        found.held.add(label)
        found.left_out.add("follow-up intents, kept as drafts", label)
    elif intent.get("webhookUsed") is True:
        found.held.add(label)
        found.left_out.add("intents answered by a webhook, kept as drafts", label)
    elif any(
        parameter.get("required") is True
        for response in objects(intent.get("responses"))
        for parameter in objects(response.get("parameters"))
    ):
        found.held.add(label)
        found.left_out.add("intents that ask for parameters, kept as drafts", label)
