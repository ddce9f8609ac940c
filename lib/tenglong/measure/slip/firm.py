"""A firm's year against the median of its industry, per mu and per head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.firms import firm_years, industry_of
from tenglong.measure.slip.compare import amounts, apart, distance, medians
from tenglong.measure.slip.rule import SlipRule

EVERY_DAY = log(30)  # what an amount that is none of a slip may well be away from the usual


Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Industry:
    """Firms' amounts per base, and the medians of their industries in the year, by (top, base)."""

    county: County
    rule: SlipRule
    ratios: Mapping[Pair, "pd.Series[float]"]
    usual: Mapping[Pair, "pd.Series[float]"]

    @classmethod
    def of(cls, county: County, rule: SlipRule) -> "Industry":
        """Count the amounts of `firm_years` per base; nothing where industries are not known."""
        years = firm_years(county)
        if "industry" not in years:
            return cls(county, rule, {}, {})
        codes = industry_of(years["industry"], digits=rule.industry_digits)
        groups = codes + years["year"].astype("str")
        values = {name: amounts(years, name) for name in rule.industry.columns if name in years}
        ratios = {
            (top, base): values[top] / values[base]
            for base in rule.industry.bases
            for top in values
            if base in values and top != base
        }
        least = rule.least_group
        every = years["year"].astype("str")  # where an industry has too few firms that tell it
        usual = {
            pair: medians(ratio, groups, least=least).fillna(medians(ratio, every, least=least))
            for pair, ratio in ratios.items()
        }
        return cls(county, rule, ratios, usual)

    def away(self, column: str) -> "pd.Series[float] | None":
        """Say how far each firm's amount is from the usual, by the base by which it is nearest.

        As the logarithm of how many times; None where the column is not counted per anything.
        """
        found = [
            distance(ratio, self.usual[pair])
            for pair, ratio in self.ratios.items()
            if pair[0] == column
        ]
        return pd.concat(found, axis=1).min(axis=1) if found else None

    def outliers(self) -> Iterator[pd.DataFrame]:
        """Give the cells of `enterprise_years` far above the median per mu or per head.

        Of an amount and what it is counted per, the cell is the amount's, unless every other
        amount is far away by that base, too: then the base is too small. By the rows of
        `enterprise_years`; see `compare`.
        """
        for top, base in self.ratios:
            far = apart(
                top,
                self.ratios[top, base],
                self.usual[top, base],
                against=self.rule.industry.bases[base],
                most=self.rule.most_times,
            )
            if len(far):
                yield from self._blamed(far, top, base)

    def _blamed(self, far: pd.DataFrame, top: str, base: str) -> Iterator[pd.DataFrame]:
        years, supplied = firm_years(self.county), self.county.table("enterprise_years")
        is_base = pd.Series(data=False, index=far.index)
        others = [pair for pair in self.ratios if pair[1] == base and pair[0] != top]
        if others and base in supplied:
            apart_by = [distance(self.ratios[pair], self.usual[pair])[far.index] for pair in others]
            is_base = pd.concat(apart_by, axis=1).min(axis=1) > EVERY_DAY
        for column, rows in ((top, far[~is_base]), (base, far[is_base])):
            if column in supplied:
                # Told as amounts: what the cell holds, and what would have been usual.
                value = amounts(years.loc[rows.index], column)
                factor = rows["value"] / rows["usual"]
                told = value / factor if column == top else value * factor
                yield rows.assign(column=column, value=value, usual=told)
