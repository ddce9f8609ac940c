"""All that the page of chains shows; what cannot be told says what would have to be supplied."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from tenglong.measure.chain.collateral import (
    active_collateral,
    collateral_by_creditor,
    collateral_by_parcel,
    collateral_total,
)
from tenglong.measure.chain.directory import chain_directory, chain_firms, chain_trends
from tenglong.measure.chain.warning import Alarms, alarms
from tenglong.measure.clearance.loop import loop_rule
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.firm.closing import doubtful_names
from tenglong.measure.firm.firms import industry_of
from tenglong.measure.firm.places import of_township, township_labels
from tenglong.measure.land.contract import land_states
from tenglong.measure.parcel.firms import clearance_state, occupant_names
from tenglong.measure.row import surely
from tenglong.measure.sheet.sheet import PageSheet

UNUSED = ("idle", "supplied_unused", "vacant")


def mortgaged_parcels(county: County) -> pd.DataFrame:
    """Give every parcel that is mortgaged, with how it is used and who has a claim on it.

    Returns
    -------
    DataFrame
        What `collateral_by_parcel` gives for the securities that name a parcel, and
        `township`, `occupants` (names), `creditor_names`, `land_state`, `clearance_state`
        (missing where they cannot be told) and `is_unused` (idle, supplied and not used,
        vacant) and `is_cleared` (the listed firm on it has left the loop); land that is both
        first, then unused, then cleared, the largest amount first.

    Raises
    ------
    Unavailable
        See `collateral_by_parcel`; or if there are no parcels.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     parcels={"parcel_id": ["p"], "actual_mu": [4.0], "started_on": [None],
    ...              "agreed_start_on": ["2021-06-30"]},
    ...     collateral={"collateral_id": ["1"], "parcel_id": ["p"], "creditor": ["甲行"],
    ...                 "amount_wan": [500.0], "registered_on": ["2021-03-01"],
    ...                 "released_on": [None]})
    >>> mortgaged_parcels(county)[["land_state", "is_unused", "creditor_names"]].values.tolist()
    [['idle', True, '甲行']]
    """
    found = collateral_by_parcel(county)
    found = found[found["reason"] != "no_parcel"]
    about = _about_parcels(county).reindex(found["parcel_id"])
    about.index = found.index
    found = found.assign(creditor_names=found["parcel_id"].map(_creditors(county))).join(about)
    ends = loop_rule(county.policy).ends
    marked = found.assign(
        is_unused=found["land_state"].isin(UNUSED),
        is_cleared=found["clearance_state"].isin(ends),
    )
    keys = ["is_unused", "is_cleared", "amount_wan", "parcel_id"]
    ordered = marked.sort_values(keys, ascending=[False, False, False, True], kind="stable")
    return ordered.reset_index(drop=True)


def _about_parcels(county: County) -> pd.DataFrame:
    parcels = county.table("parcels", "parcel_id")
    nothing = pd.Series(None, index=parcels.index, dtype="str")
    about = pd.DataFrame(
        {
            "township": parcels.get("township", nothing),
            "occupants": occupant_names(county, parcels),
            "land_state": _told(county, "land_state", nothing),
            "clearance_state": _told(county, "clearance_state", nothing),
        }
    )
    return about.groupby(parcels["parcel_id"]).first()


def _told(county: County, what: str, nothing: pd.Series) -> pd.Series:
    try:
        if what == "land_state":
            states: pd.Series = land_states(county)["land_state"]
            return states
        return clearance_state(county)
    except Unavailable:
        return nothing


def _creditors(county: County) -> dict[str, str]:
    active = active_collateral(county)
    if "creditor" not in active:
        return {}
    named = active.dropna(subset=["creditor", "parcel_id"])
    return {
        str(parcel): "、".join(sorted(set(group["creditor"])))
        for parcel, group in named.groupby("parcel_id")
    }


MOST_INDUSTRIES = 3


@dataclass(frozen=True, eq=False)
class Directory:
    """The chains, and how they spread over the townships.

    Attributes
    ----------
    chains
        What `chain_directory` gives, with `industries` (codes of two digits, the most firms
        first, at most three) and `products` (names of titled products and standards, the
        latest first).
    places
        Firms by township (code) and chain, with `firms` and `above_scale`; the most firms first.
    """

    chains: pd.DataFrame
    places: pd.DataFrame

    @property
    def named(self) -> pd.DataFrame:
        """The chains without the row of firms that are in none."""
        return self.chains[self.chains["chain"].notna()] if len(self.chains) else self.chains

    @property
    def unchained(self) -> int:
        """How many firms are in no chain."""
        return 0 if self.chains.empty else int(self.chains["firms"].sum() - self.named_firms)

    @property
    def named_firms(self) -> int:
        """How many firms are in a chain."""
        return 0 if self.chains.empty else int(self.named["firms"].sum())


@dataclass(frozen=True, eq=False)
class Securities:
    """Registered securities: their sum in 万元, by parcel and by creditor.

    `wan_per_mu` is over the parcels of which amounts and area are known.
    """

    total_wan: Fraction
    entries: int
    parcels: pd.DataFrame
    creditors: pd.DataFrame | Unavailable
    wan_per_mu: Fraction | None


@dataclass(frozen=True, eq=False, repr=False)
class ChainsSheet(PageSheet):
    """What the page of chains shows of a county, or of one of its townships.

    `in_doubt` names the firms that are in no chain and are not watched, since it is doubtful when
    they were closed.
    """

    towns: Mapping[str, str]
    directory: Directory | Unavailable
    alarms: Alarms | Unavailable
    trends: pd.DataFrame | Unavailable
    securities: Securities | Unavailable
    in_doubt: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[Unavailable, ...]:
        """What would have to be supplied."""
        parts = (self.directory, self.alarms, self.trends, self.securities)
        return tuple(part for part in parts if isinstance(part, Unavailable))


def chains_sheet(whole: County, county: County) -> ChainsSheet:
    """Gather what the page shows; warnings are judged on the whole county, then cut."""
    code = county.township.code if county.township else ""
    return ChainsSheet(
        township_labels(whole),
        attempt(directory, county),
        attempt(lambda one: alarms(one, code), whole),
        attempt(chain_trends, county),
        attempt(lambda one: securities(one, county), whole),
        doubtful_names(county),
    )


def directory(county: County) -> Directory:
    """Give the chains with their industries and products, and the townships they spread over.

    Raises
    ------
    Unavailable
        If there are no firms, or their chains or closures were not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), enterprises={
    ...     "usci": ["A"], "chain": ["高端装备"], "closed_on": [None], "industry": ["3441"]})
    >>> directory(county).chains[["chain", "firms", "industries"]].values.tolist()
    [['高端装备', 1, ('34',)]]
    """
    firms, chains = chain_firms(county), chain_directory(county)
    if chains.empty:
        return Directory(chains, pd.DataFrame())
    industries, products = _industries(firms), _products(county, firms)
    keys = chains["chain"].fillna("")
    frame = chains.assign(
        industries=pd.Series([industries.get(key, ()) for key in keys], index=keys.index),
        products=pd.Series([products.get(key, ()) for key in keys], index=keys.index),
    )
    return Directory(frame, _places(firms))


def _industries(firms: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    if "industry" not in firms:
        return {}
    industries = firms.assign(division=industry_of(firms["industry"], digits=2)).dropna(
        subset=["division"]
    )
    return {
        str(chain): tuple(_most(group["division"]))
        for chain, group in industries.groupby(industries["chain"].fillna(""))
    }


def _most(codes: pd.Series) -> list[str]:
    counts = codes.value_counts()
    order = sorted(counts.index, key=lambda code: (-int(counts[code]), str(code)))
    return [str(code) for code in order[:MOST_INDUSTRIES]]


def _products(county: County, firms: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Name the titled products of each chain's firms, the latest first."""
    titles = county.tables.get("recognitions")
    if titles is None or not {"usci", "item", "recognised_on"} <= set(titles.columns):
        return {}
    chains = firms["chain"].fillna("").set_axis(firms["usci"])
    named = titles.dropna(subset=["item", "usci"]).sort_values(
        ["recognised_on", "item"], ascending=[False, True], kind="stable"
    )
    products = named.assign(chain=named["usci"].map(chains)).dropna(subset=["chain"])
    return {
        str(chain): tuple(dict.fromkeys(group["item"]))
        for chain, group in products.groupby("chain")
    }


def _places(firms: pd.DataFrame) -> pd.DataFrame:
    """Count firms by township and chain; nothing where their townships were not supplied."""
    if "township" not in firms:
        return pd.DataFrame()
    counts = pd.crosstab(firms["township"].fillna(""), firms["chain"].fillna(""))
    scale = surely(firms["is_above_scale"])
    frame = counts.assign(
        firms=counts.sum(axis=1),
        above_scale=scale.groupby(firms["township"].fillna("")).sum(),
    )
    by_name = frame.sort_index()
    return by_name.sort_values("firms", ascending=False, kind="stable")


def securities(whole: County, county: County) -> Securities:
    """Give the securities on the land of a place; how land is used is judged on the whole.

    Raises
    ------
    Unavailable
        If there is no collateral, or it names no parcels.
    """
    code = county.township.code if county.township else ""
    parcels = of_township(mortgaged_parcels(whole), code)
    known = parcels[parcels["reason"] == "known"]
    area = sum((Fraction(str(mu)) for mu in known["area_mu"]), Fraction(0))
    amount = sum((Fraction(str(wan)) for wan in known["amount_wan"]), Fraction(0))
    return Securities(
        total_wan=collateral_total(county),
        entries=len(active_collateral(county)),
        parcels=parcels.reset_index(drop=True),
        creditors=attempt(collateral_by_creditor, county),
        wan_per_mu=amount / area if area else None,
    )
