"""Run tasks on a Dask cluster, local or remote, or in this process."""

import contextlib
import importlib.util
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from routes.errors import BatchError

if TYPE_CHECKING:
    from distributed import Client, Future

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3
"""Tasks in flight per worker: enough to keep it busy, few enough to keep memory flat."""

WAIT_S = 30.0
"""How often a batch checks that its workers are alive, seconds."""

CONNECT_S = 10
"""Longest wait for a scheduler, seconds."""


class Died(Generic[Task]):
    """Result of a task that killed every worker that tried it."""


DIED: Died[object] = Died()


class Here:
    """Runs tasks in this process, one after another."""

    dashboard = ""
    workers = 1

    def run(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Tasks with their results."""
        for task in tasks:
            yield task, function(task)


class Dask:
    """Runs tasks on a Dask cluster."""

    def __init__(self, client: "Client", say: Callable[[str], None]) -> None:
        self._client, self._say = client, say
        # without bokeh the link leads to a page that says so
        has_dashboard = bool(client.dashboard_link) and importlib.util.find_spec("bokeh") is not None
        self.dashboard = str(client.dashboard_link) if has_dashboard else ""

    @property
    def workers(self) -> int:
        """Number of threads of all connected workers."""
        return sum(self._client.nthreads().values())

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, "Result | Died[object]"]]:
        """Tasks with their results, in order of completion; `DIED` for a task that kills its workers.

        Raises BatchError if the scheduler disappears.
        """
        from distributed import CancelledError, KilledWorker, wait  # noqa: PLC0415 - heavy, and an extra

        waiting: dict[Future[Result], Task] = {}
        rest = iter(tasks)
        try:
            while True:
                width = AHEAD * max(1, self.workers)
                for task in islice(rest, max(0, width - len(waiting))):
                    waiting[self._client.submit(function, task, pure=False)] = task
                if not waiting:
                    return
                try:
                    done = wait(list(waiting), timeout=WAIT_S, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    if not self.workers:
                        self._say("No worker is there; waiting for one.")
                    continue
                for future in done:
                    task = waiting.pop(future)
                    try:
                        yield task, future.result()
                    except KilledWorker:
                        yield task, DIED
                    future.release()
        except (CancelledError, OSError) as error:
            if isinstance(error, OSError) and not isinstance(error, TimeoutError | ConnectionError):
                raise
            msg = (
                f"The Dask scheduler went away ({error}); run the same command again, and the batch goes on."
            )
            raise BatchError(msg) from error


@contextlib.contextmanager
def executor(workers: int | None, scheduler: str | None, say: Callable[[str], None]) -> Iterator[Here | Dask]:
    """Executor for `workers` local processes (0: this process, None: one per core), or at a Dask scheduler's address.

    `say` receives messages for people who wait. Raises BatchError if Dask is not installed or the address has
    no scheduler.
    """
    if scheduler is None and workers == 0:
        yield Here()
        return  # each has its own level
    try:
        import dask  # noqa: PLC0415 - an extra
        from distributed import Client, LocalCluster  # noqa: PLC0415 - heavy
    except ImportError as error:
        msg = "A batch on several processes needs Dask: pip install 'trek-routes[batch]', or use --workers 0."
        raise BatchError(msg) from error
    for name in ("distributed", "distributed.client", "distributed.core"):  # each has a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=CONNECT_S)
        except (OSError, ValueError, TimeoutError) as error:
            msg = f"There is no Dask scheduler at {scheduler!r} ({error}); it is printed when 'dask scheduler' starts."
            raise BatchError(msg) from error
        with client:
            yield Dask(client, say)
        return
    with (
        dask.config.set(
            # a worker's profiler keeps an hour of call trees, which we do not use
            {"distributed.comm.timeouts.connect": "30s", "distributed.worker.profile.enabled": False}
        ),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield Dask(client, say)
