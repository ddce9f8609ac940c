"""The outlines of a table: in the county's system, where they belong, and fit to be measured."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tenglong.source.intake_rule import IntakeRule
from tenglong.source.outline.datum import can_convert, lacks_shift
from tenglong.source.outline.ground import Flags, Ground
from tenglong.source.outline.misplaced import far_off, misplaced, offset_problems
from tenglong.source.outline.repair import SQUARE_METRES_A_MU, repaired
from tenglong.source.problem import Finder, Problem, RefusedError, Severity, Spot
from tenglong.source.reference import CGCS2000
from tenglong.source.schema import Table
from tenglong.source.table import Loaded

# Their areas may share no ground; of parcels the land page tells (measure.land.outlines).
TILING = ("townships", "control_lines")
MOST_COORDINATE = 1e9  # the way around the earth is 1.3e8 feet
SHOWN = 60  # characters of a reference system that cannot be read
NAMED_BY = {"townships": "name"}


def with_outlines(  # noqa: PLR0913 - one place where all that is known of a layer meets
    loaded: Loaded,
    table: Table,
    ground: Ground,
    *,
    spot: Spot,
    stated: object,
    declared: str | None = None,
    broken: Mapping[int, str] | None = None,
    accepted: frozenset[str] = frozenset(),
    unknown: str = "",
) -> Loaded:
    """Bring a table's outlines into the county's system, repair them, and tell every fault.

    Parameters
    ----------
    stated, declared
        The reference system that the file states, and the one that bundle.yml declares.
    broken
        What was wrong with the bytes of outlines, by row: `unclosed`, `unreadable`, `curved`.
    accepted
        Codes of problems that the bundle's owner knows of and lets in.
    unknown
        What the file states as its reference system, where that cannot be read.

    Raises
    ------
    RefusedError
        If there is no reference system or an unknown one, or the layer lies elsewhere.
    """
    names = loaded.frame[NAMED_BY.get(table.name, table.key[0])]
    told = names.fillna("").to_numpy(dtype="object").tolist()
    finder = Finder(spot, dict(zip(names.index.tolist(), told, strict=True)))
    shapes, problems = _declared(loaded.frame["geometry"], stated, declared, spot, unknown)
    problems += _require_conversion(shapes.crs, ground, spot)
    faults = {row: fault for row, fault in (broken or {}).items() if row in shapes.index}
    shapes, more = _usable(shapes, ground, faults, finder)
    problems += more
    present = shapes[shapes.notna()]
    unclosed = frozenset(row for row, fault in faults.items() if fault == "unclosed")
    mended = repaired(present, unclosed, ground.rule, finder)
    problems += mended.problems
    problems += [finder("curved", row) for row, fault in faults.items() if fault == "curved"]
    used = mended.shapes[mended.shapes.notna()]
    problems += _faults(loaded, used, table, ground, finder)
    problems += _astray(used, ground, finder, accepted)
    shapes = mended.shapes.reindex(loaded.frame.index)
    frame = gpd.GeoDataFrame(loaded.frame.drop(columns="geometry"), geometry=shapes)
    every = (*loaded.problems, *problems)
    return replace(loaded, frame=frame, problems=every, repairs=mended.repairs)


def _declared(
    cells: pd.Series, stated: object, declared: str | None, spot: Spot, unknown: str
) -> tuple[gpd.GeoSeries, list[Problem]]:
    """Give the outlines the reference system that they are in, as stated or declared."""
    given = declared or stated
    if given is None and unknown:
        raise RefusedError(spot.problem("unreadable_crs", crs=unknown[:SHOWN]))
    if given is None:
        raise RefusedError(spot.problem("no_crs"))
    array = np.array(cells, dtype=object)
    missing = pd.isna(array)
    if not (missing | shapely.is_geometry(array)).all():
        raise RefusedError(spot.problem("no_layer"))
    try:
        system = pyproj.CRS.from_user_input(given)
        own = None if stated is None else pyproj.CRS.from_user_input(stated)
    except pyproj.exceptions.CRSError as error:
        raise RefusedError(spot.problem("bad_crs", crs=given)) from error
    problems = []
    if unknown:
        shown = unknown[:SHOWN]
        problems.append(spot.problem("crs_overridden", stated=shown, declared=system.name))
    if own is not None and not own.equals(system, ignore_axis_order=True):
        problems.append(spot.problem("crs_overridden", stated=own.name, declared=system.name))
    if system.is_projected and system.axis_info[0].unit_name != "metre":
        unit = system.axis_info[0]
        factor = f"{unit.unit_conversion_factor:.9g}"
        told = spot.problem("crs_in_feet", crs=system.name, unit=unit.unit_name, factor=factor)
        problems.append(told)
    array[missing] = None
    return gpd.GeoSeries(array, index=cells.index, crs=system), problems


def _require_conversion(system: pyproj.CRS, ground: Ground, spot: Spot) -> Iterator[Problem]:
    """Tell of a datum that is not converted; refuse a system that is not of the earth."""
    if not can_convert(system, (ground.crs, CGCS2000)):
        raise RefusedError(spot.problem("local_crs", column="geometry", crs=system.name))
    if lacks_shift(system, ground.crs):
        target = pyproj.CRS.from_user_input(ground.crs).name
        yield spot.problem("no_datum_shift", column="geometry", crs=system.name, target=target)


def _usable(
    shapes: gpd.GeoSeries, ground: Ground, faults: Mapping[int, str], finder: Finder
) -> tuple[gpd.GeoSeries, list[Problem]]:
    """Project the outlines; those that are missing, unreadable or out of reach become None."""
    problems: list[Problem] = []

    def dropped(of: gpd.GeoSeries, which: Flags, code: str) -> gpd.GeoSeries:
        problems.extend(finder(code, int(row)) for row in of.index[which])
        return of[~which]

    array = shapes.to_numpy()
    unreadable = shapes.index.isin([row for row, fault in faults.items() if fault == "unreadable"])
    absent = (shapely.is_missing(array) | shapely.is_empty(array)) & ~unreadable
    present = dropped(shapes[~unreadable], absent[~unreadable], "no_geometry")
    problems += [finder("unreadable_shape", int(row)) for row in shapes.index[unreadable]]
    present = dropped(present, ~_is_on_earth(present), "bad_coordinates")
    if len(present):
        present = dropped(present, misplaced(present, ground, finder.spot), "swapped_shape")
    projected = _projected(present, ground.crs)
    projected = dropped(projected, ~_is_on_earth(projected), "bad_coordinates")
    return projected.reindex(shapes.index), problems


def _projected(shapes: gpd.GeoSeries, crs: str) -> gpd.GeoSeries:
    """Bring outlines into a system; those that are in it, however it is written, stay."""
    system = pyproj.CRS.from_user_input(crs)
    if shapes.crs.equals(system, ignore_axis_order=True):
        return shapes.set_crs(system, allow_override=True)
    return shapes.to_crs(system)


def _is_on_earth(shapes: gpd.GeoSeries) -> Flags:
    # Neither infinity nor what is not a number is less.
    on_earth: Flags = (np.abs(shapes.bounds.to_numpy()) < MOST_COORDINATE).all(axis=1)
    return on_earth


def _faults(
    loaded: Loaded, shapes: gpd.GeoSeries, table: Table, ground: Ground, finder: Finder
) -> Iterator[Problem]:
    """Tell of outlines that stand twice, are of several parts, or share ground."""
    keys = loaded.frame.loc[shapes.index, table.key[0]]
    seen = _compared(shapes, keys)
    again = seen.index[seen.duplicated()]
    firsts = {shape: row for row, shape in reversed(list(seen.items()))}
    for row in again:
        yield finder("same_shape", int(row), first=firsts[seen[row]])
    yield from _same_keys(keys, seen, finder)
    parts = shapes.count_geometries()
    for row in parts.index[parts > 1]:
        yield finder("multipart", int(row), count=int(parts[row]))
    if table.name in TILING:
        yield from _overlaps(shapes.drop(index=again), ground.rule, finder)


def _compared(shapes: gpd.GeoSeries, keys: pd.Series) -> pd.Series:
    """Write out, in one form, the outlines that may be one: of the same bounds, or the same key."""
    bounds = shapes.bounds.duplicated(keep=False)
    some = shapes[bounds | (keys.duplicated(keep=False) & keys.notna())]
    return pd.Series(shapely.to_wkb(shapely.normalize(some.to_numpy())), some.index, dtype="object")


def _same_keys(keys: pd.Series, seen: pd.Series, finder: Finder) -> Iterator[Problem]:
    """Tell of keys that stand twice, each time with another outline."""
    keys = keys.dropna()
    for _, rows in keys[keys.duplicated(keep=False)].groupby(keys):
        first, *others = rows.index
        for row in others:
            if seen[row] != seen[first]:
                yield finder("other_shape", int(row), first=int(first))


def _overlaps(shapes: gpd.GeoSeries, rule: IntakeRule, finder: Finder) -> Iterator[Problem]:
    array = shapes.to_numpy()
    one, other = shapely.STRtree(array).query(array, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(array[one], array[other])
    areas, lengths = shapely.area(shared), shapely.length(shared)
    for pair in np.flatnonzero(areas > rule.least_overlap_m2):
        row, against = (int(shapes.index[places[pair]]) for places in (one, other))
        width = 2 * areas[pair] / lengths[pair]
        yield finder(
            "sliver_overlap" if width < rule.sliver_width_m else "overlap",
            row,
            other=finder.names[against],
            other_row=against,
            area=f"{areas[pair] / SQUARE_METRES_A_MU:.2f}",
        )


def _astray(
    shapes: gpd.GeoSeries, ground: Ground, finder: Finder, accepted: frozenset[str]
) -> Iterator[Problem]:
    """Tell of outlines outside the county, and of a layer that lies beside it."""
    if not len(shapes):
        return
    metres = far_off(shapes, ground)
    if (metres > 0).all():
        elsewhere = finder.spot.problem("layer_outside", column="geometry", crs=ground.crs)
        if elsewhere.code not in accepted:
            raise RefusedError(elsewhere)
        yield replace(elsewhere, severity=Severity.WARNING)
    for row, off in zip(shapes.index[metres > 0], metres[metres > 0], strict=True):
        if np.isfinite(off):
            yield finder("outside", int(row), km=f"{off / 1000:.1f}")
        else:
            yield finder("outside_use", int(row), crs=ground.crs)
    if ground.outline is not None:
        yield from offset_problems(shapes, ground.outline, ground, finder.spot)
