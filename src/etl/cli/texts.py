"""Define the commands that need no database: `etl clean` and `etl process`.

A new command over files is one function here, built on `_readable`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.output import terminal
from etl.model.errors import RejectError, SetupError, TransientError

if TYPE_CHECKING:
    from etl.engines import Engines
    from etl.model.report import Candidate, RawReport
    from etl.pipeline import Cleaned
    from etl.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """A report to restore, with the file to write."""

    candidate: "Candidate"
    target: Path


def clean(
    paths: options.Paths,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made where missing.")],
    script: Annotated[
        options.ScriptName | None, typer.Option("--script", help="Write in this script; default: as found.")
    ] = None,
    with_ledger: Annotated[
        bool, typer.Option("--ledger", help="Write each change beside it, as NAME.edits.jsonl.")
    ] = False,
) -> None:
    """Restore reports into text files; no database.

    Example: etl clean samples --out restored --script hans --ledger
    """
    from etl import engines

    settings = options.settings()
    machines = engines.default()
    refused: list[str] = []
    written = 0
    for report in _targets(paths, out, settings, refused):
        try:
            cleaned = _clean(report.candidate, machines, settings, script)
        except (RejectError, TransientError) as error:
            _refuse(report.candidate.uri, error, refused)
            continue
        _write(report.target, cleaned, with_ledger=with_ledger)
        written += 1
    terminal.print_note(f"{written} restored into {out}, {len(refused)} could not be")
    _leave(refused)


def process(
    paths: options.Paths,
    published_on: Annotated[
        str | None,
        typer.Option("--published-on", metavar="DATE", help="The day from which relative dates count."),
    ] = None,
) -> None:
    """Print reports as JSON lines; no database.

    Example: etl process report.txt --published-on 2020-02-15
    """
    from etl import engines, pipeline
    from etl.model.report import Rejected
    from etl.store.records.report_codec import to_document

    settings = options.settings()
    day = options.day(published_on, "--published-on")
    machines = engines.default()
    refused: list[str] = []
    for raw in _readable(paths, settings, refused):
        made = pipeline.process(replace(raw, published_on=day) if day else raw, machines, settings)
        if isinstance(made, Rejected):
            _refuse(made.uri, RejectError(made.stage, made.reason, made.message), refused)
        else:
            terminal.print_json(to_document(made))
    _leave(refused)


def _targets(paths: Sequence[str], out: Path, settings: "Settings", refused: list[str]) -> list[Found]:
    """Return every report under the paths with the file to write.

    Raises:
        SetupError: a report would overwrite its own source.
    """
    from etl.cli.output import names
    from etl.sources.names import local_uri

    listed: dict[str, tuple[Candidate, PurePosixPath]] = {}
    for path in paths:
        root = path if "://" in path else local_uri(path)
        for candidate in _candidates([path], settings, refused):
            listed.setdefault(candidate.uri, (candidate, names.relative(candidate.uri, root)))
    places = names.targets([(uri, place) for uri, (_, place) in listed.items()])
    found = [Found(candidate, out / places[uri]) for uri, (candidate, _) in listed.items()]
    for report in found:
        if _same(report.candidate.uri, report.target):
            raise SetupError(f"--out {out} would write over {report.candidate.uri}; name another folder")
    return found


def _candidates(paths: Sequence[str], settings: "Settings", refused: list[str]) -> Iterator["Candidate"]:
    """Yield the reports that sources offer; print those they refuse, and add their URIs to ``refused``."""
    from etl.model.report import Candidate, Rejected
    from etl.sources import list_candidates

    for item in list_candidates(paths, settings.source):
        if isinstance(item, Candidate):
            yield item
        elif isinstance(item, Rejected):
            _refuse(item.uri, RejectError(item.stage, item.reason, item.message), refused)


def _readable(paths: Sequence[str], settings: "Settings", refused: list[str]) -> Iterator["RawReport"]:
    """Yield the fetched reports under the paths; print those that fail, and add their URIs to ``refused``."""
    from etl.sources import fetch

    for candidate in _candidates(paths, settings, refused):
        try:
            yield fetch(candidate, settings.source)
        except (RejectError, TransientError) as error:
            _refuse(candidate.uri, error, refused)


def _clean(
    candidate: "Candidate", machines: "Engines", settings: "Settings", script: options.ScriptName | None
) -> "Cleaned":
    from etl import pipeline, read
    from etl.engines import read_limits
    from etl.sources import fetch

    cleaned = pipeline.clean(
        read.read(fetch(candidate, settings.source), read_limits(settings)), machines, settings
    )
    return pipeline.in_script(cleaned, machines, script.value) if script else cleaned


def _write(target: Path, cleaned: "Cleaned", *, with_ledger: bool) -> None:
    """Write a restored text, and its ledger beside it if ``with_ledger``.

    Raises:
        SetupError: the file cannot be written.
    """
    from etl.cli.output import ledger
    from etl.model.traced import RawToText, concat

    text = "".join(paragraph.body.text + "\n" for paragraph in cleaned.structure.paragraphs)
    where = RawToText(concat(paragraph.body for paragraph in cleaned.structure.paragraphs).runs)
    lines = (
        json.dumps(ledger.change_line(change, where), ensure_ascii=False) + "\n" for change in cleaned.changes
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        if with_ledger:
            target.with_suffix(".edits.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise SetupError(
            f"{target} cannot be written ({error.strerror}); name a folder that can be in --out"
        ) from error


def _same(uri: str, target: Path) -> bool:
    from etl.sources.names import local_path

    return uri.startswith("file://") and target.exists() and target.samefile(local_path(uri))


def _refuse(uri: str, error: RejectError | TransientError, refused: list[str]) -> None:
    refused.append(uri)
    why = f"{error.stage}/{error.reason}: " if isinstance(error, RejectError) else ""
    terminal.print_note(f"{uri}: {why}{error}")


def _leave(refused: Sequence[str]) -> None:
    if refused:
        raise typer.Exit(1)
