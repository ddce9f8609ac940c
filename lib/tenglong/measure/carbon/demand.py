"""What freed energy can go to: the energy that new projects ask for, by kind."""

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact_sum

COLUMNS = ["kind", "projects", "energy_tce", "energy_unknown"]


def energy_demand(county: County) -> pd.DataFrame:
    """Sum the yearly energy that projects started inside the plan's window ask for.

    The plan wants freed energy used for new industries, for what completes chains and for
    technical upgrading (政策3); no table says which project was given what, so this is demand,
    to be held against what was freed.

    Returns
    -------
    DataFrame
        By kind of project (missing where it is not told; last): `kind`, `projects`,
        `energy_tce` (at equal value, of those that tell it; missing where none does),
        `energy_unknown` (projects).

    Raises
    ------
    Unavailable
        If projects do not tell their kind, their start or their energy.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "kind": ["new", "new"], "energy_tce": [480.0, None],
    ...     "started_on": ["2021-07-08", "2022-01-10"]})
    >>> energy_demand(county).values.tolist()
    [['new', 2, 480.0, 1]]
    """
    frame = county.table("projects", "kind", "started_on", "energy_tce")
    window = county.plan.window
    days = frame["started_on"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    lines = [
        (
            kind,
            len(group),
            _told(group["energy_tce"]),
            int(group["energy_tce"].isna().sum()),
        )
        for kind, group in frame[days].groupby("kind", dropna=False)
    ]
    return pd.DataFrame(lines, columns=COLUMNS)


def _told(energy: "pd.Series[float]") -> float:
    return float(exact_sum(energy)) if energy.notna().any() else float("nan")
