"""Years in pairs: the energy of the firms in scope in a year, and of the same ones a year before.

Official growth is of the same firms in both years. The firms of a scope change from year to year:
held against each other whole, what is new above the line would count as growth.
"""

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.fuels import Counting, firm_energy
from tenglong.measure.county import County
from tenglong.measure.exact import exact_sum
from tenglong.measure.firm.firms import firms_by_code, with_firm
from tenglong.measure.firm.ratios import WHO_BELONGS, members
from tenglong.measure.firm.scope import belongs, firm_blanks
from tenglong.measure.reading import Blank
from tenglong.measure.row import is_preliminary, surely

# Why a firm in scope is in no pair, though nothing of it is wanting.
NEWCOMERS = ("new", "entered")
Blanks = tuple[Blank, ...]
PRELIMINARY = "preliminary"
PAIRED = ["usci", "name", "year", "energy_tce", "energy_tce_before", "reason"]


@dataclass(frozen=True)
class Pair:
    """The firms in scope in a year, in that year and in the year before.

    Attributes
    ----------
    energy_tce, energy_tce_before
        Of the firms whose energy is known in both years, in 吨标准煤; None where too many are
        left out, or these burnt nothing the year before.
    firms, lacking, newcomers
        Those firms; those left out because a year's energy is wanting; those left out because
        they came into the scope in the year, and have no energy of the year before.
    is_preliminary
        Whether a figure of it is (初步).
    """

    energy_tce: Fraction | None
    energy_tce_before: Fraction | None
    firms: int
    lacking: int
    newcomers: int
    is_preliminary: bool

    @property
    def growth_pct(self) -> Fraction | None:
        """The growth of energy of the same firms, in %; None where it is not known."""
        if self.energy_tce is None or self.energy_tce_before is None:
            return None
        return (self.energy_tce / self.energy_tce_before - 1) * 100


def paired_firms(county: County, *, scope: str, counting: Counting = "equal") -> pd.DataFrame:
    """Give every firm in scope in a year with its energy of that year and of the year before.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`, a firm's second row for a year left out: `usci`,
        `name`, `year`, `energy_tce`, `energy_tce_before`, `reason`, why a firm is in no pair:
        `new` (registered in the year), `entered` (its row of the year before is not in scope
        and tells no energy, as of a firm below the line), `no_year_before` (no row),
        `energy_unknown`, `energy_before_unknown`; missing where it is in one; `stage` (初步
        where that of either year is).

    Raises
    ------
    Unavailable
        If energy, or what decides the scope, was not supplied.

    Examples
    --------
    >>> county = example_county(
    ...     enterprises={"usci": ["A", "B"], "name": ["甲", "乙"], "industry": ["3441", "3441"]},
    ...     enterprise_years={"usci": ["A", "A", "B"], "year": [2020, 2021, 2021],
    ...                       "energy_tce": [100.0, 90.0, 50.0]})
    >>> firms = paired_firms(county, scope="industry")
    >>> firms.loc[firms["year"] == 2021, ["name", "energy_tce_before", "reason"]].values.tolist()
    [['甲', 100.0, nan], ['乙', nan, 'no_year_before']]
    """
    inside = members(county, "energy_tce", scope=scope).index
    every = county.table("enterprise_years", "usci", "year", "energy_tce").sort_index()
    every = every.drop_duplicates(["usci", "year"])
    if counting == "calorific":
        every = every.assign(energy_tce=firm_energy(county)["calorific_tce"])
    renamed = {"energy_tce": "energy_tce_before", "stage": "stage_before"}
    was_inside = every.index.isin(inside)
    before = every.assign(year=every["year"] + 1, was_inside=was_inside).rename(columns=renamed)
    told = ["energy_tce_before", "was_inside", *(["stage_before"] if "stage" in every else [])]
    before = before.set_index(["usci", "year"])[told]
    firms = every[was_inside].join(before, on=["usci", "year"])
    about = firms_by_code(county)
    firms = firms.join(about[[name for name in ("name", "registered_on") if name in about]], "usci")
    firms["name"] = firms["name"].fillna(firms["usci"]) if "name" in firms else firms["usci"]
    is_new = pd.Series(data=False, index=firms.index)
    if "registered_on" in firms:
        is_new = surely(firms["registered_on"].dt.year == firms["year"])
    reason = pd.Series(None, index=firms.index, dtype="str")
    reason = reason.mask(firms["energy_tce_before"].isna(), "energy_before_unknown")
    reason = reason.mask(reason.notna() & ~surely(firms["was_inside"]), "entered")
    reason = reason.mask(firms["was_inside"].isna(), "no_year_before")
    reason = reason.mask(firms["was_inside"].isna() & is_new, "new")
    reason = reason.mask(firms["energy_tce"].isna(), "energy_unknown")
    firms["reason"] = reason
    if "stage" in firms:
        either = firms["stage_before"] == PRELIMINARY
        firms["stage"] = firms["stage"].mask(either, PRELIMINARY)
    return firms[[*PAIRED, *(["stage"] if "stage" in firms else [])]]


def lacking_cells(county: County, firms: pd.DataFrame, *, scope: str) -> dict[int, Blanks]:
    """Name by year the cells of a pair that are blank: energy, or what tells who is in scope.

    Parameters
    ----------
    firms
        Those of `paired_firms`.

    Examples
    --------
    >>> county = example_county(
    ...     enterprises={"usci": ["A"], "name": ["甲"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A", "A"], "year": [2020, 2021], "energy_tce": [None, 90.0]})
    >>> found = lacking_cells(county, paired_firms(county, scope="industry"), scope="industry")
    >>> [(one.name, one.column, one.row) for one in found[2021]]
    [('甲', 'energy_tce', 0)]
    """
    columns = ("usci", "year", "energy_tce")
    years = with_firm(county.table("enterprise_years", *columns), county, "industry")
    open_ = years[belongs(years, county, scope).isna()]
    found = {}
    for label, group in firms.groupby("year"):
        year = int(str(label))
        in_either = years["year"].isin([year, year - 1])
        wanting = group.loc[group["reason"].notna() & ~group["reason"].isin(NEWCOMERS), "usci"]
        without = group[group["reason"] == "no_year_before"]
        found[year] = (
            *firm_blanks(county, years[in_either & years["usci"].isin(wanting)], "energy_tce"),
            *(Blank("enterprise_years", "energy_tce", str(name)) for name in without["name"]),
            *firm_blanks(county, open_[in_either[open_.index]], *WHO_BELONGS),
        )
    return found


def pairs(firms: pd.DataFrame, *, most_missing: Fraction) -> dict[int, Pair]:
    """Add the firms of `paired_firms` up by year.

    A year has no energy where more than a share of its firms, the newcomers apart, lack a year's,
    or where the others burnt nothing the year before.

    Examples
    --------
    >>> firms = pd.DataFrame({"usci": ["A", "B"], "year": [2021, 2021], "energy_tce": [90.0, 5.0],
    ...                       "energy_tce_before": [100.0, None], "reason": [None, "new"]})
    >>> float(pairs(firms, most_missing=Fraction(1, 20))[2021].growth_pct)
    -10.0
    """
    found = {}
    for year, group in firms.groupby("year"):
        both = group[group["reason"].isna()]
        newcomers = int(group["reason"].isin(NEWCOMERS).sum())
        lacking = len(group) - len(both) - newcomers
        known = exact_sum(both["energy_tce"]), exact_sum(both["energy_tce_before"])
        is_known = known[1] > 0 and Fraction(lacking, len(group) - newcomers) <= most_missing
        energy, before = known if is_known else (None, None)
        found[int(str(year))] = Pair(
            energy, before, len(both), lacking, newcomers, is_preliminary=is_preliminary(both)
        )
    return found
