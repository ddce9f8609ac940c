"""What a map's page holds for its script, read back number by number: the oracle of the packing."""

import json
import re
import zlib
from base64 import b64decode
from itertools import accumulate, pairwise


def payload(piece):
    """Give what a map's script reads, its columns as lists."""
    found = re.search(
        r'<script type="application/json" id="[^"]*">(.*?)</script>', piece.html, re.DOTALL
    )
    return opened(found.group(1))


def opened(text):
    """Read the JSON, and the columns that it tells the places of."""
    data = json.loads(text)
    raw = zlib.decompress(b64decode(data.pop("bytes")))
    return _read(data, raw)


def _read(part, raw):
    if isinstance(part, list):
        return [_read(one, raw) for one in part]
    if not isinstance(part, dict):
        return part
    if "planes" in part:
        return _numbers(part, raw)
    if "lengths" in part:
        return _texts(part, raw)
    return {key: _read(one, raw) for key, one in part.items()}


def _numbers(told, raw):
    n, planes = told["n"], told["planes"]
    held = raw[told["at"] : told["at"] + n * planes]
    numbers = [int.from_bytes(held[place::n], "little") for place in range(n)]
    if told["signed"]:
        return [-(number + 1) // 2 if number % 2 else number // 2 for number in numbers]
    return numbers


def _texts(told, raw):
    ends = list(accumulate(_numbers(told["lengths"], raw), initial=told["at"]))
    return [raw[a:b].decode("utf-8") for a, b in pairwise(ends)]


def shapes(told):
    """Give each feature's rings, and their corners as they are on the grid."""
    starts = list(zip(*(accumulate(axis) for axis in told["starts"]), strict=True))
    steps = iter(zip(*told["steps"], strict=True))
    counts, place = iter(told["counts"]), iter(starts)

    def ring():
        x, y = next(place)
        corners = [(x, y)]
        for _ in range(next(counts) - 1):
            dx, dy = next(steps)
            x, y = x + dx, y + dy
            corners.append((x, y))
        return corners

    return [[ring() for _ in range(rings)] for rings in told["rings"]]
