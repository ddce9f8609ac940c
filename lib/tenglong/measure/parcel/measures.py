"""The measures by which parcels are coloured on a map: one value a parcel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import as_float
from tenglong.measure.land.contract import land_states
from tenglong.measure.land.occupants import per_mu
from tenglong.measure.parcel.firms import carbon_level, clearance_state, grade


def parcel_values(county: County, measure: str) -> pd.Series:
    """Give a measure of every parcel, with the index of `parcels`; missing where not known.

    Parameters
    ----------
    measure
        A measure of `data/policy/parcel_measures.yml`, e.g. `tax_per_mu`.

    Raises
    ------
    ConfigurationError
        If there is no such measure.
    Unavailable
        If a table or a column that it needs was not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> parcel_values(county, "tax_per_mu").tolist()
    [1.5, 3.0]
    """
    if measure not in MEASURES:
        hint = did_you_mean(measure, MEASURES)
        raise ConfigurationError(f"there is no measure of parcels {measure!r}{hint}")
    return MEASURES[measure](county).rename(measure)


@dataclass(frozen=True, eq=False)
class Measured:
    """The parcels by every measure.

    Attributes
    ----------
    known
        The measures that have a value for some parcel, in the order of the policy.
    lacking
        The others, and what would have to be supplied for each; None where everything was
        supplied and no value could be told.
    """

    known: Mapping[str, pd.Series]
    lacking: Mapping[str, Unavailable | None]


def measured(county: County) -> Measured:
    """Measure the parcels by everything that `data/policy/parcel_measures.yml` names.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> found = measured(county)
    >>> list(found.known), str(found.lacking["built_year"])
    (['tax_per_mu', 'actual_mu'], 'parcels.built_year')
    """
    known: dict[str, pd.Series] = {}
    lacking: dict[str, Unavailable | None] = {}
    for name in county.policy["parcel_measures"]["measures"]:
        try:
            column = parcel_values(county, name)
        except Unavailable as error:
            lacking[name] = error
            continue
        if column.notna().any():
            known[name] = column
        else:
            lacking[name] = None
    return Measured(known, lacking)


def tax_per_mu(county: County) -> pd.Series:
    """Tax per mu of every parcel in the last year known, in 万元/亩.

    Formula: Σ over its occupants of evaluated tax × land used here / land used in all, over
    the parcel's area. Missing where nobody used it, or an occupant's tax or land is not known.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> tax_per_mu(county).tolist()
    [1.5, 3.0]
    """
    ids = county.table("parcels", "parcel_id")["parcel_id"]
    figures = per_mu(county, "tax_wan")
    known = {parcel: as_float(figure) for parcel, figure in figures.items()}
    return ids.map(known).astype("float64")


def actual_mu(county: County) -> pd.Series:
    """Land actually used of every parcel, in 亩; never the registered or the drawn area.

    >>> actual_mu(example_county(parcels={"actual_mu": [10.0, None]})).tolist()
    [10.0, nan]
    """
    return county.table("parcels", "actual_mu")["actual_mu"].astype("float64")


def assessed_value_per_mu(county: County) -> pd.Series:
    """Assessed value per mu, in 万 of the bundle's currency; missing where there is no area.

    The area is the first of `data/policy/land_base.yml` that the parcel has.

    >>> county = example_county(parcels={"assessed_value_wan": [300.0], "actual_mu": [3.0]})
    >>> assessed_value_per_mu(county).tolist()
    [100.0]
    """
    parcels = county.table("parcels", "assessed_value_wan")
    area = pd.Series(float("nan"), index=parcels.index)
    for column in county.policy["land_base"]["parcel_area"]:
        if column in parcels.columns:
            area = area.fillna(parcels[column].where(parcels[column] > 0))
    if area.isna().all():
        raise Unavailable("parcels", "registered_mu")
    return (parcels["assessed_value_wan"] / area).astype("float64")


def built_year(county: County) -> pd.Series:
    """Give the year in which every parcel's building was built.

    >>> built_year(example_county(parcels={"built_year": [1998, None]})).tolist()
    [1998.0, nan]
    """
    return county.table("parcels", "built_year")["built_year"].astype("float64")


def land_state(county: County) -> pd.Series:
    """Give the state of every parcel against its contract: see `contract.land_states`.

    A state that the policy names no category for is not coloured.

    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": [None], "agreed_start_on": ["2021-06-30"]})
    >>> land_state(county).tolist()
    ['idle']
    """
    states = land_states(county)["land_state"]
    entries = county.policy["parcel_measures"]["measures"]["land_state"]["categories"]
    return states.where(states.isin([entry["value"] for entry in entries]))


MEASURES: Mapping[str, Callable[[County], pd.Series]] = {
    function.__name__: function
    for function in (
        tax_per_mu,
        actual_mu,
        assessed_value_per_mu,
        built_year,
        land_state,
        grade,
        clearance_state,
        carbon_level,
    )
}
