"""Industrial land as one page shows it: every parcel's state, contracts, grants and the fund."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import geopandas as gpd
import pandas as pd

from tenglong.measure.board.board import assess_plan
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.firm.places import PLACE, of_township
from tenglong.measure.judge.assessment import Board
from tenglong.measure.judge.clock import months_between
from tenglong.measure.kept import kept
from tenglong.measure.land.contract import (
    LandStateRule,
    land_state_rule,
    land_states,
    late_parcels,
    unmet_checks,
)
from tenglong.measure.land.control_line import parcel_positions, totals_of
from tenglong.measure.land.idle import IdleRule, idle_land, idle_rule
from tenglong.measure.land.outlines import KINDS, OutlineRule, outline_findings
from tenglong.measure.land.supply import (
    contracts_signed,
    fund_share,
    industrial_grants,
    replacement_ledger,
    standard_land,
)
from tenglong.measure.land.tally import (
    Balance,
    Tally,
    balance_of,
    by_town,
    land_extents,
    tallies,
    township_names,
)
from tenglong.measure.policy.file import policy_file
from tenglong.measure.reading import Coverage, Figure, Reading, Series
from tenglong.measure.sheet.sheet import PageSheet

INDICATORS = (
    "standard_land",
    "contracts_signed",
    "industrial_grants",
    "land_replaced",
    "fund_share",
)
TOWN = "town"
NO_PARCELS = pd.DataFrame(columns=["land_state", "handling", TOWN, "area_mu", "fee_wan"])
Frame = pd.DataFrame | Unavailable
Years = Mapping[int, Figure] | Unavailable


@dataclass(frozen=True, eq=False)
class Signing:
    """How many industrial parcels have their contract, and what is left to do.

    Attributes
    ----------
    by_town
        `town`, `parcels`, `signed`, `unsigned`; those with most to sign first.
    needed_a_month
        Contracts a month from now until they are due; None where they are due or not promised.
    """

    signed: int
    required: int
    by_town: pd.DataFrame
    needed_a_month: Fraction | None


@dataclass(frozen=True, eq=False)
class Outlines:
    """What is wrong with the parcels' outlines.

    Attributes
    ----------
    faults
        See `outline_findings`; `part_mu` is its area, and of the parcel and of the `other` one
        there are `name`, `town`, `township` and `area_mu`. Kinds in the order of `KINDS`, the
        largest share first.
    rule
        The tolerances.
    """

    faults: pd.DataFrame
    rule: OutlineRule

    def __len__(self) -> int:
        return len(self.faults)


@dataclass(frozen=True, eq=False, repr=False)
class LandSheet(PageSheet):
    """Industrial land of a county, or of one township; what is not known says what is wanting.

    Attributes
    ----------
    parcels
        By the rows of `parcels`: `parcel_id`, `name`, `township`, `town` (its name), `area_mu`,
        `land_state`, `codes`, `undecided`, and of `idle_land` `state`, `case`, `since`, `years`,
        `cause`, `handling`, `fee_wan`, `reasons`, `missing`.
    supplied
        How many parcels there are, whatever is known of them.
    states
        The states in the order of the policy.
    tallies, ways
        The parcels by state, and the idle ones by what follows, see `tally.tallies`.
    by_town
        The parcels by township and state, see `tally.by_town`.
    late, unmet
        See `shortfall`, with `name`, `town` and `area_mu`.
    outlines
        What is wrong with the parcels' outlines, see `outlined`.
    signing
        The contracts to be signed afterwards (补签).
    positions
        Parcels and areas inside the control line, see `control_line.totals_of`.
    ledger
        What was converted and replaced, with the running balance; `balance` sums it up.
    grants, standard, fund
        By year, always of the whole county.
    board
        The plan's clauses on land, of the whole county.
    rule, idle_rule
        The policy's limits.
    """

    parcels: Frame
    supplied: int
    states: tuple[str, ...]
    tallies: Mapping[str, Tally]
    ways: Mapping[str, Tally]
    by_town: pd.DataFrame
    late: Frame
    unmet: Frame
    outlines: Outlines | Unavailable
    signing: Signing | Unavailable
    positions: Mapping[str, Fraction | int] | Unavailable
    ledger: Frame
    balance: Balance | None
    grants: Years
    standard: Years
    fund: Years
    board: Board
    rule: LandStateRule
    idle_rule: IdleRule


def land_sheet(whole: County, county: County) -> LandSheet:
    """Measure the industrial land of a county.

    Parameters
    ----------
    whole
        All of it: states of land are told of it and cut to the county afterwards.
    county
        The county itself, or one of its townships (`places.within`).

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["P1"]})
    >>> str(land_sheet(county, county).parcels)
    'parcels.started_on'
    """
    code = county.township.code if county.township else ""
    rule = land_state_rule(whole.policy)
    states = tuple(dict.fromkeys([*rule.precedence, *rule.otherwise.values()]))
    parcels = _cut(attempt(_parcels, whole), code)
    known = NO_PARCELS if isinstance(parcels, Unavailable) else parcels
    ledger = attempt(replacement_ledger, county)
    board = assess_plan(whole, indicators=INDICATORS)
    return LandSheet(
        parcels=parcels,
        supplied=len(county.tables.get("parcels", ())),
        states=states,
        tallies=tallies(known, "land_state"),
        ways=tallies(known[known["land_state"] == "idle"], "handling"),
        by_town=by_town(known, states),
        late=_cut(attempt(lambda one: _named(one, late_parcels(one)), whole), code),
        unmet=_cut(attempt(lambda one: _named(one, unmet_checks(one)), whole), code),
        outlines=outlined(whole, code),
        signing=attempt(lambda one: _signing(one, board, code), whole),
        positions=attempt(lambda one: totals_of(_placed(one, parcel_positions(one), code)), whole),
        ledger=ledger,
        balance=None if isinstance(ledger, Unavailable) else balance_of(ledger),
        grants=attempt(lambda one: _by_year(industrial_grants(one)), whole),
        standard=attempt(lambda one: _by_year(standard_land(one)), whole),
        fund=attempt(lambda one: _by_year(fund_share(one)), whole),
        board=board,
        rule=rule,
        idle_rule=idle_rule(whole.policy),
    )


def outlined(whole: County, code: str = "") -> Outlines | Unavailable:
    """Find what is wrong with outlines of a township's parcels, or of all for an empty code.

    Of two parcels that overlap across a border, either township has the finding.
    """
    rule = policy_file(OutlineRule, whole.policy, "land_findings")
    return attempt(lambda county: Outlines(_outlined(county, code), rule), whole)


def _outlined(county: County, code: str) -> pd.DataFrame:
    found = outline_findings(county).rename(columns={"area_mu": "part_mu"})
    about = _about(county)
    other = about.reindex(found["other_row"]).add_prefix("other_").reset_index(drop=True)
    own = about.drop(columns="parcel_id").loc[found["row"]].reset_index(drop=True)
    rows = pd.concat([found, own, other.drop(columns="other_parcel_id")], axis="columns")
    if code:
        rows = rows[(rows[PLACE] == code) | (rows[f"other_{PLACE}"] == code)]
    kind, size = rows["code"].map(KINDS.index), -rows["share"].abs()
    ranked = rows.assign(kind=kind, size=size).sort_values(["kind", "size", "row"])
    return ranked.drop(columns=["kind", "size"]).reset_index(drop=True)


def _cut(frame: Frame, code: str) -> Frame:
    return frame if isinstance(frame, Unavailable) else of_township(frame, code)


def _parcels(county: County) -> pd.DataFrame:
    return _named(county, land_states(county).join(idle_land(county)))


def _named(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Add of the parcel of every row what people know it by, where it stands, and its area."""
    about = _about(county)
    rest = frame.drop(columns="parcel_id", errors="ignore")
    return about.loc[rest.index].join(rest) if rest.index.is_unique else _each(about, rest)


@kept
def _about(county: County) -> pd.DataFrame:
    parcels = gpd.GeoDataFrame(county.table("parcels", "parcel_id"))
    about = pd.DataFrame(
        {
            "parcel_id": parcels["parcel_id"],
            "name": parcels["name"] if "name" in parcels else parcels["parcel_id"],
            PLACE: parcels.get(PLACE),
            TOWN: township_names(county, parcels),
            "area_mu": land_extents(county),
        },
        index=parcels.index,
    )
    about["name"] = about["name"].fillna(about["parcel_id"])
    return about


def _each(about: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """Repeat what is known of a parcel for every one of its rows, in their order."""
    repeated = about.loc[rest.index].reset_index(drop=True)
    return repeated.join(rest.reset_index(drop=True))


def _placed(county: County, frame: pd.DataFrame, code: str) -> pd.DataFrame:
    parcels = county.table("parcels", "parcel_id").loc[frame.index]
    return of_township(frame.assign(**{PLACE: parcels.get(PLACE)}), code)


def _signing(county: County, board: Board, code: str) -> Signing:
    reading = contracts_signed(county)
    if not isinstance(reading, Coverage):
        raise Unavailable("parcels", "supervision_signed_on")
    rows = reading.evidence[0].rows
    frame = of_township(_named(county, rows[["supervision_signed_on"]]), code)
    frame = frame.assign(
        parcels=1,
        signed=frame["supervision_signed_on"].notna().astype(int),
        unsigned=frame["supervision_signed_on"].isna().astype(int),
    )
    counts = ["parcels", "signed", "unsigned"]
    by_town = frame.groupby(TOWN, dropna=False)[counts].sum().reset_index()
    by_town = by_town.sort_values(["unsigned", TOWN], ascending=[False, True], kind="stable")
    left = int(frame["unsigned"].sum())
    needed = _needed_a_month(board, left)
    return Signing(int(frame["signed"].sum()), len(frame), by_town, needed)


def _needed_a_month(board: Board, left: int) -> Fraction | None:
    for assessment in board.measured_by("contracts_signed"):
        if assessment.clause.due > board.as_of:
            return Fraction(left) / months_between(board.as_of, assessment.clause.due)
    return None


def _by_year(reading: Reading) -> Mapping[int, Figure]:
    figures = reading.figures if isinstance(reading, Series) else ()
    return {figure.end.year: figure for figure in figures}
