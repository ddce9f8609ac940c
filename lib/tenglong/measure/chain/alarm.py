"""The firms that early warning names: the gravest first, each with what fell and for how long."""

from dataclasses import dataclass

import pandas as pd

from tenglong.measure.chain.warning import (
    WarningRules,
    firm_lights,
    lights_by_chain,
    warning_rules,
    warnings,
)
from tenglong.measure.county import County
from tenglong.measure.firm.places import of_township


@dataclass(frozen=True, eq=False)
class Fall:
    """A rule that a firm has raised: the change of the last month, and the months running."""

    rule: str
    change_pct: float
    months_running: int


@dataclass(frozen=True, eq=False)
class Alarms:
    """Early warning of the last month known.

    Attributes
    ----------
    firms
        What `firm_lights` gives, the gravest first, with `falls`: the rules raised as `Fall`,
        the steepest first; and `changes`: the last month's figure of every rule, by its name.
    by_chain
        What `chain_lights` gives, of the same firms; empty where chains were not supplied.
    month
        The last month that any firm of the county has figures of; None where there are none.
    units
        The units of the plan's clause that follow the warnings up; none where it has no such.
    """

    rules: WarningRules
    firms: pd.DataFrame
    by_chain: pd.DataFrame
    month: pd.Period | None
    units: tuple[str, ...]

    def lit(self, *lights: str) -> pd.DataFrame:
        """Give the firms that have one of these lights, the gravest first."""
        return self.firms[self.firms["light"].isin(lights)]

    @property
    def warned(self) -> pd.DataFrame:
        """The firms that have any light of the policy."""
        return self.lit(*(light.light for light in self.rules.lights))


def alarms(county: County, township: str = "") -> Alarms:
    """Give the firms warned of, judged on the whole county and cut to a township's code.

    The gravest first: by light, by how many rules are raised, by the steepest fall.

    Raises
    ------
    Unavailable
        If there are no monthly figures of firms, or it is not told which were closed.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> months = ["2021-04", "2021-05", "2021-06", "2022-04", "2022-05", "2022-06"]
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "chain": ["高端装备"], "closed_on": [None]},
    ...     enterprise_months={"usci": ["A"] * 6, "month": months,
    ...                        "electricity_10k_kwh": [10.0] * 3 + [7.9, 7.0, 6.0]})
    >>> [(one.rule, one.change_pct, one.months_running)
    ...  for one in alarms(county).firms["falls"].iloc[0]]
    [('electricity_falls', -40.0, 3)]
    """
    rules = warning_rules(county.policy)
    told = _with_changes(firm_lights(county), warnings(county))
    firms = of_township(_gravest_first(told, rules), township)
    by_chain = lights_by_chain(firms, rules) if "chain" in firms else pd.DataFrame()
    month = None if firms.empty else firms["month"].iloc[0]
    return Alarms(rules, firms.reset_index(drop=True), by_chain, month, _units(county, rules))


def _with_changes(firms: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    falls: dict[str, list[Fall]] = {}
    changes: dict[str, dict[str, float]] = {}
    for one in found.sort_values("last_value", kind="stable").to_dict("records"):
        usci, rule, change = str(one["usci"]), str(one["rule"]), float(one["last_value"])
        changes.setdefault(usci, {})[rule] = change
        if one["state"] == "raised":
            falls.setdefault(usci, []).append(Fall(rule, change, int(one["months_running"])))
    mine = [str(usci) for usci in firms["usci"]]
    return firms.assign(
        falls=pd.Series([tuple(falls.get(usci, ())) for usci in mine], index=firms.index),
        changes=pd.Series([changes.get(usci, {}) for usci in mine], index=firms.index),
    )


def _gravest_first(firms: pd.DataFrame, rules: WarningRules) -> pd.DataFrame:
    order = [light.light for light in rules.lights] + ["cannot_tell", "none"]
    steepest = [min((fall.change_pct for fall in falls), default=0.0) for falls in firms["falls"]]
    found = firms.assign(place=firms["light"].map(order.index), steepest=steepest)
    keys = ["place", "raised", "steepest", "usci"]
    ordered = found.sort_values(keys, ascending=[True, False, True, True], kind="stable")
    return ordered.drop(columns=["place", "steepest"])


def _units(county: County, rules: WarningRules) -> tuple[str, ...]:
    named = (clause.units for clause in county.plan.clauses if clause.id == rules.clause)
    return next(named, ())
