"""The bands of the gap between progress and pace, read from the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.measure.exact import exact
from tenglong.measure.reading import Grain

ORDER = ("ahead", "on_track", "behind", "far_behind")


@dataclass(frozen=True)
class Band:
    """A band holds the gaps from `floor` up to the next better band."""

    name: str
    floor: Fraction | None
    is_closed: bool


@dataclass(frozen=True)
class Bands:
    """All bands, best first, with the ages at which figures are stale."""

    bands: tuple[Band, ...]
    stale_after: Mapping[Grain, Fraction]

    def name(self, gap: Fraction) -> str:
        """Name the band of a gap; `gap` is a share, not percentage points.

        >>> rule = {"bands": {"ahead": {"from": 10}, "on_track": {"above": -10},
        ...   "behind": {"from": -30}, "far_behind": {}},
        ...   "stale_after_months": {"year": 14, "quarter": 6, "month": 4}}
        >>> bands = bands_of(rule)
        >>> [bands.name(Fraction(points, 100)) for points in (10, 0, -10, -30, -31)]
        ['ahead', 'on_track', 'behind', 'behind', 'far_behind']
        """
        points = gap * 100
        for band in self.bands:
            if (
                band.floor is None
                or points > band.floor
                or (band.is_closed and points == band.floor)
            ):
                return band.name
        raise AssertionError(points)  # pragma: no cover - the last band has no floor


def bands_of(policy: Mapping[str, Any]) -> Bands:
    """Read the bands from `data/policy/bands.yml`.

    Raises
    ------
    ConfigurationError
        If a band is missing, or the floors do not fall from the best to the worst.
    """
    raw = policy["bands"]
    if tuple(raw) != ORDER:
        raise ConfigurationError(f"policy bands: must be {', '.join(ORDER)}, in this order")
    bands = tuple(_band(name, rule) for name, rule in raw.items())
    floors = [band.floor for band in bands[:-1]]
    if bands[-1].floor is not None or None in floors:
        raise ConfigurationError("policy bands: every band but the last must have one limit")
    if floors != sorted(floors, key=lambda floor: floor or Fraction(0), reverse=True):
        raise ConfigurationError("policy bands: the limits must fall from the best to the worst")
    stale = {Grain(name): exact(months) for name, months in policy["stale_after_months"].items()}
    return Bands(bands, stale)


def _band(name: str, rule: Mapping[str, Any]) -> Band:
    if set(rule) - {"from", "above"} or len(rule) > 1:
        raise ConfigurationError(f"policy bands: {name} must have `from` or `above`")
    for key, limit in rule.items():
        return Band(name, exact(limit), is_closed=key == "from")
    return Band(name, None, is_closed=False)
