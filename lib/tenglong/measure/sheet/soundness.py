"""Whether a plan and a policy can work together: all that is wrong, before anything is computed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.board.compare import comparisons
from tenglong.measure.bulletin.pick import bulletin_rule
from tenglong.measure.carbon.fuels import fuels_of
from tenglong.measure.carbon.rule import carbon_rule, grid_of
from tenglong.measure.chain.warning import warning_rules
from tenglong.measure.clause import Label, Plan
from tenglong.measure.clearance.listing import listing_rule
from tenglong.measure.clearance.loop import loop_rule
from tenglong.measure.clearance.two_high import TwoHighRule
from tenglong.measure.county import County
from tenglong.measure.evaluation.contradiction import contradiction_rule
from tenglong.measure.evaluation.scheme_file import common_formulas, scheme_of
from tenglong.measure.firm.firms import owned_rows_fault
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.land.contract import land_state_rule
from tenglong.measure.land.control_line import ControlLineRule
from tenglong.measure.land.idle import idle_rule
from tenglong.measure.land.outlines import OutlineRule
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.parcel.classes import measure_of
from tenglong.measure.parcel.measures import MEASURES
from tenglong.measure.parcel.uses import action_rule
from tenglong.measure.plan.lint import is_sample, lint_rules
from tenglong.measure.policy.duty import Duties
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.project.rule import project_rule
from tenglong.measure.sheet.enterprises import GradeMeasures
from tenglong.measure.sheet.facts import FactsRule
from tenglong.measure.sheet.innovation import InnovationRule
from tenglong.measure.slip.rule import slip_rule
from tenglong.measure.title.titles import title_rule
from tenglong.shape import fault_at, line_of

OF_FIRMS = ("enterprises", "enterprise_years")
MADE = frozenset({"tax_wan", "land_mu", "tax"})
# Keys of files that are read as they stand, and what each must be.
KEYS: Mapping[str, Mapping[str, type]] = {
    "industries": {"divisions": dict},
    "land_base": {"parcel_area": list},
    "parcel_measures": {"measures": dict},
    "series": {"compared": list, "names": dict},
    "suppliers": {"tables": dict, "columns": dict},
    "tax": {"add_back": list},
}
NOUNS: Mapping[type, Label] = {
    dict: Label("分键书写", "a mapping of keys"),
    list: Label("列表", "a list"),
}


def policy_faults(county: County) -> Iterator[str]:
    """Tell what is wrong with the policy of a county, file by file, and where it misses the plan.

    Parameters
    ----------
    county
        Its tables are not looked at.

    >>> list(policy_faults(example_county(policy={**load_policy(), "tax": {"source": "…"}})))
    ["policy tax: the key 'add_back' is missing"]
    """
    told: set[str] = set()
    for fault in (*_keys(county.policy), *_read(county)):
        if fault not in told:
            told.add(fault)
            yield fault


def policy_placeholders(policy: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Tell what of a policy is still the sample that it was written from (【…】).

    The file without its ending, the line (0 where it is not known), and the text.

    >>> list(policy_placeholders({"schemes": {"own": {"source": "【文号】", "formula": "w"}}}))
    [('schemes/own', 0, '【文号】')]
    """
    for name, content in policy.items():
        if isinstance(content, Mapping) and "source" not in content:  # a folder of files
            for file, line, text in policy_placeholders(content):
                yield f"{name}/{file}", line, text
        else:
            yield from ((name, line, text) for line, text in _samples(content, 0))


def _samples(content: Any, line: int) -> Iterator[tuple[int, str]]:
    if isinstance(content, str) and is_sample(content):
        yield line, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from _samples(value, line_of(content, str(key)) or line)
    elif isinstance(content, list):
        for value in content:
            yield from _samples(value, line_of(value) or line)


def _keys(policy: Mapping[str, Any]) -> Iterator[str]:
    for name, keys in KEYS.items():
        file = policy.get(name, {})
        faults = []
        for key, kind in keys.items():
            if key not in file:
                lacks = f"the key {key!r} is missing", f"缺少“{key}”这个键"
                faults.append(Fault(*lacks, line=line_of(file)))
            elif not isinstance(file[key], kind):
                noun = NOUNS[kind]
                en, zh = f"must be {noun.en}", f"应为{noun.zh}"
                faults.append(fault_at(file, key, en, zh))
        if name == "land_base" and not faults and (fault := owned_rows_fault(policy)):
            faults.append(fault)
        if faults:
            yield from ConfigurationError.of_policy(name, faults).faults


def _readers(county: County) -> Mapping[str, Callable[[], object]]:
    """Give what reads each file, as the pages do."""
    policy = county.policy
    columns = frozenset(c for table, c in county.labels if table in OF_FIRMS and c)
    shapes: Mapping[str, type] = {
        "control_line": ControlLineRule,
        "duties": Duties,
        "facts": FactsRule,
        "grade_measures": GradeMeasures,
        "innovation": InnovationRule,
        "land_findings": OutlineRule,
        "two_high": TwoHighRule,
    }
    schemes = policy.get("schemes", {})
    return {
        "bands": lambda: bands_of(policy["bands"]),
        "evaluation": lambda: contradiction_rule(policy),
        "formulas": lambda: common_formulas(policy),
        "bulletin": lambda: bulletin_rule(policy),
        "carbon": lambda: carbon_rule(policy),
        "clearance": lambda: listing_rule(policy, columns or None),
        "fuels": lambda: fuels_of(policy),
        "grid": lambda: grid_of(policy),
        "idle": lambda: idle_rule(policy),
        "land_state": lambda: land_state_rule(policy),
        "league": lambda: league_rules(policy),
        "lint": lambda: lint_rules(policy["lint"]),
        "loop": lambda: loop_rule(policy),
        "outliers": lambda: slip_rule(policy),
        "parcel_actions": lambda: action_rule(policy),
        "projects": lambda: project_rule(policy),
        "series": lambda: comparisons(policy),
        "titles": lambda: title_rule(policy),
        "warning": lambda: warning_rules(policy),
        "wording": lambda: wording_rule(policy),
        **{name: _reading(shape, policy, name) for name, shape in shapes.items()},
        **{f"parcel_measures {name}": _measure(county, name) for name in _measures(policy)},
        **{f"schemes/{name}": _scheme(county, name) for name in schemes if name != "source"},
    }


def _reading(shape: type, policy: Mapping[str, Any], name: str) -> Callable[[], object]:
    return lambda: policy_file(shape, policy, name)


def _measure(county: County, name: str) -> Callable[[], object]:
    def read() -> object:
        if name not in MEASURES:
            hint = did_you_mean(name, MEASURES)
            en, zh = f"no measure is called {name!r}{hint}", f"没有指标“{name}”"
            fault = fault_at(
                county.policy["parcel_measures"],
                f"measures.{name}",
                en,
                f"{zh}{is_it(name, MEASURES)}",
            )
            raise ConfigurationError.of_policy("parcel_measures", [fault])
        return measure_of(county, name)

    return read


def _scheme(county: County, name: str) -> Callable[[], object]:
    return lambda: scheme_of(county, name)


def _measures(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    measures = policy.get("parcel_measures", {}).get("measures")
    return measures if isinstance(measures, Mapping) else {}


def _read(county: County) -> Iterator[str]:
    for name, read in _readers(county).items():
        try:
            read()
        except ConfigurationError as error:
            yield from error.faults
        except (AttributeError, KeyError, TypeError, ValueError):
            unlike = Fault(
                "is not of the shape that the kit's own file has",
                "与工具自带的同名文件写法不同，请照自带文件改写",
            )
            yield from ConfigurationError.of_policy(name, [unlike]).faults


def population_faults(
    plan: Plan, policy: Mapping[str, Any], labels: Collection[tuple[str, str]]
) -> Iterator[str]:
    """Tell of a population or a column that a clause names and that there is not.

    Parameters
    ----------
    labels
        The tables and columns that there may be.
    """
    scopes = [name for name, one in policy["scopes"].items() if isinstance(one, Mapping)]
    known = [*scopes, *(f"above_scale_{name}" for name in scopes)]
    columns = {c for table, c in labels if table in OF_FIRMS and c} | MADE
    for clause in plan.clauses:
        for ref in clause.indicators:
            place = f"clause {clause.id}: indicator: {ref.name}"
            zh = f"条款 {clause.id}：指标 {ref.name} 的"
            scope = ref.options.get("scope")
            if scope is not None and scope not in known:
                yield Fault(
                    f"{place}: scope: {scope!r} is not in scopes.yml{did_you_mean(scope, known)}",
                    f"{zh} scope：scopes.yml 里没有“{scope}”{is_it(scope, known)}",
                )
            for key in ("numerator", "denominator", "column"):
                column = ref.options.get(key)
                if column is not None and column not in columns:
                    hint = did_you_mean(column, columns)
                    yield Fault(
                        f"{place}: {key}: there is no column {column!r}{hint}",
                        f"{zh} {key}：没有列“{column}”{is_it(column, columns)}",
                    )
