"""Which projects are meant: by their flags, kind and size, and where a blank leaves that open."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.doubt import NAMED_BY, blanks_of, equals, passing
from tenglong.measure.exact import exact
from tenglong.measure.kept import kept_by_row
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.project.rule import project_rule
from tenglong.measure.reading import Blank
from tenglong.measure.row import surely


def chosen_projects(
    county: County,
    *,
    among: Mapping[str, bool] | None = None,
    kind: str | None = None,
    min_investment_wan: float | None = None,
    exclude_enclave: bool = False,
) -> pd.DataFrame:
    """Give the projects that are known to be of a kind, a size and with the flags named.

    What a blank leaves open is not among them; `Choice` tells of these.

    Parameters
    ----------
    among
        `is_…` columns and the value that they must have; a blank flag is neither.
    min_investment_wan
        At least this planned investment (以上, as `data/policy/wording.yml` reads it).
    exclude_enclave
        Leave out what is marked as an enclave (不包括飞地); a blank mark is neither.

    Raises
    ------
    Unavailable
        If a column that decides it was not supplied.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "total_investment_wan": [10000.0, 9999.9]})
    >>> chosen_projects(county, min_investment_wan=10000)["project_id"].tolist()
    ['P']
    """
    frame = county.table("projects", "project_id")
    choice = Choice.of(
        county,
        among=among,
        kind=kind,
        min_investment_wan=min_investment_wan,
        exclude_enclave=exclude_enclave,
    )
    return frame[surely(choice.chosen)]


@dataclass(frozen=True, eq=False)
class Choice:
    """Which projects are meant: true, false, or not known where a blank decides it.

    `columns` are those that decide; see `chosen_projects` for the options.
    """

    chosen: "pd.Series[bool]"
    columns: tuple[str, ...]

    @classmethod
    def of(
        cls,
        county: County,
        *,
        among: Mapping[str, bool] | None = None,
        kind: str | None = None,
        min_investment_wan: float | None = None,
        exclude_enclave: bool = False,
    ) -> "Choice":
        """Choose, see `chosen_projects`."""
        flags = dict(among or {})
        if exclude_enclave:
            flags["is_enclave"] = False
        chosen = _chosen(county, tuple(flags.items()), kind, min_investment_wan)
        sized = ["total_investment_wan"] if min_investment_wan is not None else []
        return cls(chosen, (*flags, *(["kind"] if kind is not None else []), *sized))

    def blanks(self, county: County, rows: "pd.Index[int]", *more: str) -> tuple[Blank, ...]:
        """Name the blank cells that leave open which projects are meant, and blanks of `more`."""
        frame = county.table("projects")
        wanted = [c for c in dict.fromkeys((*NAMED_BY, *self.columns, *more)) if c in frame]
        told = frame.loc[rows, wanted]
        open_ = told[self.chosen[rows].isna()]
        return (*_cells(open_, *self.columns), *_cells(told, *more))


@kept_by_row("projects")
def _chosen(
    county: County,
    flags: tuple[tuple[str, bool], ...],
    kind: str | None,
    min_investment_wan: float | None,
) -> "pd.Series[bool]":
    frame = county.table("projects", "project_id", *(name for name, _ in flags))
    parts = [equals(frame[flag], wanted) for flag, wanted in flags]
    if kind is not None:
        parts.append(equals(county.table("projects", "kind")["kind"], kind))
    if min_investment_wan is not None:
        amounts = county.table("projects", "total_investment_wan")["total_investment_wan"]
        reaches, least = wording_rule(county.policy).reaches, exact(min_investment_wan)
        parts.append(passing(amounts, lambda amount: reaches(amount, least)))
    chosen = pd.Series(data=True, index=frame.index, dtype="boolean")
    for part in parts:
        chosen &= part
    return chosen


def _cells(frame: pd.DataFrame, *columns: str) -> tuple[Blank, ...]:
    return blanks_of(frame, {column: ("projects", column) for column in columns})


def has_passed(county: County, frame: pd.DataFrame, stage: str) -> "pd.Series[bool]":
    """Whether a later stage has a day, so that the day of this one must be blank by mistake.

    The order of the stages is that of `data/policy/projects.yml`.

    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P", "Q"], "landed_on": [None, None],
    ...     "started_on": ["2021-05-20", None]})
    >>> has_passed(county, county.table("projects"), "landed_on").tolist()
    [True, False]
    """
    if "projects" not in county.policy:
        return pd.Series(data=False, index=frame.index)
    stages = list(project_rule(county.policy).stages)
    onward = stages[stages.index(stage) :] if stage in stages else []
    supplied = [name for name in onward if name in frame]
    passed: pd.Series[bool] = frame[stage].isna() & frame[supplied].notna().any(axis=1)
    return passed
