"""What firms are called: by their name, or by their code where that is blank."""

from collections.abc import Mapping

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.firms import firms_by_code
from tenglong.measure.kept import kept


def firm_names(county: County, codes: "pd.Series[str]") -> "pd.Series[str]":
    """Name the firms of codes, by the rows of these.

    >>> county = example_county(enterprises={"usci": ["a", "b"], "name": ["甲", None]})
    >>> firm_names(county, pd.Series(["a", "b", "c"])).tolist()
    ['甲', 'b', 'c']
    """
    known = _known_names(county)
    return pd.Series([known.get(code, code) for code in codes.tolist()], codes.index, dtype="str")


@kept
def _known_names(county: County) -> Mapping[str, str]:
    known = firms_by_code(county)
    names = known["name"].dropna() if "name" in known else pd.Series(dtype="str")
    return dict(zip(names.index, names, strict=True))
