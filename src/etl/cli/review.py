"""The command `etl review`: what the program was not sure of, what it did, and what a person says of it.

A new action is one more name in `Action` and a case in `review`.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli import ledger, options, terminal
from etl.errors import SetupError

if TYPE_CHECKING:
    from etl.decisions import Decision
    from etl.ingest import RecordedDecision
    from etl.settings import Settings
    from etl.store.query.review import Item, Review, Waiting
    from etl.store.records.annotations import DecisionRecord

STATES = {
    "open": "waits for a decision",
    "made": "made by the program",
    "accepted": "accepted",
    "rejected": "rejected",
}


class Action(StrEnum):
    """What a person may say of a repair or suggestion."""

    ACCEPT = "accept"
    REJECT = "reject"


def review(
    identifier: Annotated[
        str | None, typer.Argument(metavar="ID", help="A report; default: list those that need review.")
    ] = None,
    action: Annotated[
        Action | None, typer.Argument(metavar="accept|reject", help="What you say of it.", show_default=False)
    ] = None,
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Which one, as `etl review ID` counts.")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Why, for those who come later.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; default: you.")] = None,
    revision: Annotated[
        int | None,
        typer.Option("--revision", metavar="R", help="Only if the report still has this revision."),
    ] = None,
    waiting: Annotated[bool, typer.Option("--open", help="Only what waits for a decision.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Reports to list.")] = 20,
    after: Annotated[str, typer.Option("--after", metavar="ID", help="List those behind this one.")] = "",
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Look at doubtful repairs and settle them: a decision is kept and survives every reprocessing.

    Example: etl review 1f6c0b9a2d3e4f5061728394 reject 2 --note "two articles"
    """
    settings = options.settings(mongo)
    if identifier is None:
        _list(settings, limit, after, as_json)
    elif action is None:
        _show(settings, identifier, waiting, as_json)
    elif number is None:
        raise SetupError(f"no number was given; `etl review {identifier}` counts what can be decided")
    else:
        from etl.ingest import Ruling, record_decision
        from etl.settings import user

        ruling = Ruling(identifier, number, action is Action.ACCEPT, by or user(), note, revision)
        _tell(record_decision(ruling, settings), number, as_json)


def _list(settings: "Settings", limit: int, after: str, as_json: bool) -> None:
    from etl.wiring import open_store

    with open_store(settings) as store:
        found = store.waiting(limit, after)
    for report in found:
        _row(report, as_json)
    if not found and not as_json:
        terminal.note("no report waits for review")
    if len(found) == limit:
        terminal.note(f"there may be more: etl review --after {found[-1].id}")


def _row(report: "Waiting", as_json: bool) -> None:
    if as_json:
        terminal.emit(terminal.fields(report))
        return
    lost = f", {report.orphans} decisions without a place" if report.orphans else ""
    terminal.tell(f"{report.published_on or 'undated':<10}  {report.id}  {report.title}")
    others = "".join(f", {reason}" for reason in report.reasons if reason != "doubtful repairs")
    terminal.tell(f"    {report.suggestions} suggestions{others}{lost}")


def _show(settings: "Settings", identifier: str, waiting: bool, as_json: bool) -> None:
    from etl.wiring import open_store

    with open_store(settings) as store:
        found = store.review(store.full_id(identifier))
    items = found.open if waiting else found.items
    if as_json:
        terminal.emit(_json(found, items))
        return
    terminal.tell(f"{found.report_id}  {found.title}  (revision {found.revision})")
    for item in items:
        _tell_item(item)
    for record in found.orphans:
        terminal.tell(f"\nwithout a place in the text as it is now: {_said(record)}")
        terminal.tell("     " + _around(record.decision))
    if not items:
        terminal.note("nothing waits for a decision" if waiting else "nothing was repaired")


def _tell_item(item: "Item") -> None:
    state = _said(item.record) if item.record and item.change.decided else STATES[item.state]
    terminal.tell(f"\n{item.number:>3}  {state}")
    terminal.tell("     " + ledger.words(item.change))
    terminal.tell("     " + _around(item.decision))


def _said(record: "DecisionRecord") -> str:
    """Who decided what, when and why."""
    verdict = "accepted" if record.decision.accepted else "rejected"
    why = f": {record.note}" if record.note else ""
    return f"{verdict} by {record.decided_by}, {record.decided_at:%Y-%m-%d %H:%M} UTC{why}"


def _around(decision: "Decision") -> str:
    """The words on both sides of what is decided: where it is cut, or where the line was."""
    left = decision.left or decision.right
    begun = decision.right if decision.deed != "removal" else decision.end or decision.right
    return f"…{left.before} ‖ {begun.after}…"


def _tell(settled: "RecordedDecision", number: int, as_json: bool) -> None:
    record, counts = settled.record, settled.summary.counts
    verdict = "accepted" if record.decision.accepted else "rejected"
    if as_json:
        terminal.emit(
            {
                "report_id": record.report_id,
                "number": number,
                "verdict": verdict,
                "decision": record.id,
                "revision": settled.revision,
                "open": settled.open,
                "needs_review": settled.needs_review,
                "run": settled.summary.run_id,
            }
        )
    else:
        left = (
            f"{settled.open} suggestions wait still" if settled.open else "nothing waits for review any more"
        )
        terminal.tell(f"{verdict} {number} of {record.report_id}, now revision {settled.revision}; {left}")
    if counts.quarantined or counts.left:
        terminal.note("the report could not be made again; the decision is kept, see `etl quarantine list`")
        raise typer.Exit(1)


def _json(found: "Review", items: "tuple[Item, ...]") -> dict[str, Any]:
    return {
        "report_id": found.report_id,
        "title": found.title,
        "revision": found.revision,
        "items": [_item(item) for item in items],
        "orphans": [_record(record) for record in found.orphans],
    }


def _item(item: "Item") -> dict[str, Any]:
    return {
        "number": item.number,
        "state": item.state,
        **ledger.line(item.change),
        "around": _around(item.decision),
        "decision": _record(item.record) if item.record else None,
    }


def _record(record: "DecisionRecord") -> dict[str, Any]:
    from etl.store.records.codec import to_bson

    stored: dict[str, Any] = to_bson(record)
    moments = {name: stored[name].isoformat() for name in ("decided_at", "orphaned_at") if stored[name]}
    return stored | moments
