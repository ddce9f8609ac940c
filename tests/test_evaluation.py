"""The evaluation as a whole: on the sample, against bare loops, and what changes nothing."""

import csv
import dataclasses
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
import yaml

from build import POLICY, opened
from evaluating import TAX_PER_MU, column, evaluated, firm_county, scheme, taxes
from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.areas import area_values
from tenglong.measure.evaluation.outcome import NOTES, WARNINGS, WHY, moved
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.source.place import kit_root

AS_OF, YEAR = "2023-06-30", 2022
SCHEMES = sorted(POLICY["schemes"])
ALONE = [{"grade": "A", "to_pct": 50}, {"grade": "D"}]


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", AS_OF)


def without(county, table, column_=None):
    tables = dict(county.tables)
    if column_ is None:
        del tables[table]
    else:
        tables[table] = tables[table].drop(columns=column_)
    return dataclasses.replace(county, tables=tables)


def same(one, other, *columns):
    names = list(columns) or list(one.frame.columns)
    pd.testing.assert_frame_equal(one.frame[names], other.frame[names])


# The oracle: the files, bare loops and fractions; nothing of `measure/`.


END = f"{YEAR}-12-31"


def table(name):
    """Rows of a file of the sample under the canonical names, whatever its headers are."""
    root = kit_root()
    declared = yaml.safe_load((root / "lib/tenglong/source/tables.yml").read_text(encoding="utf-8"))
    names = {}
    for column_, one in declared[name]["columns"].items():
        with_unit = f"{one['zh']}（{one.get('unit')}）"
        for header in (column_, one["zh"], with_unit, *one.get("aliases", [])):
            names[header] = column_
    with (root / f"data/sample/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            {names[header]: cell for header, cell in row.items() if header in names}
            for row in csv.DictReader(file)
        ]


def number(text):
    return Fraction(text) if text else None


def land_by_hand(sample):
    """Land at the end of the year; no firm of which a part is not known."""
    areas = {}
    for parcel in sample.tables["parcels"].itertuples():
        known = [a for a in (parcel.actual_mu, parcel.registered_mu, parcel.supplied_mu) if a > 0]
        if known:
            areas[parcel.parcel_id] = Fraction(str(known[0]))
    land, unknown = defaultdict(Fraction), set()
    for row in table("occupancies"):
        if row["from_on"] > END or (row["to_on"] and row["to_on"] < END):
            continue
        stated, share = number(row.get("area_mu")), number(row.get("share"))
        if stated is None and share is not None and row["parcel_id"] in areas:
            stated = share * areas[row["parcel_id"]]
        if stated is None:
            unknown.add(row["usci"])
        else:
            land[row["usci"]] += stated
    return {firm: area for firm, area in land.items() if firm not in unknown}


def is_small_and_open(row, firm):
    """Below designated size, in industry but no utility, and not closed by the year's end."""
    industry, closed = firm.get("industry"), firm.get("closed_on")
    is_above = row["is_above_scale"] in ("是", "True", "true", "1")
    is_open = not closed or closed > END
    return bool(industry) and 6 <= int(industry[:2]) <= 43 and is_open and not is_above


def scores_by_hand(sample):
    """Tax per mu against Huangyan's benchmark, at most 150 points, for who has 3 mu of land."""
    land = land_by_hand(sample)
    firms = {row["usci"]: row for row in table("enterprises")}
    scores = {}
    for row in table("enterprise_years"):
        usci = row["usci"]
        if row["year"] != str(YEAR) or not is_small_and_open(row, firms.get(usci, {})):
            continue
        if land.get(usci, 0) < 3:
            continue
        backs = ("tax_exempt_credit_wan", "tax_relief_wan", "vat_refund_wan")
        tax = number(row["tax_paid_wan"]) + sum(number(row[name]) or 0 for name in backs)
        points = tax / land[usci] / Fraction("11.5932") * 100
        scores[usci] = min(max(points, Fraction(0)), Fraction(150))
    return scores


def test_the_samples_scores_below_scale_are_those_of_bare_loops(sample):
    expected = scores_by_hand(sample)
    frame = evaluate(sample, year=YEAR, scheme="default").frame
    below = frame[(frame["population"] == "below_scale") & frame["score"].notna()]
    found = dict(zip(below["usci"], below["score"], strict=True))
    assert len(expected) > 50
    assert found == pytest.approx({usci: float(score) for usci, score in expected.items()})


def test_below_scale_a_better_grade_never_goes_with_less_tax_per_mu(sample):
    frame = evaluate(sample, year=YEAR, scheme="default").frame
    below = frame[(frame["population"] == "below_scale") & frame["ranked_grade"].notna()]
    medians = below.groupby("ranked_grade")["tax_per_mu"].median()
    assert medians.is_monotonic_decreasing
    assert below["score"].max() <= 150


def test_the_samples_grades_below_scale_are_those_of_bare_loops(sample):
    expected = scores_by_hand(sample)
    frame = evaluate(sample, year=YEAR, scheme="default").frame
    below = frame[frame["population"] == "below_scale"].set_index("usci")
    count = len(expected)
    a_end, b_end = int(count * 0.05 + 0.5), int(count * 0.75 + 0.5)
    d_start = count - int(count * 0.05 + 0.5)
    for usci, score in expected.items():
        better = sum(other > score for other in expected.values())
        grade = (
            "A" if better < a_end else "B" if better < b_end else "C" if better < d_start else "D"
        )
        assert below.loc[usci, "rank"] == better + 1
        assert below.loc[usci, "ranked_grade"] == grade


@pytest.mark.parametrize("name", SCHEMES)
def test_the_sample_can_be_evaluated_by_every_scheme(sample, name):
    found = evaluate(sample, year=YEAR, scheme=name)
    assert found.frame["score"].notna().sum() > 50
    assert found.lacking == ()
    assert found.frame["usci"].is_unique


@pytest.mark.long
@pytest.mark.parametrize("name", SCHEMES)
def test_shuffling_the_rows_changes_nothing(sample, name):
    shuffled = {key: frame.sample(frac=1, random_state=7) for key, frame in sample.tables.items()}
    other = dataclasses.replace(sample, tables=shuffled)
    same(evaluate(sample, year=YEAR, scheme=name), evaluate(other, year=YEAR, scheme=name))


def test_what_happens_after_the_year_changes_nothing():
    """As seen in June 2023 and in December 2024, the year 2022 is the same."""
    for name in ("default", "huaian", "changle"):
        seen = [
            evaluate(opened("data/sample", day), year=2022, scheme=name)
            for day in ("2023-06-30", "2023-12-31")
        ]
        same(*seen)


@pytest.mark.parametrize("removed", ["rd_wan", "employees", "pollutants_t"])
def test_a_column_that_is_gone_leaves_only_its_own_part_unknown(sample, removed):
    columns = ["pollutants_t", "cod_t"] if removed == "pollutants_t" else [removed]
    part = {"rd_wan": "rd_share", "employees": "labour_productivity"}.get(
        removed, "value_added_per_t"
    )
    before = evaluate(sample, year=YEAR, scheme="default")
    after = evaluate(without(sample, "enterprise_years", columns), year=YEAR, scheme="default")
    assert part in {one.used_by for one in after.lacking}
    above = after.frame[after.frame["population"] == "above_scale"]
    assert above["score"].isna().all()
    assert any(f"not_supplied:{part}" in codes for codes in above["why"])
    seen = [one.frame[one.frame["population"] == "below_scale"] for one in (before, after)]
    kept = [frame.reset_index(drop=True).drop(columns=part) for frame in seen]
    pd.testing.assert_frame_equal(*kept)


def test_without_vetoes_the_rule_is_named_and_the_scores_stand(sample):
    before = evaluate(sample, year=YEAR, scheme="default")
    after = evaluate(without(sample, "enterprise_years", "is_vetoed"), year=YEAR, scheme="default")
    assert [(one.used_by, one.column) for one in after.lacking] == [("veto", "is_vetoed")]
    same(before, after, "usci", "score", "rank", "ranked_grade")
    ranked = after.frame["rank"].notna()
    assert after.frame.loc[ranked, "warnings"].map(lambda codes: "rule_unknown:veto" in codes).all()


def test_without_land_nothing_that_needs_land_is_told(sample):
    found = evaluate(without(sample, "occupancies"), year=YEAR, scheme="default")
    assert found.frame["score"].isna().all()
    assert {one.table for one in found.lacking} >= {"occupancies"}
    below = set(found.frame.loc[found.frame["population"].isna(), "why"])
    assert below == {("population_unknown",)}


@pytest.mark.parametrize(("gone", "told"), [("industry", "enterprises.industry")])
def test_without_industries_no_firm_can_be_placed(sample, gone, told):
    with pytest.raises(Unavailable, match=told):
        evaluate(without(sample, "enterprises", gone), year=YEAR, scheme="default")


def test_a_year_without_figures_is_named(sample):
    with pytest.raises(Unavailable, match=r"enterprise_years\.year"):
        evaluate(sample, year=1999, scheme="default")


def test_a_firm_whose_scale_is_not_known_belongs_to_no_population():
    firms = taxes(9.0, 8.0)
    firms["a"]["is_above_scale"] = None
    found = evaluate(firm_county(firms), year=2021, scheme="huangyan-2022")
    assert column(found, "why")["a"] == ("population_unknown",)
    assert column(found, "warnings")["a"] == ("population_unknown:above_scale",)
    assert column(found, "population")["b"] == "below_scale"


def test_a_closed_firm_is_told_and_not_ranked():
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["closed_on"], firms["b"]["closed_on"] = "2021-12-31", "2022-01-01"
    found = evaluated(firms, scheme())
    assert column(found, "rank") == {"b": 1, "c": 2, "a": None}
    assert column(found, "why")["a"] == ("closed",)


def test_firms_outside_every_population_are_counted():
    firms = taxes(9.0, 8.0)
    firms["a"]["industry"] = "5100"
    found = evaluated(firms, scheme())
    assert (column(found, "score"), found.out_of_scope) == ({"b": 80}, 1)


def site(**more):
    """a owns a parcel of 4 mu and lets half of it to b; c stands alone."""
    firms = {**taxes(20.0, 60.0, 10.0), "b": {"tax_paid_wan": 60.0, "is_above_scale": True}}
    for row in firms.values():
        row["land_mu"] = None
    used = {
        "usci": list("abc"),
        "parcel_id": ["p", "p", "q"],
        "share": [0.5, 0.5, 1.0],
        "tenure": ["owned", "leased", "owned"],
    }
    parcels = {"parcel_id": ["p", "q"], "actual_mu": [4.0, 2.0]}
    rules = scheme(grading={"grades": ALONE}, **more)
    return evaluated(firms, rules, occupancies=used, parcels=parcels)


def test_firms_on_one_parcel_may_be_merged_and_share_the_grade():
    found = site(sites="merged")
    assert column(found, "site") == {"a": "a", "b": "a", "c": "c"}
    assert column(found, "score") == {"a": 200, "b": 200, "c": 50}  # (20 + 60) ÷ 4, and 10 ÷ 2
    assert column(found, "rank") == {"a": 1, "b": 1, "c": 2}
    assert column(found, "of")["c"] == 2
    assert column(found, "grade") == {"a": "A", "b": "A", "c": "D"}


def test_merging_keeps_the_totals():
    firms = taxes(20.0, 60.0, 10.0)
    used = {"usci": list("abc"), "parcel_id": list("ppq"), "area_mu": [1.0, 2.0, 5.0]}
    parcels = {"parcel_id": ["p", "q"], "actual_mu": [4.0, 5.0]}
    for row in firms.values():
        row["land_mu"] = None
    county = firm_county(firms, scheme(), occupancies=used, parcels=parcels)
    merged = firm_county(firms, scheme(sites="merged"), occupancies=used, parcels=parcels)
    values = [
        area_values(one, evaluate(one, year=2021, scheme="test"))[["numerator", "denominator"]]
        for one in (county, merged)
    ]
    pd.testing.assert_frame_equal(*values)
    assert values[0].to_numpy().tolist() == [[90.0, 8.0]]


def test_apart_every_firm_has_its_own_score():
    assert column(site(), "score") == {"a": 100, "b": 300, "c": 50}


def test_a_merged_firm_without_tax_is_warned_about():
    firms = {"a": {"tax_paid_wan": 20.0}, "b": {"tax_paid_wan": None}}
    used = {"usci": list("ab"), "parcel_id": list("pp"), "area_mu": [1.0, 1.0]}
    found = evaluated(firms, scheme(sites="merged"), occupancies=used, parcels={"parcel_id": ["p"]})
    assert column(found, "warnings")["a"] == ("site_incomplete:b",)


def test_township_values_are_ratios_of_sums():
    firms = taxes(30.0, 10.0, 5.0)
    for firm, land, township in zip("abc", (1.0, 3.0, 1.0), ("1", "1", "2"), strict=True):
        firms[firm] |= {"land_mu": land, "township": township}
    county = firm_county(firms, scheme())
    found = area_values(county, evaluate(county, year=2021, scheme="test"), by="township")
    assert dict(zip(found["township"], found["value"], strict=True)) == {"1": 10, "2": 5}


def test_a_township_of_which_too_much_is_unknown_has_no_value():
    firms = {firm: {**row, "township": "1"} for firm, row in taxes(30.0, None).items()}
    county = firm_county(firms, scheme())
    found = area_values(county, evaluate(county, year=2021, scheme="test"), by="township")
    assert found["value"].isna().all()
    assert found["firms_lacking"].tolist() == [1]


def test_excluded_and_closed_firms_are_not_in_the_countys_value():
    firms = taxes(30.0, 10.0, 5.0)
    firms["a"]["industry"], firms["b"]["closed_on"] = "4411", "2021-06-30"
    out = {"utility": {"when": "division in (44, 45, 46)", "grade": "T"}}
    county = firm_county(firms, scheme(exclude=out))
    found = area_values(county, evaluate(county, year=2021, scheme="test"))
    assert found["value"].tolist() == [5]


def two_years(**amounts):
    return {
        firm: [{"tax_paid_wan": now}, {"year": 2020, "tax_paid_wan": before}]
        for firm, (before, now) in amounts.items()
    }


def test_what_moved_is_told_against_the_year_before():
    firms = two_years(a=(9.0, 1.0), b=(8.0, 9.0), c=(1.0, 8.0), d=(2.0, 2.0))
    firms["new"] = {"tax_paid_wan": 7.0}
    firms["gone"] = {"year": 2020, "tax_paid_wan": 7.0}
    county = firm_county(firms, scheme(grading={"grades": ALONE}))
    now, before = (evaluate(county, year=year, scheme="test") for year in (2021, 2020))
    found = moved(now, before).set_index("usci")
    assert found["rank_change"].dropna().to_dict() == {"a": -4, "b": 1, "c": 3, "d": 0}
    assert found["grade_change"].to_dict() == {
        "a": "worse",
        "b": "same",
        "c": "better",
        "d": "same",
        "gone": "gone",
        "new": "new",
    }


def test_a_rank_in_another_group_is_not_compared():
    firms = two_years(a=(9.0, 9.0), b=(8.0, 8.0))
    firms["b"][0]["is_above_scale"] = True
    part = {"tax_per_mu": {"weight": 100, "benchmark": 10}}
    both = {
        "above": {"name": {"zh": "甲", "en": "a"}, "scope": "above_scale_industry", "parts": part},
        "below": {"name": {"zh": "乙", "en": "b"}, "parts": part},
    }
    county = firm_county(firms, scheme(populations=both))
    now, before = (evaluate(county, year=year, scheme="test") for year in (2021, 2020))
    assert moved(now, before).set_index("usci")["rank_change"].isna().to_dict() == {
        "a": False,
        "b": True,
    }


def test_benchmarks_are_told_with_the_populations_own_value():
    firms = taxes(30.0, 10.0)
    firms["b"]["land_mu"] = 3.0
    found = evaluated(firms, scheme()).benchmarks
    assert [(one.part, one.value, one.mean, one.firms) for one in found] == [
        ("tax_per_mu", 10, 10, 2)
    ]


def test_a_published_form_without_code_fsou():
    """宁波/绍兴-type rules (fsou.net 17006375_2): the highest is the benchmark; the fall of
    energy per value added; twice the mean is nought; no data costs three points."""
    indicators = {
        "energy_per_value_added": {
            "name": {"zh": "万元增加值能耗", "en": "energy"},
            "numerator": "energy_tce",
            "denominator": "value_added_wan",
            "better": "lower",
        },
        "energy_fall": {
            "name": {"zh": "能耗下降率", "en": "fall"},
            "value": "1 - energy_per_value_added / energy_per_value_added_before",
        },
        "cod": {
            "name": {"zh": "COD 强度", "en": "COD"},
            "numerator": "cod_t * 1000",
            "denominator": "value_added_wan",
            "better": "lower",
        },
    }
    parts = {
        "energy_fall": {"weight": 12, "benchmark": "high", "missing": -3},
        "cod": {"weight": 4, "benchmark": "average", "formula": "max((2 - x / b) * 2, 0)"},
    }
    before = {"year": 2020, "value_added_wan": 100.0, "energy_tce": 100.0}
    firms = {
        "a": [{"value_added_wan": 100.0, "energy_tce": 80.0, "cod_t": 0.1}, before],
        "b": [{"value_added_wan": 100.0, "energy_tce": 90.0, "cod_t": 0.3}, before],
        "c": [{"value_added_wan": 100.0, "energy_tce": None, "cod_t": 0.2}, before],
    }
    found = evaluated(firms, scheme(parts, indicators=indicators))
    assert column(found, "points_energy_fall") == {"a": 12, "b": 6, "c": -3}
    assert column(found, "points_cod") == {"a": 3, "b": 1, "c": 2}


def test_codes_have_their_words_in_both_languages(sample):
    path = kit_root() / "lib/tenglong/show/words/evaluation.yml"
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    for kind, codes in (("why", WHY), ("warning", WARNINGS), ("note", NOTES)):
        assert {key for key in words if key.startswith(f"evaluation.{kind}.")} == {
            f"evaluation.{kind}.{code}" for code in codes
        }
    assert all(set(labels) == {"zh", "en"} and all(labels.values()) for labels in words.values())
    used = Counter()
    for name in SCHEMES:
        frame = evaluate(sample, year=YEAR, scheme=name).frame
        for kind, known in (("why", WHY), ("warnings", WARNINGS)):
            found = {code.partition(":")[0] for codes in frame[kind] for code in codes}
            assert found <= known
            used.update(found)
    assert len(used) > 8


def test_a_reader_of_an_earlier_day_sees_an_earlier_year():
    county = opened("data/sample", date(2022, 6, 30))
    with pytest.raises(Unavailable):
        evaluate(county, year=2022)
    assert len(evaluate(county, year=2021).frame) > 100


def test_indicators_stand_in_the_sheet_in_their_units():
    revenue = {"revenue": {**TAX_PER_MU, "numerator": "revenue_wan"}}
    found = evaluated(
        {"a": {"tax_paid_wan": 9.0, "revenue_wan": 50.0, "land_mu": 2.0}},
        scheme(indicators=revenue),
    ).frame
    assert found[["tax_per_mu", "revenue"]].to_numpy().tolist() == [[4.5, 25.0]]
