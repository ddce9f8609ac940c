"""Figures: what one firm paid, made, employed and burnt in one year, before any scaling.

A firm has lasting traits (how much of its revenue is value added, how much tax it pays a unit
of it, and so on). A large firm's figures start from its revenue, a small one's from its land:
tax a mu, then revenue by the usual burden of tax. What the story settles overrules both: the
low taxes and the energy of firms on the list, the energy of two-high projects.
"""

from dataclasses import dataclass, field

import numpy as np

from tenglong.simulate.clearance import Fate
from tenglong.simulate.firms import Firm

SCALE_WAN = 2000
SAFE_TAX_PER_MU = 5.6
HEAVY, HEAVY_TAX = 1.1, 0.3  # what burns most a unit of value added pays little of it as tax
SMALL_ENERGY = 1.4  # a small firm burns more a unit of value added than a large one of its trade
# Tonnes of standard coal a mu of listed firms with low tax: those that idle until they are closed
# or leave, those at work, and large ones; 10,000 kWh are three tonnes.
IDLE_TCE_PER_MU, BUSY_TCE_PER_MU, LARGE_TCE_PER_MU = 3.6, 10.0, 16.0
LOSSES = frozenset({(17, 2022)})  # firm, year


@dataclass
class FirmYear:
    """The figures of a firm in a year, still unrounded; `most_mu` is its land at its most."""

    firm: Firm
    year: int
    land_mu: float
    most_mu: float
    revenue: float = 0.0
    value_added: float = 0.0
    tax: float = 0.0
    employees: float = 0.0
    rd: float = 0.0
    energy: float = 0.0
    is_digitalised: bool = False
    add_backs: dict[str, float] = field(default_factory=dict)

    @property
    def is_above(self) -> bool:
        """Whether the firm is above scale in this year."""
        return self.year in self.firm.above

    @property
    def is_manufacturer(self) -> bool:
        """Whether it is above scale and a manufacturer."""
        return self.is_above and self.firm.industry.is_manufacturing

    @property
    def is_cleared(self) -> bool:
        """Whether the clearance of a listed firm ended well by the end of the year."""
        fate = self.firm.fate
        return bool(fate and fate.ended_on and fate.ended_on.year <= self.year)

    @property
    def has_low_tax(self) -> bool:
        """Whether its tax a mu is below the line by the story."""
        return self.firm.is_low and not self.is_cleared


@dataclass(frozen=True)
class Traits:
    """What lasts in a firm, as factors on what is usual."""

    value_added: float
    tax: float
    productivity: float
    rd: float
    energy: float
    tax_per_mu: float
    burden: float
    digital: float


@dataclass(frozen=True)
class Course:
    """Where a firm stands in a year: how far it has grown since 2020, and what is chance.

    `low_tax` is by how much the county's line of low tax differs from the story's.
    """

    walk: float
    noise: float
    low_tax: float

    @property
    def safe_tax_per_mu(self) -> float:
        """What a firm pays an mu at least that is not meant to be below the line."""
        return SAFE_TAX_PER_MU * self.low_tax


def draw_traits(rng: np.random.Generator) -> Traits:
    """Draw what lasts in a firm."""
    return Traits(
        value_added=float(rng.lognormal(0, 0.13)),
        tax=float(np.clip(rng.lognormal(0, 0.33), 0.5, 1.5)),
        productivity=float(rng.lognormal(0, 0.22)),
        rd=float(rng.choice((0, 1), p=(0.12, 0.88)) * rng.lognormal(0, 0.5)),
        energy=float(np.clip(rng.lognormal(0, 0.3), 0.6, 1.35)),
        tax_per_mu=float(np.clip(rng.lognormal(np.log(9), 0.35), 6.0, 26)),
        burden=float(rng.uniform(0.036, 0.058)),
        digital=float(rng.random()),
    )


def fill(item: FirmYear, traits: Traits, course: Course) -> None:
    """Fill in the figures of a year."""
    if item.firm.above:
        _fill_large(item, traits, course)
    else:
        _fill_small(item, traits, course)
    item.rd = item.revenue * 0.021 * traits.rd if item.is_manufacturer else 0.0
    item.energy = abs(item.value_added) * item.firm.industry.energy * traits.energy * course.noise
    if not item.firm.above:
        item.energy *= SMALL_ENERGY
    _overrule(item, traits, course)


def _fill_large(item: FirmYear, traits: Traits, course: Course) -> None:
    """Start from revenue, which stands on the right side of 2,000 万元."""
    revenue = SCALE_WAN * item.firm.size * course.walk
    if item.is_above:
        revenue = (
            SCALE_WAN * (1.02 + 0.05 * traits.digital) if revenue < SCALE_WAN * 1.03 else revenue
        )
    else:
        revenue = min(revenue, SCALE_WAN * (0.8 + 0.17 * traits.digital))
    item.revenue = revenue
    item.value_added = 0.8 * revenue * item.firm.industry.value_added * traits.value_added
    is_heavy = item.firm.two_high is not None and item.firm.industry.energy > HEAVY
    burden = 0.185 * traits.tax * (HEAVY_TAX if is_heavy else 1)
    least = course.safe_tax_per_mu + (0.2 if is_heavy else 1.2 + traits.digital)
    item.tax = max(item.value_added * burden, item.land_mu * least)
    item.employees = item.value_added / (15.5 * traits.productivity)
    if (item.firm.number, item.year) in LOSSES:
        item.value_added, item.tax = -0.04 * revenue, item.land_mu * course.safe_tax_per_mu


def _fill_small(item: FirmYear, traits: Traits, course: Course) -> None:
    """Start from the land: tax a mu, then revenue by the usual burden of tax."""
    least = course.safe_tax_per_mu
    if item.land_mu:
        per_mu = max(traits.tax_per_mu * course.walk**0.5, least)
        item.tax = max(item.land_mu * per_mu * course.noise, item.land_mu * least)
    else:
        item.tax = SCALE_WAN * item.firm.size * course.walk * 0.6 * traits.burden
    item.revenue = item.tax / traits.burden
    most = SCALE_WAN * (0.8 + 0.18 * traits.digital)
    if item.revenue > most:
        item.revenue, item.tax = most, max(most * traits.burden, item.land_mu * least)
    item.value_added = item.revenue * item.firm.industry.value_added * 0.95 * traits.value_added
    item.employees = max(2, item.value_added / (9.5 * traits.productivity))


def _overrule(item: FirmYear, traits: Traits, course: Course) -> None:
    """Put in what the story settles: listed firms' low tax, their energy, two-high energy."""
    fate, project = item.firm.fate, item.firm.two_high
    if item.has_low_tax and item.land_mu:
        item.tax = item.land_mu * (0.9 + 3.5 * traits.digital) * course.noise * course.low_tax
        if not item.is_above:
            item.revenue = min(item.tax / traits.burden, SCALE_WAN * 0.9)
            item.value_added = item.revenue * item.firm.industry.value_added
            item.employees = max(2, item.value_added / (8 * traits.productivity))
    elif fate and item.land_mu:
        item.tax = item.land_mu * (6.0 + 3.2 * traits.digital) * course.noise
        if not fate.is_low_tax:
            item.revenue = item.tax / 0.075
            item.value_added = item.revenue * item.firm.industry.value_added
            item.employees = max(2, item.value_added / (8 * traits.productivity))
    if fate:
        item.energy = _listed_energy(item, fate, traits)
    if project:
        item.energy = project.energy_tce * (0.9 + 0.1 * traits.digital)  # in its fullest year


def _listed_energy(item: FirmYear, fate: Fate, traits: Traits) -> float:
    per_mu = IDLE_TCE_PER_MU if fate.leaves else BUSY_TCE_PER_MU
    usual = item.most_mu * (LARGE_TCE_PER_MU if item.is_above else per_mu)
    if not fate.is_low_tax:
        usual = item.value_added * 0.75 / traits.energy
    left = 1 - fate.saved_share if item.is_cleared else 1.0
    return usual * traits.energy * left
