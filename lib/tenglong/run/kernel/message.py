"""What the runner and the warm process say to each other: JSON, and descriptors with it."""

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

LENGTH = struct.Struct("!Q")
MOST_DESCRIPTORS = 4


def send(channel: socket.socket, said: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Say one thing; the descriptors are duplicated, so the sender may close its own.

    >>> one, other = socket.socketpair()
    >>> send(one, {"fork": "万元"})
    >>> receive(other)
    ({'fork': '万元'}, [])
    >>> one.close(), other.close()
    (None, None)
    """
    raw = json.dumps(said).encode()
    if descriptors:
        socket.send_fds(channel, [LENGTH.pack(len(raw))], descriptors)
    else:
        channel.sendall(LENGTH.pack(len(raw)))
    channel.sendall(raw)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Wait for what is said next.

    Raises
    ------
    EOFError
        If the other side is gone.
    """
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, MOST_DESCRIPTORS)
    head += _exactly(channel, LENGTH.size - len(head))
    (length,) = LENGTH.unpack(head)
    said: dict[str, Any] = json.loads(_exactly(channel, length))
    return said, descriptors


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = channel.recv(length - len(parts))
        if not part:
            raise EOFError("the other side is gone")
        parts += part
    return bytes(parts)
