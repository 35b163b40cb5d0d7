from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import dask
import pytest
from cluster import scheduler, worker
from tests.ingest import work

from etl.ingest.executors import BatchTask, run_batches
from etl.ingest.stats import RunStats
from etl.ingest.stop import Stop
from etl.model.errors import SetupError, UnavailableError
from etl.settings import RunSettings, load

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.server

JOB = BatchTask(work.do, work.split, work.on_crash, len)


def far(address: str) -> RunSettings:
    """Workers elsewhere, more than this machine would have by its own setting."""
    return load().run.model_copy(update={"runner": "dask", "workers": 1, "dask_address": address})


def pieces(folder: Path, number: int) -> list[work.Names]:
    """Work that leaves the numbers of its processes; all pieces but the first wait for two of them."""
    folder.mkdir()
    return [(f"{'meet' if one else 'pid'}:{folder}", str(one)) for one in range(number)]


def test_workers_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that comes later takes work, and one that is killed in the middle costs no report."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    left = tmp_path / "pids"
    with ExitStack() as closing:
        address = closing.enter_context(scheduler(tmp_path))
        first = closing.enter_context(worker(address, tmp_path, "first"))
        done, counts = 0, RunStats()
        for more in run_batches(JOB, iter(pieces(left, 60)), far(address), Stop()):
            counts, done = counts + more, done + 1
            if done == 1:
                second = closing.enter_context(worker(address, tmp_path, "second"))
            if first.poll() is None and (left / str(second.pid)).exists():
                first.kill()
                first.wait()

    assert counts.inserted == 120
    assert counts.quarantined == 0
    assert {path.name for path in left.iterdir()} == {str(first.pid), str(second.pid)}


@pytest.mark.parametrize("address", ["foo://127.0.0.1:9", "tcp://user:Geheim@127.0.0.1:9"])
def test_an_address_that_is_none(address: str) -> None:
    """An address that Dask cannot read ends in a sentence that names the setting, and not the address."""
    with pytest.raises(SetupError, match="ETL_RUN__DASK_ADDRESS") as caught:
        list(run_batches(JOB, iter(()), far(address), Stop()))

    assert "Geheim" not in str(caught.value)


def test_no_scheduler() -> None:
    """A scheduler that does not answer ends in a sentence that names the setting."""
    import_module("distributed")  # its defaults come with it, and would go with what is changed before
    quick = dask.config.set({"distributed.comm.timeouts.connect": "0.2s"})
    with quick, pytest.raises(UnavailableError, match="no Dask scheduler answers"):
        list(run_batches(JOB, iter(()), far("tcp://127.0.0.1:9"), Stop()))
