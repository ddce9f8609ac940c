"""Standing duties: how long what joins one of them is in hand (办理中)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tenglong.measure.policy.file import policy_file
from tenglong.measure.reading import Open
from tenglong.measure.row import rows


@dataclass(frozen=True)
class Duties:
    """The file `duties.yml`: days in hand, by the indicator that measures the duty."""

    terms_days: Mapping[str, int]


def rows_since(frame: pd.DataFrame, column: str, *names: str) -> Iterator[tuple[str, date | None]]:
    """Give each row by the first of its names that is known, with the day of a column.

    >>> frame = pd.DataFrame({"id": ["P"], "landed_on": pd.to_datetime(["2021-05-20"])})
    >>> list(rows_since(frame, "landed_on", "name", "id"))
    [('P', datetime.date(2021, 5, 20))]
    """
    for row in rows(frame):
        yield next(str(row[name]) for name in names if row.get(name)), row.get(column)


def opened(
    policy: Mapping[str, Any], indicator: str, found: Iterable[tuple[str, date | None]]
) -> tuple[Open, ...]:
    """Say until when each thing that is not done is in hand, the longest open first.

    Parameters
    ----------
    indicator
        Whose term runs, of `data/policy/duties.yml`; none runs where that names none.
    found
        The name of each thing, and since when it has to be done, None where not known.

    Raises
    ------
    ConfigurationError
        If the file is malformed.

    Examples
    --------
    >>> policy = {"duties": {"source": "…", "terms_days": {"guarantee_teams": 30}}}
    >>> opened(policy, "guarantee_teams", [("甲", date(2022, 6, 1))])[0].until
    datetime.date(2022, 7, 1)
    """
    terms = policy_file(Duties, policy, "duties").terms_days if "duties" in policy else {}
    days = terms.get(indicator)

    def until(since: date | None) -> date | None:
        return None if since is None or days is None else since + timedelta(days=days)

    each = [Open(name, since, until(since)) for name, since in found]
    return tuple(sorted(each, key=lambda one: (one.since or date.min, one.name)))
