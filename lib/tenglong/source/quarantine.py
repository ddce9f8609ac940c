"""The rows that were set aside (隔离): where they stand, why, and what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import shapely

from tenglong.measure.clause import Label
from tenglong.source.bundle import Bundle
from tenglong.source.problem import Problem, Severity
from tenglong.source.schema import labels
from tenglong.source.table import Loaded


@dataclass(frozen=True)
class Aside:
    """A row that is not used.

    Attributes
    ----------
    codes
        Of its errors, as in `rules.yml`.
    reason
        Column, value and what must hold, for each error.
    cells
        What stands in the file by its own headers, persons masked; outlines are left out.
    """

    file: str
    sheet: str
    row: int
    codes: tuple[str, ...]
    reason: Label
    cells: Mapping[str, str]


def set_aside(read: Bundle) -> dict[str, tuple[Aside, ...]]:
    """Give the rows of each table that were set aside; tables without are left out."""
    return {
        name: tuple(one for part in loaded.parts or (loaded,) for one in _asides(name, part))
        for name, loaded in read.tables.items()
        if len(loaded.quarantined)
    }


def _asides(table: str, loaded: Loaded) -> Iterator[Aside]:
    errors: dict[int, list[Problem]] = {int(row): [] for row in loaded.quarantined.index}
    for problem in loaded.problems:
        if problem.severity is Severity.ERROR and problem.row in errors:
            errors[problem.row].append(problem)
    headers = [str(header) for header in loaded.quarantined.columns]
    rows = loaded.quarantined.itertuples(index=False, name=None)
    for (row, whys), cells in zip(errors.items(), rows, strict=True):
        yield Aside(
            file=whys[0].file,
            sheet=whys[0].sheet,
            row=row,
            codes=tuple(dict.fromkeys(why.code for why in whys)),
            reason=Label(
                "；".join(_reason(why, table, "zh") for why in whys),
                "; ".join(_reason(why, table, "en") for why in whys),
            ),
            cells={
                header: _text(cell)
                for header, cell in zip(headers, cells, strict=True)
                if _is_told(cell)
            },
        )


def _reason(why: Problem, table: str, language: str) -> str:
    names = (labels().get((table, column)) for column in why.column.split("+"))
    column = "+".join(name[language] for name in names if name is not None) or why.column
    must, colon = (why.rule_zh, "：") if language == "zh" else (why.rule, ": ")
    return f"{column}{colon}{f'{why.value} ' if why.value else ''}{must}"


def _is_told(cell: object) -> bool:
    return not isinstance(cell, shapely.Geometry)


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell)  # noqa: PLR0124 - NaN, of any type
