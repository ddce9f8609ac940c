"""A file of `data/policy` as a frozen dataclass."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from tenglong.errors import ConfigurationError, Fault, is_it
from tenglong.measure.exact import exact
from tenglong.shape import whole

Shape = TypeVar("Shape")
ABOUT = ("source", "source_en")


def policy_file(
    shape: type[Shape],
    policy: Mapping[str, Any],
    name: str,
    *,
    also: Callable[[Shape, Any], Iterable[Fault]] | None = None,
) -> Shape:
    """Read one file of the policy; its fields are the keys of the file beside its sources.

    Parameters
    ----------
    also
        What else may be wrong with what was read, given with the file as it stands; told with
        the rest, but for what a fault of the shape has made of it.

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
        lacks = Fault(f"there is no {name}.yml", f"没有这个文件{is_it(name, policy)}")
        raise ConfigurationError.of_policy(name, [lacks])
    faults: list[str] = []
    read = whole(shape, policy[name], faults, beside=ABOUT, also=also)
    if faults:
        raise ConfigurationError.of_policy(name, faults)
    return read


def most_missing(policy: Mapping[str, Any]) -> Fraction:
    """Give the share of missing rows above which a total is not told (`bands.yml`).

    >>> most_missing({"bands": {"most_missing_share": 0.05}})
    Fraction(1, 20)
    """
    return exact(policy["bands"]["most_missing_share"])
