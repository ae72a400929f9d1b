"""Tasks on the workers of a Dask cluster, of this machine or another, or in this process."""

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
"""Tasks that are handed out for each worker: enough that none waits, few enough that memory stays flat."""

WAIT_S = 30.0
"""How often a batch looks whether its workers are still there, seconds."""

CONNECT_S = 10
"""Longest wait for a scheduler, seconds."""


class Died(Generic[Task]):
    """Stands for the result of a task that took the life of each worker that tried it."""


DIED: Died[object] = Died()


class Here:
    """Runs tasks in this process, one after the other."""

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
        """Threads of all workers that are there."""
        return sum(self._client.nthreads().values())

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, "Result | Died[object]"]]:
        """Tasks with their results, in whatever order they end; a task that kills its workers has `DIED`.

        Raises
        ------
        BatchError
            If the scheduler goes away.
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
    """What runs tasks.

    Parameters
    ----------
    workers : int or None
        Processes on this machine; 0 for none but this one, None for one a core.
    scheduler : str or None
        Address of a Dask scheduler, whose workers are used instead.
    say : callable
        Takes what people should know while they wait.

    Raises
    ------
    BatchError
        If Dask is not installed, or there is no scheduler at the address.
    """
    if scheduler is None and workers == 0:
        yield Here()
        return
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
            # a worker's profiler keeps an hour of call trees, which nobody looks at here
            {"distributed.comm.timeouts.connect": "30s", "distributed.worker.profile.enabled": False}
        ),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield Dask(client, say)
