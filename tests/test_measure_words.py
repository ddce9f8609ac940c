"""Every code that a measure may give has its words in both languages."""

import pytest

from build import POLICY
from tenglong.show.words import catalogue

CODES = {
    "project.stage": POLICY["projects"]["stages"],
    "project.stay": (
        "within",
        "over",
        "no_limit",
        "finished",
        "kind_unknown",
        "out_of_order",
        "date_doubtful",
        "no_date",
    ),
    "contract.node": POLICY["projects"]["nodes"],
    "contract.state": (
        "kept",
        "late",
        "overdue",
        "not_due",
        "not_agreed",
        "cannot_tell",
        "broken",
        "not_signed",
    ),
    "fuel_mix": (
        "listed",
        "confirmed",
        "reported_calorific",
        "fuels_short",
        "fuels_exceed",
        "energy_not_reported",
        "year_unknown",
    ),
    "carbon.reason": (
        "known",
        "no_grid_factor",
        "zero_carbon_not_supplied",
        "zero_carbon_exceeds",
        "value_added_unknown",
        "value_added_not_positive",
        "no_industry",
        "group_incomplete",
        "mean_is_zero",
    ),
    "freed_carbon": (
        "plausible",
        "too_low",
        "too_high",
        "no_energy",
        "incomplete",
        "energy_unknown",
        "carbon_unknown",
    ),
    "carbon_month": ("estimated", "no_grid_factor", "fuels_unknown", "energy_too_low"),
    "title.finding": ("same_batch_twice", "lost_without_title"),
    "reason": (
        "not_published",
        "published_twice",
        "units_differ",
        "unit_unknown",
        "no_unit",
        "column_empty",
    ),
    "compare": (
        "agree",
        "differ",
        "only_published",
        "only_computed",
        "contradictory",
        "unit_unknown",
    ),
    "warning.state": ("raised", "clear", "cannot_tell"),
    "warning.reason": ("no_month", "no_base", "base_not_positive", "no_column"),
    "warning.light": ("none", "cannot_tell"),
    "collateral.reason": ("known", "no_parcel", "no_area", "amount_lacking"),
}


@pytest.mark.parametrize("group", CODES)
def test_every_code_has_its_words(group):
    labels = catalogue()
    for code in CODES[group]:
        label = labels[f"{group}.{code}"]
        assert label.zh, code
        assert label.en, code


@pytest.mark.parametrize(
    "name", ["carbon", "electricity", "fuels", "grid", "projects", "series", "warning"]
)
def test_every_rule_says_where_it_comes_from_in_both_languages(name):
    for key in ("source", "source_en"):
        assert len(POLICY[name][key]) > 20
