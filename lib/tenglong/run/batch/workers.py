"""Who makes the reports of a batch: processes of this machine, or the workers of a cluster."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from tenglong.errors import SourceError, UsageError
from tenglong.run.kernel.child import end_with_parent

if TYPE_CHECKING:
    from distributed import Client

PATIENCE_S = 30  # for a scheduler to answer, and for the first of its workers
LEAVING_S = 10  # for a process to end its kernels when the run is interrupted

Asked = TypeVar("Asked")
Told = TypeVar("Told")
_leaving = threading.Event()


@dataclass(frozen=True)
class Workers:
    """An executor, and how many reports it makes at a time."""

    executor: Executor
    count: int


@contextmanager
def local(jobs: int) -> Iterator[Workers]:
    """Give processes of this machine; they end their kernels when the run is interrupted."""
    # Spawned: a process that is forked would take over locks and threads of this one.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield Workers(pool, jobs)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end()
        raise
    finally:
        pool.shutdown()


def attend(worker: Callable[[Asked], Told], asked: Asked) -> Told:
    """Do what is asked, unless this process has been told to leave.

    The pool hands a process its next report before it is done with one, and takes what ends a
    report for its result.
    """
    if _leaving.is_set():
        raise SystemExit(128 + signal.SIGTERM)
    return worker(asked)


def _begin() -> None:
    """Let a process clean up when it is told to leave; a Ctrl-C is its parent's to pass on."""
    signal.signal(signal.SIGINT, _pass_over)
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "linux":
        end_with_parent(signal.SIGTERM)
    # What libraries say is nothing that a person could do anything about.
    logging.captureWarnings(capture=True)
    logging.getLogger().addHandler(logging.NullHandler())


def _pass_over(number: int, frame: FrameType | None) -> None:
    """Do nothing; a signal that is ignored would be ignored by every kernel, too."""


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    if not _leaving.is_set():
        _leaving.set()
        raise SystemExit(128 + number)


def _end() -> None:
    children = active_children()
    for child in children:
        child.terminate()
    for child in children:
        child.join(LEAVING_S)
        child.kill()


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Give the workers of a dask.distributed scheduler.

    Raises
    ------
    UsageError
        If this environment has no dask.distributed.
    SourceError
        If the scheduler does not answer, or has no worker.
    """
    client = _client(address)
    try:
        executor = client.get_executor(pure=False)
        yield Workers(executor, sum(client.nthreads().values()))
        executor.shutdown(wait=False)
    finally:
        client.close(timeout=LEAVING_S)


def _client(address: str) -> "Client":
    try:
        from distributed import Client  # noqa: PLC0415 - only who asks for a cluster has it
    except ImportError as error:
        raise UsageError(
            "--cluster: needs dask.distributed; pip install tenglong[cluster]"
        ) from error
    # A lost connection is told once, by whoever waits for a report.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SourceError(f"--cluster {address}: no scheduler answers there") from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError as error:
        client.close()
        raise SourceError(f"--cluster {address}: the scheduler has no worker") from error
    return client
