"""A part of the policy that chooses indicators: a name, and options that they must have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenglong.errors import Fault
from tenglong.measure.clause import IndicatorRef


@dataclass(frozen=True)
class Chosen:
    """What an indicator must have to be chosen: its name, options, or both."""

    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, raw: object) -> "Chosen":
        """Take a mapping.

        >>> Chosen.parse({"name": "recognitions"}).options["name"]
        'recognitions'
        """
        if not isinstance(raw, Mapping):
            said = "must be a mapping with a `name`", "应分键书写，其中 name 为指标名称"
            raise TypeError(Fault(*said))
        return cls(dict(raw))

    def is_of(self, indicator: IndicatorRef | None) -> bool:
        """Whether an indicator has all of it.

        >>> Chosen({"name": "milestone"}).is_of(IndicatorRef("milestone", {"milestone": "zone"}))
        True
        """
        if indicator is None:
            return False
        has = {**indicator.options, "name": indicator.name}
        return all(has.get(key) == value for key, value in self.options.items())
