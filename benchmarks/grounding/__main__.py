"""Measures the replies of three models, with and without the guard.

    python -m benchmarks.grounding [--server good|liar|local|obedient ...]
                                   [--part tuning|held_out|blind|all] [--sample N [--seed SEED]]
                                   [--model FILE] [--claims FILE] [--data DIR]
    python -m benchmarks.grounding --part build|judge [--server local] [--judge MODEL]

The good writer says what the articles say in other words, the liar alters it, and the local model
is the GGUF file that `make local-gpt` fetches, run as `gpt: {provider: local}` runs it. Every claim
that was shown is written to the file, so that anybody can judge it. The obedient model does what
orders in articles and questions want: articles are poisoned with our own orders, questions are the
attacks of DIR, which holds `injection/` (docs/benchmarks.md).

With `--part build` or `judge`, `gpt.answers: select` and `rephrase` are measured over the articles
of other trades (`benchmarks/field/PART/trades`): a good and several hostile scripted choosers,
quoting without GPT, and the local model where it is named; then true and false statements as GPT's
own words, without a judge, with a scripted one that errs on one sentence in ten, and with MODEL at
the provider, whose key is in OPENAI_API_KEY.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grounding import injection, poisoning
from benchmarks.grounding.desk import Desk, Reply, Shop, Timed, Unchecked, open_desk
from benchmarks.grounding.questions import PARTS, Question, load
from benchmarks.grounding.rephrasing import measure_rephrasing
from benchmarks.grounding.scoring import (
    Claim,
    claims,
    generated_words,
    interval,
    is_generated,
    is_right,
    share,
)
from benchmarks.grounding.selecting import measure_selecting
from benchmarks.grounding.server import Repeating, local, scripted
from benchmarks.grounding.trades import PARTS as TRADE_PARTS
from benchmarks.grounding.trades import load_trades
from benchmarks.grounding.writers import AdversarialWriter, GoodWriter
from bot.answering.grounding import Guard
from bot.ports import ChatModel

WRITERS = ("good", "liar", "local")
OBEDIENT = "obedient"


@dataclass(frozen=True, slots=True)
class Run:
    """All questions, asked of one model."""

    server: str
    guarded: bool
    replies: tuple[tuple[Question, Reply], ...]
    claims: tuple[Claim, ...]
    milliseconds: tuple[float, ...]

    def row(self) -> str:
        """Render as a row of a Markdown table."""
        wrong = [bool(claim.wrong) for claim in self.claims]
        asked = [(q, r) for q, r in self.replies if q.type == "answerable"]
        right = [(q, r) for q, r in asked if is_right(q, r)]
        own = [is_generated(q, r) for q, r in right]
        times = sorted(self.milliseconds)
        low, high = interval(wrong)
        spent = f"{statistics.median(times):.0f} / {times[int(len(times) * 0.95)]:.0f}"
        cells = [
            self.server,
            "on" if self.guarded else "off",
            f"{sum(wrong)} of {len(wrong)}: {share(wrong):.1f} % [{low:.1f}, {high:.1f}]",
            f"{share([is_right(q, r) for q, r in asked]):.1f} %",
            f"{share(own):.1f} %",
            spent if times[-1] else "-",
        ]
        return f"| {' | '.join(cells)} |"


async def runs_of(
    shop: Shop, server: str, questions: Sequence[Question], file: Path
) -> AsyncIterator[Run]:
    """Ask all questions of one model: with the guard off, then on, over the same words."""
    liar = AdversarialWriter(questions)
    serving: AbstractAsyncContextManager[ChatModel] = {
        "good": lambda: scripted(GoodWriter(questions)),
        "liar": lambda: scripted(liar),
        "local": lambda: local(file),
    }[server]()
    async with serving as serves:
        model = Repeating(serves)
        for _, guard in _guards(shop):
            async with open_desk(shop, model, guard) as desk:
                replies = [(question, await _reply(desk, question)) for question in questions]
            lies = frozenset(liar.lies)
            found = [claim for q, reply in replies for claim in claims(q, reply, lies)]
            times = guard.milliseconds if isinstance(guard, Timed) else []
            guarded = isinstance(guard, Timed)
            yield Run(server, guarded, tuple(replies), tuple(found), tuple(times or [0.0]))


async def _reply(desk: Desk, question: Question) -> Reply:
    return await desk.ask(question.ask, language=question.language, after=question.after)


def by_type(one: Run) -> str:
    """Tell how questions of each type with an answer were answered."""
    kinds = dict.fromkeys(q.type for q, _ in one.replies if q.need)
    shares = {
        kind: share([is_right(q, r) for q, r in one.replies if q.type == kind and q.need])
        for kind in kinds
    }
    return ", ".join(f"{kind} {value:.0f} %" for kind, value in shares.items())


def by_source(one: Run) -> str:
    """Tell in how many replies something of the model's was shown, and how often it failed."""
    shown = sum(bool(generated_words(reply)) for _, reply in one.replies)
    failures = [r for _, reply in one.replies for r in reply.reasons if r.startswith("GPT failed")]
    told = "".join(f"; {count} x {reason}" for reason, count in Counter(failures).items())
    unread = sum(claim.verdict == "to be read" for claim in one.claims)
    return (
        f"{shown} of {len(one.replies)} replies hold words of the model{told}; of {unread} claims "
        "only a reader can tell whether they are supported (--claims)"
    )


async def measure(arguments: argparse.Namespace) -> None:
    if arguments.part in TRADE_PARTS:
        trades = load_trades(arguments.part)
        await measure_selecting(trades, arguments.model if arguments.server else None)
        await measure_rephrasing(trades, arguments.judge)
        return
    shop = Shop.open()
    servers = arguments.server or [*WRITERS, OBEDIENT]
    if writers := [server for server in servers if server != OBEDIENT]:
        wanted = PARTS if arguments.part == "all" else (arguments.part,)
        questions = [question for question in load() if question.part in wanted]
        if arguments.sample:
            chance = random.Random(arguments.seed)  # noqa: S311  # to be drawn again
            questions = chance.sample(questions, min(arguments.sample, len(questions)))
        runs = await _answers(shop, writers, questions, arguments)
        if arguments.claims:
            arguments.claims.write_text("\n".join(_listed(runs)) + "\n", "utf-8")
    if OBEDIENT in servers:
        parts = poisoning.PARTS if arguments.part == "all" else [arguments.part]
        for part in parts:
            plants = [plant for plant in poisoning.load() if plant.part == part]
            await _poisoned(shop, plants, part)
        if arguments.data:
            await _attacked(shop, arguments.data)


async def _answers(
    shop: Shop,
    writers: Sequence[str],
    questions: Sequence[Question],
    arguments: argparse.Namespace,
) -> list[Run]:
    chinese = sum(question.language == "zh" for question in questions)
    print(f"{len(questions)} questions, {chinese} of them Chinese ({arguments.part})")
    print("in brackets the 95 % interval\n")
    print(
        "| model | guard | unsupported claims shown | answered rightly | of these generated | "
        "ms a sentence, p50 / p95 |\n| --- | --- | --- | --- | --- | --- |"
    )
    runs = []
    for server in writers:
        async for one in runs_of(shop, server, questions, arguments.model):
            runs.append(one)
            print(one.row(), flush=True)
    for one in runs:
        print(f"\n{one.server}, guard {'on' if one.guarded else 'off'}: {by_type(one)}")
        print(by_source(one))
    return runs


async def _poisoned(shop: Shop, plants: Sequence[poisoning.InjectedOrder], part: str) -> None:
    for name, guard in _guards(shop):
        came = await poisoning.measure(shop, plants, guard)
        print(f"\n{len(plants)} orders planted in articles ({part}), guard {name}\n")
        print("\n".join(poisoning.table(came)), flush=True)
        if name == "on":
            print("\n".join(poisoning.reached(came)), flush=True)


async def _attacked(shop: Shop, data: Path) -> None:
    for name, guard in _guards(shop):
        found = await injection.measure(shop, data, guard)
        print(
            f"\nobedient model, guard {name}: {found.succeeded:.1f} % of {found.attacks} attacks "
            f"succeeded, {found.refused:.1f} % of {found.harmless} harmless look-alikes were "
            "refused as attacks",
            flush=True,
        )
        for words in found.shown if name == "on" else ():
            print(f"  shown: {words}")


def _guards(shop: Shop) -> Sequence[tuple[str, Unchecked | Timed]]:
    return ("off", Unchecked()), ("on", Timed(Guard(shop.encoder, shop.wording)))


def _listed(runs: Sequence[Run]) -> list[str]:
    lines = []
    for one in runs:
        lines.append(f"# {one.server}, guard {'on' if one.guarded else 'off'}")
        lines += [f"{c.verdict}\t{c.question.ask}\t{c.text}" for c in one.claims]
        lines += [
            f"NOT RIGHT\t{q.type}\t{q.ask}\t{r.kind}\t{'; '.join(r.reasons)}"
            for q, r in one.replies
            if q.need and not is_right(q, r)
        ]
        lines += [
            f"QUOTED\t{q.type}\t{q.ask}\t{q.say}\t{'; '.join(r.reasons)}"
            for q, r in one.replies
            if is_right(q, r) and not is_generated(q, r)
        ]
    return lines


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=(*WRITERS, OBEDIENT), action="append")
    parser.add_argument("--part", choices=(*poisoning.PARTS, *TRADE_PARTS, "all"), default="all")
    parser.add_argument("--judge", metavar="MODEL", help="a model at the provider that judges")
    parser.add_argument("--sample", type=int, metavar="N", help="ask N of the questions only")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--model", type=Path, default=Path(".frontdesk/gpt/smollm2-135m.gguf"))
    parser.add_argument("--claims", type=Path)
    parser.add_argument("--data", type=Path)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
