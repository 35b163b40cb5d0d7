"""Show the pages for operators: what runs did, what was quarantined and why, what is stale, what waits."""

from collections.abc import Iterator
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl.figures import report_figures
from etl.fingerprint import fingerprints
from etl.model.stages import STAGES
from etl.room.addresses import source_name, without_paths
from etl.room.context import read_number, render, room_of
from etl.room.pages.charts import Bar, layout_bars, layout_shares
from etl.store.query.client import Store
from etl.store.records.coordination import RunRecord

MAX_SHOWN_RUNS = 30
# Runs among which one and the run before it are looked for.
MAX_COMPARED_RUNS = 1_000
MAX_QUARANTINED = 100
MAX_SKIPPED = 200
MAX_WAITING = 50


class Figure(NamedTuple):
    """A number of a run, and of the run before it of the same kind; None where there is none."""

    name: str
    now: float
    before: float | None


def show_runs(request: Request) -> Response:
    """Show the newest runs, what is quarantined, and how much waits."""
    room = room_of(request)
    stale = room.store.stale_stages(fingerprints(room.settings))
    newest = room.store.runs(MAX_SHOWN_RUNS)
    reason = request.query_params.get("reason", "")
    quarantined = room.store.quarantined(reason.rpartition("/")[2] or None)
    return render(
        request,
        "runs.html.j2",
        state=room.store.status(),
        stale=stale,
        runs=newest,
        speed=layout_bars([Bar(one.id, one.seconds or 0, f"/runs/{one.id}") for one in reversed(newest)]),
        quarantined=[
            (one, source_name(one.uri), without_paths(one.message)) for one in quarantined[:MAX_QUARANTINED]
        ],
        quarantined_total=len(quarantined),
        reasons=room.store.reasons(),
        reason=reason,
        loaded=read_number(request.query_params.get("loaded", "")),
        again=read_number(request.query_params.get("aside", "")),
    )


def show_run(request: Request) -> Response:
    """Show a run beside the one before it of the same kind."""
    store, wanted = room_of(request).store, request.path_params["id"]
    chosen, before = _with_previous(store, wanted)
    quarantined = store.set_aside(chosen.id, MAX_QUARANTINED)
    return render(
        request,
        "run.html.j2",
        run=chosen,
        before=before,
        figures=list(_figures(chosen, before)),
        stages=layout_shares({stage: chosen.stages.get(stage, 0.0) for stage in STAGES}),
        stages_before=layout_shares({stage: before.stages.get(stage, 0.0) for stage in STAGES})
        if before
        else (),
        seconds=[
            (stage, chosen.stages.get(stage, 0.0), before.stages.get(stage) if before else None)
            for stage in STAGES
        ],
        versions=_versions(chosen, before),
        sources=[source_name(str(one)) for one in chosen.parameters.get("sources", ())],
        message=without_paths(chosen.message or ""),
        skipped=[(source_name(one.uri), without_paths(one.why)) for one in chosen.skipped[:MAX_SKIPPED]],
        quarantined=[(one, source_name(one.uri), without_paths(one.message)) for one in quarantined],
    )


def _with_previous(store: Store, wanted: str) -> tuple[RunRecord, RunRecord | None]:
    """Return a run, and the one before it of the same kind."""
    found = store.runs(MAX_COMPARED_RUNS)
    here = next((k for k, one in enumerate(found) if one.id == wanted), None)
    if here is None:
        raise HTTPException(404, "run")
    earlier = (one for one in found[here + 1 :] if one.kind == found[here].kind)
    return found[here], next(earlier, None)


def show_review(request: Request) -> Response:
    """Show the reports that wait for review."""
    after = request.query_params.get("after", "")[:64]
    found = room_of(request).store.waiting(MAX_WAITING, after)
    return render(
        request, "review.html.j2", waiting=found, more=found[-1].id if len(found) == MAX_WAITING else ""
    )


def _figures(chosen: RunRecord, before: RunRecord | None) -> Iterator[Figure]:
    former = report_figures(before.counts, before.seconds) if before else {}
    for name, value in report_figures(chosen.counts, chosen.seconds).items():
        yield Figure(name, value, former.get(name))


def _versions(chosen: RunRecord, before: RunRecord | None) -> list[tuple[str, str, str]]:
    """Return the versions that differ from those of the run before: name, now, before."""
    if before is None:
        return []
    names = sorted(chosen.versions.keys() | before.versions.keys())
    both = ((name, chosen.versions.get(name, ""), before.versions.get(name, "")) for name in names)
    return [one for one in both if one[1] != one[2]]
