"""The Dask cluster that does the work: one on this machine for the time of the batch, or one that somebody runs.

In: a number of workers, or the address of a scheduler. Out: a Client. On this machine a worker is a process with one
thread, so that a recording has a core and a crash takes nothing else with it; nobody else can talk to them (TLS with
keys that exist only in memory, on 127.0.0.1). What Dask has to say goes to a log, never to the terminal.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dask
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Security
from distributed.comm.addressing import get_address_host_port
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.system import MEMORY_LIMIT

from app.analysing.provenance import own_version
from audio.errors import UndertoneError, first_line

GPU = "GPU"  # what workers with a card declare: dask worker --resources GPU=1
ANSWERS_WITHIN = 15.0  # seconds, a scheduler that is there
TRIES = 3  # of a recording whose worker dies each time, on this machine
# All of these are about data in the workers' memory, of which we keep none, or about tasks of milliseconds.
SETTINGS: Mapping[str, Any] = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,  # room for each was seen to beforehand
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.worker-ttl": None,  # a machine that slept is no reason to begin anew
    "distributed.scheduler.allowed-failures": TRIES - 1,
    "distributed.admin.tick.limit": "1 hour",  # the decoder keeps Python waiting: no cause for a warning
    # Dask has the allocator give memory back at once, and each large array then pays for getting it again.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "warning",  # before its log is there
}
# Each has handlers of its own by Dask's configuration.
LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio", "bokeh",
           "app.batch")  # fmt: skip


class ClusterLostError(UndertoneError):
    """The scheduler does not answer any more; what it had finished is in the storage."""


class _Quiet(WorkerPlugin):
    """Sends all that a worker's process writes to a log, and has it leave Ctrl-C to the batch."""

    name = "undertone-quiet"

    def __init__(self, log: Path) -> None:
        self._log = log

    def setup(self, worker: object) -> None:
        handle = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(handle, stream.fileno())
        os.close(handle)
        atexit.register(os._exit, 0)  # once Dask has closed: the threads of the models take seconds to be taken down
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def local_cluster(workers: int, scratch: Path, log: Path) -> Iterator[Client]:
    """A cluster on this machine, with a folder for what workers write while they are at it.

    Raises UndertoneError where it cannot be started.
    """
    with _empty_folder(scratch), _silence(log), dask.config.set(SETTINGS), ExitStack() as stack:
        try:
            client = _started(workers, scratch, log, stack)
        except (RuntimeError, OSError) as error:
            raise UndertoneError(
                f"Dask's workers could not be started here ({first_line(error)}): what is known of it is in {log}."
            ) from error
        yield client


def _started(workers: int, scratch: Path, log: Path, stack: ExitStack) -> Client:
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        protocol="tls://",
        security=Security.temporary(),
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        local_directory=str(scratch),
        silence_logs=False,
    )
    client: Client = stack.enter_context(Client(stack.enter_context(cluster), set_as_default=False))
    client.register_plugin(_Quiet(log))
    return client


@contextmanager
def cluster_at(address: str, log: Path) -> Iterator[Client]:
    """The cluster of a scheduler. Raises UndertoneError where it does not answer or runs another version."""
    with _silence(log):
        try:
            # A Client that finds nobody takes a minute to give up.
            socket.create_connection(get_address_host_port(address), ANSWERS_WITHIN).close()
            client = Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UndertoneError(
                f"No scheduler answers at {address} ({first_line(error)}): check the address, and that it runs."
            ) from None
        with client:
            _check_versions(client)
            yield client


def cores() -> int:
    """How many may be used here, by what the system and the container allow."""
    return int(CPU_COUNT)


def free_memory() -> float:
    """Bytes that are free here, by what the system and the container allow."""
    import psutil

    return float(min(MEMORY_LIMIT, psutil.virtual_memory().available))


def slots(client: Client) -> tuple[int, int]:
    """How many recordings can be worked on at once, and how many of these beside a card of their own.

    Raises ClusterLostError where the scheduler does not answer.
    """
    try:
        workers = client.scheduler_info()["workers"].values()
    except Exception as error:  # whatever distributed raises for a lost connection, which changes with its versions
        raise ClusterLostError(f"The scheduler does not answer any more ({first_line(error)}).") from None
    threads = sum(int(worker["nthreads"]) for worker in workers)
    return threads, sum(int(worker.get("resources", {}).get(GPU, 0)) for worker in workers)


def dashboard(client: Client) -> str | None:
    """Where Dask's dashboard can be seen; None where its packages are missing."""
    from importlib.util import find_spec

    return str(client.dashboard_link) if find_spec("bokeh") and client.dashboard_link else None


def _check_versions(client: Client) -> None:
    """Workers of another version would give other results, under the name of ours."""
    for worker, found in client.run(own_version, on_error="return").items():
        if isinstance(found, Exception):
            raise UndertoneError(f"The worker {worker} cannot load Undertone ({first_line(found)}): install it there.")
        if found != own_version():
            raise UndertoneError(
                f"The worker {worker} has Undertone {found}, and {own_version()} runs here: install the same on both."
            )


@contextmanager
def _empty_folder(folder: Path) -> Iterator[None]:
    """A folder that is empty, also after a batch that was killed, and is gone at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _silence(log: Path) -> Iterator[None]:
    """Let what Dask says go to a log."""
    handler = logging.FileHandler(log, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of distributed, on versions that differ and ports that are taken
            yield
    finally:
        for logger, (handlers, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
        handler.close()
