"""Who belongs on the list of high-consumption, low-output firms (高耗低效), and why."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.doubt import may_be
from tenglong.measure.exact import exact_sum, ratio
from tenglong.measure.firm.firms import firm_years, industry_of, is_closed, require_land
from tenglong.measure.firm.ratios import clearable
from tenglong.measure.firm.scope import in_scope
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import FUNCTIONS, Formula, Function
from tenglong.measure.policy.wording import WORDS, wording_rule
from tenglong.measure.row import Row, among, exact_row, rows, surely
from tenglong.shape import fault_at

DERIVED = frozenset({"tax_wan", "land_mu", "limit", "industry"})
OWN_FUNCTIONS = frozenset({*FUNCTIONS, *WORDS, "industry_ratio"})
FUNCTION, COLUMN = Label("函数", "function"), Label("列", "column")
SHOWN = ("usci", "name", "township", "industry", "year", "is_above_scale", "land_mu", "tax_wan")


@dataclass(frozen=True)
class Rule:
    """One reason to be listed: a condition, and the limit that it holds a firm against."""

    code: str
    when: Formula
    name: Label | None = None
    limits: Mapping[str, Fraction] = field(default_factory=dict)
    is_reason: bool = True

    def limit(self, industry: str | None) -> Fraction | None:
        """Give the limit for an industry: the longest code that fits, or the default.

        >>> limits = {"default": Fraction(1, 2), "30": Fraction(1), "3011": Fraction(2)}
        >>> rule = Rule("high", Formula.parse("x > limit"), limits=limits)
        >>> [str(rule.limit(code)) for code in ("3011", "3021", "33", None)]
        ['2', '1', '1/2', '1/2']
        """
        fitting = [code for code in self.limits if (industry or "").startswith(code)]
        return self.limits.get(max(fitting, key=len, default="default"))


@dataclass(frozen=True)
class ListingRule:
    """Who belongs on the list; see `data/policy/clearance.yml`.

    `low_tax_wan_per_mu` is None where the plan has no line below which firms are cleared out.
    """

    min_land_mu: Fraction
    industry_digits: int
    rules: tuple[Rule, ...]
    low_tax_wan_per_mu: Fraction | None = None


def listing_rule(policy: Mapping[str, Any], columns: frozenset[str] | None = None) -> ListingRule:
    """Read `data/policy/clearance.yml`.

    Parameters
    ----------
    columns
        The columns that a rule may name; any where not told.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind, or a rule names a column or a
        function that there is not.

    Examples
    --------
    >>> [rule.code for rule in listing_rule(load_policy()).rules]
    ['low_tax_above_scale', 'low_tax_below_scale', 'high_energy']
    """

    def faults(read: ListingRule, raw: Any) -> Iterator[Fault]:
        for number, rule in enumerate(read.rules, start=1):
            here = raw, f"rules[{number}].when", rule.code
            functions = rule.when.functions - OWN_FUNCTIONS
            yield from _unknown(here, FUNCTION, functions, OWN_FUNCTIONS)
            if "limit" in rule.when.names and not rule.limits:
                said = f"rule {rule.code}: must give its `limits`"
                zh = f"规则 {rule.code} 用到 limit，须写 limits"
                yield fault_at(raw, f"rules[{number}]", said, zh)
            if columns is not None:
                known = columns | DERIVED
                yield from _unknown(here, COLUMN, rule.when.names - known, known)

    return policy_file(ListingRule, policy, "clearance", also=faults)


def _unknown(
    here: tuple[Any, str, str], what: Label, names: frozenset[str], known: frozenset[str]
) -> Iterator[Fault]:
    """Tell of names in the condition of a rule, which stands in a file at a place."""
    raw, place, code = here
    for name in sorted(names):
        yield fault_at(
            raw,
            place,
            f"rule {code}: no {what.en} {name!r}{did_you_mean(name, known)}",
            f"规则 {code}：没有{what.zh}“{name}”{is_it(name, known)}",
        )


def clearance_list(county: County) -> pd.DataFrame:
    """Judge every firm in scope by the rules of `data/policy/clearance.yml`.

    By the figures of the last year known, over all above-scale manufacturers and the others
    with at least `min_land_mu` of actual land; firms that have been closed are out.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`: who the firm is, what the rules look at, and
        `reasons` (the codes of the rules that hold; empty: it does not belong on the list),
        `remarks` (of rules that are no reason), `undecided` (the codes of those that cannot be
        told) and `missing` (what would have to be known).

    Raises
    ------
    Unavailable
        If land, industry or scale was not supplied.
    ConfigurationError
        If a rule is malformed.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["33", "33"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "tax_paid_wan": [9.0, 90.0], "land_mu": [3.0, 3.0],
    ...                       "is_above_scale": [False, False]},
    ...     clearance_events={"usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> clearance_list(county)[["usci", "reasons"]].to_numpy().tolist()
    [['A', ('low_tax_below_scale',)], ['B', ()]]
    """
    judged = judged_firms(county)
    return judged[surely(judged["belongs"])].drop(columns="belongs")


def out_of_scope(county: County) -> frozenset[str]:
    """Give the firms still open that surely are in no scope of the rules in the last year known.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["33", "33"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "land_mu": [2.9, None],
    ...                       "is_above_scale": [False, False]})
    >>> sorted(out_of_scope(county))
    ['A']
    """
    frame = firm_years(county)
    frame = frame[frame["year"] == frame["year"].max()]
    is_outside = ~may_be(clearable(county, frame)) & ~is_closed(frame)
    return frozenset(frame["usci"][is_outside])


def of_reason(county: County, firms: Collection[str]) -> frozenset[str]:
    """Give those of some firms that are in scope and have a reason to be listed.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B", "C"], "industry": ["33"] * 3},
    ...     enterprise_years={"usci": ["A", "B", "C"], "year": [2021] * 3,
    ...                       "tax_paid_wan": [9.0, 9.0, 90.0], "land_mu": [3.0] * 3,
    ...                       "is_above_scale": [False] * 3})
    >>> sorted(of_reason(county, {"A", "C"}))
    ['A']
    """
    judged = _judged(county, firms)
    has_reason = judged["reasons"].map(bool).astype(bool)
    return frozenset(judged.loc[surely(judged["belongs"]) & has_reason, "usci"])


@kept
def judged_firms(county: County) -> pd.DataFrame:
    """Judge by the same rules also the firms of which it is not known if they are in scope.

    Returns
    -------
    DataFrame
        That of `clearance_list`, with `belongs`: true in scope, missing where a blank decides it.
    """
    return _judged(county)


def _judged(county: County, firms: Collection[str] | None = None) -> pd.DataFrame:
    """Judge some firms, or all, against the averages of all."""
    frame = firm_years(county)
    frame = frame[frame["year"] == frame["year"].max()]
    inside = clearable(county, frame)
    latest: pd.DataFrame = frame[may_be(inside)]
    rule = listing_rule(county.policy, _known_names(county, latest))
    industries = industry_of(latest["industry"], digits=rule.industry_digits)
    is_member = surely(inside[latest.index])
    average = _averages(latest[is_member], industries[is_member])
    if firms is not None:
        latest = latest[among(latest["usci"], firms)]
        industries = industries[latest.index]
    words = wording_rule(county.policy).functions
    looked_at = sorted(
        {name for one in rule.rules for name in one.when.names} & set(latest.columns)
    )
    facts = rows(latest[list(dict.fromkeys(["industry", *looked_at]))])
    judged = [
        judge(
            row,
            rule.rules,
            {
                **words,
                "industry_ratio": partial(average, None if pd.isna(industry) else industry),
            },
        )
        for row, industry in zip(facts, industries, strict=True)
    ]
    columns = list(dict.fromkeys([*(c for c in SHOWN if c in latest), *looked_at]))
    found: pd.DataFrame = latest[columns].assign(belongs=inside[latest.index])
    for name in ("reasons", "remarks", "undecided", "missing"):
        cells = [one[name] for one in judged]
        found[name] = pd.Series(cells, index=found.index, dtype="object")
    return found


def require_rules(county: County) -> None:
    """Ask for every column that a reason for listing looks at.

    Raises
    ------
    Unavailable
        Naming the first that was not supplied: without it, a firm that belongs on the list
        would silently be left out.

    >>> years = {"usci": ["A"], "year": [2021], "tax_paid_wan": [9.0], "land_mu": [3.0]}
    >>> require_rules(example_county(policy=load_policy(), enterprise_years=years))
    Traceback (most recent call last):
    tenglong.measure.county.Unavailable: enterprise_years.energy_tce
    """
    wanted = {name for rule in listing_rule(county.policy).rules for name in rule.when.names}
    columns = (wanted - DERIVED) | ({"tax_paid_wan"} if "tax_wan" in wanted else set())
    if "land_mu" in wanted:
        require_land(county)
    supplied = set(firm_years(county).columns)
    for column in sorted(columns - supplied):
        county.table("enterprise_years", column)


def unscoped(county: County) -> pd.DataFrame:
    """Give the below-scale manufacturers of the last year whose land is not known.

    Whether they are in the list's scope cannot be told. By the rows of `enterprise_years`.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["33", "33"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [9.0, 9.0],
    ...                       "land_mu": [None, 3.0], "is_above_scale": [False, False]})
    >>> unscoped(county)["usci"].tolist()
    ['A']
    """
    frame = firm_years(county)
    latest = frame[frame["year"] == frame["year"].max()]
    unknown = latest["land_mu"].isna() & in_scope(latest, county, "manufacturing")
    unknown &= ~in_scope(latest, county, "above_scale_manufacturing")
    found: pd.DataFrame = latest.loc[unknown, [c for c in SHOWN if c in latest]]
    return found


def _known_names(county: County, frame: pd.DataFrame) -> frozenset[str] | None:
    """Name the columns that a firm may have; None where the county does not declare them."""
    if not county.labels:
        return None
    declared = {c for table, c in county.labels if table in ("enterprise_years", "enterprises")}
    return frozenset(declared | set(frame.columns))


def judge(
    firm: Row, rules: tuple[Rule, ...], functions: Mapping[str, Function]
) -> dict[str, tuple[str, ...]]:
    """Tell which rules hold for a firm, which cannot be told, and what is missing for these.

    Parameters
    ----------
    functions
        What the rules call beside the functions of every formula.

    >>> low = Formula.parse("tax_wan / land_mu < limit")
    >>> rules = (Rule("low", low, limits={"default": Fraction(5)}),)
    >>> judge({"tax_wan": 14.9, "land_mu": 3.0}, rules, {})["reasons"]
    ('low',)
    >>> judge({"tax_wan": None, "land_mu": 3.0}, rules, {})["missing"]
    ('tax_wan',)
    """
    asked = {name for rule in rules for name in rule.when.names}
    numbers = exact_row({name: firm.get(name) for name in asked})
    answers: dict[str, bool | None] = {}
    lacking: set[str] = set()
    for rule in rules:
        names = {name: numbers[name] for name in rule.when.names}
        if "limit" in rule.when.names:
            names["limit"] = rule.limit(firm.get("industry"))
            if names["limit"] is None:
                answers[rule.code] = False
                continue
        answers[rule.code] = rule.when.holds(names, functions)
        if answers[rule.code] is None:
            lacking |= {name for name, value in names.items() if value is None}
    holding = [rule for rule in rules if answers[rule.code]]
    return {
        "reasons": tuple(rule.code for rule in holding if rule.is_reason),
        "remarks": tuple(rule.code for rule in holding if not rule.is_reason),
        "undecided": tuple(code for code, holds in answers.items() if holds is None),
        "missing": tuple(sorted(lacking)),
    }


def _averages(
    members: pd.DataFrame, industries: pd.Series
) -> Callable[[str | None, str, str], Fraction | None]:
    """Give Σ a / Σ b of an industry, over the firms of which both are known."""
    groups = {str(name): group for name, group in members.groupby(industries)}

    @cache
    def average(industry: str | None, top: str, bottom: str) -> Fraction | None:
        return _ratio(groups[industry], top, bottom) if industry in groups else None

    return average


def _ratio(members: pd.DataFrame, top: str, bottom: str) -> Fraction | None:
    if not {top, bottom}.issubset(members.columns):
        return None
    both = members[members[[top, bottom]].notna().all(axis=1)]
    return ratio(exact_sum(both[top]), exact_sum(both[bottom]))
