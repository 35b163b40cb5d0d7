from hypothesis import given
from hypothesis import strategies as st

from etl.ingest.batches import Batch, batches, weight
from etl.ingest.stats import RunStats
from etl.model.report import Candidate, Rejected
from etl.settings import load
from etl.sources import Offer, Skipped

RUN = load().run.model_copy(update={"workers": 2, "batch_bytes": 10_000})


def candidate(number: int, size: int | None) -> Candidate:
    """A candidate of a size."""
    return Candidate(f"file:///{number:05}", "text/plain", size)


@given(st.lists(st.sampled_from([None, 0, 10, 4_000, 9_000, 50_000]), max_size=60))
def test_nothing_is_lost(sizes: list[int | None]) -> None:
    """Every item is in exactly one batch, in order."""
    items: list[Offer] = [candidate(number, size) for number, size in enumerate(sizes)]
    items += [Skipped("file:///s", "why"), Rejected("u", "t", None, "source", "r", "m", "e")]
    cut = list(batches(items, RUN))

    assert [c for batch in cut for c in batch.candidates] == items[:-2]
    assert [one.why for batch in cut for one in batch.skipped] == ["why"]
    assert sum(len(batch.rejected) for batch in cut) == 1
    assert all(sum(map(weight, b.candidates)) <= 10_000 or len(b.candidates) == 1 for b in cut)


def test_little_input_is_shared() -> None:
    """Some reports are spread over all workers, two batches each; a handful stays together."""
    run = RUN.model_copy(update={"batch_bytes": 1_000_000})
    some = list(batches([candidate(number, 50_000) for number in range(8)], run))
    few = list(batches([candidate(number, 1_000) for number in range(8)], run))

    assert [len(batch.candidates) for batch in some] == [2, 2, 2, 2]
    assert [len(batch.candidates) for batch in few] == [8]


def test_reads_ahead_a_little() -> None:
    """The first batch is there before a long listing has ended."""
    taken: list[int] = []

    def listing() -> "st.Iterator[Offer]":  # type: ignore[name-defined]
        for number in range(10_000):
            taken.append(number)
            yield candidate(number, 4_000)

    next(batches(listing(), RUN))
    assert len(taken) <= 12


def test_single() -> None:
    """Taken apart, every report stands alone, and what was refused stays together."""
    refused = Rejected("u", "t", None, "source", "r", "m", "e")
    batch = Batch((candidate(1, 1), candidate(2, 1)), (refused,), (Skipped("s", "w"),))

    assert [len(piece.candidates) for piece in batch.split()] == [1, 1, 0]
    assert batch.split()[-1] == Batch((), (refused,), batch.skipped)


def test_counts_add_up() -> None:
    """Adding counts adds every field."""
    one = RunStats(*range(10))

    assert (one + one).as_dict() == {name: 2 * value for name, value in one.as_dict().items()}
