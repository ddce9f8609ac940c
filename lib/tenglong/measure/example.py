"""A tiny county, for the examples in the docstrings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label, Plan, Window
from tenglong.measure.county import County

# What the policy says where an example does not care.
POLICY: Mapping[str, Any] = {
    "bands": {"most_missing_share": 0.05},
    "clearance": {"min_land_mu": 3},
    "land_base": {"parcel_area": ["actual_mu"], "owned_rows": "used"},
    "scopes": {
        "industry": {"divisions": [[6, 46]]},
        "manufacturing": {"divisions": [[13, 43]]},
        "key_sme": {"divisions": [[13, 43]], "most_employees": 1000},
    },
    "tax": {"add_back": []},
    "titles": {"batches": {}, "revoked": {"default": {"new": "stays", "net": "leaves"}}},
    "wording": {
        "below": "excluded",
        "at_least": "included",
        "grounds": {
            word: {way: {"zh": "…", "en": "…"} for way in ("included", "excluded")}
            for word in ("below", "at_least")
        },
    },
}


def example_county(
    as_of: str = "2022-06-30", *, policy: Mapping[str, Any] = POLICY, **tables: Mapping[str, Any]
) -> County:
    """Give a county that has only these tables, typed by the names of their columns.

    `…_on` is a date, `month` a month, `year` an integer, `is_…` and `has_…` a flag.

    >>> county = example_county(parcels={"parcel_id": ["p"], "supplied_on": ["2021-03-05"]})
    >>> county.table("parcels")["supplied_on"].dt.year.tolist()
    [2021]
    """
    window = Window(date(2021, 1, 1), date(2023, 12, 31))
    return County(
        name=Label("示例县", "Example County"),
        code="330328",
        as_of=date.fromisoformat(as_of),
        plan=Plan("example", Label("方案", "plan"), window, date(2022, 2, 1), 2020, (), ()),
        policy=policy,
        tables={name: _typed(pd.DataFrame(table)) for name, table in tables.items()},
        crs="EPSG:4549",
    )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    typed = {str(name): _column(str(name), frame[name]) for name in frame}
    return pd.DataFrame(typed, index=frame.index)


def _column(name: str, values: "pd.Series[Any]") -> "pd.Series[Any]":
    if name.endswith("_on"):
        return pd.to_datetime(values).dt.as_unit("s")
    if name == "month":
        return pd.to_datetime(values).dt.to_period("M")
    if name in ("year", "stars"):
        return values.astype("Int64")
    return values.astype("boolean") if name.startswith(("is_", "has_")) else values
