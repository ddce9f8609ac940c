"""The sheets of a workbook: their cells, and what is merged or was never computed."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import python_calamine

from tenglong.source.grid import HEAD, Layout, Range
from tenglong.source.problem import Problem, RefusedError, Spot
from tenglong.source.raw import Raw, Wanted, named, numbered, refused, titles
from tenglong.source.strings import of_arrow
from tenglong.source.workbook import Faults, formula_faults

Cells = list[list[object]]


def read_sheet(path: Path, spot: Spot, sheet: str | None, wanted: Wanted) -> Raw:
    """Read a sheet of a workbook.

    Raises
    ------
    RefusedError
        If it is no workbook, has no such sheet, or the sheet is empty.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = book.sheet_names
        chosen = names[0] if sheet is None and names else sheet or ""
        if chosen not in names:
            raise refused(spot, f"there is no sheet {chosen!r}; it has {', '.join(names)}")
        page = book.get_sheet_by_name(chosen)
        rows: Cells = [[*row] for row in page.to_python(skip_empty_area=False)]
        merged = list(page.merged_cell_ranges or ())
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, RefusedError):
            raise
        raise refused(spot, f"cannot be read as a workbook: {error}") from error
    spot = Spot(spot.file, chosen, spot.table)
    if not any(str(cell).strip() for row in rows for cell in row):
        raise refused(spot, "the sheet is empty")
    layout = wanted.layout(rows[:HEAD], merged, spot)
    frame = _frame(rows[layout.body :], len(rows[0]))
    frame = named(numbered(frame, first=layout.body + 1), layout)
    problems = [*titles(rows, layout, spot), *_merged(merged, layout, spot)]
    faults = _faults(formula_faults(path, chosen), layout)
    return Raw(frame, spot.file, chosen, layout.units, tuple(problems), faults, is_sheet=True)


def _frame(rows: Cells, width: int) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pd.DataFrame({place: _column(cells) for place, cells in enumerate(columns)})


def _column(cells: tuple[object, ...]) -> pd.Series:
    """Give cells of one kind, text or numbers, as a column of that kind, others as they are."""
    known = [None if cell == "" else cell for cell in cells]
    try:
        array = pa.array(known)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pd.Series(known, dtype="object")
    if pa.types.is_string(array.type):
        return of_arrow(array)
    if pa.types.is_floating(array.type):
        return pd.Series(array.to_numpy(zero_copy_only=False))
    return pd.Series(known, dtype="object")


def _merged(merged: list[Range], layout: Layout, spot: Spot) -> list[Problem]:
    return [
        spot.problem(
            "merged_cells",
            row=top + 1,
            column=layout.names[left] if left < len(layout.names) else "",
            first=top + 1,
            last=bottom + 1,
        )
        for (top, left), (bottom, _) in sorted(merged)
        if top >= layout.body and bottom > top
    ]


def _faults(faults: Faults, layout: Layout) -> dict[tuple[int, str], str]:
    return {
        (row + 1, layout.names[column]): value
        for (row, column), value in faults.items()
        if row >= layout.body and column < len(layout.names)
    }
