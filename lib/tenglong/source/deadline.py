"""A deadline that does not rest on the server: when it passes, the line to it is cut here."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from tenglong.source.rowset import Connection

CANCEL_S = 2.0  # in which a server that listens takes note that its work is not wanted any more


@contextmanager
def ended_after(connection: "Connection", seconds: float) -> Iterator[Event]:
    """End whatever a connection does, wherever it waits, after some seconds.

    The server is asked to stop; then the line is cut, whether it answers, is silent or trickles.

    Yields
    ------
    Event
        Set when the time was over: an error of the driver is then no other fault.
    """
    over = Event()
    timer = Timer(max(seconds, 0), _end, [connection, over])
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _end(connection: "Connection", over: Event) -> None:
    over.set()
    line: Any = None
    with suppress(psycopg.Error, OSError):  # it may have ended by itself
        line = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        connection.cancel_safe(timeout=CANCEL_S)
    if line is not None:
        with line, suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
