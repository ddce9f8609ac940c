"""The implied carbon of freed energy: the plan's own ratio, and a warning outside the range."""

from fractions import Fraction

import pytest

from build import POLICY, county
from tenglong.measure.carbon.rule import carbon_rule
from tenglong.measure.clearance.freed import freed_carbon, freed_carbon_by_firm, implied
from tenglong.measure.county import Unavailable

PLAUSIBLE = carbon_rule(POLICY).plausible_t_per_tce
STEPS = ("listed", "checked", "plan", "rectifying")


def cleared(*ends):
    """Give a county whose firms ended their loop with this energy and carbon freed."""
    rows = []
    for number, (energy, carbon, evidence) in enumerate(ends):
        for month, step in enumerate((*STEPS, "closed"), start=1):
            is_end = step == "closed"
            rows.append(
                {
                    "usci": f"F{number}",
                    "happened_on": f"2021-{month:02d}-01",
                    "event": step,
                    "evidence": evidence if is_end else None,
                    "freed_energy_tce": energy if is_end else None,
                    "freed_carbon_t": carbon if is_end else None,
                }
            )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return county(clearance_events=columns)


def test_the_plans_own_figures_are_plausible():
    found = freed_carbon(cleared((300, 500, "文件")))
    assert (found.ratio, found.reason) == (Fraction(5, 3), "plausible")


@pytest.mark.parametrize(
    ("carbon", "reason"),
    [("1.49", "too_low"), ("1.5", "plausible"), ("2.8", "plausible"), ("2.81", "too_high")],
)
def test_the_limits_are_plausible(carbon, reason):
    assert implied(Fraction(1), Fraction(carbon), PLAUSIBLE)[1] == reason


def test_the_total_is_a_ratio_of_sums():
    found = freed_carbon(cleared((100, 150, "文件"), (300, 800, "文件")))
    assert found.ratio == Fraction(950, 400)


def test_a_firm_that_lacks_one_of_the_two_is_in_neither_sum():
    found = freed_carbon(cleared((100, 200, "文件"), (300, None, "文件"), (None, 50, "文件")))
    assert (found.energy_tce, found.carbon_t, found.firms_lacking) == (100, 200, 2)


def test_only_what_is_proven_counts():
    found = freed_carbon(cleared((100, 200, "文件"), (300, 9000, None)))
    assert found.carbon_t == 200


def test_no_energy_has_no_ratio():
    found = freed_carbon(cleared((0, 20, "文件")))
    assert (found.ratio, found.reason) == (None, "no_energy")


def test_each_firm_is_warned_about_on_its_own():
    ends = [(100, 441, "文件"), (100, 200, "文件"), (None, 10, "文件"), (10, None, "文件")]
    found = freed_carbon_by_firm(cleared(*ends)).sort_values("usci")
    assert found["reason"].tolist() == [
        "too_high",
        "plausible",
        "energy_unknown",
        "carbon_unknown",
    ]


def test_without_the_column_it_is_named():
    events = {"usci": ["A"], "happened_on": ["2021-01-01"], "event": ["listed"], "evidence": ["x"]}
    with pytest.raises(Unavailable, match=r"clearance_events\.freed_energy_tce"):
        freed_carbon(county(clearance_events=events))
