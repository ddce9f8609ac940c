"""The rows that a query gave: in one canonical order and form, whatever the server's own."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tenglong.errors import DataError
from tenglong.source.file.raw import Raw
from tenglong.source.file.shape import shapes_of

if TYPE_CHECKING:  # only a bundle with queries needs the driver
    import psycopg
    from psycopg.pq.abc import PGresult
    from psycopg.rows import TupleRow

Connection: TypeAlias = "psycopg.Connection[TupleRow]"

CURSOR, STEP = "tenglong_rows", 10_000  # rows that come at once
BOOLEAN, MOMENT, NUMERIC = 16, 1184, 1700  # types of PostgreSQL: bool, timestamptz, numeric
FLAGS = {"t": "true", "f": "false"}
# The zeros that a column's own scale adds to all its numbers: nobody published them.
SCALE = re.compile(r"(\.\d*[1-9])0+$|\.0+$")
OFFSET = re.compile(r"[+-]\d\d(:\d\d){0,2}$")


@dataclass(frozen=True)
class Rowset:
    """A query's rows.

    Attributes
    ----------
    raw
        Cells as the server writes them, geometry as geometry; in the order of their text, so
        that a row has the same number however the server happened to give it.
    sha256
        Of the columns' names and the rows in that order: the same rows, the same hash.
    """

    raw: Raw
    sha256: str


@dataclass(frozen=True)
class _Column:
    name: str
    type: int
    modifier: int
    cells: list[str | None]


def read_rows(
    connection: Connection,
    sql: str,
    *,
    origin: str,
    place: str,
    geometry: str | None,
    most_cells: float,
) -> Rowset:
    """Run a query and give its rows.

    It is the query of a cursor of the server: nothing but one select can be one.

    Parameters
    ----------
    origin, place
        What pages call the query, and what messages call it.
    geometry
        The column that holds the outline; None takes the only one of type geometry or
        geography, and calls it `geometry`.

    Raises
    ------
    DataError
        If it gives two columns of one name, more cells than it may, or no usable geometry.
    psycopg.Error
        If the server refuses the query or is gone.
    """
    schema, spatial = _postgis(connection)
    columns = _columns(connection, sql, place, most_cells)
    lines = [
        json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        for row in zip(*(column.cells for column in columns), strict=True)
    ]
    order = sorted(range(len(lines)), key=lines.__getitem__)
    names = json.dumps([column.name for column in columns], ensure_ascii=False)
    canonical = "\n".join([names, *(lines[number] for number in order)])
    frame = _frame(columns, order)
    outline = _outline(columns, spatial, geometry, place)
    broken: dict[int, str] = {}
    if outline is not None:
        layer = _Layer(connection, schema, place)
        name = "geometry" if geometry is None else geometry
        frame, broken = layer.located(frame, outline, name)
    raw = Raw(frame, origin, broken_shapes=broken)
    return Rowset(raw, hashlib.sha256(canonical.encode()).hexdigest())


def _postgis(connection: Connection) -> tuple[str, frozenset[int]]:
    # Types of an extension have other numbers on every server, and may stand in any schema.
    found = connection.execute(
        "select n.nspname, array_agg(t.oid) from pg_extension e"
        " join pg_namespace n on n.oid = e.extnamespace"
        " join pg_type t on t.typnamespace = n.oid and t.typname in ('geometry', 'geography')"
        " where e.extname = 'postgis' group by n.nspname"
    ).fetchone()
    return (found[0], frozenset(found[1])) if found else ("", frozenset())


def _columns(connection: Connection, sql: str, place: str, most_cells: float) -> list[_Column]:
    # Prepared, so that it is one statement: a second one cannot end the transaction.
    connection.execute(f"declare {CURSOR} no scroll cursor for {sql}", prepare=True)
    result = _fetched(connection)
    columns = [
        _Column((result.fname(place) or b"").decode(), result.ftype(place), result.fmod(place), [])
        for place in range(result.nfields)
    ]
    rows = 0
    while result.ntuples:
        rows += result.ntuples
        if rows * len(columns) > most_cells:
            raise DataError(
                f"{place}: gives more than {most_cells:,.12g} cells (most_cells of database.yml);"
                " choose rows and columns, or raise the limit there"
            )
        for number, column in enumerate(columns):
            column.cells.extend(
                _text(result.get_value(row, number)) for row in range(result.ntuples)
            )
        result = _fetched(connection)
    connection.execute(f"close {CURSOR}")
    twice = [
        name for name, count in Counter(column.name for column in columns).items() if count > 1
    ]
    if twice:
        raise DataError(f"{place}: gives {twice[0]!r} twice; tell them apart with `as`")
    return columns


def _fetched(connection: Connection) -> "PGresult":
    result = connection.execute(f"fetch forward {STEP} from {CURSOR}").pgresult
    if result is None:
        raise TypeError("a fetch gives a result")
    return result


def _text(cell: bytes | None) -> str | None:
    return None if cell is None else cell.decode()


def _frame(columns: list[_Column], order: list[int]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {column.name: _series(column, order) for column in columns},
        index=pd.RangeIndex(len(order)),
    )
    frame.index = pd.RangeIndex(1, len(order) + 1, name="row")
    return frame


def _series(column: _Column, order: list[int]) -> pd.Series:
    cells = pd.Series([column.cells[number] for number in order], dtype="str")
    if column.type == BOOLEAN:
        return cells.map(FLAGS).astype("str")
    if column.type == NUMERIC:
        return cells.str.replace(SCALE, r"\1", regex=True)
    if column.type == MOMENT:
        return cells.str.replace(OFFSET, "", regex=True)
    return cells


def _outline(
    columns: list[_Column], spatial: frozenset[int], wanted: str | None, place: str
) -> _Column | None:
    found = [column for column in columns if column.type in spatial]
    for column in columns:
        if column.name == (wanted or "geometry"):
            if column in found:
                return column
            raise DataError(f"{place}: column {column.name} is not of type geometry or geography")
    if wanted is None and len(found) > 1:
        names = ", ".join(column.name for column in found)
        raise DataError(f"{place}: has the geometries {names}; name one in `columns: geometry:`")
    return found[0] if found and wanted is None else None


@dataclass(frozen=True)
class _Layer:
    """Where a geometry column's reference system is looked up."""

    connection: Connection
    schema: str
    place: str

    def located(
        self, frame: pd.DataFrame, column: _Column, name: str
    ) -> tuple[gpd.GeoDataFrame, dict[int, str]]:
        """Give a frame with the column's geometries, under `name`, in their own system.

        With it, by row, what was wrong with the bytes of a geometry.
        """
        cells = np.array(
            [bytes.fromhex(cell) if isinstance(cell, str) else None for cell in frame[column.name]],
            dtype=object,
        )
        shapes, faults = shapes_of(cells)
        srid = self._srid(shapes, column)
        renamed = frame.rename(columns={column.name: name})
        shapes = shapely.set_srid(shapes, 0)
        located = gpd.GeoDataFrame(renamed, geometry=gpd.GeoSeries(shapes, frame.index))
        broken = {int(frame.index[place]): fault for place, fault in faults.items()}
        return located.set_crs(self._crs(srid)), broken

    def _srid(self, shapes: Any, column: _Column) -> int:
        present = shapes[~shapely.is_missing(shapes)]
        found = {int(srid) for srid in shapely.get_srid(present)}
        if len(found) > 1:
            listed = ", ".join(str(srid) for srid in sorted(found))
            raise DataError(
                f"{self.place}: column {column.name} mixes the reference systems (SRID) {listed}"
            )
        return found.pop() if found else _srid_of(column.modifier)

    def _crs(self, srid: int) -> str | None:
        if not srid:
            return None
        from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - only queries need the driver

        found = self.connection.execute(
            SQL("select auth_name, auth_srid, srtext from {} where srid = %s").format(
                Identifier(self.schema, "spatial_ref_sys")
            ),
            [srid],
        ).fetchone()
        if found is None:
            raise DataError(f"{self.place}: SRID {srid} is not in the server's spatial_ref_sys")
        authority, code, text = found
        return f"EPSG:{code}" if authority == "EPSG" else str(text)


def _srid_of(modifier: int) -> int:
    """Read the SRID that a column was declared with: 21 bits from the eighth, signed.

    >>> _srid_of((4549 << 8) | (6 << 2)), _srid_of(-1)
    (4549, 0)
    """
    if modifier < 0:
        return 0
    return ((modifier & 0x0FFFFF00) - (modifier & 0x10000000)) >> 8
