"""Define the commands that only read: `etl status`, `etl show`, `etl quarantine list`.

A new one is a function here that opens the database with `_store` and prints what it reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.model.report import Report
    from etl.settings import Settings
    from etl.store.query.client import Store
    from etl.store.records.coordination import RunRecord
    from etl.store.records.reports import QuarantineRecord

# Of what the last run quarantined.
SHOWN_QUARANTINED = 10
# Lines with doubtful characters that are told.
DOUBTS = 20


def status(
    skipped: Annotated[
        bool, typer.Option("--skipped", help="List what the last load took for no report, and why.")
    ] = False,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Show what is stored and how the last run went.

    Example: etl status --json
    """
    settings = options.settings(mongo)
    with _store(settings) as store:
        if skipped:
            _show_skipped(next(iter(store.runs(1, "ingest")), None), as_json)
        else:
            _show_status(store, settings, as_json)


def _show_skipped(run: "RunRecord | None", as_json: bool) -> None:
    """Print what the last load skipped, as far as its record lists it."""
    found = run.skipped if run else ()
    total = run.counts.get("skipped", 0) if run else 0
    if as_json:
        files = [terminal.fields_of(one) for one in found]
        terminal.print_json({"run": run and run.id, "skipped": total, "why_skipped": files})
        return
    terminal.print_skipped(found)
    if total > len(found):
        terminal.print_note(f"and {total - len(found)} more; `etl run --verbose` lists all")
    if not total:
        terminal.print_note(f"the last load, {run.id}, skipped nothing" if run else "nothing was loaded yet")


# What `etl status` says, in this order.
FIGURES = (
    "database", "reports", "stale", "needs_review", "gone", "decisions", "orphaned", "corrections",
    "lost_corrections", "quarantine", "entities", "sources", "revisions", "unsettled",
)  # fmt: skip


def _show_status(store: "Store", settings: "Settings", as_json: bool) -> None:
    from etl.fingerprint import fingerprints

    found, stages = store.status(), store.stale_stages(fingerprints(settings))
    run = found.last_run
    quarantined = store.set_aside(run.id, SHOWN_QUARANTINED) if run else ()
    stale = sum(stages.values())
    figures = {name: stale if name == "stale" else getattr(found, name) for name in FIGURES}
    if as_json:
        last = {"last_run": run, "last_quarantined": quarantined, "writer": found.writer}
        terminal.print_json({**figures, "stale_since": stages, **last})
        return
    why = ", ".join(f"{number} from {stage} on" for stage, number in stages.items())
    writer = [("writing now", found.writer.words())] if found.writer else []
    terminal.print_table([*figures.items(), *([("stale since", why)] if why else []), *writer])
    terminal.print_result("")
    _show_run(run, quarantined)


def show(
    identifier: options.Identifier,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page: raw beside restored, all changes marked."),
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="What changed from version to version.")] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="List every change, not only repairs and counts.")
    ] = False,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Show one report and what was changed in it; with --html only the path of the page that was written.

    Example: etl show 1f6c0b9a --html report.html
    """
    with _store(options.settings(mongo)) as store:
        report = store.full_id(identifier)
        if html:
            _write_page(store, report, html)
            _tell_path(html, as_json)
        elif history:
            _show_history(store, report, as_json)
        elif as_json:
            terminal.print_json(store.document(report))
        else:
            _show(store, report, changes)


def quarantined(
    reason: options.Reason = None,
    stage: Annotated[
        str | None, typer.Option("--stage", metavar="WORD", help="Only those of this stage.")
    ] = None,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """List the reports in quarantine, and why.

    Example: etl quarantine list --reason encoding
    """
    with _store(options.settings(mongo)) as store:
        records = store.quarantined(reason, stage)
        reasons = {} if records else store.reasons()
    for record in records:
        if as_json:
            terminal.print_json(terminal.fields_of(record))
        else:
            terminal.print_result(f"{record.id}  {record.stage}/{record.reason}  {record.uri}")
            terminal.print_result(f"    {record.message} ({_tries(record)})")
    if not records:
        terminal.print_note(nothing_matches(reasons))


def nothing_matches(reasons: Mapping[str, int]) -> str:
    """Return the line for a quarantine in which nothing matches, with what ``reasons`` there are instead.

    >>> nothing_matches({"read/empty": 2})
    'nothing in quarantine matches; stages and reasons there are: read/empty (2)'
    """
    if not reasons:
        return "nothing is in quarantine"
    said = ", ".join(f"{one} ({number})" for one, number in reasons.items())
    return f"nothing in quarantine matches; stages and reasons there are: {said}"


def nothing_held(mongo: str | None) -> str:
    """Return the line of `nothing_matches`, with the reasons read from the database."""
    with _store(options.settings(mongo)) as store:
        return nothing_matches(store.reasons())


def _tries(record: "QuarantineRecord") -> str:
    first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in (record.first_seen, record.last_seen))
    return f"{record.error}, tried {record.attempts}x, first {first}, last {last} UTC"


def _store(settings: "Settings") -> "Store":
    from etl.wiring import open_store

    return open_store(settings)


def _show_run(run: "RunRecord | None", quarantined: "Sequence[QuarantineRecord]") -> None:
    """Print the last run: its counts as Prefect shows them, and what was quarantined."""
    from etl.figures import report_figures

    if run is None:
        terminal.print_table([("last run", "none yet")])
        return
    head = [
        ("last run", f"{run.kind} {run.id}, {run.state}"),
        ("started", f"{run.started_at:%Y-%m-%d %H:%M} UTC"),
    ]
    said = [("message", run.message)] if run.message else []
    terminal.print_table([*head, *said, *report_figures(run.counts, run.seconds).items()])
    for record in quarantined:
        terminal.print_result(f"quarantined  {record.id}  {record.stage}: {record.reason}  {record.uri}")
    more = run.counts.get("quarantined", 0) - len(quarantined)
    if more > 0:
        terminal.print_result(f"and {more} more; see `etl quarantine list`")
    if run.counts.get("skipped"):
        terminal.print_result("what was skipped: see `etl status --skipped`")


def _show(store: "Store", identifier: str, every_change: bool) -> None:
    report, short = store.report(identifier), store.short_id(identifier)
    _show_head(report, short, store.reprints(identifier))
    for paragraph in report.paragraphs:
        page = f", page {paragraph.page}" if paragraph.page else ""
        terminal.print_result(f"\n[{paragraph.kind}{page}] {paragraph.text}")
    terminal.print_result("")
    kinds = sorted({entity.type for entity in report.entities})
    terminal.print_table([(kind, _named(report, kind)) for kind in kinds])
    _show_facts(report)
    _show_changes(report, short, every_change)


def _show_head(report: "Report", short: str, reprints: Sequence[str]) -> None:
    gone = report.source.gone_at and f"since {report.source.gone_at:%Y-%m-%d %H:%M} UTC"
    links = {"source gone": gone, "reprint of": report.reprint_of, "reprinted as": "、".join(reprints)}
    terminal.print_table(
        [
            ("id", f"{report.id} ({short} will do)"),
            ("published", report.published_on or "unknown"),
            ("authors", "、".join(report.authors) or "unknown"),
            ("source", f"{report.source.uri} ({report.source.encoding}, script {report.script})"),
            *((name, one) for name, one in (links | {"pages": _pages(report)}).items() if one),
        ]
    )


def _pages(report: "Report") -> str:
    """Describe the pages of a report in words; "" where it has none.

    >>> from types import SimpleNamespace as Some
    >>> _pages(Some(quality=Some(pages=3, columns=2, ocr=0.0)))
    '3, up to 2 columns side by side'
    """
    found = report.quality
    if not found.pages:
        return ""
    columns = f", up to {found.columns} columns side by side" if found.columns > 1 else ""
    read = f", {found.ocr:.0%} of the text by character recognition" if found.ocr else ""
    return f"{found.pages}{columns}{read}"


def _show_facts(report: "Report") -> None:
    from etl.sentences import sentence, templates

    if report.facts:
        terminal.print_result("")
        told = templates()
    for fact in report.facts:
        terminal.print_result(f"{fact.type}: {sentence(fact, told.get(fact.type, ()))}")


def _show_changes(report: "Report", short: str, every_change: bool) -> None:
    from etl.cli.output import changes, ledger
    from etl.model.traced import RawToText

    more = "" if every_change or not report.edits else f"; `etl show {short} --changes` lists each"
    terminal.print_result(f"\n{len(report.edits)} changes{more}")
    if more:
        terminal.print_result("`etl rule NAME` says what a rule does and where it stops")
    if report.quality.suggestions:
        terminal.print_result(
            f"{report.quality.suggestions} of them are suggestions below the threshold; "
            f"decide with `etl review {short}`"
        )
    if report.quality.unreadable:
        terminal.print_result(
            f"{report.quality.unreadable:.2%} of its characters are unreadable; look for a better copy"
        )
    if "too tangled" in report.review_reasons:
        terminal.print_result("too many sentences break off to tell the order; look for a better copy")
    for doubt in _doubts(report):
        terminal.print_result(doubt)
    where = RawToText(report.runs)
    each = (ledger.words(change, where) for change in report.edits)
    for line in each if every_change else changes.summarize_changes(report):
        terminal.print_result("  " + line)


def _doubts(report: "Report") -> Iterator[str]:
    """Yield lines about what a report's pages leave in doubt: reading order, characters, fonts."""
    found = report.quality
    if found.doubtful_pages:
        named = ", ".join(map(str, found.doubtful_pages))
        yield f"the lines of page {named} may stand in another order; compare with the page"
    if "doubtful characters" in report.review_reasons:
        for one in report.layout.doubtful()[:DOUBTS]:
            start, end = one.start, one.end
            yield f"page {one.page}: a line was recognized with {one.sure:.0%} certainty (raw {start}-{end})"
    if found.broken_fonts:
        mended = "broken fonts" not in report.review_reasons
        what = "other programs read them" if mended else "look for a better copy"
        yield f"{found.broken_fonts} fonts map glyphs to wrong characters; {what}"


def _named(report: "Report", kind: str) -> str:
    return "、".join(dict.fromkeys(entity.text for entity in report.entities if entity.type == kind))


def _tell_path(path: Path, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"html": str(path)})
    else:
        terminal.print_result(str(path))


def _show_history(store: "Store", identifier: str, as_json: bool) -> None:
    for version in store.history(identifier):
        if as_json:
            names = ("revision", "loaded_at", "replaced_at", "run_id", "diff")
            terminal.print_json({name: getattr(version, name) for name in names})
            continue
        terminal.print_result(
            f"revision {version.revision}, {version.loaded_at:%Y-%m-%d %H:%M} UTC, run {version.run_id}"
        )
        for line in version.diff:
            terminal.print_result("    " + line)


def _write_page(store: "Store", identifier: str, target: Path) -> None:
    from etl.model.report import RawReport
    from etl.view import page
    from etl.wiring import decode

    report = store.report(identifier)
    raw = RawReport(report.source.uri, report.source.media_type, store.raw(identifier))
    try:
        target.write_text(page(report, decode(raw)), encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"{target} cannot be written ({error.strerror}); name another file in --html"
        ) from error
