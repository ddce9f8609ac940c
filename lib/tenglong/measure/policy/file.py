"""A file of `data/policy` as a frozen dataclass, with everything that is wrong told at once."""

from collections.abc import Mapping
from typing import Any, TypeVar

from tenglong.errors import ConfigurationError
from tenglong.measure.policy.shape import shaped

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
    raw = policy[name]
    given = {key: value for key, value in raw.items() if key not in ABOUT}
    faults: list[str] = []
    read = shaped(shape, given, f"policy {name}", faults)
    if faults:
        raise ConfigurationError("; ".join(faults))
    return read
