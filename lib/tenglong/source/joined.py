"""Several files of one table, joined: one frame, every problem by its own file and row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from tenglong.measure.supply import FILE_ROWS
from tenglong.source.check.misfit import unit_suspects
from tenglong.source.check.unit_flip import unit_flips
from tenglong.source.problem import Problem, Severity, Spot
from tenglong.source.schema import Table
from tenglong.source.table import Loaded, duplicated


def joined(
    parts: Sequence[Loaded], spots: Sequence[Spot], table: Table, accepted: frozenset[str]
) -> Loaded:
    """Join what several files bring; a row of a key that an earlier file has is set aside.

    Parameters
    ----------
    spots
        Where each part stands.
    accepted
        Codes of problems that the bundle's owner lets in as warnings.

    Returns
    -------
    Loaded
        Its index numbers the rows of the n-th file from n times `FILE_ROWS`.
    """
    if len(parts) == 1:
        return parts[0]
    whole = _frame(parts, table)
    wrong: list[list[int]] = [[] for _ in parts]
    problems = [problem for part in parts for problem in part.problems]
    known = {_about(problem) for problem in problems}
    for problem in _of_the_whole(whole, table, accepted, spots[0]):
        own = _at_home(problem, spots)
        if _about(own) in known:
            continue
        problems.append(own)
        if problem.severity is Severity.ERROR:
            number, row = divmod(problem.row or 0, FILE_ROWS)
            wrong[number].append(row)
    kept = [_without(part, rows) for part, rows in zip(parts, wrong, strict=True)]
    asides = [_numbered(part.aside, number) for number, part in enumerate(kept)]
    return Loaded(
        _frame(kept, table),
        pd.DataFrame(index=pd.RangeIndex(sum(len(part.quarantined) for part in kept))),
        tuple(problems),
        tuple(repair for part in kept for repair in part.repairs),
        parts=tuple(
            replace(part, problems=tuple(p for p in problems if _is_of(p.file, p.sheet, spot)))
            for part, spot in zip(kept, spots, strict=True)
        ),
        aside=pd.concat([one.drop(columns="geometry", errors="ignore") for one in asides]),
    )


def placed(later: Loaded, joined: Loaded, spots: Sequence[Spot]) -> Loaded:
    """Give each problem that was found in a joined table later the file and row that it is in."""
    if not joined.parts:
        return later
    known = len(joined.problems)
    new = (_at_home(problem, spots) for problem in later.problems[known:])
    return replace(later, problems=(*joined.problems, *new))


def _at_home(problem: Problem, spots: Sequence[Spot]) -> Problem:
    if problem.row is None:
        return replace(
            problem, file="、".join(dict.fromkeys(spot.file for spot in spots)), sheet=""
        )
    number, row = divmod(problem.row, FILE_ROWS)
    return replace(problem, file=spots[number].file, sheet=spots[number].sheet, row=row)


def _numbered(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    return frame.set_axis(frame.index + number * FILE_ROWS)


def _of_the_whole(
    whole: pd.DataFrame, table: Table, accepted: frozenset[str], spot: Spot
) -> Iterator[Problem]:
    """Tell of what only shows where the files are held against one another."""
    yield from duplicated(whole, table, accepted, spot)
    yield from unit_flips(whole, table, spot)
    for name in whole:
        if name != "geometry":
            yield from unit_suspects(whole[name], whole[name], table.columns[str(name)], spot)


def _about(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.column, problem.file, problem.sheet, problem.row


def _is_of(file: str, sheet: str, spot: Spot) -> bool:
    return (file, sheet) == (spot.file, spot.sheet)


def _without(part: Loaded, rows: list[int]) -> Loaded:
    """Set rows aside that could be read; of them the table's own columns are kept."""
    if not rows:
        return part
    aside = pd.concat([part.quarantined, pd.DataFrame(part.frame.loc[rows])])
    values = pd.concat([part.aside, pd.DataFrame(part.frame.loc[rows])])
    return replace(part, frame=part.frame.drop(index=rows), quarantined=aside, aside=values)


def _frame(parts: Sequence[Loaded], table: Table) -> pd.DataFrame:
    frames = [_numbered(part.frame, number) for number, part in enumerate(parts)]
    whole = pd.concat(frames)
    whole = whole[[name for name in table.columns if name in whole]]
    drawn = next((frame for frame in frames if isinstance(frame, gpd.GeoDataFrame)), None)
    return whole if drawn is None else gpd.GeoDataFrame(whole, geometry="geometry", crs=drawn.crs)
