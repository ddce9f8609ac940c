"""What a file holds, as it stands: its own headers, its own cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from tenglong.source.cell.way import EPOCH, as_text
from tenglong.source.file.grid import Layout, Range, Rows, lay_out
from tenglong.source.file.header import column_of, known_headers, squash
from tenglong.source.file.size import Sizes
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Table


@dataclass(frozen=True)
class Raw:
    """A file's cells; the frame's index is the row number that a person sees in the file.

    Attributes
    ----------
    units
        The units that a line `单位：…` above the header states.
    faults
        The formulas without a value, by row and the column's place from 0.
    is_sheet
        Whether people wrote it, with totals and remarks between the records.
    broken_shapes
        What was wrong with the bytes of outlines, by row; see `layer.Layer.faults`.
    epoch
        Day 0 of the numbers that a workbook holds for days.
    unknown_crs
        What the file states as its reference system, where that cannot be read.
    """

    frame: pd.DataFrame
    file: str
    sheet: str = ""
    units: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_sheet: bool = False
    broken_shapes: Mapping[int, str] = field(default_factory=dict)
    epoch: date = EPOCH
    unknown_crs: str = ""

    @property
    def place(self) -> str:
        """The file, with its sheet where it has one."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True)
class Wanted:
    """What a file should bring: a table, and the headers that bundle.yml names, with their columns.

    Without a table its first row is the header. `given`: the columns that need no header, since
    bundle.yml says their place or their value; `places`: where it says that they stand, from 1;
    `sizes`: how much may come.
    """

    table: Table | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)

    def fits(self, headers: Iterable[str]) -> bool:
        """Tell whether the headers bring every column that the table needs."""
        if self.table is None:
            return False
        known = {
            **known_headers(self.table),
            **{squash(one): name for one, name in self.extra.items()},
        }
        needed = {column.name for column in self.table.columns.values() if column.required}
        return needed <= {*self.given, *(column_of(str(name), known) for name in headers)}

    def layout(self, rows: Rows, merged: Sequence[Range], spot: Spot) -> Layout:
        """Find the header among the first rows: the one that has most of the table's columns."""
        if self.table is None:
            return Layout(0, tuple(str(cell) for cell in rows[0]), 1)
        return lay_out(
            rows, self.table, extra=self.extra, places=self.places, merged=merged, spot=spot
        )


def numbered(frame: pd.DataFrame, *, first: int) -> pd.DataFrame:
    """Give the rows the numbers that a person sees."""
    frame.index = pd.RangeIndex(first, first + len(frame), name="row")
    return frame


def named(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Name the columns of what stands below the header, and drop the rows that are blank."""
    if layout.beside:
        frame = frame.iloc[:, : len(layout.names)]
    frame.columns = pd.Index([*layout.names, *[""] * (frame.shape[1] - len(layout.names))])
    blank = pd.Series(data=True, index=frame.index)
    for place in range(frame.shape[1]):
        cells = frame.iloc[:, place]
        blank &= cells.isna() if place and not blank.any() else as_text(cells).isna()
        if not blank.any():
            return frame
    return frame[~blank]


def around(rows: Rows, layout: Layout, spot: Spot) -> list[Problem]:
    """Tell what stands above the header, and of another table beside this one."""
    told = []
    for number, row in enumerate(rows[: layout.first], start=1):
        words = " ".join(str(cell).strip() for cell in row if str(cell).strip())
        if words:
            told.append(spot.problem("title_row", row=number, value=words[:60]))
    if layout.beside:
        names = list(layout.beside)
        told.append(spot.problem("other_table", row=layout.first + 1, names=names))
    return told
