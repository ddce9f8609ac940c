"""What no page, workbook or terminal can carry: taken out of every text of every file, and told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tenglong.source.cell.strings import holds_any, is_text, longest, matching
from tenglong.source.file.raw import Raw
from tenglong.source.problem import Problem, Severity, Spot
from tenglong.source.schema import Type
from tenglong.unseen import LONGEST, UNSEEN, UNSEEN_IN_COLUMN, cut, named, plain

# The first bytes, in UTF-8, of what is looked for; but for tab and line breaks.
ODD = np.zeros(256, dtype=bool)
ODD[[*range(0x20), 0x7F, 0xC2, 0xD8, 0xE2, 0xEF, *range(0xF0, 0xF5)]] = True
ODD[[*b"\t\n\r"]] = False
MOST_NAMED = 5  # characters that a note names
SHOWN = 60  # characters of a text that a note shows


def plain_headers(raw: Raw, spot: Spot) -> tuple[Raw, list[Problem]]:
    """Give a file whose headers are plain, and tell of those that were not."""
    given = [str(header) for header in raw.frame.columns]
    headers = [plain(header) for header in given]
    if headers == given:
        return raw, []
    told = [
        spot.problem("unseen_header", column=header, which=_which([one]))
        for one, header in zip(given, headers, strict=True)
        if one != header
    ]
    frame = raw.frame.copy(deep=False)
    frame.columns = pd.Index(headers)
    return replace(raw, frame=frame), told


@dataclass(frozen=True)
class _Column:
    """A column, and its rows that were changed: by what was taken off, and by cutting."""

    cells: pd.Series
    unseen: pd.Series
    long: pd.Series


def plain_texts(
    frame: pd.DataFrame, names: Mapping[int, str], kinds: Mapping[int, Type], spot: Spot
) -> tuple[pd.DataFrame, list[Problem]]:
    """Take what cannot be seen out of all texts, and cut those that no cell of Excel can hold.

    Parameters
    ----------
    names, kinds
        What the columns that are read are called, and what they hold, by their places. In a code
        it changes nothing that counts, and is a note.
    """
    problems: list[Problem] = []
    changed: dict[int, pd.Series] = {}
    for place, header in enumerate(map(str, frame.columns)):
        found = _plain(frame.iloc[:, place])
        if found is not None:
            changed[place] = found.cells
            is_code = kinds.get(place) is Type.CODE
            problems += _told(found, names.get(place, header), spot, is_code=is_code)
    if not changed:
        return frame, problems
    columns = [changed.get(place, frame.iloc[:, place]) for place in range(frame.shape[1])]
    whole = pd.concat(columns, axis=1)
    whole.columns = frame.columns
    return whole, problems


def _plain(cells: pd.Series) -> _Column | None:
    """Give a column whose texts are plain; None where they were."""
    suspects = _suspects(cells)
    if suspects is None or suspects.empty:
        return None
    clean = suspects.map(plain)
    unseen = suspects[clean != suspects]
    short = clean.map(cut)
    long = clean[short != clean]
    rows = unseen.index.union(long.index)
    if rows.empty:
        return None
    whole = cells.copy()
    whole[rows] = short[rows]
    return _Column(whole, unseen, long)


def _suspects(cells: pd.Series) -> pd.Series | None:
    """Give the texts that are worth a look, or None where a look at all of them shows none is."""
    if is_text(cells):
        odd = np.zeros(len(cells), dtype=bool)
        if holds_any(cells, ODD):
            odd = matching(cells, UNSEEN_IN_COLUMN)
        if longest(cells) > LONGEST:
            odd |= (cells.str.len() > LONGEST // 2).fillna(value=False).to_numpy(dtype=bool)
        return cells[odd] if odd.any() else None
    if cells.dtype == "object":
        return cells[cells.map(lambda cell: isinstance(cell, str)).astype(bool)]
    return None


def _told(found: _Column, column: str, spot: Spot, *, is_code: bool) -> Iterator[Problem]:
    if len(found.unseen):
        yield spot.problem(
            "unseen_text",
            column=column,
            row=int(found.unseen.index[0]),
            value=found.unseen.iloc[0][:SHOWN],
            severity=Severity.NOTE if is_code else None,
            count=len(found.unseen),
            which=_which(found.unseen),
        )
    for row in found.long.index:
        yield spot.problem("long_text", column=column, row=int(row), most=f"{LONGEST:,}")


def _which(texts: pd.Series | list[str]) -> str:
    found = sorted({one for text in texts for one in UNSEEN.findall(text)})
    more = " …" if len(found) > MOST_NAMED else ""
    return " ".join(map(named, found[:MOST_NAMED])) + more
