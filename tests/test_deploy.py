"""deploy/: as far as it can be checked without a container engine."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, entry_points, requires
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.config.schema import ADAPTERS, Config, load_config
from tests.http.conftest import free_port, watched

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


@dataclass
class BuildStage:
    """One `FROM` of the Dockerfile, and the instructions below it."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]


def dockerfile() -> dict[str, BuildStage]:
    """Read the Dockerfile, stage by stage."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    stages: dict[str, BuildStage] = {}
    for line in filter(None, joined.splitlines()):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            base, _, stage = rest.partition(" AS ")
            stages[stage] = BuildStage(base, stage)
        else:
            list(stages.values())[-1].steps.append((name, rest.strip()))
    return stages


def ancestry(stages: Mapping[str, BuildStage], name: str) -> list[BuildStage]:
    """Return a stage and those that it is built from."""
    line = []
    while name in stages:
        line.append(stages[name])
        name = stages[name].base
    return line


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


def config() -> Config:
    return load_config(DEPLOY / "config.yaml", {})


def probe() -> list[str]:
    """Return the health check of the image, as it is executed."""
    (check,) = dockerfile()["serving"].all("HEALTHCHECK")
    command: list[str] = json.loads(check.partition("CMD ")[2])
    return command


# --- Dockerfile --------------------------------------------------------------------------------


def test_every_stage_comes_from_a_pinned_python_or_from_another_stage() -> None:
    stages = dockerfile()
    outside = {stage.base for stage in stages.values()} - set(stages)
    assert len(outside) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", outside.pop())


def test_the_image_that_serves_is_built_without_training() -> None:
    stages = dockerfile()
    assert list(stages)[-1] == "trained"
    for stage in ancestry(stages, "trained"):
        assert not any("train" in step for step in stage.all("RUN"))
    copied = [step for stage in ancestry(stages, "trained") for step in stage.all("COPY")]
    from_trainer = [step.split()[-2:] for step in copied if "--from=trainer" in step]
    assert from_trainer == [["/var/lib/frontdesk/model"] * 2]


def test_what_the_image_installs_holds_no_torch() -> None:
    (install,) = (step for step in dockerfile()["builder"].all("RUN") if "pip install" in step)
    assert install.endswith("pip install -c constraints.txt '.[postgres]'")
    installed = closure("frontdesk", {"postgres"})
    assert {"sqlalchemy", "slack-bolt", "onnxruntime", "psycopg"} <= installed
    assert not installed & {"torch", "transformers", "sentence-transformers", "onnxscript"}
    assert "torch" in closure("frontdesk", {"train"})


def test_the_image_does_not_run_as_root() -> None:
    users = [user for stage in ancestry(dockerfile(), "trained") for user in stage.all("USER")]
    assert users == ["10001:10001"]


def test_everything_that_is_copied_exists_and_is_let_into_the_build() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    sources = [
        source
        for stage in dockerfile().values()
        for step in stage.all("COPY")
        if "--from=" not in step
        for source in step.split()[:-1]
    ]
    assert "bot" in sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in allowed


def test_what_a_package_says_about_itself_is_copied_before_it_is_installed() -> None:
    copied = " ".join(dockerfile()["builder"].all("COPY")).split()
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r'^(?:readme|license-files) = \W*"([^"]+)"', project, re.MULTILINE)
    assert set(named) <= set(copied)
    assert len(named) == 2


async def test_the_health_check_succeeds_while_the_desk_is_ready_only(tmp_path: Path) -> None:
    async with watched(tmp_path, ()) as desk:
        assert await run_probe(desk.port.number) == 0
        await desk.break_database()
        assert await run_probe(desk.port.number) != 0
    assert await run_probe(free_port()) != 0


async def run_probe(port: int) -> int:
    _, flag, code = probe()
    assert ":8080/" in code
    process = await asyncio.create_subprocess_exec(
        sys.executable, flag, code.replace(":8080/", f":{port}/"), stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


def closure(name: str, extras: set[str]) -> set[str]:
    """Return the distributions that pip installs for one, by what the installed ones say."""
    found: set[str] = set()
    waiting = [(name, frozenset(extras))]
    seen = set(waiting)
    while waiting:
        name, wanted = waiting.pop()
        found.add(canonicalize_name(name))
        for requirement in needs(name, wanted):
            entry = (requirement.name, frozenset(requirement.extras))
            if entry not in seen:
                seen.add(entry)
                waiting.append(entry)
    return found


def needs(name: str, extras: frozenset[str]) -> list[Requirement]:
    """Return what a distribution with some extras requires on this platform."""
    try:
        declared = [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:  # of another platform
        return []
    return [
        each
        for each in declared
        if each.marker is None
        or any(each.marker.evaluate({"extra": extra}) for extra in {"", *extras})
    ]


# --- compose.yaml ------------------------------------------------------------------------------


def test_every_service_is_pinned_or_built_watched_and_restarted() -> None:
    for service in compose()["services"].values():
        assert "build" in service or re.fullmatch(r"\w+:\d+\.\d+-\w+", service["image"])
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"


def test_workers_are_the_desk_with_another_command_and_no_port_of_the_host() -> None:
    desk, worker = compose()["services"]["frontdesk"], compose()["services"]["worker"]
    assert worker == desk | {"command": ["worker"], "ports": [], "scale": 0}


def test_the_desk_waits_for_the_database_and_is_given_time_to_stop() -> None:
    desk = compose()["services"]["frontdesk"]
    assert desk["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert desk["stop_grace_period"] == "30s"


def test_the_desk_is_built_from_our_dockerfile_and_probed_as_it_says() -> None:
    desk = compose()["services"]["frontdesk"]
    build = desk["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Dockerfile")
    assert build["target"] in dockerfile()
    assert desk["healthcheck"]["test"] == ["CMD", *probe()]


def test_the_desk_may_write_to_its_volume_alone() -> None:
    desk = compose()["services"]["frontdesk"]
    assert desk["read_only"] is True
    assert desk["cap_drop"] == ["ALL"]
    (volume,) = desk["volumes"]
    name, _, place = volume.partition(":")
    assert name in compose()["volumes"]
    assert config().privacy.ledger.is_relative_to(place)


def test_secrets_come_from_the_environment_and_the_example_names_them_all() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    example = (DEPLOY / "example.env").read_text("utf-8")
    named = dict(line.split("=", 1) for line in example.splitlines() if re.match(r"\w+=", line))
    assert set(named) == asked
    assert not any(named.values())
    for service in compose()["services"].values():
        for name, value in service["environment"].items():
            if re.search("TOKEN|KEY|PASSWORD", name):
                assert value.startswith("${")
    ignored = subprocess.run(
        ["git", "check-ignore", "deploy/.env"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert ignored.returncode == 0, "deploy/.env could be committed"


# --- config.yaml -------------------------------------------------------------------------------


def test_the_containers_configuration_is_valid_and_needs_what_compose_hands_on() -> None:
    handed_on = compose()["services"]["frontdesk"]["environment"]
    assert config().gpt.api_key_env in handed_on
    assert "slack" in config().adapters
    for entry in entry_points(group=ADAPTERS):
        plugin = entry.load()
        section = config().adapter_section(plugin) or plugin.config_model()
        for name in plugin.config_model.model_fields:
            if name.endswith("_env"):
                assert getattr(section, name) in handed_on


def test_the_port_is_the_same_everywhere() -> None:
    port = config().serve.port
    assert config().serve.host == "0.0.0.0"  # noqa: S104 - inside the container
    assert dockerfile()["serving"].all("EXPOSE") == [str(port)]
    assert f"127.0.0.1:{port}/readyz" in probe()[-1]
    assert compose()["services"]["frontdesk"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_database_is_the_one_of_compose_and_has_no_password_in_the_file() -> None:
    services = compose()["services"]
    made = services["database"]["environment"]
    assert (
        config().database == f"postgresql://{made['POSTGRES_USER']}@database/{made['POSTGRES_DB']}"
    )
    assert services["frontdesk"]["environment"]["PGPASSWORD"] == made["POSTGRES_PASSWORD"]


# --- frontdesk.service -------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that exists on this machine."""
    text = (DEPLOY / "frontdesk.service").read_text("utf-8")
    installed = tmp_path / "frontdesk.service"
    installed.write_text(text.replace("/opt/frontdesk/.venv/bin/frontdesk", sys.executable))
    return installed


def analyze(*arguments: str) -> str:
    """Run systemd-analyze; it must find nothing wrong."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(  # noqa: S603 - a fixed command
        [program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def test_systemd_understands_the_unit(unit: Path) -> None:
    assert analyze("verify", str(unit)) == ""


def test_the_unit_exposes_little(unit: Path) -> None:
    analyze("security", "--offline=true", "--threshold=20", "--no-pager", str(unit))


def test_systemd_waits_longer_than_the_desk_takes_to_stop() -> None:
    text = (DEPLOY / "frontdesk.service").read_text("utf-8")
    assert "\nTimeoutStopSec=30\n" in text
