"""Attempts at somebody else's data: no fact is shown, no order changed; the fair ones succeed.

An attempt that the bot takes for something else proves little: it is played once more, and whoever
writes then says by a button which form they want. What either play shows or changes counts.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.field.attack_desk import AttackDesk, attack_desk
from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import LANGUAGES, SHOP, configured
from bot.answering.forms.definitions import Definitions
from bot.app.conversation_tests.collecting import Reply
from bot.messages import Attachment, DecisionKind, Deleted, Edited, Message, Pressed, Received
from bot.publishing.bundle import load_bundle
from bot.publishing.train import train_everything

ATTACKER = "mallory"

_PLACEHOLDER = re.compile(r"\{(wrong_code|code|old_code|link_code)(?::(c\d+))?(?::(\w+))?\}")
_DIGIT_WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
}
_ITEMS = ("item", "items")
_DIGITS = re.compile(r"\d+")


def attacks(part: str) -> Iterator[Line]:
    """Play each attempt against a desk and a shop of its own."""
    log = entries(part, "attacks")
    found = asyncio.run(played(log)) if log else {}
    unfair = [each["id"] for each in log if not each.get("fair")]
    fair = [each["id"] for each in log if each.get("fair")]
    for title, names, what in (
        ("attempts in which no fact of somebody else is shown", unfair, "shown"),
        ("attempts in which nothing is changed", unfair, "changed"),
        ("attempts in which no more is mailed, and no order told from another", unfair, "told"),
        ("fair ones that succeed", fair, "missed"),
        ("attempts that came as far as a form as they are worded", unfair, "stayed out"),
        ("attempts that came as far as a form, asked for by a button", unfair, "never in"),
    ):
        told = tuple(f"{name}: {each}" for name in names for each in found[name][what])
        yield Line(title, tuple(not found[name][what] for name in names), told)


async def played(log: Sequence[Entry], intents: Path = SHOP) -> dict[str, dict[str, list[str]]]:
    """Return what went wrong in each attempt, by its id.

    Args:
        log: The attempts.
        intents: Folder of intents, whose actions call the example shop on its own port.
    """
    with TemporaryDirectory() as folder:
        port, copy = _free_port(), Path(folder, "intents")
        shutil.copytree(intents, copy)
        actions = copy / "actions.yaml"
        actions.write_text(actions.read_text("utf-8").replace(":8765", f":{port}"), "utf-8")
        config = configured(Path(folder), copy, LANGUAGES)
        await asyncio.to_thread(train_everything, config)
        bundle = await asyncio.to_thread(load_bundle, config)
        public = await asyncio.to_thread(_public, copy)
        wanted, found = Definitions(bundle.intents).taking, {}
        for entry in log:
            async with attack_desk(config, bundle, entry["accounts"], port) as desk:
                came = await _Attempt(entry, desk, public).played()
            came["never in"] = came["stayed out"]
            if came["stayed out"] and not entry.get("fair"):
                forms = wanted(" ".join(entry.get("unchanged", ())), "en")
                async with attack_desk(config, bundle, entry["accounts"], port) as desk:
                    again = await _Attempt(entry, desk, public, forms).played()
                came = {
                    "stayed out": came["stayed out"],
                    "never in": again["stayed out"],
                    "missed": [],
                    **{what: came[what] + again[what] for what in ("shown", "changed", "told")},
                }
            found[entry["id"]] = came
        return found


class _Attempt:
    """One attempt, step by step.

    Args:
        entry: As it is written.
        desk: Where it is tried.
        public: What everybody may read, as `_folded` leaves it.
        insists: The forms of which one is asked for by a button, until one is open; empty: none.
    """

    def __init__(
        self, entry: Entry, desk: AttackDesk, public: str, insists: Sequence[str] = ()
    ) -> None:
        self._entry = entry
        self._public = public
        self._insists = insists
        self._desk = desk
        self._links: dict[str, str] = {}
        self._replies: dict[int, list[Reply]] = {}
        self._messages: dict[int, tuple[Message, str]] = {}
        self._reached = False

    async def played(self) -> dict[str, list[str]]:
        """Return what went wrong."""
        orders = self._entry.get("unchanged", ())
        before = {number: await self._desk.shop.shop.rows(number) for number in orders}
        for number, step in enumerate(self._entry["steps"]):
            await self._take(number, step)
        after = {number: await self._desk.shop.shop.rows(number) for number in orders}
        return {
            "shown": self._shown(),
            "changed": [number for number in orders if before[number] != after[number]],
            "told": [*await self._mailed(), *self._told_apart()],
            "missed": self._missed(),
            "stayed out": [] if self._reached else ["no form was opened"],
        }

    async def _take(self, number: int, step: Mapping[str, Any]) -> None:
        desk = self._desk
        if "wait_minutes" in step:
            desk.clock.advance(timedelta(minutes=step["wait_minutes"]))
        elif "shop" in step:
            await self._in_shop(step["shop"])
        elif await self._is_asked(step):
            await self._act(number, step, step.get("place", self._entry["place"]))

    async def _act(self, number: int, step: Mapping[str, Any], place: str) -> None:
        """Say or press what a step has, and do what gets on from there."""
        by, acts = step["by"], self._press if "press" in step else self._say
        reply = await acts(number, step, place)
        self._replies[number] = [] if reply is None else [reply]
        if reply is not None and reply.kind == DecisionKind.CLARIFY:
            self._replies[number] += await self._agree(reply, by, place)
        if self._insists and "say" in step and not self._is_led(number):
            self._replies[number] += await self._insist(number, by, place)
        if await self._desk.asked(by, place) == "offer":
            self._replies[number].append(await self._desk.say(by, place, "yes"))
        self._reached = self._reached or self._is_led(number)

    def _is_led(self, number: int) -> bool:
        """Return whether a form is open by now, or a command was taken."""
        led = (DecisionKind.FORM, DecisionKind.COMMAND)
        return self._reached or any(each.kind in led for each in self._replies[number])

    async def _insist(self, number: int, by: str, place: str) -> list[Reply]:
        """Say by a button which form is wanted: the likeliest of those that take an order."""
        message, _ = self._messages[number]
        decided = [each.decision for each in self._replies[number] if each.decision is not None]
        ranked = [each.name for decision in decided for each in decision.intents]
        wanted = next((each for each in ranked if each in self._insists), self._insists[0])
        button = await self._desk.offered(message, wanted)
        press = self._desk.message(by, place, "")
        return [await self._desk.send(Pressed(press, button), by, place)]

    async def _is_asked(self, step: Mapping[str, Any]) -> bool:
        wanted = step.get("when_asked")
        if wanted is None:
            return True
        asked = await self._desk.asked(step["by"], step.get("place", self._entry["place"]))
        if wanted == "item":
            return asked in _ITEMS
        return bool(asked) and (wanted == "anything" or wanted in asked)

    async def _say(self, number: int, step: Mapping[str, Any], place: str) -> Reply | None:
        desk, by = self._desk, step["by"]
        text = await self._filled(step.get("say", ""))
        if "delete" in step or "edit" in step:
            original, place = self._messages[step.get("edit", step.get("delete"))]
            message = desk.message(by, place, text)
            if "delete" in step:
                return await desk.send(Deleted(message, original.id), by, place)
            edited = Edited(message, original.id, desk.clock.now())
            return await desk.send(edited, by, place)
        more: dict[str, Any] = {}
        if "file" in step:
            kind = step["file"].get("type", "text/plain")
            more["attachments"] = (Attachment(step["file"]["name"], kind, 100),)
        if "when_asked" in step:
            more |= await desk.answering(by, place)
        message = desk.message(by, place, text, **more)
        self._messages[number] = (message, place)
        return await desk.send(Received(message), by, place)

    async def _press(self, _: int, step: Mapping[str, Any], place: str) -> Reply | None:
        wanted = step["press"]
        replies = [each.reply for each in self._desk.seen]
        if wanted.startswith("replay:"):
            first = int(wanted.partition(":")[2])
            later = [
                reply for at in sorted(self._replies) if at >= first for reply in self._replies[at]
            ]
            replies, wanted = later[:1] if later and later[0].buttons else later, "confirm"
        button = f"b_{secrets.token_hex(8)}"
        if wanted != "forged":
            button = await self._desk.button(replies, wanted)
        if not button:
            return None
        press = self._desk.message(step["by"], place, "")
        return await self._desk.send(Pressed(press, button), step["by"], place)

    async def _agree(self, reply: Reply, by: str, place: str) -> list[Reply]:
        """Press the first of the intents that the bot asks about, as who wants to get on does."""
        button = await self._desk.button([reply], "")
        press = self._desk.message(by, place, "")
        return [await self._desk.send(Pressed(press, button), by, place)] if button else []

    async def _in_shop(self, step: Mapping[str, Any]) -> None:
        shop = self._desk.shop.shop
        if "change_email" in step:
            await shop.change_email(step["change_email"], step["to"])
        else:
            await shop.note(step["note"], step["text"])

    async def _filled(self, text: str) -> str:
        """Return a text with its codes."""
        for match in list(_PLACEHOLDER.finditer(text)):
            code = await self._code(match[1], match[2] or "")
            text = text.replace(match[0], _typed(code, match[3] or ""), 1)
        return text

    async def _code(self, kind: str, customer: str) -> str:
        if kind == "link_code":
            if customer not in self._links:
                self._links[customer] = await self._desk.shop.shop.link_code(customer)
            return self._links[customer]
        every = await self._desk.mailed("")
        wrong = next(each for each in ("135790", "246801", "975310") if each not in every)
        codes = await self._desk.mailed(customer) if kind != "wrong_code" else []
        place = 1 if kind == "old_code" else 0
        return codes[place] if len(codes) > place else wrong

    def _shown(self) -> list[str]:
        """Return the facts of others that the attacker reads."""
        lines = [
            line
            for each in self._desk.seen
            if each.is_seen_by(ATTACKER)
            for line in each.text.splitlines()
            if _folded(line) not in self._public
        ]
        secret = self._entry.get("secret") or ()
        return [
            f"{each}: {line}"
            for each in secret
            for line in lines
            if each.casefold() in line.casefold()
        ]

    async def _mailed(self) -> list[str]:
        limits = self._entry.get("mails_at_most") or {}
        sent = {customer: len(await self._desk.mailed(customer)) for customer in limits}
        return [f"{n} mails to {who}" for who, n in sent.items() if n > limits[who]]

    def _told_apart(self) -> list[str]:
        same = self._entry.get("same_answer")
        if not same:
            return []
        said = {
            _DIGITS.sub("#", "".join(reply.text for reply in self._replies.get(at, ())))
            for at in same
        }
        return (
            [f"answered in {len(said)} ways: {' / '.join(sorted(said))}"] if len(said) > 1 else []
        )

    def _missed(self) -> list[str]:
        read = "\n".join(each.text for each in self._desk.seen).casefold()
        missed = [each for each in self._entry.get("expect", ()) if each.casefold() not in read]
        return [f"{each} is not in:\n{read}" for each in missed]


def _typed(code: str, how: str) -> str:
    """Return a code as somebody types it: in pairs, in the words of a language, or as it is."""
    if how == "parted":
        return " ".join(code[at : at + 2] for at in range(0, len(code), 2))
    return " ".join(_DIGIT_WORDS[how][int(digit)] for digit in code) if how else code


def _folded(text: str) -> str:
    """Return letters and digits alone."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _public(intents: Path) -> str:
    """Return what everybody may read in the articles."""
    return "\n".join(_folded(each.read_text("utf-8")) for each in intents.rglob("*.md"))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
