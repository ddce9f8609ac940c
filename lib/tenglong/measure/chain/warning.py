"""Early warning (产业链预警): rules on firms' monthly figures, held for several months running."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from tenglong.measure.chain.monthly import YEAR, Months
from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.exact import as_float
from tenglong.measure.firm.closing import surely_open
from tenglong.measure.firm.firms import with_firm
from tenglong.measure.firm.places import of_township
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import Formula

FOUND = ["usci", "rule", "month", "state", "reason", "last_value", "months_running"]
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Rule:
    """What is watched: a condition on a month that must hold so many months running."""

    name: Label
    when: Formula
    months: int


@dataclass(frozen=True)
class Light:
    """A light, and how many raised rules make it."""

    light: str
    label: Label
    at_least: int


@dataclass(frozen=True)
class WarningRules:
    """The file `warning.yml`; see there for what each key means."""

    rules: Mapping[str, Rule]
    lights: tuple[Light, ...]
    active: int
    clause: str = ""


def warning_rules(policy: Mapping[str, Any]) -> WarningRules:
    """Read `data/policy/warning.yml`.

    Raises
    ------
    ConfigurationError
        If a key or a value is wrong, or a condition is no formula.

    Examples
    --------
    >>> [light.light for light in warning_rules(load_policy()).lights]
    ['red', 'yellow']
    """
    return policy_file(WarningRules, policy, "warning")


@kept
def warnings(county: County) -> pd.DataFrame:
    """Judge every firm that is watched by every rule of the policy, up to the last month known.

    A rule is raised where its condition holds in each of its months. A firm that lacks a
    figure of one of them, or the one it is compared with, cannot be told.

    Returns
    -------
    DataFrame
        `usci`, `rule`, `month` (the last), `state` (`raised`, `clear` or `cannot_tell`),
        `reason` (why it cannot be told: `no_month`, `no_base`, `base_not_positive`,
        `no_column`, of the first name that lacks; else missing), `last_value` (the first name
        of the condition in the last month, e.g. the change in per cent), `months_running` (for
        how many months up to the last the condition has held, at most as far back as a rule and
        a year more; missing where the last month does not tell); in the order of firms and rules.

    Raises
    ------
    Unavailable
        If there are no monthly figures of firms.

    Examples
    --------
    >>> months = ["2021-04", "2021-05", "2021-06", "2022-04", "2022-05", "2022-06"]
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "closed_on": [None]},
    ...     enterprise_months={"usci": ["A"] * 6, "month": months,
    ...                        "electricity_10k_kwh": [10.0] * 3 + [7.9, 7.0, 6.0]})
    >>> warnings(county)[["rule", "state", "last_value"]].values.tolist()[0]
    ['electricity_falls', 'raised', -40.0]
    """
    rules = warning_rules(county.policy)
    months = Months.of(county)
    lines = [
        (usci, name, months.last, *_judged(rule, usci, months))
        for usci in watched(county, rules.active)
        for name, rule in rules.rules.items()
    ]
    types = {"reason": "str", "last_value": "float64", "months_running": "Int64"}
    return pd.DataFrame(lines, columns=FOUND).astype(types)


def _judged(rule: Rule, usci: str, months: Months) -> tuple[str, str | None, float, int | None]:
    names = _in_order(rule.when)
    answers: list[bool | None] = []
    lacking: list[str] = []
    shown = float("nan")
    for month in months.back_from_last(rule.months):
        found = {name: months.value(name, usci, month) for name in names}
        lacking += [why for _, why in found.values() if why]
        answers.append(rule.when.holds({name: value for name, (value, _) in found.items()}))
        shown = as_float(found[names[0]][0])
    running = _running(rule, usci, months)
    if None in answers:
        return "cannot_tell", next(iter(lacking), "no_month"), shown, running
    return ("raised" if all(answers) else "clear"), None, shown, running


def _running(rule: Rule, usci: str, months: Months) -> int | None:
    """Count the months up to the last in which the condition has held without a break.

    None where the last month does not tell.
    """
    count = 0
    for month in reversed(list(months.back_from_last(rule.months + YEAR))):
        found = {name: months.value(name, usci, month)[0] for name in rule.when.names}
        holds = rule.when.holds(found)
        if holds is None and not count:
            return None
        if holds is not True:
            break
        count += 1
    return count


def _in_order(when: Formula) -> list[str]:
    """Give the names of a condition as they stand in it."""
    return [word for word in WORD.findall(when.text) if word in when.names]


def watched(county: County, active: int) -> list[str]:
    """Give the firms that had a row in the last months and were not closed, in their order.

    One of which it is doubtful when it was closed is not watched.

    Raises
    ------
    Unavailable
        If there are no monthly figures, or it is not told which firms were closed.

    Examples
    --------
    >>> county = example_county(
    ...     enterprises={"usci": ["A", "B"], "closed_on": [None, "2022-01-31"]},
    ...     enterprise_months={"usci": ["A", "B"], "month": ["2021-12", "2022-01"]})
    >>> watched(county, 12)
    ['A']
    """
    frame = with_firm(county.table("enterprise_months", "usci", "month"), county, "closed_on")
    frame = frame[surely_open(frame, county)]
    recent = frame[frame["month"] > frame["month"].max() - active]
    return sorted(set(recent["usci"].dropna()))


def firm_lights(county: County) -> pd.DataFrame:
    """Give every firm that is watched its light.

    Returns
    -------
    DataFrame
        `usci`, `name`, `township`, `chain` (as far as supplied), `month`, `raised` (how many
        rules), `rules` (their names), `untold` (rules that cannot be told), `reason` (why the
        first of these cannot), `light`: one of the policy's, or `none`, or `cannot_tell` (no
        light, but a rule cannot be told); the worst first.

    Examples
    --------
    >>> months = ["2021-04", "2021-05", "2021-06", "2022-04", "2022-05", "2022-06"]
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "chain": ["高端装备"], "closed_on": [None]},
    ...     enterprise_months={"usci": ["A"] * 6, "month": months,
    ...                        "electricity_10k_kwh": [10.0] * 3 + [7.9, 7.0, 6.0]})
    >>> firm_lights(county)[["chain", "raised", "untold", "light"]].values.tolist()
    [['高端装备', 1, 2, 'yellow']]
    """
    rules = warning_rules(county.policy)
    order = [light.light for light in rules.lights] + ["cannot_tell", "none"]
    frame = warnings(county)
    by_firm = groupby(frame.itertuples(index=False), key=lambda one: (str(one.usci), one.month))
    columns = ["usci", "month", "raised", "rules", "untold", "reason", "light"]
    made = pd.DataFrame([_lit(*key, list(group), rules) for key, group in by_firm], columns=columns)
    firms = county.table("enterprises", "usci")
    about = [name for name in ("name", "township", "chain") if name in firms]
    worst = made.assign(rank=made["light"].map(order.index)).sort_values(
        ["rank", "raised", "usci"], ascending=[True, False, True], kind="stable"
    )
    lit = with_firm(worst.drop(columns="rank"), county, *about)
    return lit[["usci", *about, *columns[1:]]].reset_index(drop=True)


def _lit(usci: str, month: pd.Period, found: list[Any], rules: WarningRules) -> tuple[object, ...]:
    """Give a firm its light by the rows of `warnings` that it has."""
    raised = tuple(one.rule for one in found if one.state == "raised")
    untold = [one.reason for one in found if one.state == "cannot_tell"]
    reason = untold[0] if untold else None
    lights = (light.light for light in rules.lights if len(raised) >= light.at_least)
    light = next(lights, "cannot_tell" if untold else "none")
    return usci, month, len(raised), raised, len(untold), reason, light


def lights_by_chain(frame: pd.DataFrame, rules: WarningRules) -> pd.DataFrame:
    """Count the lights of firms by chain: what `chain_lights` gives, of any `firm_lights`.

    >>> found = pd.DataFrame({"chain": ["水资源", None], "light": ["red", "none"]})
    >>> lights_by_chain(found, warning_rules(load_policy()))["red"].tolist()
    [1, 0]
    """
    lights = [light.light for light in rules.lights]
    columns = ["chain", "watched", *lights, "cannot_tell", "none"]
    lines = list(_chain_lines(frame, [*lights, "cannot_tell", "none"]))
    made = pd.DataFrame(lines, columns=columns).astype({"chain": "str"})
    made["warned"] = made[lights].sum(axis=1)
    ordered = made.sort_values(["warned", "chain"], ascending=[False, True], kind="stable")
    last = ordered["chain"].isna()
    return pd.concat([ordered[~last], ordered[last]])[columns].reset_index(drop=True)


def _chain_lines(frame: pd.DataFrame, lights: list[str]) -> Iterator[tuple[object, ...]]:
    for chain, group in frame.groupby("chain", dropna=False):
        counts = group["light"].value_counts()
        yield chain, len(group), *(int(counts.get(light, 0)) for light in lights)


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
    frame = _with_changes(firm_lights(county), warnings(county))
    firms = of_township(_gravest_first(frame, rules), township)
    by_chain = lights_by_chain(firms, rules) if "chain" in firms else pd.DataFrame()
    month = next(iter(firms["month"]), None)
    return Alarms(rules, firms.reset_index(drop=True), by_chain, month, _units(county, rules))


def _with_changes(firms: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    falls: dict[str, list[Fall]] = {}
    changes: dict[str, dict[str, float]] = {}
    for line in frame.sort_values("last_value", kind="stable").to_dict("records"):
        usci, rule, change = (
            str(line["usci"]),
            str(line["rule"]),
            float(line["last_value"]),
        )
        changes.setdefault(usci, {})[rule] = change
        if line["state"] == "raised":
            falls.setdefault(usci, []).append(Fall(rule, change, int(line["months_running"])))
    mine = [str(usci) for usci in firms["usci"]]
    return firms.assign(
        falls=pd.Series([tuple(falls.get(usci, ())) for usci in mine], index=firms.index),
        changes=pd.Series([changes.get(usci, {}) for usci in mine], index=firms.index),
    )


def _gravest_first(firms: pd.DataFrame, rules: WarningRules) -> pd.DataFrame:
    order = [light.light for light in rules.lights] + ["cannot_tell", "none"]
    nothing = float("nan")
    steepest = [
        min((fall.change_pct for fall in falls), default=nothing) for falls in firms["falls"]
    ]
    frame = firms.assign(place=firms["light"].map(order.index), steepest=steepest)
    keys = ["place", "raised", "steepest", "usci"]
    ordered = frame.sort_values(keys, ascending=[True, False, True, True], kind="stable")
    return ordered.drop(columns=["place", "steepest"])


def _units(county: County, rules: WarningRules) -> tuple[str, ...]:
    named = (clause.units for clause in county.plan.clauses if clause.id == rules.clause)
    return next(named, ())
