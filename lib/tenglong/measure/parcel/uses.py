"""The firms on the parcels: one row a use, with what needs action, the most urgent first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.clearance.listing import listing_rule
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact, exact_sum
from tenglong.measure.firm.firms import firms_by_code
from tenglong.measure.land.occupants import last_figures, uses
from tenglong.measure.parcel.firms import NOT_LISTED, firm_carbon, firm_grades
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.row import Row, rows
from tenglong.shape import fault_at


@dataclass(frozen=True)
class ActionTally:
    """Parcels that need the same action.

    Attributes
    ----------
    townships
        Name (None where not known), parcels and 亩 of each township that has any, the most
        parcels first.
    firms
        How many firms are on them.
    units
        Who answers for it, by the plan; the first leads.
    """

    parcels: int
    area_mu: Fraction
    townships: tuple[tuple[str | None, int, Fraction], ...]
    firms: int
    units: tuple[str, ...]


LAND_ACTIONS = (
    *("idle", "may_be_idle", "supplied_unused"),
    *("invested_short", "below_capacity", "partly_used"),
)
ACTIONS = ("overdue", "low_tax", "worst_grade", *LAND_ACTIONS)
KINDS = {
    "usci": "str",
    "name": "str",
    "industry": "str",
    "area_mu": "float64",
    "grade": "str",
    "tax_per_mu": "float64",
    "clearance_state": "str",
    "days_overdue": "Int64",
    "carbon_level": "str",
}


@dataclass(frozen=True)
class ActionRule:
    """What needs action, in its order: code → clause; see `data/policy/parcel_actions.yml`."""

    actions: Mapping[str, str]


def action_rule(policy: Mapping[str, object]) -> ActionRule:
    """Read `data/policy/parcel_actions.yml`.

    Raises
    ------
    ConfigurationError
        If it is malformed, or names an action that there is not.

    >>> next(iter(action_rule(load_policy()).actions))
    'overdue'
    """

    def faults(rule: ActionRule, raw: object) -> Iterator[Fault]:
        for code in rule.actions:
            if code not in ACTIONS:
                en = f"no action {code!r}{did_you_mean(code, ACTIONS)}"
                yield fault_at(
                    raw, f"actions.{code}", en, f"没有事项“{code}”{is_it(code, ACTIONS)}"
                )

    return policy_file(ActionRule, policy, "parcel_actions", also=faults)


def parcel_uses(
    county: County, parcels: pd.DataFrame, values: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Give the firms on every parcel on `as_of`, what needs action first.

    Parameters
    ----------
    parcels
        With a `parcel_id`; a parcel that nobody uses has one row, without a firm.
    values
        The parcels by measure, with their index; `land_state` and `tax_per_mu` are looked at.

    Returns
    -------
    DataFrame
        `parcel` (the parcel's index), `parcel_id`; `usci`, `name`, `industry`, `area_mu` (used
        here), `grade`, `tax_per_mu` (万元/亩, of all the firm's land in the last year),
        `clearance_state`, `days_overdue`, `carbon_level`; `land_state` of the parcel; and
        `actions`, the codes of what needs action. Missing where not known.

    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["P1", "P2"]},
    ...     occupancies={"usci": ["A"], "parcel_id": ["P2"], "area_mu": [4.0]})
    >>> low = {"tax_per_mu": pd.Series([None, 3.0])}
    >>> parcel_uses(county, county.table("parcels"), low)[["parcel_id", "actions"]].values.tolist()
    [['P2', ('low_tax',)], ['P1', ()]]
    """
    frame = parcels[["parcel_id"]].rename_axis("parcel").reset_index()
    frame = _with_firms(county, frame.merge(_held(county), on="parcel_id", how="left"))
    for name in ("land_state", "tax_per_mu"):
        known = values.get(name, pd.Series(index=parcels.index, dtype="object"))
        frame[f"parcel_{name}"] = frame["parcel"].map(known)
    judge = _judge(county)
    judged = [judge(row) for row in rows(frame)]
    frame["actions"] = pd.Series(judged, index=frame.index, dtype="object")
    order = sorted(range(len(frame)), key=_urgency(county, frame).__getitem__)
    return (
        frame.iloc[order]
        .drop(columns="parcel_tax_per_mu")
        .rename(columns={"parcel_land_state": "land_state"})
        .reset_index(drop=True)
    )


def _held(county: County) -> pd.DataFrame:
    """Give who uses how much of which parcel on the day."""
    try:
        found = uses(county, on=pd.Timestamp(county.as_of))
    except Unavailable:  # nobody is known to use them
        found = ()
    areas: dict[tuple[str, str], Fraction | None] = {}
    for use in found:
        key = use.parcel_id, use.usci
        before = areas.get(key, Fraction(0))
        areas[key] = None if before is None or use.area_mu is None else before + use.area_mu
    lines = [
        (parcel, usci, None if area is None else float(area))
        for (parcel, usci), area in areas.items()
    ]
    frame = pd.DataFrame(lines, columns=["parcel_id", "usci", "area_mu"])
    return frame.astype({"parcel_id": "str", "usci": "str", "area_mu": "float64"})


def _with_firms(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of the firms."""
    about, firms = firms_by_code(county), frame["usci"]
    facts: dict[str, Mapping[Any, Any]] = {
        **{name: about[name].to_dict() for name in ("name", "industry") if name in about},
        "grade": _known(firm_grades, county),
        "tax_per_mu": _known(_tax_per_mu, county),
        "carbon_level": _known(firm_carbon, county),
        **_clearance(county, firms),
    }
    added = {name: firms.map(facts.get(name, {})) for name in KINDS if name not in frame}
    return frame.assign(**added).astype(KINDS)


def _known(
    figures: Callable[[County], Mapping[str, object]], county: County
) -> Mapping[str, object]:
    try:
        return figures(county)
    except Unavailable:
        return {}


def _tax_per_mu(county: County) -> dict[str, float]:
    figures, _ = last_figures(county, "tax_wan_per_mu")
    return {usci: float(figure) for usci, figure in figures.items()}


def _clearance(county: County, firms: pd.Series) -> dict[str, Mapping[Any, Any]]:
    """Give the state of each firm, and by how many days it is late."""
    try:
        frame = standings(county).set_index("usci")
    except Unavailable:
        return {}
    states = dict.fromkeys(firms.dropna(), NOT_LISTED) | frame["state"].to_dict()
    return {"clearance_state": states, "days_overdue": frame["days_overdue"].to_dict()}


def _judge(county: County) -> Callable[[Row], tuple[str, ...]]:
    """Give what tells which actions a parcel needs, or a firm on it, in the policy's order."""
    low = listing_rule(county.policy).low_tax_wan_per_mu
    is_below = wording_rule(county.policy).is_below
    worst = county.policy["parcel_measures"]["measures"]["grade"]["categories"][0]["value"]
    codes = tuple(action_rule(county.policy).actions)

    def actions(row: Row) -> tuple[str, ...]:
        tax, state = row["parcel_tax_per_mu"], row["parcel_land_state"]
        holding = {
            "overdue": row["days_overdue"] is not None,
            "low_tax": tax is not None and low is not None and is_below(exact(tax), low),
            "worst_grade": row["grade"] == worst,
        }
        return tuple(code for code in codes if code == state or holding.get(code))

    return actions


def _urgency(county: County, frame: pd.DataFrame) -> list[tuple[int, int, float, str, str]]:
    """Give each row's place: by its first action, the days it is late, and the parcel's tax."""
    order = {code: place for place, code in enumerate(action_rule(county.policy).actions)}
    return [
        (
            min((order[code] for code in row["actions"]), default=len(order)),
            -int(row["days_overdue"] or 0),
            float("inf") if row["parcel_tax_per_mu"] is None else row["parcel_tax_per_mu"],
            str(row["parcel_id"]),
            row["usci"] or "",
        )
        for row in rows(frame)
    ]


def action_tallies(
    county: County, used: pd.DataFrame, areas: pd.Series, townships: pd.Series
) -> Mapping[str, ActionTally]:
    """Count what needs action, by its code; what nothing needs is left out.

    Parameters
    ----------
    used
        As `parcel_uses` gives it.
    areas, townships
        亩 and township name of each parcel, by its index.

    >>> used = pd.DataFrame({"parcel": [1], "usci": ["A"], "actions": [("idle",)]})
    >>> county = example_county(policy=load_policy())
    >>> found = action_tallies(county, used, pd.Series({1: 2.5}), pd.Series({1: "大峃镇"}))
    >>> found["idle"].parcels, found["idle"].area_mu, found["idle"].townships[0][:2]
    (1, Fraction(5, 2), ('大峃镇', 1))
    """
    clauses = {clause.id: clause.units for clause in county.plan.clauses}
    action_tallies = {}
    for code, clause in action_rule(county.policy).actions.items():
        needing = used.loc[[code in actions for actions in used["actions"]]]
        parcels = needing["parcel"].drop_duplicates()
        if len(parcels):
            action_tallies[code] = ActionTally(
                len(parcels),
                exact_sum(areas[parcels]),
                _by_township(areas[parcels], townships[parcels]),
                needing["usci"].nunique(),
                clauses.get(clause, ()),
            )
    return action_tallies


def _by_township(
    areas: pd.Series, townships: pd.Series
) -> tuple[tuple[str | None, int, Fraction], ...]:
    groups = [
        (None if pd.isna(name) else str(name), len(group), exact_sum(group))
        for name, group in areas.groupby(townships, dropna=False)
    ]
    return tuple(sorted(groups, key=lambda group: (-group[1], -group[2], group[0] or "")))
