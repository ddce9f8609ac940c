"""The sample is coherent: what belongs together agrees, and the generator makes it again."""

import csv
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import yaml
from geopandas.testing import assert_geodataframe_equal

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
TABLES = yaml.safe_load((ROOT / "lib/tenglong/source/tables.yml").read_text(encoding="utf-8"))
BUNDLE = yaml.safe_load((SAMPLE / "bundle.yml").read_text(encoding="utf-8"))
LAYERS = ("townships", "parcels", "control_lines")
CSV_TABLES = sorted(set(TABLES) - set(LAYERS))
METRES = "EPSG:4549"
SQUARE_METRES_A_MU = 2000 / 3
YEARS = (2020, 2021, 2022, 2023)
LAST_DAY = pd.Timestamp("2023-12-31")
MONTHLY_TOLERANCE = 0.011  # a year is rounded to two digits, and so is each of its months


def table(name):
    columns = TABLES[name]["columns"]
    frame = pd.read_csv(SAMPLE / f"{name}.csv", encoding="utf-8-sig", dtype="str")
    frame = frame.rename(columns={c["zh"]: key for key, c in columns.items()})
    for key in frame.columns:
        match columns[key]["type"]:
            case "number" | "integer" | "year":
                frame[key] = pd.to_numeric(frame[key])
            case "date":
                frame[key] = pd.to_datetime(frame[key], format="%Y-%m-%d")
            case "flag":
                frame[key] = frame[key].map({"是": True, "否": False})
    return frame


def layer(name):
    return gpd.read_file(SAMPLE / f"{name}.gpkg", layer=name)


@pytest.fixture(scope="module")
def parcels():
    return layer("parcels")


@pytest.fixture(scope="module")
def townships():
    return layer("townships")


@pytest.fixture(scope="module")
def firms():
    return table("enterprises")


@pytest.fixture(scope="module")
def years():
    return table("enterprise_years")


@pytest.fixture(scope="module")
def occupancies(parcels):
    frame = table("occupancies").merge(parcels[["parcel_id", "actual_mu"]], on="parcel_id")
    frame["used_mu"] = frame["area_mu"].fillna(frame["share"] * frame["actual_mu"])
    frame["used_share"] = frame["share"].fillna(frame["area_mu"] / frame["actual_mu"])
    return frame


def held_on(occupancies, day):
    lasts = occupancies["to_on"].isna() | (occupancies["to_on"] >= day)
    return occupancies[(occupancies["from_on"] <= day) & lasts]


@pytest.fixture(scope="module")
def firm_years(years, firms, occupancies):
    frame = years.merge(firms, on="usci")
    land = pd.concat(
        {
            year: held_on(occupancies, pd.Timestamp(f"{year}-12-31"))
            .groupby("usci")["used_mu"]
            .sum()
            for year in YEARS
        },
        names=["year"],
    ).rename("land_mu")
    backs = ["tax_exempt_credit_wan", "tax_relief_wan", "vat_refund_wan"]
    frame["tax_wan"] = frame["tax_paid_wan"] + frame[backs].fillna(0).sum(axis=1)
    frame["is_maker"] = pd.to_numeric(frame["industry"].str[:2]).between(13, 43)
    return frame.join(land, on=["year", "usci"])


# The files


def test_the_bundle_brings_every_table_of_the_data_model():
    assert set(BUNDLE["tables"]) == set(TABLES)
    assert all((SAMPLE / entry["file"]).is_file() for entry in BUNDLE["tables"].values())


@pytest.mark.parametrize("name", CSV_TABLES)
def test_every_header_is_a_declared_chinese_label(name):
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        headers = next(csv.reader(file))
    assert set(headers) <= {column["zh"] for column in TABLES[name]["columns"].values()}


@pytest.mark.parametrize("name", CSV_TABLES)
def test_a_table_opens_in_excel_with_its_chinese_headers(name):
    assert (SAMPLE / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_has_declared_columns_in_degrees(name):
    found = layer(name)
    assert set(found.columns) <= set(TABLES[name]["columns"])
    assert found.crs.to_epsg() == 4490


@pytest.mark.parametrize("name", [*CSV_TABLES, *LAYERS])
def test_a_key_names_one_row(name):
    frame = layer(name) if name in LAYERS else table(name)
    key = [column for column in TABLES[name]["key"] if column in frame.columns]
    assert not frame.duplicated(key).any()


@pytest.mark.parametrize("name", [*CSV_TABLES, *LAYERS])
def test_what_every_row_must_have_is_there(name):
    frame = layer(name) if name in LAYERS else table(name)
    required = [c for c, about in TABLES[name]["columns"].items() if about.get("required")]
    assert frame[required].notna().all(axis=None)


@pytest.mark.parametrize("name", CSV_TABLES)
def test_a_choice_is_one_of_its_labels(name):
    frame = table(name)
    for key, column in TABLES[name]["columns"].items():
        if "choices" in column and key in frame:
            labels = {choice["zh"] for choice in column["choices"].values()}
            assert set(frame[key].dropna()) <= labels


def test_the_bundle_is_small():
    assert sum(file.stat().st_size for file in SAMPLE.glob("*.*")) < 4_000_000
    assert (SAMPLE / "enterprise_months.csv").stat().st_size < 1_500_000


def test_the_generator_makes_the_committed_bundle_again(tmp_path):
    command = [sys.executable, SAMPLE / "generate.py", "--out", tmp_path]
    subprocess.run(command, check=True, cwd=tmp_path)
    for name in CSV_TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (SAMPLE / f"{name}.csv").read_bytes(), (
            name
        )
    for name in LAYERS:
        assert_geodataframe_equal(gpd.read_file(tmp_path / f"{name}.gpkg"), layer(name))


# Identifiers


def usci_check(body):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return alphabet[(31 - total % 31) % 31]


def organisation_check(body):
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    digit = 11 - sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(digit, str(digit))


def test_every_credit_identifier_passes_both_its_checks(firms):
    for usci in firms["usci"]:
        assert usci_check(usci[:17]) == usci[17]
        assert organisation_check(usci[8:16]) == usci[16]


def test_no_identifier_or_name_can_be_a_real_firms(firms):
    assert firms["usci"].str.match(r"91330328XXXX\d{4}").all()
    assert firms["name"].str.startswith("示例").all()
    assert firms["name"].is_unique


def test_a_parcel_code_has_19_characters_and_its_unit_number_28(parcels):
    assert parcels["parcel_id"].str.fullmatch(r"330328\d{6}GB\d{5}").all()
    assert parcels["unit_number"].str.fullmatch(r".{19}[FW]\d{8}").all()
    assert (parcels["unit_number"].str[:19] == parcels["parcel_id"]).all()
    assert (parcels["parcel_id"].str[6:9] == parcels["township"].str[6:9]).all()


def test_every_reference_to_a_firm_is_a_firm_of_the_sample(firms):
    for name in CSV_TABLES:
        frame = table(name)
        if "usci" in frame:
            assert set(frame["usci"].dropna()) <= set(firms["usci"]), name


def test_every_reference_to_a_parcel_is_a_parcel_of_the_sample(parcels):
    for name in CSV_TABLES:
        frame = table(name)
        if "parcel_id" in frame:
            assert set(frame["parcel_id"].dropna()) <= set(parcels["parcel_id"]), name


# Places


def test_the_townships_are_the_county_without_gap_or_overlap(townships):
    county = gpd.read_file(ROOT / "data/reference/330328/outline.geojson").geometry.iloc[0]
    assert shapely.coverage_is_valid(townships.geometry.to_numpy())
    assert townships.union_all().symmetric_difference(county).area < 1e-12


def test_the_townships_are_the_seventeen_of_the_reference(townships):
    codes = pd.read_csv(ROOT / "data/reference/330328/townships.csv", dtype="str")
    expected = dict(zip(codes["code"], codes["name"], strict=True))
    assert dict(zip(townships["township"], townships["name"], strict=True)) == expected
    assert set(townships.geom_type) == {"Polygon"}


def test_every_parcel_is_valid_and_inside_its_township(parcels, townships):
    outlines = townships.set_index("township").geometry
    assert parcels.is_valid.all()
    assert parcels.geometry.within(outlines[parcels["township"]], align=False).all()


def test_three_pairs_of_parcels_overlap_and_no_others(parcels):
    drawn = parcels.to_crs(METRES).geometry
    left, right = drawn.sindex.query(drawn, predicate="intersects")
    pairs = [(i, j) for i, j in zip(left, right, strict=True) if i < j]
    areas = {pair: drawn.iloc[pair[0]].intersection(drawn.iloc[pair[1]]).area for pair in pairs}
    overlaps = sorted(area for area in areas.values() if area > 0.01)
    assert len(overlaps) == 3
    assert overlaps[1] < 20  # two slivers, in m²
    assert overlaps[2] > 100  # and a real overlap


def test_the_registered_area_is_the_drawn_one_but_for_a_handful(parcels):
    drawn_mu = parcels.to_crs(METRES).area / SQUARE_METRES_A_MU
    off = (parcels["registered_mu"] / drawn_mu - 1).abs()
    assert 3 <= (off > 0.031).sum() <= 7
    assert off.max() < 0.2


def test_some_parcels_lie_outside_the_control_lines(parcels):
    lines = layer("control_lines").union_all()
    inside = parcels.geometry.within(lines)
    assert 0.8 < inside.mean() < 0.97


# Land in use


def test_the_shares_of_a_parcel_never_add_up_to_more_than_one(occupancies):
    for _, uses in occupancies.groupby("parcel_id"):
        for day in uses["from_on"]:
            assert held_on(uses, day)["used_share"].sum() <= 1 + 1e-9


def test_a_parcel_is_used_after_it_was_supplied_and_before_its_user_closed(
    occupancies, parcels, firms
):
    frame = occupancies.merge(parcels[["parcel_id", "supplied_on"]], on="parcel_id").merge(
        firms, on="usci"
    )
    assert (frame["from_on"] >= frame["supplied_on"]).all()
    assert (frame["to_on"].isna() | (frame["to_on"] >= frame["from_on"])).all()
    assert (frame["closed_on"].isna() | (frame["to_on"] <= frame["closed_on"])).all()


def test_the_dates_of_a_parcel_are_in_order(parcels):
    chains = (
        ("supplied_on", "started_on", "completed_on", "production_on"),
        ("supplied_on", "agreed_start_on", "agreed_completion_on", "agreed_production_on"),
        ("agreed_production_on", "agreed_capacity_on"),
        ("started_on", "suspended_on"),
        ("supplied_on", "supervision_signed_on"),
    )
    for chain in chains:
        for before, after in pairwise(chain):
            both = parcels[[before, after]].dropna()
            assert (both[before] <= both[after]).all(), (before, after)


def test_parcels_stand_exactly_on_the_limits_of_idleness(parcels):
    stopped = parcels[parcels["suspended_on"].notna()]
    assert (stopped["developed_mu"] * 3 == stopped["to_develop_mu"]).sum() == 1
    assert (stopped["invested_wan"] * 4 == stopped["agreed_investment_wan"]).sum() == 1
    waiting = parcels[parcels["started_on"].isna()]
    assert (waiting["agreed_start_on"] == pd.Timestamp("2021-06-30")).sum() == 1


def test_an_industrial_grant_since_2020_is_the_grant_of_a_parcel(parcels):
    grants = table("land_supply")
    industrial = grants[grants["land_use"].str.startswith("1001")]
    recent = parcels[parcels["supplied_on"] >= "2020-01-01"].set_index("parcel_id")
    assert set(industrial["parcel_id"]) == set(recent.index)
    linked = recent.loc[industrial["parcel_id"]].reset_index()
    assert (linked["supplied_on"].to_numpy() == industrial["granted_on"].to_numpy()).all()
    assert linked["supplied_mu"].to_numpy() == pytest.approx(industrial["area_mu"].to_numpy())


def test_what_was_converted_is_no_larger_than_its_parcel(parcels):
    moves = table("land_moves").merge(parcels[["parcel_id", "registered_mu"]], on="parcel_id")
    assert (moves["area_mu"] <= moves["registered_mu"]).all()


# Firms


def test_the_months_of_a_complete_year_add_up_to_the_year(years):
    months = table("enterprise_months")
    months["year"] = pd.to_numeric(months["month"].str[:4])
    groups = months.groupby(["usci", "year"])
    sums = groups.sum(numeric_only=True)[groups["month"].count() == 12].reset_index()
    both = sums.merge(years, on=["usci", "year"], suffixes=("", "_year"))
    assert len(both) > 250
    for month, year in (
        ("tax_wan", "tax_paid_wan"),
        ("value_added_wan", "value_added_wan_year"),
        ("revenue_wan", "revenue_wan_year"),
        ("electricity_10k_kwh", "electricity_10k_kwh_year"),
    ):
        assert (both[month] - both[year]).abs().max() < MONTHLY_TOLERANCE
    known = both[both["energy_tce_year"].notna()]
    assert (known["energy_tce"] - known["energy_tce_year"]).abs().max() < MONTHLY_TOLERANCE


def test_every_large_firm_reports_36_months_but_for_a_few_lost(years):
    months = table("enterprise_months").groupby("usci")["month"].count()
    large = years.loc[years["is_above_scale"], "usci"].value_counts()
    lasting = large[large == len(YEARS)].index
    assert (months[lasting] >= 34).all()
    assert (months[lasting] == 36).mean() > 0.8


def test_the_fuels_of_a_firm_make_up_its_energy(years):
    tce = {
        "electricity_10k_kwh": 3.0,
        "coal_t": 0.7143,
        "gas_10k_m3": 13.3,
        "diesel_t": 1.4571,
        "gasoline_t": 1.4714,
        "heat_gj": 0.03412,
    }
    known = years[years["energy_tce"].notna()]
    total = sum(known[fuel].fillna(0) * factor for fuel, factor in tce.items())
    assert (total - known["energy_tce"]).abs().max() < 0.01


def test_a_firm_above_scale_earns_2000_wan_and_others_less(years):
    large = years[years["is_above_scale"]]
    assert (large["revenue_wan"] >= 2000).all()
    assert (years.loc[~years["is_above_scale"], "revenue_wan"] < 2000).all()


def test_sizes_are_heavy_tailed(years):
    for _, revenue in years.groupby("year")["revenue_wan"]:
        top = revenue.nlargest(len(revenue) // 10).sum()
        assert top / revenue.sum() > 0.4
        assert revenue.mean() > 2 * revenue.median()


# What is usual in a trade of small manufacturers (domain.md); lowest and highest of single firms.
USUAL = {
    ("tax_wan", "land_mu"): (0.8, 100),
    ("value_added_wan", "land_mu"): (4, 400),
    ("revenue_wan", "employees"): (7, 300),
    ("tax_wan", "revenue_wan"): (0.005, 0.15),
    ("rd_wan", "revenue_wan"): (0, 0.1),
    ("energy_tce", "value_added_wan"): (0.03, 3),
    ("electricity_10k_kwh", "land_mu"): (0.3, 45),
}


@pytest.mark.parametrize(("numerator", "denominator"), USUAL)
def test_no_firm_is_out_of_what_its_trade_can_be(firm_years, numerator, denominator):
    least, most = USUAL[numerator, denominator]
    ratios = (firm_years[numerator] / firm_years[denominator]).dropna()
    ratios = ratios[firm_years["value_added_wan"] > 0]  # one firm makes a loss in one year
    assert len(ratios) > 200
    assert ratios.between(least, most).all(), ratios.agg(["min", "max"])


def test_a_mu_takes_some_ten_thousand_kwh_also_of_listed_and_of_small_firms(firm_years):
    """Zhejiang's small manufacturers use about 50,000 kWh a mu; who idles on the list, less."""
    a_mu = firm_years["electricity_10k_kwh"] / firm_years["land_mu"]
    is_listed = firm_years["usci"].isin(set(table("clearance_events")["usci"]))
    for (_, is_large, listed), found in a_mu.groupby(
        [firm_years["year"], firm_years["is_above_scale"], is_listed]
    ):
        assert (1.5 if listed and not is_large else 4) < found.median() < 10


def published(indicator):
    series = table("official_series")
    found = series[series["indicator"] == indicator].sort_values("published_on")
    return found.groupby(found["period"].astype("int"))["value"].last()


def test_the_same_firms_all_firms_and_the_published_series_tell_one_story_of_energy(years):
    """Energy per value added until 2023, each way within three points of the published one."""
    every = years.pivot_table("energy_tce", "usci", "year")
    above = years[years["is_above_scale"]].pivot_table("energy_tce", "usci", "year")
    growth = published("value_added_growth_pct")
    told, same, whole = 1, 1, 1
    for before, year in pairwise(YEARS):
        both = every.loc[above[year].dropna().index, [before, year]].dropna()
        assert len(both) > 45
        real = 1 + growth[year] / 100
        told *= 1 + published("energy_intensity_change_pct")[year] / 100
        same *= both[year].sum() / both[before].sum() / real
        whole *= above[year].sum() / above[before].sum() / real
    assert 0.89 < told < 0.92
    assert same == pytest.approx(told, abs=0.03)
    assert whole == pytest.approx(told, abs=0.03)


def test_some_firms_get_better_and_some_worse_in_energy_a_unit_of_what_they_make(years):
    large = years[years["is_above_scale"] & (years["value_added_wan"] > 0)]
    energy, made = (
        large.pivot_table(name, "usci", "year") for name in ("energy_tce", "value_added_wan")
    )
    growth = published("value_added_growth_pct")
    for before, year in pairwise(YEARS):
        both = made[[before, year]].dropna()
        price = both[year].sum() / both[before].sum() / (1 + growth[year] / 100)
        a_unit = energy / made
        changed = (a_unit[year] / a_unit[before]).dropna() * price
        assert changed.std() > 0.03
        assert 3 <= (changed > 1).sum() < 0.6 * len(changed)


def test_few_firms_with_figures_have_no_land_that_is_known(firm_years):
    """A county leaves few blanks: at most six firms of a year occupy nothing."""
    without = firm_years[firm_years["land_mu"].isna() & firm_years["is_maker"]]
    counts = without.groupby("year")["usci"].nunique()
    assert counts.between(3, 6).all()
    assert set(counts.index) == {2021, 2022, 2023}


def test_energy_goes_with_electricity(years):
    known = years.dropna(subset=["energy_tce", "electricity_10k_kwh"])
    share = 3 * known["electricity_10k_kwh"] / known["energy_tce"]
    assert share.between(0.1, 1.001).all()
    assert share.median() > 0.7


def test_no_firm_of_the_list_makes_no_goods_and_some_above_scale_do_not(firms, years):
    division = pd.to_numeric(firms.set_index("usci")["industry"].str[:2])
    listed = division[sorted(set(table("clearance_events")["usci"]))]
    assert listed.between(13, 43).all()
    large = years[years["is_above_scale"]]
    for year, found in large.groupby("year"):
        supplying = found["usci"].map(division).isin([44, 45, 46])
        assert supplying.sum() == 2, year


WORDS = (
    *("恒泰", "信达", "永丰", "盛达", "茂源", "立诚", "兴业", "宏瑞", "鑫达", "博远"),
    *("联创", "华峰", "益久", "恒昌", "永盛", "金鼎", "康达", "远航", "正大", "明辉"),
)
UNMADE = "供水|水力发电|食用菌|鞋业|印务|染整|饮料|茶|矿业|包装制造"
KIND = re.compile(r"示例(?P<place>..)(?P<rest>.+?)(制造|股份)?有限公司")


def test_a_name_says_one_trade_and_a_trade_is_called_by_one_noun(firms):
    nouns = firms["name"].map(lambda name: KIND.fullmatch(name)["rest"])
    nouns = nouns.str.replace("|".join(WORDS), "", n=1, regex=True)
    known = firms.assign(noun=nouns).dropna(subset=["industry"])
    pairs = known[["industry", "noun"]].drop_duplicates()
    assert pairs["industry"].is_unique
    assert pairs["noun"].is_unique


def test_only_what_can_be_made_is_called_so(firms):
    made = firms[firms["name"].str.contains("制造")]
    assert len(made) > 10
    assert (
        not made["name"]
        .str.contains("供水|水力发电|食用菌|鞋业|印务|染整|饮料|茶|矿业|包装制造")
        .any()
    )


def test_no_name_says_anything_twice(firms, parcels):
    titles, projects = table("recognitions"), table("projects")
    names = [firms["name"], parcels["name"], projects["name"], titles["holder"]]
    names += [titles["item"].dropna(), layer("control_lines")["name"]]
    for name in pd.concat(names):
        assert not re.search(r"(\D\D+)\1", name), name


def test_a_new_plant_costs_what_plants_cost(parcels):
    projects = table("projects").merge(parcels[["parcel_id", "registered_mu"]], on="parcel_id")
    built = projects[projects["is_manufacturing"]]
    a_mu = built["total_investment_wan"] / built["registered_mu"]
    assert len(a_mu) > 15
    assert a_mu.between(350, 850).all()


@pytest.mark.parametrize(
    ("numerator", "denominator", "makers", "low", "high"),
    [
        ("tax_wan", "land_mu", False, (12.5, 13.5), (20, 21.5)),
        ("value_added_wan", "land_mu", False, (68, 73), (100, 104)),
        ("value_added_wan", "employees", True, (13.5, 14.5), (20, 21)),
        ("rd_wan", "revenue_wan", True, (0.0165, 0.0182), (0.0231, 0.0246)),
    ],
)
def test_the_county_rises_from_a_plausible_level_to_its_target(
    firm_years, numerator, denominator, makers, low, high
):
    large = firm_years[firm_years["is_above_scale"] & (firm_years["is_maker"] | (not makers))]
    known = large.dropna(subset=[numerator, denominator])
    sums = known.groupby("year")[[numerator, denominator]].sum()
    ratio = sums[numerator] / sums[denominator]
    assert low[0] < ratio[2020] < low[1]
    assert high[0] < ratio[2023] < high[1]
    assert ratio.is_monotonic_increasing


def test_nobody_was_asked_about_digital_tools_in_2020(years):
    assert years.loc[years["year"] == 2020, "is_digitalised"].isna().all()
    assert years.loc[years["year"] == 2021, "is_digitalised"].notna().any()


def test_nobody_was_ever_asked_whether_energy_is_monitored(years):
    assert "is_energy_monitored" not in years


def test_a_firm_has_no_figures_for_years_in_which_it_was_not_there(firm_years):
    assert (firm_years["registered_on"].dt.year <= firm_years["year"]).all()
    closed = firm_years["closed_on"].dt.year
    assert (closed.isna() | (closed > firm_years["year"])).all()


# What happens


ORDER = ("列入清单", "合规检查", "告知", "一企一策", "限期整改", "达标销号", "关停淘汰")


def test_the_steps_of_a_clearance_are_in_order_and_end_once():
    events = table("clearance_events")
    for _, steps in events.groupby("usci"):
        ranks = [ORDER.index(event) for event in steps.sort_values("happened_on")["event"]]
        assert ranks == sorted(ranks)
        assert ranks[0] == 0
        assert sum(rank >= 5 for rank in ranks) <= 1


def test_freed_land_is_what_the_firm_gave_up(occupancies):
    events = table("clearance_events")
    ends = events[events["freed_land_mu"].notna()]
    for usci, day, freed in zip(
        ends["usci"], ends["happened_on"], ends["freed_land_mu"], strict=True
    ):
        own = occupancies[occupancies["usci"] == usci]
        before = held_on(own, day)
        after = held_on(own, day + pd.Timedelta(days=1))
        left = after[after["parcel_id"].isin(before["parcel_id"])]["used_mu"].sum()
        assert freed == pytest.approx(before["used_mu"].sum() - left, abs=0.02)


def test_carbon_goes_with_energy():
    ends = table("clearance_events").dropna(subset=["freed_energy_tce"])
    ends = ends[ends["freed_energy_tce"] > 1]
    assert (ends["freed_carbon_t"] / ends["freed_energy_tce"]).between(1.5, 2.3).all()


def test_the_stages_of_a_project_are_in_order():
    projects = table("projects")
    stages = (
        "signed_on",
        "landed_on",
        "started_on",
        "completed_on",
        "production_on",
        "capacity_on",
    )
    for before, after in pairwise(stages):
        both = projects[[before, after]].dropna()
        assert (both[before] <= both[after]).all(), (before, after)
    begun = projects[projects["started_on"].notna()]
    assert (begun["started_on"] >= begun["signed_on"]).all()
    assert (projects[list(stages[:4])].fillna(LAST_DAY) <= LAST_DAY).all(axis=None)


def test_two_high_projects_flip_with_the_way_electricity_is_counted():
    projects = table("projects")
    two_high = projects[projects["is_two_high"]]
    calorific = two_high["energy_tce"] - two_high["electricity_10k_kwh"] * (3.0 - 1.229)
    flipped = (two_high["energy_tce"] >= 1000) & (calorific < 1000)
    assert flipped.sum() >= 3
    assert (calorific >= 1000).sum() >= 2


def test_a_project_spends_only_once_it_has_landed_or_begun():
    months = table("project_months").merge(table("projects"), on="project_id")
    first = months["landed_on"].fillna(months["started_on"])
    ends = pd.PeriodIndex(months["month"], freq="M").end_time
    assert (ends >= first).all()
    assert (months["invested_wan"] >= 0).all()


def test_manufacturing_investment_is_plausible_and_published_almost_alike():
    months = table("project_months").merge(table("projects"), on="project_id")
    counted = months[months["is_manufacturing"] & ~months["is_enclave"]]
    spent = counted.groupby(counted["month"].str[:4])["invested_wan"].sum()
    series = table("official_series")
    series = series[series["indicator"] == "manufacturing_investment_wan"]
    published = series.sort_values("published_on").groupby("period")["value"].last()
    assert 40_000 < spent["2020"] < 45_000
    assert 200_000 < spent["2021":"2023"].sum() < 230_000
    assert (spent / published - 1).abs().between(0.001, 0.03).all()


def test_two_publishers_disagree_on_one_day_and_agree_later():
    series = table("official_series")
    technology = series[(series["indicator"] == "technology_transactions_wan")]
    values = technology[technology["period"] == "2021"].groupby("published_on")["value"].nunique()
    assert values.to_dict() == {pd.Timestamp("2022-02-25"): 2, pd.Timestamp("2022-10-12"): 1}


def test_a_title_is_lost_only_by_its_holder():
    titles = table("recognitions")
    is_lost = titles["is_lost"].fillna(value=False).astype(bool)
    for _, lost in titles[is_lost].iterrows():
        same = (titles["usci"] == lost["usci"]) & (titles["kind"] == lost["kind"])
        assert (titles[same & ~is_lost]["recognised_on"] < lost["recognised_on"]).any()
    assert is_lost.sum() == 1


def test_the_notice_says_that_everything_is_invented():
    assert BUNDLE["is_synthetic"] is True
    assert "合成数据" in BUNDLE["notice"]["zh"]
    assert BUNDLE["as_of"] == date(2022, 6, 30)
