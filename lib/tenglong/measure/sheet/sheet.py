"""What every sheet is: the parts of one page, measured, and told in a line."""

from collections.abc import Sized
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import Unavailable


class PageSheet:
    """What one page shows: a frozen dataclass, whose parts are frames, counts, or `Unavailable`."""

    def __repr__(self) -> str:
        parts = (f"{part.name} {_told(getattr(self, part.name))}" for part in fields(self))  # type: ignore[arg-type]
        return f"<{type(self).__name__}: {', '.join(parts)}>"


def _told(part: Any) -> str:
    """Tell a part of a sheet shortly.

    >>> _told(pd.DataFrame({"usci": ["A", "B"]})), _told((1, 2)), _told(Fraction(1, 3)), _told(None)
    ('(2 rows)', '(2)', '0.333333', '-')
    """
    if part is None or isinstance(part, Unavailable):
        return "-" if part is None else "(not supplied)"
    if isinstance(part, pd.DataFrame | pd.Series):
        return f"({len(part):,} rows)"
    if isinstance(part, Fraction):
        return f"{float(part):g}"
    if isinstance(part, str | int | float | date):
        return str(part) or "-"
    return f"({len(part)})" if isinstance(part, Sized) else type(part).__name__
