"""A running service whose files are edited: real files, real processes, a real model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.app.build import open_service
from bot.app.service import Service
from bot.config.schema import Config, StaffConfig
from bot.messages import Author, Message, Received, Say
from bot.ports import Adapter
from bot.publishing.bundle import ActiveBundle, load_bundle
from bot.publishing.publish import Mode, choose
from bot.publishing.reload import BundleReloader, ReloadReports
from bot.publishing.status import PublishStatus
from bot.publishing.train import train_everything
from bot.understanding.model.classifier import load_encoder
from bot.understanding.model.registry import ModelRegistry
from tests.end_to_end.conftest import ARTICLE, INTENTS
from tests.http.conftest import HOST, Port, free_port
from tests.staff.posters import Voice
from tests.understanding.tiny import make_bert

QUESTION = "how do I send this back"
RENTAL = "what does a tent for two cost to rent?"
NEW_REPLY = INTENTS.replace("within 60 days", "within 90 days")
NEW_INTENT = """\
  - name: gift_card
    examples: [buy a gift card, a voucher please, do you have gift cards, gift card, voucher]
    reply: Gift cards come by mail.
out_of_scope:
"""
FAILING = """\
    tests:
      - {say: what is the capital of France, intent: return_item}
out_of_scope:
"""


@dataclass
class Running:
    """A service, and the files that it was taught by."""

    config: Config
    service: Service

    async def ask(self, text: str) -> str:
        author = Author("test:u")
        message = Message("test:a:c:1", "test:a:c", author, text, datetime.now(UTC))
        parts = [part async for part in self.service.responder.respond(Received(message))]
        return "".join(part.markdown for part in parts if isinstance(part, Say))

    def write(self, text: str) -> None:
        (self.config.intents / "shop.yaml").write_text(text, "utf-8")

    async def until_it_answers(self, words: str, text: str = QUESTION) -> None:
        async with asyncio.timeout(60):
            while words not in await self.ask(text):  # noqa: ASYNC110 - a file tells it, not we
                await asyncio.sleep(0.1)

    async def until_attempted(self, condition: Callable[[PublishStatus], bool]) -> PublishStatus:
        async with asyncio.timeout(60):
            while True:
                attempt = PublishStatus.read(self.config.model)
                if attempt is not None and condition(attempt):
                    return attempt
                await asyncio.sleep(0.1)


@asynccontextmanager
async def running(
    config: Config, folder: Path, publish: Mode, *adapters: Adapter
) -> AsyncIterator[Running]:
    """Run a desk; a public one, when it has adapters."""
    database = f"sqlite:///{folder / 'desk.db'}"
    async with open_service(
        config,
        {},
        adapters=adapters,
        database_url=database,
        public=bool(adapters),
        publish=publish,
    ) as service:
        yield Running(config, service)


async def test_a_saved_file_answers_as_soon_as_it_is_learned(
    config: Config, tmp_path: Path
) -> None:
    async with running(config, tmp_path, "auto") as desk:
        assert "60 days" in await desk.ask(QUESTION)
        desk.write(NEW_REPLY.replace("out_of_scope:\n", NEW_INTENT))
        await desk.until_it_answers("come by mail", "a gift card please")
        assert "90 days" in await desk.ask(QUESTION)


async def test_what_was_edited_while_nobody_served_is_learned_at_the_start(
    config: Config, tmp_path: Path
) -> None:
    (config.intents / "shop.yaml").write_text(NEW_REPLY, "utf-8")
    async with running(config, tmp_path, "tested") as desk:
        await desk.until_it_answers("90 days")


async def test_intents_that_fail_their_own_tests_wait_until_an_admin_promotes_them(
    config: Config, tmp_path: Path
) -> None:
    async with running(config, tmp_path, "tested") as desk:
        desk.write(NEW_REPLY.replace("out_of_scope:\n", FAILING))
        attempt = await desk.until_attempted(lambda found: found.outcome == "refused")
        assert "60 days" in await desk.ask(QUESTION)
        assert "what is the capital of France" in attempt.problem
        assert f"frontdesk models promote {attempt.version}" in attempt.problem

        ModelRegistry(config.model).promote(attempt.version)
        choose(config, attempt.version, "cli:test")
        await desk.until_it_answers("90 days")


async def test_with_manual_publishing_a_version_waits(config: Config, tmp_path: Path) -> None:
    async with running(config, tmp_path, "manual") as desk:
        desk.write(NEW_REPLY)
        attempt = await desk.until_attempted(lambda found: found.outcome == "waiting")
        assert "60 days" in await desk.ask(QUESTION)
        ModelRegistry(config.model).promote(attempt.version)
        await desk.until_it_answers("90 days")


async def test_a_broken_file_keeps_the_old_model_until_it_is_mended(
    config: Config, tmp_path: Path
) -> None:
    async with running(config, tmp_path, "auto") as desk:
        desk.write("version: 1\nintents:\n  - nmae: x\n")
        attempt = await desk.until_attempted(lambda found: found.outcome == "failed")
        assert f"{config.intents / 'shop.yaml'}:3:5: " in attempt.problem
        assert "60 days" in await desk.ask(QUESTION)
        desk.write(NEW_REPLY)
        await desk.until_it_answers("90 days")


async def test_operators_read_what_is_broken_and_staff_are_told_once(
    config: Config, tmp_path: Path
) -> None:
    voice, port = Voice(), free_port()
    serve = config.serve.model_copy(update={"host": HOST, "port": port})
    staff = StaffConfig.model_validate({"members": {voice.name: {"channel": "C1"}}})
    public = config.model_copy(update={"serve": serve, "staff": staff})
    shop = config.intents / "shop.yaml"
    async with (
        running(public, tmp_path, "auto", voice) as desk,
        aiohttp.ClientSession() as session,
    ):
        operators = Port(port, session)
        desk.write("version: 1\nintents:\n  - nmae: x\n")
        await until_ready_says(operators, "intents", f"{shop}:3:5: ")
        desk.write("version: 1\n# mended wrongly\nintents:\n  - nmae: x\n")
        await until_ready_says(operators, "intents", f"{shop}:4:5: ")
        desk.write(NEW_REPLY)
        await until_ready_says(operators, "intents", "")
        assert "90 days" in await desk.ask(QUESTION)

    assert [f"{shop}:3:5: " in text for _, text in voice.announced] == [True]


async def test_an_article_with_unclear_readers_is_withheld_and_holds_up_no_intents(
    config: Config, tmp_path: Path
) -> None:
    voice, port = Voice(), free_port()
    serve = config.serve.model_copy(update={"host": HOST, "port": port})
    staff = StaffConfig.model_validate({"members": {voice.name: {"channel": "C1"}}})
    public = config.model_copy(update={"serve": serve, "staff": staff})
    article = config.intents / "knowledge" / "rental.md"
    changed = ARTICLE.replace("9 euro", "7 euro")
    async with (
        running(public, tmp_path, "auto", voice) as desk,
        aiohttp.ClientSession() as session,
    ):
        operators = Port(port, session)
        article.write_text(f"---\naudiance: internal\n---\n{changed}", "utf-8")
        await until_ready_says(operators, "articles", f"{article}:2:1: ")
        article.write_text(f"---\n# see\naudiance: internal\n---\n{changed}", "utf-8")
        await until_ready_says(operators, "articles", f"{article}:3:1: ")
        desk.write(NEW_REPLY)
        await desk.until_it_answers("90 days")
        assert "euro" not in await desk.ask(RENTAL)
        article.write_text(changed, "utf-8")
        await until_ready_says(operators, "articles", "")
        assert "7 euro" in await desk.ask(RENTAL)

    assert [f"{article}:2:1: " in text for _, text in voice.announced] == [True]


async def until_ready_says(operators: Port, about: str, words: str) -> None:
    """Wait until `/readyz` names a problem with something; none, when there are no words."""
    async with asyncio.timeout(60):
        while True:
            model = (await operators.get("/readyz")).json["model"]
            problem = model.get("problems", {}).get(about, "")
            if model["ok"] and (words in problem if words else not problem):
                return
            await asyncio.sleep(0.1)


async def test_a_file_that_is_broken_at_the_start_does_not_keep_the_desk_from_serving(
    config: Config, tmp_path: Path
) -> None:
    (config.intents / "shop.yaml").write_text("intents: nonsense\n", "utf-8")
    async with running(config, tmp_path, "tested") as desk:
        assert "60 days" in await desk.ask(QUESTION)


async def test_what_another_process_takes_back_is_taken_back_here(
    config: Config, tmp_path: Path
) -> None:
    async with running(config, tmp_path, "auto") as desk:
        desk.write(NEW_REPLY)
        await desk.until_it_answers("90 days")
        earlier = ModelRegistry(config.model).rollback()
        choose(config, earlier.name, "cli:test")
        await desk.until_it_answers("60 days")
    async with running(config, tmp_path, "auto") as desk:
        await asyncio.sleep(0.5)
        assert "60 days" in await desk.ask(QUESTION)


async def test_a_version_that_is_taken_back_between_two_looks_at_the_pointer_is_taken_back_here(
    config: Config,
) -> None:
    folder = ModelRegistry(config.model)
    earlier = folder.current().name
    current = ActiveBundle(load_bundle(config))
    (config.intents / "shop.yaml").write_text(NEW_REPLY, "utf-8")
    report = await asyncio.to_thread(train_everything, config, trained_by="test", publish=False)
    reloading = BundleReloader(config, current, ReloadReports(current, None))
    following = asyncio.create_task(reloading.run())
    await asyncio.sleep(1)  # it has looked at the pointer
    folder.promote(report.version)
    await reloading.take_up()
    assert current.desk.model().version == report.version
    folder.rollback()
    async with asyncio.timeout(60):
        while current.desk.model().version not in earlier:  # noqa: ASYNC110 - a file tells it
            await asyncio.sleep(0.1)
    following.cancel()


async def test_a_changed_article_is_quoted(config: Config, tmp_path: Path) -> None:
    async with running(config, tmp_path, "tested") as desk:
        assert "9 euro" in await desk.ask(RENTAL)
        article = config.intents / "knowledge" / "rental.md"
        article.write_text(ARTICLE.replace("9 euro", "7 euro"), "utf-8")
        await desk.until_it_answers("7 euro", RENTAL)


async def test_a_damaged_version_that_is_promoted_is_not_taken_up(
    config: Config, tmp_path: Path
) -> None:
    async with running(config, tmp_path, "manual") as desk:
        desk.write(NEW_REPLY)
        attempt = await desk.until_attempted(lambda found: found.outcome == "waiting")
        folder = ModelRegistry(config.model)
        (folder.find(attempt.version) / "head.safetensors").write_bytes(b"cut short")
        (config.model / "current").write_text(f"{attempt.version}\n", "utf-8")
        await asyncio.sleep(1)
        assert "60 days" in await desk.ask(QUESTION)


def with_encoder(config: Config, encoder: str) -> Config:
    classifier = config.classifier.model_copy(update={"encoder": encoder, "multilingual": "off"})
    return config.model_copy(update={"classifier": classifier})


async def test_with_another_encoder_the_old_model_answers_until_the_intents_are_learned_over_it(
    config: Config, tmp_path: Path
) -> None:
    changed = with_encoder(config, str(make_bert(tmp_path / "tiny")))
    async with running(changed, tmp_path, "auto") as desk:
        assert "60 days" in await desk.ask(QUESTION)
        await desk.until_attempted(lambda found: found.outcome == "published")
    assert load_encoder(config.model).description.dimension == 32


async def test_an_encoder_that_cannot_be_had_is_named_and_the_old_model_answers(
    config: Config, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "nowhere")
    async with running(with_encoder(config, nowhere), tmp_path, "auto") as desk:
        attempt = await desk.until_attempted(lambda found: found.outcome == "failed")
        assert nowhere in attempt.problem
        assert "60 days" in await desk.ask(QUESTION)
