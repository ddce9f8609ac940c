"""The cells of a county that are suspected of a slip, and those accepted as true."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from tenglong.measure.county import Accepted, County
from tenglong.measure.doubt import named
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.kept import kept
from tenglong.measure.reading import Part, Suspect
from tenglong.measure.row import rows, written_cell
from tenglong.measure.slip.compare import (
    amounts,
    apart,
    distance,
    medians,
    nearest_others,
)
from tenglong.measure.slip.firm import Industry
from tenglong.measure.slip.rule import FILE, Checks, SlipRule, slip_rule

M2_PER_MU = 2000 / 3
DRAWN = "drawn_mu"
GROUND = ("parcels", "occupancies")
AGREE = 30  # times: what measures one thing agrees as far as this, so that the odd one is told


def suspects(county: County) -> tuple[Suspect, ...]:
    """Find every cell that is hundreds of times away from what it is held against.

    By the rules of `data/policy/outliers.yml`; none where the policy has none. Those that the
    bundle accepts are among them, with their reason. In a township they are those of its rows,
    as they were found in the whole county.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), special_fund={
    ...     "year": [2020, 2021, 2022], "settlement_income_wan": [5000.0, 5200.0, 5.1],
    ...     "drawn_wan": [100.0, 110.0, 105.0]})
    >>> [(one.column, one.key, float(one.value)) for one in suspects(county)]
    [('settlement_income_wan', {'year': 2022}, 5.1)]
    """
    if county.whole is None:
        return _suspects(county)
    return tuple(
        one
        for one in _settled(county.whole)
        if any(
            table in county.tables and row in county.tables[table].index
            for table, row, _ in ((one.table, one.row, one.column), *one.settled)
        )
    )


@kept
def _settled(whole: County) -> tuple[Suspect, ...]:
    """Give the suspects with the land of firms that hangs on them."""
    return tuple(
        replace(one, settled=_land_on(whole, one)) if one.table in GROUND else one
        for one in _suspects(whole)
    )


def _land_on(whole: County, one: Suspect) -> tuple[tuple[str, int, str], ...]:
    if "enterprise_years" not in whole.tables:
        return ()
    before = firm_years(whole)["land_mu"]
    frame = whole.tables[one.table].copy()
    frame[one.column] = frame[one.column].mask(frame.index == one.row)
    blank = replace(whole, tables={**whole.tables, one.table: frame})
    after = firm_years(blank)["land_mu"]
    is_other = (before != after) & (before.notna() | after.notna())
    return tuple(("enterprise_years", int(row), "land_mu") for row in before.index[is_other])


@kept
def _suspects(county: County) -> tuple[Suspect, ...]:
    if FILE not in county.policy:
        return ()
    rule = slip_rule(county.policy)
    found: list[Suspect] = []
    for table, checks in rule.tables.items():
        if table not in county.tables:
            continue
        frame = _with_drawn(county, table)
        far = [cells for cells in _far(county, table, frame, checks, rule) if len(cells)]
        if far:
            found += _told(county, table, frame, checks, pd.concat(far))
    return tuple(found)


def _with_drawn(county: County, table: str) -> pd.DataFrame:
    """Give a table; parcels with the area of their outline, in 亩."""
    frame = county.tables[table]
    if table != "parcels" or not hasattr(frame, "geometry"):
        return frame
    drawn = pd.Series(frame.geometry.area / M2_PER_MU, index=frame.index)
    return pd.DataFrame(frame).assign(**{DRAWN: drawn.round(9)})


def _far(
    county: County, table: str, frame: pd.DataFrame, checks: Checks, rule: SlipRule
) -> Iterator[pd.DataFrame]:
    is_firms = table == "enterprise_years" and {"usci", "year"}.issubset(frame.columns)
    industry = Industry.of(county, rule) if is_firms else None
    if checks.own is not None and set(checks.own.by).issubset(frame.columns):
        groups = _groups(frame, checks.own.by)
        for column in checks.own.columns:
            if column in frame:
                away = partial(industry.away, column) if industry else None
                yield _own(frame, column, groups, rule, away=away, is_level=checks.is_level)
    everything = _groups(frame, ())
    for column in checks.others:
        if column in frame:
            value = amounts(frame, column)
            usual = medians(value, everything, least=rule.least_group)
            yield apart(column, value, usual, against="others", most=rule.most_times)
    yield from _same(frame, checks.same, rule)
    yield from _within(county, frame, checks, rule)
    if industry is not None:
        yield from industry.outliers()


def _groups(frame: pd.DataFrame, by: tuple[str, ...]) -> "pd.Series[Any]":
    """Tell which rows are of one thing; all of them are where it has no name."""
    return frame.groupby(list(by)).ngroup() if by else pd.Series(0, index=frame.index)


def _own(
    frame: pd.DataFrame,
    column: str,
    groups: "pd.Series[Any]",
    rule: SlipRule,
    *,
    away: "Callable[[], pd.Series[float] | None] | None",
    is_level: bool,
) -> pd.DataFrame:
    """Hold each amount against all others of its thing, and name the cell that is out of place.

    Where a thing has two and nothing tells which is the slip, both are named.

    Parameters
    ----------
    away
        Tells how far each amount is from what is usual for it.
    """
    value = amounts(frame, column)
    if "unit" in frame:  # a rate may well be hundreds of times another
        value = value.where(~frame["unit"].isin(["%", ""]) & frame["unit"].notna())
    top, bottom = nearest_others(value, groups)
    high = apart(column, value, top, against="own", most=rule.most_times)
    if not is_level:
        return high
    low = apart(column, value, bottom, against="own", most=rule.most_times, both_ways=True)
    far = pd.concat([high, low[low["value"] < low["usual"]]])
    from_usual = away() if away and len(far) else None
    if from_usual is None:
        return far
    of_group = dict(iter(value.dropna().groupby(groups)))
    odd = [
        _is_out_of_place(row, of_group[groups[row]].index, from_usual.reindex(value.index))
        for row in far.index
    ]
    return far[odd]


def _is_out_of_place(row: int, of_group: "pd.Index[int]", away: "pd.Series[float]") -> bool:
    """Of more than two amounts the odd one is; of two, that farther from the usual, if known."""
    others = of_group[of_group != row]
    if len(others) > 1 or away[[row, *others]].isna().any():
        return True
    return bool(away[row] >= away[others].item())


def _same(frame: pd.DataFrame, columns: tuple[str, ...], rule: SlipRule) -> Iterator[pd.DataFrame]:
    """Hold columns that measure one thing against the median of the others in their row."""
    held = {name: amounts(frame, name) for name in columns if name in frame}
    middle = pd.concat([*held.values()], axis=1, keys=[*held]) if held else pd.DataFrame()
    for name, value in held.items():
        if name == DRAWN:
            continue
        others = middle.drop(columns=name)
        usual = others.median(axis=1)
        far = apart(name, value, usual, against="pair", most=rule.most_times, both_ways=True)
        agree = others.loc[far.index].max(axis=1) <= AGREE * others.loc[far.index].min(axis=1)
        yield far[agree]


def _within(
    county: County, frame: pd.DataFrame, checks: Checks, rule: SlipRule
) -> Iterator[pd.DataFrame]:
    """Hold an amount against what holds it: a month's investment against the project's plan."""
    for column, table, by, there in checks.within:
        if table not in county.tables or not {column, by}.issubset(frame.columns):
            continue
        whole = _with_drawn(county, table)
        if not {by, there}.issubset(whole.columns):
            continue
        most = amounts(whole, there).groupby(whole[by]).max()
        usual = frame[by].map(most).astype("float64")
        yield apart(column, amounts(frame, column), usual, against="within", most=rule.within_times)


def _told(
    county: County, table: str, frame: pd.DataFrame, checks: Checks, cells: pd.DataFrame
) -> Iterator[Suspect]:
    """Tell each cell once, by the comparison that it is farthest away in."""
    far = distance(cells["value"], cells["usual"])
    cells = (
        cells.assign(far=far, row=cells.index)
        .rename_axis(None)
        .sort_values(["far", "against"], ascending=[False, True], kind="stable")
    )
    cells = cells.drop_duplicates(["row", "column"]).sort_values(["row", "column"])
    keys = [name for name in checks.key if name in frame]
    named_rows = frame.loc[cells["row"], keys]
    names = named(_with_names(county, frame.loc[cells["row"]]))
    for cell, said, name in zip(cells.to_dict("records"), rows(named_rows), names, strict=True):
        key = {part: _part(value) for part, value in said.items()}
        value, usual = exact(frame.loc[cell["row"], cell["column"]]), exact(cell["usual"])
        one = Suspect(
            table,
            int(cell["row"]),
            key,
            str(name),
            str(cell["column"]),
            value,
            str(cell["against"]),
            usual,
            abs(value) / usual,
        )
        yield replace(one, accepted=_reason(county.accepted, one))


def _with_names(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the names of firms and projects that rows name by their code."""
    for key, table in (("usci", "enterprises"), ("project_id", "projects")):
        known = county.tables.get(table, pd.DataFrame())
        if key in frame and "name" not in frame and {key, "name"}.issubset(known.columns):
            first = known.drop_duplicates(key).set_index(key)["name"]
            frame = frame.assign(name=frame[key].map(first))
    return frame


def _part(value: Any) -> Part:
    return str(value) if isinstance(value, pd.Period) else value


def _reason(accepted: tuple[Accepted, ...], one: Suspect) -> str | None:
    for cell in accepted:
        if (cell.table, cell.column) == (one.table, one.column) and is_key(cell.key, one.key):
            return cell.reason
    return None


def is_key(said: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
    """Whether a row is the one that is said: by all its key columns, compared as they are written.

    >>> is_key({"usci": "91A", "year": 2021}, {"usci": "91A", "year": 2021})
    True
    >>> is_key({"usci": "91A"}, {"usci": "91A", "year": 2021})
    False
    """
    return {k: written_cell(v) for k, v in said.items()} == {
        k: written_cell(v) for k, v in key.items() if v is not None
    }
