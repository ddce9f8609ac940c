"""Every number of a list, on counties so small that it can be counted by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from build import POLICY, county
from tenglong.measure.carbon.energy import counting_effect, energy_demand
from tenglong.measure.carbon.intensity import intensity_change
from tenglong.measure.chain.collateral import (
    collateral_by_creditor,
    collateral_by_parcel,
    collateral_total,
)
from tenglong.measure.chain.directory import chain_directory, chain_trends
from tenglong.measure.clause import Window
from tenglong.measure.clearance.clear_out import left_below, lifted, low_tax_firms
from tenglong.measure.clearance.two_high import two_high_assessed, two_high_projects
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.land.contract import late_parcels, unmet_checks
from tenglong.measure.land.control_line import parcel_positions, totals_of
from tenglong.measure.land.outlines import OutlineRule, mean_width, outline_findings, overlaps
from tenglong.measure.land.supply import fund_share, land_replaced, standard_land
from tenglong.measure.land.tally import township_names
from tenglong.measure.project.dual_contract import contract_summary, dual_contracts
from tenglong.measure.project.investment import (
    added_up,
    investment_completion,
    yearly_investment,
)
from tenglong.measure.project.projects import landing_rate, manufacturing_project_share
from tenglong.measure.project.stages import funnel, project_stages
from tenglong.measure.published.series import official_growth, official_total

TAX = {"tax": {"source": "", "add_back": []}}


# Clearing out: who is below the line, who left it and how.


def low_tax():
    codes = list("abcdefgh")
    rows = [
        # firm, year, tax, land
        *(("a", 2020, 12.0, 4.0), ("a", 2021, 20.0, 4.0)),  # lifted: 3, then 5 exactly
        *(("b", 2020, 12.0, 4.0), ("b", 2021, 19.96, 4.0)),  # still below
        *(("c", 2020, 40.0, 4.0), ("c", 2021, 4.0, 4.0)),  # fell, closed in 2022
        *(("d", 2020, 4.0, 4.0), ("d", 2021, 4.0, 4.0)),  # passed in 2022
        *(("e", 2020, 4.0, 4.0),),  # struck off on the last day of 2021
        *(("f", 2020, 1.0, 2.0), ("f", 2021, 1.0, 2.0)),  # on less land than the list asks
        *(("g", 2020, 90.0, 4.0), ("g", 2021, 90.0, 4.0)),
        *(("h", 2020, 4.0, 4.0), ("h", 2021, 4.0, 4.0)),  # closed in 2022, too
    ]
    ends = {"c": "2022-03-01", "e": "2021-12-31", "h": "2022-11-30"}
    return county(
        "2022-11-30",
        policy=TAX,
        enterprises={
            "usci": codes,
            "industry": ["3441"] * len(codes),
            "closed_on": [ends.get(code) for code in codes],
        },
        enterprise_years={
            "usci": [row[0] for row in rows],
            "year": [row[1] for row in rows],
            "tax_paid_wan": [row[2] for row in rows],
            "land_mu": [row[3] for row in rows],
            "is_above_scale": [False] * len(rows),
        },
        clearance_events={
            "usci": ["d"] * 5,
            "event": ["listed", "checked", "plan", "rectifying", "passed"],
            "happened_on": [f"2022-0{month}-01" for month in range(1, 6)],
            "evidence": [None] * 4 + ["1号"],
        },
    )


def test_the_firms_below_the_line_are_counted_with_those_that_left_it():
    before, now = low_tax_firms(low_tax(), below_wan_per_mu=5).figures
    assert (before.value, before.since, now.value, now.since) == (5, 0, 4, -3)
    names = ("firms", "firms_lacking", "firms_below", "firms_closed_since", "firms_passed_since")
    assert [before.parts[name] for name in names] == [7, 0, 5, 0, 0]
    assert [now.parts[name] for name in names] == [6, 0, 4, 2, 1]
    assert [one.parts["firms_lifted"] for one in (before, now)] == [0, 1]
    assert [one.parts["firms_below_all"] for one in (before, now)] == [6, 3]


def test_who_is_left_and_who_was_lifted_are_named():
    place = low_tax()
    assert left_below(place)["usci"].tolist() == ["b"]
    assert left_below(place, below_wan_per_mu=22.6)["usci"].tolist() == ["b", "a", "g"]
    assert left_below(place, below_wan_per_mu=4.99)["usci"].tolist() == []
    assert lifted(place)["usci"].tolist() == ["a"]


def test_net_above_scale_is_who_came_less_who_went():
    above = {"a": "01", "b": "01", "c": "10", "d": "11", "e": "0-"}
    rows = [
        (usci, 2020 + place, {"0": False, "1": True, "-": None}[flag])
        for usci, flags in above.items()
        for place, flag in enumerate(flags)
    ]
    place = county(
        enterprise_years={
            "usci": [row[0] for row in rows],
            "year": [row[1] for row in rows],
            "is_above_scale": [row[2] for row in rows],
        }
    )
    assert net_above_scale(place).amounts == ((date(2021, 12, 31), 1),)


def test_a_share_of_firms_leaves_out_those_of_which_it_is_not_told():
    place = county(
        enterprises={"usci": list("abcd"), "industry": ["3441"] * 4},
        enterprise_years={
            "usci": list("abcd"),
            "year": [2021] * 4,
            "employees": [10.0, 999.0, 1000.0, 10.0],
            "is_digitalised": [True, False, True, None],
        },
    )
    (found,) = digitalised_share(place).figures
    assert (found.value, found.parts["firms"], found.parts["firms_lacking"]) == (
        Fraction(1, 2),
        2,
        1,
    )


# Projects.


def project_county(as_of="2022-06-30", **changes):
    stages = list(POLICY["projects"]["stages"])
    days = {
        "P": [f"2021-0{month}-01" for month in range(1, len(stages) + 1)],
        "Q": ["2021-01-01", "2021-02-01"],
        "R": ["2021-01-01"],
        "S": [None, "2022-06-01"],
    }
    columns = {
        stage: [(days[name][place : place + 1] or [None])[0] for name in days]
        for place, stage in enumerate(stages)
    }
    given = {
        "project_id": list(days),
        "kind": ["new"] * 4,
        "total_investment_wan": [100.0, 50.0, None, 25.0],
        "is_attracted": [True] * 4,
        "is_manufacturing": [True, True, False, None],
        **columns,
        **changes,
    }
    return county(as_of, projects=given), stages


def test_a_funnel_counts_who_came_as_far_and_what_they_plan():
    place, stages = project_county()
    found = funnel(place).set_index("stage")
    assert found.loc[stages[0], ["projects", "undated"]].tolist() == [4, 1]
    assert found.loc[stages[1], ["projects", "undated"]].tolist() == [3, 0]
    assert found.loc[stages[2], ["projects", "undated"]].tolist() == [1, 0]
    assert found["investment_wan"].tolist()[:3] == [175, 175, 100]
    assert found["investment_unknown"].tolist()[:3] == [1, 0, 0]
    assert found["share_pct"].tolist()[:3] == [100, 75, 25]
    large = funnel(place, min_investment_wan=50).set_index("stage")
    assert large.loc[stages[1], "projects"] == 2
    made = funnel(place, among={"is_manufacturing": True}).set_index("stage")
    assert made.loc[stages[1], "projects"] == 2


def test_a_project_stands_in_its_last_stage_and_is_stuck_after_its_days():
    place, stages = project_county()
    found = project_stages(place).set_index("project_id")
    limits = {stage: POLICY["projects"]["stages"][stage].get("limit_days") for stage in stages}
    assert found.loc["R", ["stage", "next_stage"]].tolist() == [stages[0], stages[1]]
    assert found.loc["R", "days_in_stage"] == 545
    assert found.loc["R", "days_over"] == 545 - limits[stages[0]]
    assert found["is_stuck"].tolist() == [False, True, True, False]
    assert found.loc["S", "days_in_stage"] == 29


def test_shares_of_projects_leave_out_what_is_not_told():
    place, _ = project_county()
    (found,) = manufacturing_project_share(place).figures
    assert (found.value, found.parts) == (Fraction(2, 3), {"manufacturing": 2, "attracted": 3})
    landed = landing_rate(place).figures
    assert [one.parts for one in landed] == [{"landed": 2, "signed": 2}]


def test_contracts_are_kept_late_or_overdue_by_so_many_days():
    nodes = POLICY["projects"]["nodes"]
    names = list(nodes)
    first, second = nodes[names[0]], nodes[names[1]]
    columns = {column: [None] * 4 for node in nodes.values() for column in node.values()}
    columns[first["agreed"]] = ["2022-03-31", "2022-03-31", "2022-03-31", None]
    columns[first["actual"]] = ["2022-03-31", "2022-04-10", None, None]
    columns[second["agreed"]] = ["2022-07-01", "2022-04-01", "2022-12-31", None]
    columns[second["actual"]] = [None, "2022-05-01", None, None]
    place = county(
        projects={
            "project_id": list("PQRS"),
            "dual_contract_on": ["2021-03-01"] * 3 + [None],
            **columns,
        }
    )
    found = dual_contracts(place).set_index("project_id")
    assert found["state"].tolist() == ["kept", "broken", "broken", "not_signed"]
    assert found["nodes_decided"].tolist()[:3] == [1, 2, 1]
    assert found["nodes_kept"].tolist()[:3] == [1, 0, 0]
    assert found["nodes_late"].tolist()[:3] == [0, 2, 1]
    assert found["worst_days_late"].tolist()[1:3] == [30, 91]
    told = contract_summary(place).set_index("node")
    numbers = ["agreed", "decided", "kept", "late", "overdue", "not_due", "worst_days_late"]
    assert told.loc[names[0], numbers].tolist() == [3, 3, 1, 1, 1, 0, 91]
    assert told.loc[names[1], numbers].tolist() == [3, 1, 0, 1, 0, 2, 30]


def test_yearly_investment_tells_enclaves_upgrading_and_growth_of_full_years():
    months = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]
    months.append("2022-01")
    spent = {"P": 10.0, "Q": 5.0, "R": 3.0}
    place = county(
        projects={
            "project_id": list(spent),
            "kind": ["new", "upgrade", "energy_saving"],
            "is_manufacturing": [True] * 3,
            "is_enclave": [False, False, True],
        },
        project_months={
            "project_id": [name for name in spent for _ in months],
            "month": months * 3,
            "invested_wan": [
                amount * (2 if month.startswith("2021") else 1)
                for amount in spent.values()
                for month in months
            ],
        },
    )
    found = yearly_investment(place).set_index("year")
    assert found["months"].tolist() == [12, 12, 1]
    assert found["invested_wan"].tolist() == [180, 360, 15]
    assert found["enclave_wan"].tolist() == [36, 72, 3]
    assert found["upgrade_wan"].tolist() == [60, 120, 5]
    assert found["growth_pct"].fillna(-1).tolist() == [-1, 100, -1]


def test_completion_is_of_projects_that_landed_in_the_year_and_tells_what_it_lacks():
    place = county(
        "2022-12-31",
        policy={"bands": {**POLICY["bands"], "most_missing_share": 0.5}},
        projects={
            "project_id": list("PQR"),
            "is_attracted": [True] * 3,
            "is_manufacturing": [True] * 3,
            "landed_on": ["2021-05-01", "2021-06-01", "2022-02-01"],
            "total_investment_wan": [100.0, None, 40.0],
        },
        project_months={
            "project_id": ["P", "P", "Q", "R", "R"],
            "month": ["2021-07", "2022-01", "2021-07", "2022-03", "2022-10"],
            "invested_wan": [25.0, 99.0, 7.0, 4.0, 6.0],
        },
    )
    first, second = investment_completion(place).figures
    assert (first.value, first.end) == (Fraction(1, 4), date(2021, 12, 31))
    assert (second.value, second.end) == (Fraction(1, 4), date(2022, 10, 31))
    assert (first.parts["invested_wan"], first.parts["planned_wan"]) == (25, 100)
    assert (first.parts["projects"], first.parts["projects_without_months"]) == (2, 0)


def test_amounts_are_added_up_within_the_window_only():
    window = Window(date(2021, 2, 1), date(2021, 4, 30))
    ends = [date(2021, 1, 31), date(2021, 2, 28), date(2021, 4, 30), date(2021, 5, 31)]
    amounts = dict(zip(ends, map(Fraction, (1, 2, 4, 8)), strict=True))
    found = added_up(amounts, window, date(2021, 5, 31))
    assert [(str(day), int(total)) for day, total in found] == [
        ("2021-02-28", 2),
        ("2021-03-31", 2),
        ("2021-04-30", 6),
    ]
    assert added_up(amounts, window, date(2021, 1, 31)) == ()
    assert len(added_up(amounts, window, date(2021, 2, 28))) == 1


# Chains and collateral.


def chains():
    codes = list("abcdef")
    return county(
        policy={**TAX, "bands": {**POLICY["bands"], "most_missing_share": 0.4}},
        enterprises={
            "usci": codes,
            "chain": ["X", "X", "X", "Y", None, "Y"],
            "township": ["t", "u", "t", "t", "t", "t"],
            "closed_on": [None] * 5 + ["2022-01-01"],
            "registered_on": ["2020-01-01"] * 2 + ["2022-01-01"] + ["2021-12-31"] * 3,
        },
        enterprise_years={
            "usci": [*codes, "a"],
            "year": [2021] * 6 + [2020],
            "is_above_scale": [True, None, False, True, True, True, True],
            "revenue_wan": [10.0, None, None, 30.0, 60.0, 500.0, 999.0],
            "tax_paid_wan": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
            "value_added_wan": [3.0, 3.0, None, 3.0, 3.0, 3.0, 3.0],
            "employees": [5.0] * 7,
        },
        enterprise_months={
            "usci": ["a", "a", "b", "d", "d", "e"],
            "month": ["2021-06", "2022-06", "2022-06", "2021-06", "2022-06", "2021-06"],
            "revenue_wan": [10.0, 12.0, 99.0, 0.0, 5.0, 8.0],
        },
    )


def test_a_chain_sums_the_firms_that_were_there_and_names_what_is_lacking():
    found = chain_directory(chains()).set_index("chain")
    assert found.index.tolist()[:2] == ["Y", "X"]
    assert pd.isna(found.index[2])
    row = found.loc["X"]
    assert [row[name] for name in ("firms", "new_firms", "townships")] == [3, 1, 2]
    assert [row[name] for name in ("above_scale", "scale_unknown")] == [1, 1]
    assert (row["revenue_wan"], row["revenue_wan_lacking"], row["tax_wan"]) == (10, 1, 3)
    assert pd.isna(row["revenue_share_pct"])
    assert found.loc["Y", "revenue_share_pct"] == 30
    assert found.loc["Y", "employees"] == 5


def test_a_chain_s_trend_is_over_the_firms_that_have_both_months():
    found = chain_trends(chains()).set_index(["chain", "figure"])
    row = found.loc[("X", "revenue_wan")]
    assert (row["matched"], row["lacking"]) == (1, 1)
    assert (row["now"], row["last_year"], round(row["change_pct"], 6)) == (12, 10, 20)
    row = found.loc[("Y", "revenue_wan")]
    assert (row["matched"], row["now"], row["last_year"]) == (1, 5, 0)
    assert pd.isna(row["change_pct"])


def secured():
    return county(
        parcels={"parcel_id": ["p", "q", "r"], "actual_mu": [4.0, 8.0, 0.0]},
        collateral={
            "collateral_id": list("123456"),
            "parcel_id": ["p", "p", "q", "q", "r", None],
            "creditor": ["甲行", "乙行", "甲行", None, "甲行", "乙行"],
            "amount_wan": [6.0, 2.0, None, 1.0, 5.0, 2.0],
            "registered_on": ["2021-03-01"] * 6,
            "released_on": [None] * 6,
        },
    )


def test_securities_are_told_by_parcel_with_what_is_lacking():
    found = collateral_by_parcel(secured()).set_index("parcel_id")
    assert found.loc["p", ["entries", "creditors", "amount_wan"]].tolist() == [2, 2, 8]
    assert (found.loc["p", "wan_per_mu"], found.loc["p", "reason"]) == (2, "known")
    assert found.loc["q", ["entries", "creditors", "amount_lacking"]].tolist() == [2, 1, 1]
    assert (found.loc["q", "area_mu"], found.loc["q", "reason"]) == (8, "amount_lacking")
    assert found.loc["r", "reason"] == "no_area"
    assert found["reason"].tolist() == ["known", "no_area", "no_parcel", "amount_lacking"]


def test_securities_are_told_by_creditor_with_their_shares():
    found = collateral_by_creditor(secured())
    assert found["creditor"].tolist()[:2] == ["甲行", "乙行"]
    columns = ["entries", "parcels", "amount_wan", "amount_lacking", "share_pct"]
    assert found.loc[0, columns].tolist() == [3, 3, 11, 1, 68.75]
    assert found.loc[1, columns].tolist() == [2, 1, 4, 0, 25]
    assert found.loc[2, columns].tolist() == [1, 1, 1, 0, 6.25]
    assert collateral_total(secured()) == 16


# Land.


def test_new_industrial_land_is_standard_where_it_is_known_to_be():
    place = county(
        policy={"bands": {**POLICY["bands"], "most_missing_share": 0.5}},
        land_supply={
            "granted_on": ["2021-01-01", "2021-12-31", "2021-03-01", "2021-04-01", "2022-01-01"],
            "land_use": ["1001", "1001", "1001", "0701", "1001"],
            "area_mu": [1.0, 2.0, 4.0, 8.0, 16.0],
            "is_new": [True, None, False, True, True],
            "is_standard_land": [True, False, True, True, None],
        },
    )
    (found,) = standard_land(place).figures
    assert (found.value, found.end) == (1, date(2021, 12, 31))
    assert (found.low, found.high) == (Fraction(1, 3), 1)
    assert (found.parts["standard_mu"], found.parts["new_industrial_mu"]) == (1, 1)
    assert (found.parts["grants"], found.parts["grants_lacking"]) == (2, 1)


def test_a_fund_of_several_rows_is_one_share_and_a_year_with_a_blank_has_none():
    place = county(
        special_fund={
            "year": [2021, 2021, 2022, 2020],
            "settlement_income_wan": [100.0, 300.0, None, 0.0],
            "drawn_wan": [2.0, 6.0, 5.0, 1.0],
        }
    )
    found = {figure.end.year: figure.value for figure in fund_share(place).figures}
    assert found == {2020: None, 2021: Fraction(1, 50)}


def test_land_that_is_owed_is_named_with_how_much_and_since_when():
    place = county(
        land_moves={
            "moved_on": ["2021-03-01", "2021-04-01", "2021-06-01", "2021-07-01"],
            "area_mu": [5.0, 5.0, 4.0, 1.5],
            "direction": ["out", "in", "out", "in"],
        }
    )
    found = land_replaced(place)
    assert (found.done, found.required) == (Fraction(13, 2), 9)
    assert [(one.name, one.since) for one in found.opened] == [("2.5 亩", date(2021, 6, 1))]


def contracted(**columns):
    given = {
        "agreed_start_on": ["2022-03-01"],
        "started_on": [None],
        "completed_on": [None],
        "production_on": [None],
        "agreed_production_on": [None],
    }
    return county(parcels={"parcel_id": ["P"], **given, **{k: [v] for k, v in columns.items()}})


def test_land_that_is_late_tells_by_how_many_days_and_when_it_will_be_idle():
    found = late_parcels(contracted()).iloc[0]
    assert (found["land_state"], found["days_late"]) == ("supplied_unused", 121)
    assert str(found["idle_on"].date()) == "2023-03-01"
    built = contracted(
        started_on="2021-01-01", completed_on="2021-06-01", agreed_production_on="2022-06-29"
    )
    found = late_parcels(built).iloc[0]
    assert (found["land_state"], found["days_late"]) == ("invested_short", 1)
    assert pd.isna(found["idle_on"])
    assert late_parcels(contracted(agreed_start_on="2022-06-30")).empty


@pytest.mark.parametrize(("actual", "reached"), [(1.2, None), (1.19, 0.7933)])
def test_a_check_fails_just_below_its_share(actual, reached):
    built = {"started_on": "2018-01-01", "completed_on": "2019-01-01", "agreed_start_on": None}
    place = contracted(**built, production_on="2019-06-01", agreed_far=1.5, actual_far=actual)
    found = unmet_checks(place)["reached"].round(4).tolist()
    assert found == ([] if reached is None else [reached])


def outlined(*shapes, **columns):
    ids = [f"P{number}" for number in range(len(shapes))]
    frame = pd.DataFrame({"parcel_id": ids, "geometry": list(shapes), **columns})
    lines = pd.DataFrame({"geometry": [shapely.box(0, 0, 1000, 100)]})
    return county(
        parcels=gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4549"),
        control_lines=gpd.GeoDataFrame(lines, geometry="geometry", crs="EPSG:4549"),
    )


@pytest.mark.parametrize(
    ("top", "is_inside", "is_straddling"),
    [(100.0, True, False), (199.0, True, True), (200.0, True, True), (201.0, False, True)],
)
def test_a_parcel_is_inside_from_half_of_it_on(top, is_inside, is_straddling):
    place = outlined(shapely.box(0, 0, 10, top), shapely.box(0, 100, 10, 200))
    found = parcel_positions(place)
    assert found["is_inside"].tolist() == [is_inside, False]
    assert found["is_straddling"].tolist() == [is_straddling, False]
    assert found["inside_mu"].round(6).tolist() == [1.5, 0]
    told = totals_of(found)
    assert (told["parcels_inside"], told["parcels_outside"]) == (int(is_inside), 2 - int(is_inside))
    assert (told["parcels_straddling"], told["parcels_unknown"]) == (int(is_straddling), 0)


@pytest.mark.parametrize(
    ("stated", "is_told"), [(3.0, False), (2.86, False), (2.85, True), (3.16, True)]
)
def test_a_registered_area_may_differ_by_a_twentieth(stated, is_told):
    place = outlined(shapely.box(0, 0, 40, 50), registered_mu=[stated])
    found = outline_findings(place)
    assert found["code"].tolist() == (["registered_mu_differs"] if is_told else [])
    if is_told:
        assert found["share"].iloc[0] == pytest.approx(3 / stated - 1)
        assert found["area_mu"].iloc[0] == pytest.approx(3 - stated)


@pytest.mark.parametrize(("inside", "is_straddling"), [(1.0, False), (1.1, True)])
def test_a_parcel_straddles_from_more_than_a_thousandth_on(inside, is_straddling):
    assert POLICY["control_line"]["straddling"] == {"more_than": 0.001, "less_than": 0.999}
    place = outlined(shapely.box(0, 100 - inside, 10, 1100 - inside))
    assert parcel_positions(place)["is_straddling"].tolist() == [is_straddling]


def test_a_strip_as_wide_as_the_policy_says_is_no_sliver():
    rule = OutlineRule(Fraction(1), Fraction(1, 2), {})
    # 2 x area / perimeter of 100 x 0.5: a little less than a half; of 4 x 4 / 7: just a half
    shapes = np.array([shapely.box(0, 0, 4, 4), shapely.box(0, 0, 4, 4 / 7)])
    assert float(mean_width(shapes[1:])[0]) == 0.5
    assert [found[0] for found in overlaps(shapes, rule)] == ["overlap"]
    thin = np.array([shapely.box(0, 0, 4, 4), shapely.box(0, 0, 4, 0.57)])
    assert [found[0] for found in overlaps(thin, rule)] == ["overlap_sliver"]


def test_a_parcel_without_a_code_stands_where_its_inner_point_lies():
    place = outlined(*(shapely.box(x, 0, x + 10, 10) for x in (0, 100, 205, 300)))
    towns = {"township": ["t", "u", "v"], "name": ["甲", "乙", "丙"]}
    shapes = [shapely.box(x, 0, x + 99, 99) for x in (0, 100, 200)]
    parcels = place.tables["parcels"].assign(township=[None, "t", "gone", None])
    towns = gpd.GeoDataFrame(towns, geometry=shapes, crs="EPSG:4549")
    place = replace(place, tables={"parcels": parcels, "townships": towns})
    assert township_names(place, parcels).fillna("").tolist() == ["甲", "甲", "丙", ""]
    told = replace(place, tables={"parcels": parcels, "townships": pd.DataFrame(towns).iloc[:, :2]})
    assert township_names(told, parcels).fillna("").tolist() == ["", "甲", "", ""]


# Energy.


def test_projects_ask_for_energy_from_the_first_to_the_last_day_of_the_plan():
    days = ["2020-12-31", "2021-01-01", "2023-12-31", "2024-01-01", "2022-01-01"]
    place = county(
        "2024-06-30",
        projects={
            "project_id": list("PQRST"),
            "kind": ["new", "new", "new", "new", "upgrade"],
            "started_on": days,
            "energy_tce": [1.0, 2.0, 4.0, 8.0, None],
        },
    )
    found = energy_demand(place).set_index("kind")
    assert found.loc["new"].tolist() == [2, 6, 0]
    assert found.loc["upgrade", ["projects", "energy_unknown"]].tolist() == [1, 1]
    assert pd.isna(found.loc["upgrade", "energy_tce"])


def test_key_users_are_counted_by_both_ways_and_those_on_the_line_are_ones():
    place = county(
        enterprises={"usci": list("ABC"), "industry": ["3441"] * 3},
        enterprise_years={
            "usci": list("ABC"),
            "year": [2021] * 3,
            "is_above_scale": [True] * 3,
            "electricity_10k_kwh": [400.0, 1000.0, 10.0],
            "energy_tce": [1200.0, 3000.0, 500.0],
        },
        policy={"two_high": {**POLICY["two_high"], "min_energy_tce": 1200}},
    )
    found = counting_effect(place).iloc[0]
    assert (found["firms"], found["lacking"]) == (2, 1)
    assert (found["key_equal"], found["key_calorific"]) == (2, 1)
    assert found["equal_tce"] == pytest.approx(4200)


def test_intensity_is_chained_year_by_year():
    place = county(
        "2023-06-30",
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years={
            "usci": ["A"] * 3,
            "year": [2020, 2021, 2022],
            "is_above_scale": [True] * 3,
            "energy_tce": [100.0, 104.5, 94.05],
        },
        official_series={
            "indicator": ["value_added_growth_pct"] * 2,
            "period": ["2021", "2022"],
            "value": [10.0, -10.0],
        },
    )
    found = intensity_change(place).figures
    assert [float(figure.value) for figure in found] == [-5, -5]
    ends = [date(2020, 12, 31), date(2021, 12, 31), date(2022, 12, 31)]
    assert [figure.end for figure in found] == ends[1:]
    index = official_growth(place, indicator="value_added_growth_pct").figures
    assert [(figure.end, float(figure.value)) for figure in index] == [
        (ends[0], 100),
        (ends[1], 110),
        (ends[2], 99),
    ]


def test_what_has_to_be_checked_is_built_and_large_by_energy():
    place = county(
        projects={
            "project_id": list("PQRST"),
            "is_two_high": [True] * 5,
            "energy_tce": [1000.0, 999.9, 2000.0, None, 3000.0],
            "electricity_10k_kwh": [0.0, 0.0, 5000 / 3, 0.0, 0.0],
            "started_on": ["2021-01-01"] * 4 + ["2018-01-01"],
            "assessed_on": [None, None, "2021-05-01", None, None],
        },
        policy={"two_high": {**POLICY["two_high"], "since": date(2019, 1, 1)}},
    )
    found = two_high_assessed(place, since=date(2019, 1, 1), min_energy_tce=1000)
    assert (found.done, found.required) == (1, 3)
    assert found.parts["energy_unknown"] == 1
    listed = two_high_projects(place).set_index("project_id")
    assert listed["stage"].tolist() == ["built"] * 4 + ["earlier"]
    assert listed["is_large_equal"].fillna(value=False).tolist() == [True, False, True, False, True]


# What was published.


def test_published_amounts_add_up_without_counting_a_month_twice():
    rows = {
        "2021": 12.0,
        "2021Q1": 2.0,
        "2022Q1": 3.0,
        "2022-01": 1.0,
        "2022-02": 1.0,
        "2022-03": 1.5,
    }
    place = county(
        "2022-12-31",
        official_series={
            "indicator": ["x"] * 6,
            "period": list(rows),
            "value": list(rows.values()),
            "unit": ["亿元"] * 6,
        },
    )
    found = official_total(place, indicator="x")
    assert [(str(day), float(amount)) for day, amount in found.amounts] == [
        ("2021-12-31", 12.0),
        ("2022-01-31", 1.0),
        ("2022-02-28", 1.0),
        ("2022-03-31", 1.5),
    ]
    assert (found.known_until, found.grain.value, found.is_ledger) == (
        date(2022, 3, 31),
        "month",
        False,
    )
