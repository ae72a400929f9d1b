"""`routes batch` on a Dask cluster of two processes: the same bytes, and nothing lost with a worker."""

import os
import signal
import threading
import time
from pathlib import Path

import dask
import pytest
from distributed import Client, LocalCluster

from routes.errors import BatchError
from routes.pipeline.batch import stages as passes
from routes.pipeline.batch.cluster import Dask, Died, executor
from tests.pipeline.batch.archives import batch, gpx, write_walks

pytestmark = pytest.mark.filterwarnings("default")  # what Dask warns of, its own processes do


def slowly(number):
    time.sleep(0.05)
    return number * number


def deadly(number):
    """A task that takes its worker with it, if its number says so."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return slowly(number)


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two worker processes with nannies that start them again."""
    # two chances for a task whose worker dies: the other tasks of a dying worker are not to blame
    config = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.nanny.environ.PYTHONPATH": str(Path.cwd()),
    }
    with (
        dask.config.set(config),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as made,
    ):  # fmt: skip
        yield made


def workers_of(cluster):
    return [nanny.process.pid for nanny in cluster.workers.values() if nanny.process is not None]


def test_two_processes_and_a_killed_one_give_the_bytes_of_one(cluster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(passes, "FILES_A_PART", 2)
    folder = write_walks(tmp_path / "in", 24, tiles=2)
    (folder / "bad.gpx").write_text(gpx(([0.0], [0.0])), encoding="utf-8")
    here, there, shot = (tmp_path / f"{name}.parquet" for name in ("here", "there", "shot"))
    batch("in", out=here)
    said = []
    result, _ = batch("in", out=there, workers=None, scheduler=cluster.scheduler_address, say=said.append)
    assert (result.rows, result.errors, result.is_passing) == (25, 1, False)
    assert there.read_bytes() == here.read_bytes()

    killed = []

    def shoot(progress):
        if progress.phase == "studying" and not killed:
            killed.append(workers_of(cluster)[0])
            os.kill(killed[0], signal.SIGKILL)

    result, _ = batch("in", out=shot, workers=None, scheduler=cluster.scheduler_address, on_progress=shoot)
    assert killed
    assert (result.rows, result.errors, result.is_passing) == (25, 1, False)
    assert shot.read_bytes() == here.read_bytes()


def test_a_task_that_kills_its_workers_is_told_and_the_others_are_done(cluster):
    with Client(cluster) as client:
        told = dict(Dask(client, print).run(deadly, range(8)))
    dead = {number for number, result in told.items() if isinstance(result, Died)}
    assert 3 in dead
    assert {n: r for n, r in told.items() if n not in dead} == {n: n * n for n in range(8) if n not in dead}


def test_tasks_are_handed_out_a_few_at_a_time(cluster):
    """However many there are: the memory of the scheduler does not grow with the archive."""
    asked = []

    def tasks():
        for number in range(40):
            asked.append(number)
            yield number

    with Client(cluster) as client:
        client.wait_for_workers(2, timeout=60)
        ahead = [len(asked) - done for done, _ in enumerate(Dask(client, print).run(slowly, tasks()))]
    assert max(ahead) <= 2 * 3
    assert asked == list(range(40))


def test_no_scheduler_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr("routes.pipeline.batch.cluster.CONNECT_S", 1)
    before = threading.active_count()
    with (
        pytest.raises(BatchError, match=r"no Dask scheduler at 'tcp://127\.0\.0\.1:9'"),
        executor(None, "tcp://127.0.0.1:9", print),
    ):
        pass
    assert threading.active_count() <= before + 3
