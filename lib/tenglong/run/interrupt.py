"""An interrupted run ends like any other: everything it has begun is taken back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    for one in SIGNALS:  # an impatient second Ctrl-C must not cut the clean-up short
        signal.signal(one, signal.SIG_IGN)
    # SystemExit, because asyncio lets it through at once; 128 + n is the shell's convention.
    raise SystemExit(128 + number)


@contextmanager
def leaving_cleanly() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into SystemExit 130 and 143, so that every `finally` is run."""
    former = {number: signal.signal(number, _leave) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
