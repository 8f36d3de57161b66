"""Plays cases whose customer and whose staff are on different platforms, with both of them local.

The shop serves Slack and Discord at once; what one side writes is read where the other side would
read it. Words are compared without their marks, in their order; other words may stand between.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import LANGUAGES, SHOP, configured
from benchmarks.field.sides import DiscordSide, Shown, Side, SlackSide
from bot.app.build import open_service
from bot.config.schema import Config
from bot.config.staff import StaffConfig
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, open_database
from bot.storage.tables import decisions, messages
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer

WAIT = 30.0
"""Seconds that a step may take to arrive."""

PAUSE = 0.05

QUIET = 1.0
"""Seconds in which what is said inside would have come to the customer."""

FORMATS = {
    "bold": ("**", "*", "__"),
    "italic": ("*", "_"),
    "strike": ("~~", "~"),
    "code": ("`",),
    "link": ("](http", "<http", "http"),
    "list": ("- ", "* ", "• ", "1. "),
    "quote": ("> ",),
}
"""Marks of which one must stand in a text that has a format."""


def cross_platform(part: str) -> Iterator[Line]:
    """Play every case; count what arrives, and what leaks."""
    yield from asyncio.run(_measured(part))


@dataclass
class Played:
    """What came of a case: of each check, by its name, what is wrong; empty for nothing."""

    case: str
    arrived: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Nothing at all is wrong."""
        return not any((*self.arrived.values(), *self.kept.values(), *self.back.values()))


async def _measured(part: str) -> list[Line]:
    with TemporaryDirectory() as folder:
        config = configured(Path(folder), SHOP, LANGUAGES)
        await asyncio.to_thread(train_everything, config)
        bundle = load_bundle(config)
        played = [await _played(each, config, bundle) for each in entries(part, "cross_platform")]
    return [
        Line("cases in full", tuple(each.whole for each in played)),
        _line("what crosses arrives", [(each.case, each.arrived) for each in played]),
        _line("talk of staff stays inside", [(each.case, each.kept) for each in played]),
        _line("the bot answers afterwards", [(each.case, each.back) for each in played]),
    ]


def _line(name: str, found: Sequence[tuple[str, dict[str, str]]]) -> Line:
    checks = {f"{case} {step}": wrong for case, steps in found for step, wrong in steps.items()}
    shown = tuple(f"{step}: {wrong}" for step, wrong in checks.items() if wrong)
    return Line(name, tuple(not wrong for wrong in checks.values()), shown)


async def _played(case: Entry, config: Config, bundle: Bundle) -> Played:
    """Play one case at a desk of its own."""
    result = Played(case["id"])
    with TemporaryDirectory() as folder:
        async with _desk(case, config, bundle, Path(folder)) as (customer, staff, database):
            scene = _Scene(case, customer, staff, database, result)
            for number, step in enumerate(case["steps"]):
                await scene.play(number, step)
                if not staff.open_thread():
                    break  # nothing of it can be played
    return result


@asynccontextmanager
async def _desk(
    case: Entry, config: Config, bundle: Bundle, folder: Path
) -> AsyncIterator[tuple[Side, Side, Database]]:
    async with SlackServer() as slack, DiscordServer() as discord:
        sides: dict[str, Side] = {"slack": SlackSide(slack), "discord": DiscordSide(discord)}
        customer, staff = sides[case["customer_on"]], sides[case["staff_on"]]
        members = {name: {"users": [side.agent]} for name, side in sides.items()}
        team = {"cases": {case["staff_on"]: staff.channel}, "title": "Support"}
        section = StaffConfig.model_validate({"members": members, "teams": {"default": team}})
        config = config.model_copy(update={"staff": section})
        url = f"sqlite:///{folder}/desk.db"
        adapters = [side.adapter for side in sides.values()]
        opening = open_service(
            config, {}, adapters=adapters, database_url=url, bundle=bundle, public=True
        )
        async with opening as service, await open_database(url) as database:
            running = asyncio.create_task(service.run())
            try:
                for side in sides.values():
                    await side.connected()
                yield customer, staff, database
            finally:
                service.stop()
                await running


@dataclass
class _Scene:
    """One case while it is played.

    Attributes:
        shown: What each sent line of staff became at the customer's, by its step.
    """

    case: Entry
    customer: Side
    staff: Side
    database: Database
    result: Played
    said: dict[int, str] = field(default_factory=dict)
    shown: dict[int, tuple[str, ...]] = field(default_factory=dict)

    async def play(self, number: int, step: Entry) -> None:
        """Play a step, and check what comes of it."""
        expected: Entry = next((e for e in self.case["arrives"] if e["step"] == number), {})
        label = f"step {number}"
        match step:
            case {"customer": said, "intent": intent}:
                await self._returns(label, said, intent)
            case {"customer": said}:
                seen = self.staff.seen_by_staff()
                self.customer.writes(said)
                if number == 0:
                    await self._opened(label)
                    await self._quiet()
                else:
                    await self._check(label, expected, self.staff.seen_by_staff, seen)
            case {"customer_file": name}:
                seen = self.staff.seen_by_staff()
                self.customer.sends_file(name)
                await self._check(label, expected, self.staff.seen_by_staff, seen)
            case {"staff_talk": said}:
                await self._talks(label, said)
            case {"staff_send": said}:
                seen = self.customer.seen_by_customer()
                self.said[number] = self.staff.says_inside(f"!send {said}")
                await self._check(label, expected, self.customer.seen_by_customer, seen)
                self.shown[number] = tuple(self.customer.seen_by_customer().keys() - seen.keys())
            case {"staff_file": name, "text": said}:
                seen = self.customer.seen_by_customer()
                self.staff.sends_file_inside(name, f"!send {said}")
                await self._check(label, expected, self.customer.seen_by_customer, seen)
            case {"staff_edit_of": of, "to": said}:
                await self._edits(label, expected, of, said)
            case {"staff_close": closing}:
                await self._closes(closing)

    async def _opened(self, label: str) -> None:
        """Wait for the case thread."""
        opened = await _until(lambda: bool(self.staff.open_thread()))
        self.result.arrived[label] = "" if opened else "no case thread"

    async def _quiet(self) -> None:
        """Wait until the bot has told the customer that staff know, and says nothing more."""
        said: dict[str, Shown] = {}
        while not said or said != self.customer.seen_by_customer():
            said = self.customer.seen_by_customer()
            await asyncio.sleep(QUIET)

    async def _check(
        self,
        label: str,
        expected: Entry,
        look: Callable[[], dict[str, Shown]],
        seen: dict[str, Shown],
    ) -> None:
        """Wait until what is expected stands among what is new; say what is wrong otherwise."""

        def wrong() -> str:
            new = {k: v for k, v in look().items() if k not in seen}
            return mistake(expected, list(new.values())) if expected else ""

        await _until(lambda: not wrong())
        self.result.arrived[label] = wrong()

    async def _talks(self, label: str, said: str) -> None:
        """Say something inside, and look that nothing of it comes to the customer."""
        seen = self.customer.seen_by_customer()
        self.staff.says_inside(said)
        await asyncio.sleep(QUIET)
        new = [v.text for k, v in self.customer.seen_by_customer().items() if k not in seen]
        self.result.kept[label] = " / ".join(new)

    async def _edits(self, label: str, expected: Entry, of: int, said: str) -> None:
        self.staff.edits(self.said[of], f"!send {said}")

        def wrong() -> str:
            now = self.customer.seen_by_customer()
            return mistake(expected, [now[each] for each in self.shown[of] if each in now])

        await _until(lambda: not wrong())
        self.result.arrived[label] = wrong()

    async def _closes(self, closing: str) -> None:
        await self.staff.closes(closing)

    async def _returns(self, label: str, said: str, intent: str) -> None:
        """Ask the bot something, after the case or by the way."""
        threads = self.staff.threads()
        seen = self.customer.seen_by_customer()
        self.customer.writes(said)
        await _until(lambda: self.customer.seen_by_customer().keys() != seen.keys())
        found = await self._decided(said)
        again = "" if self.staff.threads() == threads else ", and a second case was opened"
        self.result.back[label] = "" if found == intent and not again else f"{said}: {found}{again}"

    async def _decided(self, said: str) -> str:
        """Return the intent that a customer's message was answered with, or the kind of answer."""
        query = (
            select(decisions.c.kind, decisions.c.intents)
            .join(messages, messages.c.event == decisions.c.message)
            .where(messages.c.role == "customer", messages.c.text == said)
            .order_by(messages.c.id.desc())
            .limit(1)
        )
        for _ in range(int(WAIT / PAUSE)):
            row = await self.database.query(lambda connection: connection.execute(query).first())
            if row is not None:
                is_intent = row.kind == "intent" and row.intents
                return str(row.intents[0]["name"] if is_intent else row.kind)
            await asyncio.sleep(PAUSE)
        return "nothing"


def mistake(expected: Entry, shown: Sequence[Shown]) -> str:
    """Return what is wrong with what stands on the other side; empty for nothing."""
    text = "\n".join(each.text for each in shown)
    if wanted := expected.get("file"):
        files = [name for each in shown for name in each.files]
        if wanted not in files:
            return f"the file {wanted} is not among {files}"
    if missing := _missing(expected.get("plain", ""), text):
        return f"{missing!r} is not in {text!r}"
    for name in expected.get("formats", ()):
        if not any(mark in text for mark in FORMATS[name]):
            return f"no {name} in {text!r}"
    for bad in expected.get("never", ()):
        if bad in text:
            return f"{bad!r} stands in {text!r}"
    return ""


def _missing(plain: str, text: str) -> str:
    """Return the first word, or for scripts without spaces sign, that does not follow in a text."""
    at, reduced = 0, _reduced(text)
    for word in plain.split():
        pieces = [_reduced(word)] if word.isascii() else list(_reduced(word))
        for piece in pieces:
            found = reduced.find(piece, at)
            if found < 0:
                return word
            at = found + len(piece)
    return ""


def _reduced(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in folded if each.isalnum())


async def _until(condition: Callable[[], bool]) -> bool:
    for _ in range(int(WAIT / PAUSE)):
        if condition():
            return True
        await asyncio.sleep(PAUSE)
    return False
