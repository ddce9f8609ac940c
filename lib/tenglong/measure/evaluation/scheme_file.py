"""Read a scheme from the policy, and check that everything it names is there."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.measure.county import County
from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.evaluation.scheme_check import SchemeCheck
from tenglong.measure.policy.formula import Formula
from tenglong.measure.policy.shape import near, shaped


def formulas_of(policy: Mapping[str, Any], scheme: Scheme) -> Mapping[str, Formula]:
    """Give the named formulas: those of `data/policy/formulas.yml`, and the scheme's own.

    Raises
    ------
    ConfigurationError
        If one is not a formula.
    """
    raw = policy.get("formulas", {}).get("formulas", {})
    try:
        common = {str(name): Formula.parse(text) for name, text in raw.items()}
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"policy formulas.yml: {error}") from error
    return {**common, **scheme.formulas}


@lru_cache(maxsize=16)
def scheme_of(county: County, name: str) -> Scheme:
    """Read a scheme of the county's policy.

    Raises
    ------
    ConfigurationError
        With everything that is wrong in one message: the file, the key, and the nearest
        valid one.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> scheme = scheme_of(example_county(policy=load_policy()), "huangyan-2022")
    >>> scheme.populations["above_scale"].parts["tax_per_mu"].benchmark.text
    '24.097'
    """
    schemes: Mapping[str, Any] = county.policy.get("schemes", {})
    if name not in schemes:
        raise ConfigurationError(
            f"policy schemes: there is no scheme {name!r}{near(name, schemes)}"
        )
    faults: list[str] = []
    raw = _whole(schemes, name)
    scheme = shaped(Scheme, raw, "", faults)
    faults += SchemeCheck(scheme, county, formulas_of(county.policy, scheme)).faults()
    if faults:
        told = [fault.removeprefix(".").removeprefix(": ") for fault in faults]
        raise ConfigurationError(f"policy schemes/{name}.yml: {'; '.join(told)}")
    return scheme


def _whole(schemes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a scheme with what it takes over from the one that it is based on."""
    seen, chain = [name], [schemes[name]]
    while (base := chain[-1].get("based_on")) is not None:
        if base not in schemes or base in seen:
            what = "is based on itself" if base in seen else f"there is no scheme {base!r}"
            hint = "" if base in seen else near(base, schemes)
            raise ConfigurationError(f"policy schemes/{seen[-1]}.yml, based_on: {what}{hint}")
        seen.append(base)
        chain.append(schemes[base])
    whole: Mapping[str, Any] = {}
    for layer in reversed(chain):
        whole = _over(whole, {key: value for key, value in layer.items() if key != "based_on"})
    return whole


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Put a mapping over another: key by key, mappings within likewise, all else replaced."""
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _over(merged[key], value) if both else value
    return merged
