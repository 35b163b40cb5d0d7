"""Define `etl review`, which lists doubtful repairs and carries out what a person says of them.

The actions are in `correcting`.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli import correcting, options
from etl.cli.output import ledger, terminal

if TYPE_CHECKING:
    from etl.model.decisions import Decision
    from etl.model.traced import RawToText
    from etl.settings import Settings
    from etl.store.query.review import CorrectionItem, Item, Review, Waiting
    from etl.store.records.annotations import DecisionRecord

# Reasons that are told with a number of their own.
TOLD = ("doubtful repairs", "lost corrections")
STATES = {
    "open": "waits for a decision",
    "made": "made by the program",
    "accepted": "accepted",
    "rejected": "rejected",
}


def review(
    identifier: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A report, or `export`; default: list those that need review."),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACTION", help=f"What you say of it: {'; '.join(correcting.USAGE)}.", show_default=False
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Why, for those who come later.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; default: you.")] = None,
    revision: Annotated[
        int | None,
        typer.Option("--revision", metavar="R", help="Only if the report still has this revision."),
    ] = None,
    at: Annotated[
        int | None, typer.Option("--at", metavar="N", help="Use the occurrence at offset N.")
    ] = None,
    waiting: Annotated[bool, typer.Option("--open", help="Only what waits for a decision.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Reports to list.")] = 20,
    after: Annotated[str, typer.Option("--after", metavar="ID", help="List those behind this one.")] = "",
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Review doubtful repairs and correct texts and entities; all of it outlives every reprocessing.

    Example: etl review 1f6c0b9a edit 张丰 张三丰 --note "as printed"
    """
    from etl.settings import user

    settings = options.settings(mongo)
    if identifier is None:
        _list(settings, limit, after, as_json)
    elif identifier == "export":
        correcting.export(settings, words or [])
    elif not words:
        _show(settings, identifier, waiting, as_json)
    else:
        said = correcting.ReviewCommand(identifier, words, by or user(), note, revision, at)
        correcting.say(said, settings, as_json=as_json)


def _list(settings: "Settings", limit: int, after: str, as_json: bool) -> None:
    from etl.wiring import open_store

    with open_store(settings) as store:
        found = store.waiting(limit, after)
    for report in found:
        _row(report, as_json)
    if not found and not as_json:
        terminal.print_note("no report waits for review")
    if len(found) == limit:
        terminal.print_note(f"there may be more: etl review --after {found[-1].id}")


def _row(report: "Waiting", as_json: bool) -> None:
    if as_json:
        terminal.print_json(terminal.fields_of(report))
        return
    lost = f", {report.orphans} decisions without a place" if report.orphans else ""
    lost += f", {report.lost} corrections that no longer fit" if report.lost else ""
    terminal.print_result(f"{report.published_on or 'undated':<10}  {report.id}  {report.title}")
    others = "".join(f", {reason}" for reason in report.reasons if reason not in TOLD)
    terminal.print_result(f"    {report.suggestions} suggestions{others}{lost}")


def _show(settings: "Settings", identifier: str, waiting: bool, as_json: bool) -> None:
    from etl.wiring import open_store

    with open_store(settings) as store:
        found = store.review(store.full_id(identifier))
    items = found.open if waiting else found.items
    if as_json:
        terminal.print_json(_json(found, items))
        return
    terminal.print_result(f"{found.report_id}  {found.title}  (revision {found.revision})")
    for item in items:
        _tell_item(item, found.where)
    for record in found.orphans:
        terminal.print_result(f"\nwithout a place in the text as it is now: {_said(record)}")
        terminal.print_result("     " + _around(record.decision))
    for correction in found.corrections:
        _tell_correction(correction)
    if not items and not found.corrections:
        terminal.print_note("nothing waits for a decision" if waiting else "nothing was repaired")


def _tell_item(item: "Item", where: "RawToText") -> None:
    state = _said(item.record) if item.record and item.change.decided else STATES[item.state]
    terminal.print_result(f"\n{item.number:>3}  {state}")
    terminal.print_result("     " + ledger.words(item.change, where))
    terminal.print_result("     " + _around(item.decision))


def _tell_correction(item: "CorrectionItem") -> None:
    record, became = item.record, item.became
    state = became.state if became else "taken back" if record.taken_back_at else "not carried out yet"
    why = f" ({became.reason})" if became and became.reason else ""
    terminal.print_result(f"\n c{item.number}  {correcting.words(record.amendment)}: {state}{why}")
    note = f": {record.note}" if record.note else ""
    terminal.print_result(f"     by {record.corrected_by}, {record.corrected_at:%Y-%m-%d %H:%M} UTC{note}")
    if record.taken_back_at:
        terminal.print_result(
            f"     taken back by {record.taken_back_by}, {record.taken_back_at:%Y-%m-%d %H:%M} UTC"
        )


def _said(record: "DecisionRecord") -> str:
    """Describe a decision: who decided what, when and why."""
    verdict = "accepted" if record.decision.accepted else "rejected"
    why = f": {record.note}" if record.note else ""
    return f"{verdict} by {record.decided_by}, {record.decided_at:%Y-%m-%d %H:%M} UTC{why}"


def _around(decision: "Decision") -> str:
    """Quote the text on both sides of a decision's place, with ‖ for the seam or the removed line."""
    left = decision.left or decision.right
    begun = decision.right if decision.deed != "removal" else decision.end or decision.right
    return f"…{left.before} ‖ {begun.after}…"


def _json(found: "Review", items: "tuple[Item, ...]") -> dict[str, Any]:
    return {
        "report_id": found.report_id,
        "title": found.title,
        "revision": found.revision,
        "items": [_item(item, found.where) for item in items],
        "orphans": [_record(record) for record in found.orphans],
        "corrections": [_correction(item) for item in found.corrections],
    }


def _correction(item: "CorrectionItem") -> dict[str, Any]:
    from etl.store.records.codec import to_bson

    record, became = to_bson(item.record), item.became
    for name in ("corrected_at", "taken_back_at"):
        record[name] = record[name].isoformat() if record[name] else None
    told = {"state": became.state, "reason": became.reason} if became else {"state": None, "reason": None}
    return {"number": item.number, "words": correcting.words(item.record.amendment), **told, **record}


def _item(item: "Item", where: "RawToText") -> dict[str, Any]:
    return {
        "number": item.number,
        "state": item.state,
        **ledger.change_line(item.change, where),
        "around": _around(item.decision),
        "decision": _record(item.record) if item.record else None,
    }


def _record(record: "DecisionRecord") -> dict[str, Any]:
    from etl.store.records.codec import to_bson

    stored: dict[str, Any] = to_bson(record)
    moments = {
        name: stored[name].isoformat()
        for name in ("decided_at", "orphaned_at", "taken_back_at")
        if stored[name]
    }
    return stored | moments
