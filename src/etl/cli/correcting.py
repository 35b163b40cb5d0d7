"""Carry out `etl review ID ACTION …`: turn words typed at a terminal into calls of `etl.ingest`.

A new action is a line in `USAGE` and a case in `_done` or `_asked`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import typer

from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.corrections import Amendment, Passage
    from etl.corrections.requests import CorrectionRequest
    from etl.corrections.typed import Span
    from etl.ingest import Settled
    from etl.model.report import Report
    from etl.settings import Settings

USAGE = (
    "accept N",
    "reject N",
    "edit WORDS OTHERS",
    "split BEFORE AFTER",
    "join BEFORE AFTER",
    "kind WORDS KIND",
    "entity WORDS KIND|none [NAME=VALUE …]",
    "undo N|cN|all",
)
# Characters on each side of a correction that are shown.
AROUND = 8
DONE = {"accept": "accepted", "reject": "rejected", "undo": "took back"}


@dataclass(frozen=True, slots=True)
class ReviewCommand:
    """The words of one `etl review ID ACTION …`: report, action, person, reason, revision, place."""

    report: str
    words: Sequence[str]
    by: str
    note: str | None
    revision: int | None
    at: int | None

    @property
    def action(self) -> str:
        """The first word, which names the action."""
        return self.words[0]


def say(command: ReviewCommand, settings: "Settings", *, as_json: bool) -> None:
    """Carry out the command, and print what became of the report."""
    usage = [line for line in USAGE if line.split()[0] == command.action]
    if not usage:
        raise SetupError(f"found {command.action!r}; what can be said of a report is {', '.join(USAGE)}")
    most = 99 if command.action == "entity" else len(usage[0].split())
    if not len(usage[0].split(" [")[0].split()) <= len(command.words) <= most:
        if command.action in ("accept", "reject", "undo"):
            raise SetupError(f"no number was given; `etl review {command.report}` counts what can be decided")
        raise SetupError(f"expected `etl review {command.report} {usage[0]}`, each of them quoted")
    _tell(command, _done(command, settings), as_json=as_json)


def _done(command: ReviewCommand, settings: "Settings") -> "Settled":
    from etl import ingest
    from etl.wiring import open_store

    if command.action in ("accept", "reject"):
        act = ingest.accept if command.action == "accept" else ingest.reject
        me = ingest.Signature(command.by, command.note, command.revision)
        return act(command.report, _number(command.words[1]), me, settings)
    with open_store(settings) as store:
        one = store.full_id(command.report)
        entry = store.document(one)
        seen = command.revision if command.revision is not None else int(entry["revision"])
        me = ingest.Signature(command.by, command.note, seen)
        ids = _ids(store.review(one), command.words[1]) if command.action == "undo" else None
        asked = None if command.action == "undo" else _asked(command, store.report(one))
    if asked is None:
        return ingest.take_back(one, ids, me, settings)
    return ingest.correct(one, asked, me, settings)


def _number(word: str) -> int:
    if not word.isdecimal():
        raise SetupError(f"found {word!r}; expected the number of a repair")
    return int(word)


def _ids(found: Any, word: str) -> tuple[str, ...] | None:  # noqa: ANN401 - a `Review`, imported late
    """Return the ids of what is taken back: None for all, a correction (c2), a decision about repair (2)."""
    if word == "all":
        return None
    number = _number(word.removeprefix("c"))
    if word.startswith("c"):
        chosen = [item.record.id for item in found.corrections if item.number == number]
    else:
        record = found.item(number).record
        chosen = [record.id] if record else []
    if not chosen:
        raise SetupError(
            f"report {found.report_id} has no decision or correction {word}; "
            f"see `etl review {found.report_id}`"
        )
    return tuple(chosen)


def _asked(command: ReviewCommand, report: "Report") -> "CorrectionRequest":
    from etl.corrections import typed

    action, first, second, *rest = *command.words, *([""] * (3 - len(command.words)))
    length = len(first) + len(second) + 1  # as much as one place needs
    within: Span | None = None if command.at is None else (command.at, command.at + length)
    match action:
        case "edit":
            return typed.request_change(report, first, second, within)
        case "split":
            return typed.request_split(report, first, second, within)
        case "join":
            return typed.request_join(report, first, second, within)
        case "kind":
            return typed.request_kind(report, first, cast("Any", second), within)
    values = dict(pair.partition("=")[::2] for pair in rest)
    return typed.request_entity(
        report, first, None if second == "none" else cast("Any", second), values, within
    )


def _tell(command: ReviewCommand, settled: "Settled", *, as_json: bool) -> None:
    counts = settled.summary.counts
    if as_json:
        terminal.print_json(_fields(command, settled))
    else:
        waits = [f"{settled.open} suggestions wait still"] if settled.open else []
        waits += [f"{settled.lost} corrections no longer fit"] if settled.lost else []
        waits = waits or ["nothing waits for review any more"]
        done = DONE.get(command.action, "corrected")
        what = f"{done} {command.words[1]} of" if command.action in DONE else done
        terminal.print_result(
            f"{what} {settled.report_id}, now revision {settled.revision}; {', '.join(waits)}"
        )
    if counts.quarantined or counts.left:
        terminal.print_note(
            "the report could not be made again; what you said is kept, see `etl quarantine list`"
        )
        raise typer.Exit(1)


def _fields(command: ReviewCommand, settled: "Settled") -> dict[str, Any]:
    told: dict[str, Any] = {"action": command.action, "ids": settled.ids}
    if command.action in ("accept", "reject"):
        told = {"number": int(command.words[1]), "verdict": DONE[command.action], "decision": settled.ids[0]}
    return {
        "report_id": settled.report_id,
        **told,
        "revision": settled.revision,
        "open": settled.open,
        "lost": settled.lost,
        "needs_review": settled.needs_review,
        "run": settled.summary.run_id,
    }


def words(amendment: "Amendment") -> str:
    """Describe an amendment in one line.

    >>> from etl.corrections import KindEdit, Passage
    >>> from etl.model.decisions import Anchor
    >>> words(KindEdit(Passage(Anchor(0, "", "春耕"), Anchor(2, "春耕", ""), "春耕"), "heading"))
    '“春耕…” is of the kind heading'
    """
    from etl.corrections import KindEdit, ParagraphJoin, ParagraphSplit, TextEdit

    passage = amendment.passage
    match amendment:
        case TextEdit():
            return f"{_edited(passage.meant, amendment.after)} {_around(passage, passage.text)}"
        case ParagraphSplit():
            return f"a paragraph ({amendment.kind}) begins at {_around(passage, passage.with_words('‖'))}"
        case ParagraphJoin():
            return f"{_around(passage, passage.with_words('⏎'))} is one paragraph"
        case KindEdit():
            return f"“{passage.meant}…” is of the kind {amendment.kind}"
    given = "".join(
        f", {name} {'、'.join(value) if isinstance(value, list) else value}"
        for name, value in amendment.values.items()
    )
    return f"“{passage.meant}” names {f'a {amendment.kind}{given}' if amendment.kind else 'nothing'}"


def _edited(before: str, after: str) -> str:
    """Say what became of some words.

    >>> _edited("", "线"), _edited("线", "")
    ('“线” was put into', '“线” was taken out of')
    """
    if not before:
        return f"“{after}” was put into"
    return f"“{before}” became “{after}” in" if after else f"“{before}” was taken out of"


def _around(passage: "Passage", text: str) -> str:
    """Quote the words of a passage, between the characters around them in the raw text."""
    return f"“…{passage.start.before[-AROUND:]}{text}{passage.end.after[:AROUND]}…”"


def export(settings: "Settings", reports: Sequence[str]) -> None:
    """Print what people said of reports as test cases, one report a line; of all reports if none is named."""
    from etl.wiring import open_store

    with open_store(settings) as store:
        ids = [store.full_id(one) for one in reports]
        for case in store.cases(ids or None):
            terminal.print_json(case)
