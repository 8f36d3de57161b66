"""`frontdesk import`: imports intents from other formats, with replies or as drafts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, print_json
from bot.cli.output import count, heading, line, next_step

if TYPE_CHECKING:
    from bot.understanding.exchange import ImportReport

app = typer.Typer(no_args_is_help=True, help="Import intents from other formats.")

ToOption = Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the intent files.")]
LanguageOption = Annotated[
    str, typer.Option("--language", metavar="TAG", help="Language of texts without one.")
]


@app.callback()
def _group() -> None:
    pass


@app.command("csv")
def import_csv(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Columns text, label; or question, answer."),
    ],
    to: ToOption,
    text: Annotated[
        str | None, typer.Option("--text", metavar="COLUMN", help="Column of messages.")
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="COLUMN", help="Column of labels.")
    ] = None,
    reply: Annotated[
        str | None, typer.Option("--reply", metavar="COLUMN", help="Column of replies.")
    ] = None,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert labelled messages, or questions with answers, to intent files."""
    from bot.understanding.exchange import import_csv as run

    report = run(file, to, text=text, label=label, reply=reply, language=_tag(language))
    _show(report, to, json=json)


@app.command("jsonl")
def import_jsonl(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="One JSON object a line: text, label.")
    ],
    to: ToOption,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert labelled messages, one JSON object a line, to intent files."""
    from bot.understanding.exchange import import_jsonl as run

    _show(run(file, to, language=_tag(language)), to, json=json)


@app.command("json")
def import_json(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list of JSON objects: text, label.")
    ],
    to: ToOption,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert labelled messages, a list of JSON objects, to intent files."""
    from bot.understanding.exchange import import_json as run

    _show(run(file, to, language=_tag(language)), to, json=json)


@app.command("rasa")
def import_rasa(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A project of Rasa 1, 2 or 3, or a file of it.")
    ],
    to: ToOption,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert a Rasa project to intent files, with the replies of its rules and stories."""
    from bot.understanding.exchange import import_rasa as run

    _show(run(path, to, language=_tag(language)), to, json=json)


@app.command("rasa-tests")
def import_rasa_tests(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Test stories of Rasa 2 or 3, or their project.")
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="The new file of conversation tests.")
    ],
    json: JsonOption = False,
) -> None:
    """Convert Rasa's test stories to conversation tests; list what cannot be converted."""
    from bot.app.conversation_tests.rasa import conversations_of
    from bot.app.conversation_tests.recording import refuse_to_overwrite
    from bot.app.conversation_tests.writing import conversation_file
    from bot.understanding.exchange import read_test_stories
    from bot.understanding.exchange.report import printable

    refuse_to_overwrite(to)
    found = read_test_stories(path)
    conversations = conversations_of(found.stories)
    if conversations:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(conversation_file(conversations), encoding="utf-8")
    remarks = [f"{printable(name)}: {reason}" for name, reason in found.incomplete]
    remarks += found.left_out.lines()
    if json:
        counts = {"stories": found.count, "conversations": len(conversations)}
        print_json({**counts, "left_out": remarks})
        return
    heading(f"{to}: {len(conversations)} of {found.count:,} test stories")
    for remark in remarks:
        line(f"  {remark}")
    next_step(f"frontdesk test --files {to}")


@app.command("luis")
def import_luis(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An app of LUIS or CLU as JSON.")],
    to: ToOption,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert an app of LUIS, or a project of CLU, to intent files."""
    from bot.understanding.exchange import import_luis as run

    _show(run(file, to, language=_tag(language)), to, json=json)


@app.command("dialogflow")
def import_dialogflow(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="An agent of Dialogflow ES: folder or zip file.")
    ],
    to: ToOption,
    language: LanguageOption = "",
    json: JsonOption = False,
) -> None:
    """Convert an agent of Dialogflow ES to intent files, with its responses."""
    from bot.understanding.exchange import import_dialogflow as run

    _show(run(path, to, language=_tag(language)), to, json=json)


def _tag(language: str) -> str:
    from bot.understanding.language.tags import canonical, suggestion

    if language and canonical(language) is None:
        raise typer.BadParameter(
            f'"{language}" is not a language tag: {suggestion(language)}', param_hint="--language"
        )
    return canonical(language) or ""


def _show(report: ImportReport, to: Path, *, json: bool) -> None:
    if json:
        print_json(_as_data(report))
        return
    outside = f", {report.out_of_scope} out of scope" if report.out_of_scope else ""
    found = f"{count(report.intents, 'intent')}, {count(report.examples, 'example')}{outside}"
    heading(f"{to}: {found}")
    drafts = report.intents - report.answered
    if report.answered:
        line(f"  {report.answered} with a reply, {count(drafts, 'draft')}")
    for remark in report.remarks():
        line(f"  {remark}")
    step = f"write replies and take out `draft: true` in {to}, then: " if drafts else ""
    next_step(f"{step}frontdesk check")


def _as_data(report: ImportReport) -> dict[str, object]:
    return {
        **asdict(report),
        "files": [str(path) for path in report.files],
        "renamed": dict(report.renamed),
    }
