"""Rows by township: where a firm, a parcel or a project stands, and a county cut to one place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from tenglong.errors import UsageError, did_you_mean
from tenglong.measure.clause import Label
from tenglong.measure.county import County, Township, Unavailable, attempt
from tenglong.measure.firm.cut import Cut, Sorted
from tenglong.measure.firm.firms import firm_years, require_land
from tenglong.measure.kept import kept
from tenglong.measure.row import surely

PLACE = "township"


def township_of(county: County, table: str) -> pd.Series:
    """Say in which township each row of a table stands, by the rows of the table.

    By its own `township`, or else that of the firm, project or parcel that it names; missing
    where that is not known.

    Raises
    ------
    Unavailable
        If the table, what it names its things by, or their townships were not supplied.

    >>> county = example_county(enterprises={"usci": ["A"], "township": ["330328100"]},
    ...     recognitions={"usci": ["A", "B"]})
    >>> township_of(county, "recognitions").tolist()
    ['330328100', nan]
    """
    if table not in county.links:
        own: pd.Series = county.table(table, PLACE)[PLACE]
        return own
    key, of = county.links[table]
    rows = county.table(table, key)
    known = county.table(of, key, PLACE).sort_index().drop_duplicates(key)
    return rows[key].map(known.set_index(key)[PLACE]).rename(PLACE)


@dataclass(frozen=True, eq=False)
class Places:
    """A county's tables by township; `lacking` says of a table what would place its rows."""

    county: County
    townships: Mapping[str, pd.Series]
    lacking: Mapping[str, tuple[str, str | None]]

    def within(self, code: str, *, township: Township | None = None) -> County:
        """Cut the county to what stands in the township of a code.

        Its firms keep the land that they use, wherever that lies. Tables that stand in no
        township (special_fund, official_series …) are not there.

        Parameters
        ----------
        township
            The one that it is told to be cut to; None where it is one of many.
        """
        left = frozenset(self.county.tables) - self.townships.keys()
        cut = replace(
            self.county,
            tables=Cut(self._sorted, code),
            unplaced=left,
            spans=self._spans,
            township=township,
        )
        if self.county.is_settled:  # else a township may tell its land where the county cannot
            cut.keep.cut_from = self.county
        return cut

    @cached_property
    def _sorted(self) -> Mapping[str, Sorted]:
        tables = self.county.tables
        return {name: Sorted(tables[name], at) for name, at in self.townships.items()}

    @cached_property
    def _spans(self) -> Mapping[str, tuple[pd.Period, pd.Period] | None]:
        monthly = [name for name in self.townships if "month" in self.county.tables[name]]
        return {name: self.county.months(name) for name in monthly}

    def unplaced(self, known: frozenset[str]) -> Mapping[str, int]:
        """Count the rows that stand in none of these townships, by table."""
        counts = {name: int((~at.isin(known)).sum()) for name, at in self.townships.items()}
        return {name: count for name, count in counts.items() if count}


@kept
def places(county: County) -> Places:
    """Place the rows of every table that stands somewhere.

    >>> county = example_county(projects={"project_id": ["P", "Q"], "township": ["t", "u"]})
    >>> places(county).within("u").table("projects")["project_id"].tolist()
    ['Q']
    """
    whole = _settled(county)
    townships: dict[str, pd.Series] = {}
    lacking: dict[str, tuple[str, str | None]] = {}
    for name in sorted(whole.tables):
        try:
            townships[name] = township_of(whole, name)
        except Unavailable as error:
            lacking[name] = (error.table, error.column)
    return Places(whole, townships, lacking)


def _settled(county: County) -> County:
    """Settle what firms' years take from elsewhere while all of the county is there.

    Their land needs all parcels. An add-back that was not supplied counts as none; its column
    is made, since the tax of no firm at all cannot be reckoned without one.
    """
    of = county.whole or county
    if "enterprise_years" not in county.tables:
        return replace(county, whole=of)
    years = county.tables["enterprise_years"].copy()
    for column in county.policy["tax"]["add_back"]:
        if column not in years:
            years[column] = float("nan")
    found = attempt(_with_land, county)
    if isinstance(found, Unavailable):
        return replace(county, tables={**county.tables, "enterprise_years": years}, whole=of)
    years = years.assign(land_mu=found["land_mu"].reindex(years.index))
    tables = {**county.tables, "enterprise_years": years}
    settled = replace(county, tables=tables, is_settled=True, whole=of)
    columns = dict.fromkeys([*years.columns, *found.columns])
    firm_years.give(settled, found.reindex(columns=list(columns)))
    return settled


def _with_land(county: County) -> pd.DataFrame:
    require_land(county)
    return firm_years(county)


def township_named(county: County, said: str) -> Township:
    """Find a township by its code or its name.

    Raises
    ------
    UsageError
        If there is none, naming the nearest.

    >>> county = example_county(townships={"township": ["330328100"], "name": ["大峃镇"]})
    >>> township_named(county, "大峃镇").code
    '330328100'
    """
    names = township_labels(county)
    if not names:
        raise UsageError("township: the bundle has no table of townships")
    found = said if said in names else next((c for c, name in names.items() if name == said), None)
    if found is None:
        hint = did_you_mean(said, [*names, *names.values()])
        raise UsageError(f"township: there is no {said!r}{hint}")
    return Township(found, Label(names[found], names[found]))


def township_labels(county: County) -> Mapping[str, str]:
    """Give the townships' names by code; nothing where they were not supplied.

    >>> table = {"township": ["330328100"], "name": ["大峃镇"]}
    >>> township_labels(example_county(townships=table))
    {'330328100': '大峃镇'}
    """
    try:
        known = county.table("townships", PLACE, "name").dropna(subset=[PLACE, "name"])
    except Unavailable:
        return {}
    return dict(zip(known[PLACE].astype(str), known["name"].astype(str), strict=True))


def within(county: County, township: str) -> County:
    """Cut a county to one township, by its code or name; the whole county for an empty text.

    Sums and ratios of a township are those of the county that is cut. What ranks or compares
    firms (grades, lists by the average of an industry) is reckoned on the whole county, and
    its rows are cut afterwards, by `of_township`.

    Raises
    ------
    UsageError
        If there is no such township.
    """
    if not township:
        return county
    one = township_named(county, township)
    cut = places(county).within(one.code, township=one)
    cut.keep.derived = county.keep.derived.within(one.code)
    return cut


def of_township(rows: pd.DataFrame, township: str) -> pd.DataFrame:
    """Give the rows of one township of a sheet, by its column `township` of codes.

    All rows for an empty code; none of a sheet that does not say where its rows stand.

    >>> of_township(pd.DataFrame({"township": ["a", None]}), "a").index.tolist()
    [0]
    """
    if not township:
        return rows
    return rows[surely(rows[PLACE] == township)] if PLACE in rows else rows.iloc[:0]
