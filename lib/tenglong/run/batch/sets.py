"""A file of parameter sets: a report a row, in CSV.

Its columns are the options of `tenglong report` (`bundle`, `as_of`, `township` …), the parameters
of notebooks, and `out`: a folder of reports of its own below that of the run. An empty cell asks
for nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tenglong.encoding import found
from tenglong.errors import Fault, UsageError
from tenglong.run.batch.wanted import Wanted

DELIMITERS = (",", "\t", ";")
ONE = ("as_of", "cadence", "period", "township", "language")
MANY = {"beside": "beside", "page": "page_ids"}  # several values stand with commas between them
BUNDLE, OUT = "bundle", "out"
Row = tuple[int, Mapping[str, str]]


def sets(path: Path, out: Path, bundle: str = "") -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """Read what is asked for, and tell what is wrong with the file itself, row by row.

    Parameters
    ----------
    out
        The folder of reports of the run.
    bundle
        That of the rows that name none.

    Raises
    ------
    UsageError
        If it cannot be read, holds no row, or has a column without a name or twice.
    """
    rows = _rows(path)
    faults = [fault for number, row in rows for fault in _faults(number, row, bundle)]
    wanted = (_wanted(number, row, out, bundle) for number, row in rows)
    return (() if faults else tuple(wanted)), tuple(faults)


def _wanted(number: int, row: Mapping[str, str], out: Path, bundle: str) -> Wanted:
    own = {name: row[name] for name in ONE if name in row}
    lists = {
        option: tuple(filter(None, (one.strip() for one in row[name].split(","))))
        for name, option in MANY.items()
        if name in row
    }
    options = {*ONE, *MANY, BUNDLE, OUT}
    pairs = tuple(f"{name}={value}" for name, value in row.items() if name not in options)
    asked = {**own, **lists, "pairs": pairs}
    return Wanted(row.get(BUNDLE, bundle), out / row.get(OUT, ""), asked, number)


def _faults(number: int, row: Mapping[str, str], bundle: str) -> Iterator[Fault]:
    where = f"row {number}", f"第 {number} 行"
    if not row.get(BUNDLE, bundle):
        said = "names no bundle", "没有写明数据包"
        yield Fault(f"{where[0]}: {said[0]}", f"{where[1]}：{said[1]}")
    below = PurePosixPath(row.get(OUT, ""))
    if below.is_absolute() or any(part.startswith(".") or "\\" in part for part in below.parts):
        said = "out: must be a folder below --out", "out：应是 --out 之下的文件夹"
        yield Fault(f"{where[0]}: {said[0]}", f"{where[1]}：{said[1]}")
    if "" in row:
        said = "has more cells than there are columns", "单元格比列多"
        yield Fault(f"{where[0]}: {said[0]}", f"{where[1]}：{said[1]}")


def _rows(path: Path) -> list[Row]:
    """Read the rows that are not empty, each with its line in the file."""
    try:
        raw = path.read_bytes()
        text = raw.decode(found(raw))
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--sets {path.name}: cannot be read as a CSV") from error
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise UsageError(f"--sets {path.name}: {error}") from error
    names = lines[0][1] if lines else []
    if not all(names) or len(set(names)) < len(names):
        raise UsageError(f"--sets {path.name}: every column must have a name of its own")
    rows = [(number, _row(names, cells)) for number, cells in lines[1:] if any(cells)]
    if not rows:
        raise UsageError(f"--sets {path.name}: must have a header and a row a report")
    return rows


def _row(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """Give the cells that say something; what stands beyond the columns by an empty name.

    >>> _row(["a", "b"], ["1", "", "2"])
    {'a': '1', '': '2'}
    """
    beyond = "".join(cells[len(names) :])
    row = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
    return {**row, "": beyond} if beyond else row
