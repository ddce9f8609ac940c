"""What firms are called: by their name, or by their code where that is blank."""

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.firms import firms_by_code


def firm_names(county: County, codes: "pd.Series[str]") -> "pd.Series[str]":
    """Name the firms of codes, by the rows of these.

    >>> county = example_county(enterprises={"usci": ["a", "b"], "name": ["甲", None]})
    >>> firm_names(county, pd.Series(["a", "b", "c"])).tolist()
    ['甲', 'b', 'c']
    """
    known = firms_by_code(county)
    plain = codes.astype("object")
    return plain.map(known["name"]).fillna(plain) if "name" in known else plain
