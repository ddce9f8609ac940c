"""What a map's script reads: JSON for the little, and compressed bytes for the much."""

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LEVEL = 4  # of zlib: 6 takes three times as long on planes of bytes, for 3 % less of them

# What would end a script element, or a line of a script, becomes an escape of JSON's own.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, which the script reads one by one when it shows them."""

    texts: pd.Series


class Store:
    """Collects columns as bytes; what stands in the JSON instead tells where to find them.

    Numbers stand in planes, all lowest bytes first: those of one plane are alike and compress
    well. Negative numbers are zigzagged.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def put(self, column: object) -> dict[str, Any]:
        """Keep a column (an array of whole numbers, or `Texts`), and tell where it is.

        >>> Store().put(np.array([1, -300]))
        {'at': 0, 'n': 2, 'planes': 2, 'signed': True}

        Raises
        ------
        TypeError
            If it is neither.
        """
        if isinstance(column, Texts):
            return self._texts(column)
        if isinstance(column, np.ndarray) and np.issubdtype(column.dtype, np.integer):
            return self._numbers(column.ravel())
        raise TypeError(f"a column must be of whole numbers or texts, not {type(column)}")

    def packed(self) -> str:
        """Give all that was kept, deflated, as base64."""
        return b64encode(zlib.compress(b"".join(self._parts), LEVEL)).decode("ascii")

    def _numbers(self, values: Ints) -> dict[str, Any]:
        is_signed = bool((values < 0).any())
        rest = ((values << 1) ^ (values >> 63) if is_signed else values).astype(np.uint64)
        count = max(1, (int(rest.max(initial=0)).bit_length() + 7) // 8)
        planes = [(rest >> np.uint64(8 * place)).astype(np.uint8) for place in range(count)]
        at = self._keep(b"".join(plane.tobytes() for plane in planes))
        return {"at": at, "n": len(values), "planes": count, "signed": is_signed}

    def _texts(self, column: Texts) -> dict[str, Any]:
        array = pa.array(column.texts.to_numpy(dtype=object), type=pa.string())
        _, offsets, characters = array.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32, count=len(array) + 1).astype(np.int64)
        at = self._keep(characters.to_pybytes()[ends[0] : ends[-1]] if characters else b"")
        return {"at": at, "lengths": self._numbers(np.diff(ends))}

    def _keep(self, part: bytes) -> int:
        at = self._size
        self._parts.append(part)
        self._size += len(part)
        return at


def payload(content: Mapping[str, Any]) -> str:
    r"""Write a map's content as JSON that may stand in a script element.

    Columns in it (arrays of whole numbers, `Texts`) are replaced by where they are found in the
    `bytes`.

    >>> payload({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e","bytes":"eF4DAAAAAAE="}'
    """
    store = Store()
    text = json.dumps(
        content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=store.put
    )
    comma = "," if content else ""
    return f'{text[:-1].translate(_ESCAPES)}{comma}"bytes":"{store.packed()}"}}'
