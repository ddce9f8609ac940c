"""Codes that refer to nothing: which, in how many rows, and what they are the cause of."""

from collections.abc import Mapping
from functools import lru_cache

from tenglong.measure.county import County, Strays
from tenglong.measure.reading import Blank

UNMATCHED = "codes_unmatched"  # why there is no figure
# Cells that stand in for each other: an occupancy tells its share or its area.
INSTEAD = {("occupancies", "share"): "area_mu", ("occupancies", "area_mu"): "share"}
# What rests on rows of a table rests on the things that these name.
NAMED: Mapping[str, tuple[str, ...]] = {
    "enterprise_years": ("enterprises",),
    "project_months": ("projects",),
}
# A column that lacks is asked for by what is computed from these, too.
BEHIND: Mapping[str, tuple[str, ...]] = {
    **NAMED,
    "enterprises": ("enterprise_years",),
    "occupancies": ("parcels", "enterprise_years", "enterprises"),
}


@lru_cache(maxsize=64)
def blanks_of_strays(strays: Strays) -> tuple[Blank, ...]:
    """Give each code with its first row and how many rows have it."""
    codes = strays.codes
    counts = codes.value_counts()
    first = codes[~codes.duplicated()]
    return tuple(
        Blank(strays.table, strays.column, str(code), int(str(row)), int(counts[code]), strays.of)
        for row, code in first.items()
    )


def stray_rows(county: County) -> dict[str, int]:
    """Count by table the rows of which a code refers to nothing.

    >>> import pandas as pd
    >>> from dataclasses import replace
    >>> codes = pd.Series(["91A", "91B"], index=[2, 3])
    >>> strays = Strays("enterprise_years", "usci", "enterprises", codes)
    >>> stray_rows(replace(example_county(), strays=(strays,)))
    {'enterprise_years': 2}
    """
    rows: dict[str, set[int]] = {}
    for strays in county.strays:
        rows.setdefault(strays.table, set()).update(strays.codes.index)
    return {table: len(found) for table, found in rows.items()}


def cause(county: County, table: str, column: str) -> Strays | None:
    """Give the codes for which there is no figure, where a column is blamed that has fewer gaps.

    Those of the table, or of the ones that it is computed with; None where there are none, or
    where the column was not supplied at all.

    >>> import pandas as pd
    >>> from dataclasses import replace
    >>> strays = Strays("enterprise_years", "usci", "enterprises", pd.Series(["91A"], index=[2]))
    >>> county = example_county(occupancies={"share": [1.0, None], "parcel_id": ["p", None]})
    >>> county = replace(county, strays=(strays,))
    >>> cause(county, "occupancies", "share").of, cause(county, "projects", "name") is None
    ('enterprises', True)
    """
    frame = county.tables.get(table)
    if frame is None or column not in frame:
        return None
    tables = (table, *BEHIND.get(table, ()))
    behind = [one for one in county.strays if one.is_key and one.table in tables]
    most = max(behind, key=lambda one: len(one.codes), default=None)
    return most if most is not None and len(most.codes) >= frame[column].isna().sum() else None


def is_complete(county: County, table: str, column: str) -> bool:
    """Whether every row of a table has a column, so that it is not the column that is wanting.

    >>> county = example_county(occupancies={"share": [1.0, None], "area_mu": [None, 2.0]})
    >>> is_complete(county, "occupancies", "share"), is_complete(county, "parcels", "parcel_id")
    (True, False)
    """
    frame = county.tables.get(table)
    if frame is None or column not in frame or frame.empty:
        return False
    held = frame[column].notna()
    other = INSTEAD.get((table, column), "")
    return bool((held | frame[other].notna() if other in frame else held).all())
