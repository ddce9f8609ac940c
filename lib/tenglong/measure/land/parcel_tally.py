"""How many parcels need an action, in which townships, and who answers for it: types only."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ActionTally:
    """Parcels that need the same action.

    Attributes
    ----------
    townships
        Name (None where not known), parcels and 亩 of each township that has any, the most
        parcels first.
    firms
        How many firms are on them.
    units
        Who answers for it, by the plan; the first leads.
    """

    parcels: int
    area_mu: Fraction
    townships: tuple[tuple[str | None, int, Fraction], ...]
    firms: int
    units: tuple[str, ...]
