"""What task 1 asks of every listed firm: check, plan, classified rectification; three figures."""

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from tenglong.measure.clearance.loop import loop, loop_rule
from tenglong.measure.clearance.standing import first_of, standings
from tenglong.measure.county import County


@dataclass(frozen=True, eq=False)
class Duty:
    """One of the three, over some listed firms.

    Attributes
    ----------
    name
        check (合规检查), plan (整治提升方案) or rectify (分类整治).
    firms
        Rows of `standings` that owe it, with `done_on`: the day of the first step that does it,
        missing where it is still to be done.
    gone
        How many firms owe it no longer, since the loop lets them come to it no more.
    """

    name: str
    firms: pd.DataFrame
    gone: int

    @property
    def done(self) -> int:
        """How many firms have done it."""
        return int(self.firms["done_on"].notna().sum())

    @property
    def required(self) -> int:
        """How many firms owe it, those that have done it included."""
        return len(self.firms)

    @property
    def open(self) -> pd.DataFrame:
        """The firms of which it is still to be done."""
        return self.firms[self.firms["done_on"].isna()]

    @property
    def completed_on(self) -> date | None:
        """The day on which the last of them did it; None while one has not, or there is none."""
        return self.firms["done_on"].max().date() if self.required and self.open.empty else None


def listed_until(county: County, listed_by: date | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the listed firms: those of the plan's day, and those that joined the list later.

    Parameters
    ----------
    listed_by
        The plan's day; the first day of the list counts where there was none by then. All
        firms are of the first part where it is None.

    Returns
    -------
    tuple of DataFrame
        Rows of `standings`.
    """
    everyone = standings(county)
    if listed_by is None:
        return everyone, everyone.iloc[:0]
    listed = everyone["listed_on"]
    is_first = listed <= max(pd.Timestamp(listed_by), listed.min())
    return everyone[is_first], everyone[~is_first]


def task_duties(county: County, firms: pd.DataFrame) -> tuple[Duty, ...]:
    """Say of some listed firms how far check, plan and classified rectification are done.

    Which steps do each is policy (`loop.yml`, `duties`). A firm that can come to none of the
    steps any more owes it no longer: one that was closed before its check.

    Parameters
    ----------
    firms
        Rows of `standings`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "A", "B", "C", "C"],
    ...     "event": ["listed", "checked", "plan", "listed", "listed", "closed"],
    ...     "happened_on": ["2021-03-01", "2021-05-01", "2021-06-01"] + ["2021-03-01"] * 3})
    >>> [(one.name, one.done, one.required) for one in task_duties(county, standings(county))]
    [('check', 1, 2), ('plan', 1, 2), ('rectify', 1, 3)]
    """
    rule, paths = loop_rule(county.policy), loop(county).paths
    found = []
    for name, steps in asdict(rule.duties).items():
        done = [first_of(paths[usci], steps) for usci in firms["usci"]]
        dated = firms.assign(done_on=pd.Series(done, index=firms.index, dtype="datetime64[s]"))
        may = [rule.may_take(paths[usci].state, steps) for usci in firms["usci"]]
        owes = dated["done_on"].notna() | pd.Series(may, index=firms.index, dtype=bool)
        found.append(Duty(name, dated[owes], len(firms) - int(owes.sum())))
    return tuple(found)
