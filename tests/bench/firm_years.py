"""Every firm of a bundle evaluated for every year: `python -m bench.firm_years BUNDLE`."""

import sys

from bench.cost import clocked, told
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.source import open_county

DAY, YEARS = "2023-12-31", (2020, 2021, 2022, 2023)
MANY = 1_000_000


def main():
    """Print what a million firm-years cost at this rate."""
    county = open_county(sys.argv[1], DAY)
    with clocked() as cost:
        count = sum(len(evaluate(county, year=year).frame) for year in YEARS)
    print(told(cost[0].times(MANY / count, f"{count:,} of them were evaluated, scaled up")))


if __name__ == "__main__":
    main()
