"""Print: results on standard output, everything else on standard error.

A new way to print is one function here; commands never write to a stream themselves.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Self

from etl.logins import masked
from etl.telemetry import logs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etl.ingest import RunStats
    from etl.settings import Settings
    from etl.sources import Skipped
    from etl.store.records.coordination import SkippedRecord

# Where there is no terminal, a line of progress this often; and how long counting ahead may take.
LINE_SECONDS = 5.0
COUNT_SECONDS = 2.0


def use_utf8() -> None:
    """Make both streams write UTF-8 whatever the locale says; what cannot be encoded is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def print_result(words: str) -> None:
    """Print a line of the result on standard output; no more once its reader is gone, as `head` goes."""
    try:
        sys.stdout.write(words + "\n")
    except BrokenPipeError:
        _discard_output()


def print_bytes(pieces: "Iterable[bytes]") -> None:
    """Write bytes to standard output as they are; no more once its reader is gone."""
    try:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_output()


def is_terminal() -> bool:
    """Check whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object as one line of standard output; days as ISO dates, records as objects."""
    print_result(json.dumps(value, ensure_ascii=False, default=_plain))


def print_note(words: str) -> None:
    """Print a line for the person at the terminal on standard error; as a log line where logs are JSON."""
    _say(logs.format_for_terminal(masked(words)))


def print_error(words: str) -> None:
    """Print an error as exactly one line on standard error, passwords masked."""
    _say(logs.format_for_terminal("etl: " + " ".join(masked(words).split()), logging.ERROR))


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def finish() -> None:
    """Flush standard output."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_table(rows: Sequence[tuple[str, object]]) -> None:
    """Print names and values in two aligned columns."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        print_result(f"{name:<{width}}  {value}")


def print_columns(rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Print rows of equally many cells in aligned columns, ``indent`` before each row."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        print_result((indent + "  ".join(cells)).rstrip())


def print_skipped(files: "Iterable[Skipped | SkippedRecord]") -> None:
    """Print a line for each file that was no report, with the reason."""
    for one in files:
        print_result(f"skipped  {one.uri}  ({one.why})")


def fields_of(value: object) -> dict[str, Any]:
    """Return the fields of a dataclass value by name, without going into the values."""
    return {field.name: getattr(value, field.name) for field in dataclass_fields(value)}  # type: ignore[arg-type]


def highlight(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Mark places of a text, given by offsets: bold on a terminal, else in brackets.

    >>> highlight("今天防疫", [(2, 4)])
    '今天【防疫】'
    """
    left, right = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("【", "】")
    out, position = [], 0
    for start, end in places:
        out += [text[position:start], left, text[start:end], right]
        position = end
    return "".join([*out, text[position:]])


def count_ahead(sources: Sequence[str], settings: "Settings") -> int | None:
    """Count the reports that the sources offer, for a progress bar; None if slow or without a terminal."""
    if not sys.stderr.isatty():
        return None
    from etl.model.report import Candidate
    from etl.sources import list_candidates

    end, count = time.monotonic() + COUNT_SECONDS, 0
    for item in list_candidates(sources, settings.source):
        count += isinstance(item, Candidate)
        if time.monotonic() > end:
            return None
    return count


class Progress:
    """The progress of a run: a bar on a terminal, else a line every `LINE_SECONDS`."""

    def __init__(self, doing: str, total: int | None) -> None:
        self._doing = doing
        self._total = total
        self._said = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            from etl.cli.output.bar import bar
            from etl.isolation.pool import POOL

            self._bar = bar(self._doing, self._total, Console(stderr=True), POOL.under_way)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, counts: "RunStats") -> None:
        """Show the counts of the whole run so far."""
        words = f"{counts.read} read, {counts.unchanged} unchanged, {counts.quarantined} quarantined"
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=counts.read, words=words)
        elif time.monotonic() - self._said > LINE_SECONDS:
            self._said = time.monotonic()
            print_note(f"{self._doing}: {words}")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
