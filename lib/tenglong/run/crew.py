"""Runs notebooks, several at once where their kernels are forked, and gives what came of each."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from jupyter_core.utils import ensure_event_loop

from tenglong.run.execute import Outcome
from tenglong.run.kernel.kernels import Kernels

Work = Callable[[], Outcome]


@contextmanager
def crew_of(kernels: Kernels) -> Iterator[Callable[[Work], Work]]:
    """Give what takes on work: `take(work)` returns what waits for its outcome.

    Forked kernels run at once, as many as there are cores; work on ordinary ones is done when
    somebody waits for it, one after the other. When this is left by an error or an interruption,
    the kernels end, and what was not begun is not begun any more.
    """
    if not kernels.is_warm:
        yield lambda work: work
        return
    pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)), "notebook")
    try:
        yield lambda work: pool.submit(partial(_done, work)).result
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kernels.end()  # so do the notebooks that are running
        raise
    finally:
        pool.shutdown()


def _done(work: Work) -> Outcome:
    try:
        return work()
    finally:
        ensure_event_loop().close()  # the thread's own, in which its client has run
