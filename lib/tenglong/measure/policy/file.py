"""A file of `data/policy` as a frozen dataclass."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeVar

from tenglong.errors import ConfigurationError
from tenglong.measure.exact import exact
from tenglong.shape import shaped

Shape = TypeVar("Shape")
ABOUT = ("source", "source_en")


def policy_file(shape: type[Shape], policy: Mapping[str, Any], name: str) -> Shape:
    """Read one file of the policy; its fields are the keys of the file beside its sources.

    Raises
    ------
    ConfigurationError
        If there is no such file, or its keys or values are not those of the dataclass.

    Examples
    --------
    >>> from tenglong.measure.clause import Label
    >>> policy_file(Label, {"unit": {"source": "…", "zh": "亩", "en": "mu"}}, "unit")
    Label(zh='亩', en='mu')
    >>> policy_file(Label, {"unit": {"source": "…", "zh": "亩"}}, "unit")
    Traceback (most recent call last):
    tenglong.errors.ConfigurationError: policy unit: the key 'en' is missing
    """
    if name not in policy:
        raise ConfigurationError(f"policy {name}: there is no {name}.yml")
    faults: list[str] = []
    read = shaped(shape, policy[name], "", faults, beside=ABOUT)
    if faults:
        raise ConfigurationError.of(f"policy {name}", faults)
    return read


def most_missing(policy: Mapping[str, Any]) -> Fraction:
    """Give the share of missing rows above which a total is not told (`bands.yml`).

    >>> most_missing({"bands": {"most_missing_share": 0.05}})
    Fraction(1, 20)
    """
    return exact(policy["bands"]["most_missing_share"])
