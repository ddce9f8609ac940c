"""Read a scheme from the policy, with what it takes over from another one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.county import County
from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.evaluation.scheme_check import SchemeCheck
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import Formula
from tenglong.shape import apart, line_of, shaped
from tenglong.yaml_file import Marked


@dataclass(frozen=True)
class Formulas:
    """The file `formulas.yml`: formulas that any scheme may name."""

    formulas: Mapping[str, Formula] = field(default_factory=dict)


def formulas_of(policy: Mapping[str, Any], scheme: Scheme) -> Mapping[str, Formula]:
    """Give the named formulas: those of `data/policy/formulas.yml`, and the scheme's own.

    Raises
    ------
    ConfigurationError
        If one is not a formula.
    """
    return {**common_formulas(policy), **scheme.formulas}


def common_formulas(policy: Mapping[str, Any]) -> Mapping[str, Formula]:
    """Give the formulas of `data/policy/formulas.yml`.

    Raises
    ------
    ConfigurationError
        With each that is none.
    """
    if "formulas" not in policy:
        return {}
    return policy_file(Formulas, policy, "formulas").formulas


@lru_cache(maxsize=16)
def scheme_of(county: County, name: str) -> Scheme:
    """Read a scheme of the county's policy.

    Raises
    ------
    ConfigurationError
        With everything that is wrong in one message: the file, the key, and the nearest
        valid one.

    >>> scheme = scheme_of(example_county(policy=load_policy()), "huangyan-2022")
    >>> scheme.populations["above_scale"].parts["tax_per_mu"].benchmark.text
    '24.097'
    """
    schemes: Mapping[str, Any] = county.policy.get("schemes", {})
    if name not in schemes:
        raise ConfigurationError.of(
            "policy schemes", [_no_scheme(name, schemes)], zh="政策 schemes"
        )
    faults: list[str] = []
    raw = _whole(schemes, name)
    scheme = shaped(Scheme, raw, "", faults)
    check = SchemeCheck(scheme, county, formulas_of(county.policy, scheme), raw)
    faults += apart(check.faults(), faults)
    if faults:
        raise _error(name, faults)
    return scheme


def _error(name: str, faults: list[str]) -> ConfigurationError:
    return ConfigurationError.of(
        f"policy schemes/{name}.yml", faults, zh=f"政策 schemes/{name}.yml"
    )


def _no_scheme(name: str, schemes: Mapping[str, Any], **here: Any) -> Fault:
    return Fault(
        f"there is no scheme {name!r}{did_you_mean(name, schemes)}",
        f"没有评价方案“{name}”{is_it(name, schemes)}",
        **here,
    )


def _whole(schemes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a scheme with what it takes over from the one that it is based on."""
    seen, chain = [name], [schemes[name]]
    while (base := chain[-1].get("based_on")) is not None:
        here: Mapping[str, Any] = {"line": line_of(chain[-1], "based_on"), "place": "based_on"}
        if base in seen:
            itself = Fault("is based on itself", "以自己为依据，成了循环", **here)
            raise _error(seen[-1], [itself])
        if base not in schemes:
            raise _error(seen[-1], [_no_scheme(base, schemes, **here)])
        seen.append(base)
        chain.append(schemes[base])
    whole: dict[str, Any] = {}
    for layer in reversed(chain):
        whole = _over(_bare(whole), layer)
    whole.pop("based_on", None)
    return whole


def _bare(value: Any) -> Any:
    """Give what is taken over from another file, whose lines are not those of this one."""
    if isinstance(value, Mapping):
        return {key: _bare(one) for key, one in value.items()}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Put a mapping over another: key by key, mappings within likewise, all else replaced.

    A key without a value takes the other's away. What it makes knows the lines of the one above.

    >>> _over({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}})
    {'a': {'c': 2, 'd': 3}}
    """
    merged = Marked(base)
    merged.lines = own.lines if isinstance(own, Marked) else {}
    for key, value in own.items():
        if value is None:
            merged.pop(key, None)
            continue
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _over(merged[key], value) if both else value
    return merged
