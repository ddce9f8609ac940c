"""What is not supplied is not known: columns, tables, rows' order and the future, on the sample.

Every table and every column of the sample is taken away in turn.
"""

from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import pytest

from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.judge.kinds import assess
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.known import known_on
from tenglong.source.schema import Type, tables
from test_kinds_properties import RANK
from watched import asking

pytestmark = pytest.mark.long

DAY = date(2022, 12, 31)
FIRMS = {
    "tax_per_mu",
    "value_added_per_mu",
    "labour_productivity",
    "rd_share_of_revenue",
    "clearance_list",
    "low_tax_firms",
    "digitalised_smes",
}
LAND = {"tax_per_mu", "value_added_per_mu", "clearance_list", "low_tax_firms"}
LISTED = {"firms_closed", "firms_rectified", "land_freed", "energy_freed", "carbon_cut"}
LISTED_BY_NAME = {"firms_closed", "firms_rectified", "compliance_checks"}
LARGE = {"projects_100m", "projects_1bn", "guarantee_teams", "section_chief_leads"}
INVESTED = {
    "manufacturing_investment",
    "manufacturing_investment_growth",
    "investment_completion",
}
SERIES = {"technology_transactions", "digital_manufacturing_growth", "burden_relief"}

# Which clauses cannot be told without a table.
NEEDED = {
    "townships": set(),
    "enterprises": FIRMS,
    "enterprise_years": FIRMS | {"net_above_scale_firms", "key_users_monitored"},
    "enterprise_months": set(),
    "parcels": LAND | {"contracts_signed"},
    "occupancies": LAND,
    "control_lines": set(),
    "land_moves": {"land_replaced"},
    "land_supply": {"standard_land", "industrial_share_of_grants"},
    "special_fund": {"campaign_fund"},
    "projects": LARGE
    | INVESTED
    | {
        "two_high_checked",
        "energy_saving_projects",
        "manufacturing_share_of_projects",
        "landing_rate",
        "projects_in_production",
    },
    "project_months": INVESTED,
    "clearance_events": LISTED | {"clearance_list", "compliance_checks"},
    "recognitions": {
        "made_in_zhejiang_standards",
        "made_in_zhejiang_standards_task",
        "pinzi_brands",
        "pinzi_brands_yearly",
        "small_firm_parks",
        "innovation_platform",
        "rd_centres",
        "new_rd_institutions",
        "high_tech_firms",
        "tech_smes",
        "first_sets",
        "smart_factories",
        "green_factories",
        "listing_reserve",
        "new_products",
    },
    "milestones": {"provincial_development_zone", "special_assessment", "provincial_incentive"},
    "official_series": SERIES | {"energy_intensity"},
    "collateral": set(),
}

# Columns without which the figure is another one, and known, by a rule that is written down:
# an add-back that is not there counts as none (`data/policy/tax.yml`), a parcel's area is the
# first of several columns that has a value (`data/policy/land_base.yml`).
FALLS_BACK = {
    "enterprise_years.tax_exempt_credit_wan": {"tax_per_mu"},
    "enterprise_years.tax_relief_wan": {"tax_per_mu"},
    "enterprise_years.vat_refund_wan": {"tax_per_mu"},
    "parcels.actual_mu": {"tax_per_mu", "value_added_per_mu"},
}


@pytest.fixture(scope="module")
def bundle():
    return read_bundle(describe_bundle("data/sample"))


@pytest.fixture(scope="module")
def county(bundle):
    return bundle.on(DAY)


@pytest.fixture(scope="module")
def board(county):
    """Give by clause its assessment and the tables that its indicator looked at."""
    found = {}
    for clause in county.plan.clauses:
        if clause.kind is not Kind.NARRATIVE:
            found[clause.id] = asking(partial(judged, clause), county)
    return found


def judged(clause, county):
    bands = bands_of(county.policy["bands"])
    return assess(clause, read(county, clause), as_of=county.as_of, bands=bands)


def told(one):
    """Give what a reader sees of an assessment."""
    return (one.status, one.actual, one.baseline, one.progress, one.years, one.missing)


def is_better(after, before):
    """Whether a status was improved; an unknown one that is told now is improved, too."""
    if after.status not in RANK:
        return False
    return before.status not in RANK or RANK.index(after.status) > RANK.index(before.status)


def is_named_unknown(one):
    return not one.status.is_known and one.missing is not None


@pytest.fixture(scope="module")
def without_a_table(county, board):
    """Give by table the assessments without it, of the clauses that ask for it."""
    found = {}
    for name in county.tables:
        fewer = {other: frame for other, frame in county.tables.items() if other != name}
        poorer = replace(county, tables=fewer)
        found[name] = {
            clause_id: judged(before.clause, poorer)
            for clause_id, (before, seen) in board.items()
            if name in seen
        }
    return found


@pytest.fixture(scope="module")
def without_a_column(county, board):
    """Give by `table.column` and clause the assessments that differ, and what was raised.

    A clause is judged anew only if its indicator asked for the table.
    """
    differing, raised = {}, {}
    for name, frame in county.tables.items():
        for column in frame.columns:
            fewer = {**county.tables, name: frame.drop(columns=[column])}
            poorer = replace(county, tables=fewer)
            for clause_id, (before, seen) in board.items():
                if name not in seen:
                    continue
                try:
                    after = judged(before.clause, poorer)
                except (LookupError, TypeError, ValueError, AttributeError) as error:
                    raised[f"{name}.{column}", clause_id] = repr(error)
                    continue
                if told(after) != told(before):
                    differing[f"{name}.{column}", clause_id] = after
    return differing, raised


def test_the_sample_brings_every_table_that_is_taken_away(county):
    assert set(county.tables) == set(NEEDED)


def test_a_clause_by_clause_judgement_is_that_of_the_plan(county, board):
    for one in assess_plan(county).quantified:
        assert told(one) == told(board[one.clause.id][0])


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_without_a_table_the_clauses_that_need_it_are_named_unknowns(name, without_a_table, board):
    poorer = without_a_table[name]
    changed = {
        clause_id for clause_id, one in poorer.items() if told(one) != told(board[clause_id][0])
    }
    assert changed == NEEDED[name]
    assert all(is_named_unknown(poorer[clause_id]) for clause_id in changed)
    assert all(poorer[clause_id].missing[0] == name for clause_id in changed)


def by_place(keys):
    found = {}
    for place, clause_id in keys:
        found.setdefault(place, set()).add(clause_id)
    return found


def test_no_column_that_is_taken_away_makes_a_clause_fail(without_a_column):
    assert without_a_column[1] == {}


def test_a_column_that_is_taken_away_leaves_the_clauses_of_other_tables_alone(without_a_column):
    for place, clause_id in without_a_column[0]:
        assert clause_id in NEEDED[place.split(".")[0]], place


def test_a_column_that_is_taken_away_becomes_a_named_unknown(without_a_column):
    told_anyway = by_place(
        (place, clause_id)
        for (place, clause_id), after in without_a_column[0].items()
        if not is_named_unknown(after) and clause_id not in FALLS_BACK.get(place, ())
    )
    assert told_anyway == {}


def test_the_fallbacks_are_still_needed(without_a_column):
    for place, clauses in FALLS_BACK.items():
        for clause_id in clauses:
            assert without_a_column[0][place, clause_id].status.is_known


def test_a_named_unknown_names_the_table_that_lacks_the_column(without_a_column):
    wrong = by_place(
        key
        for key, after in without_a_column[0].items()
        if is_named_unknown(after) and after.missing[0] != key[0].split(".")[0]
    )
    assert wrong == {}


def test_no_column_that_is_taken_away_improves_a_status(without_a_column, board):
    improved = {
        key: (str(board[key[1]][0].status), str(after.status))
        for key, after in without_a_column[0].items()
        if is_better(after, board[key[1]][0])
    }
    assert improved == {}


def test_no_table_that_is_taken_away_improves_a_status(without_a_table, board):
    for poorer in without_a_table.values():
        for clause_id, one in poorer.items():
            assert not is_better(one, board[clause_id][0])


def test_an_empty_county_knows_nothing_and_does_not_fail(county):
    for one in assess_plan(replace(county, tables={})).quantified:
        assert is_named_unknown(one), one.clause.id


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_changes_nothing(seed, county, board):
    shuffled = {
        name: frame.sample(frac=1, random_state=seed) for name, frame in county.tables.items()
    }
    assert any(
        not frame.index.equals(county.tables[name].index) for name, frame in shuffled.items()
    )
    for one in assess_plan(replace(county, tables=shuffled)).quantified:
        assert told(one) == told(board[one.clause.id][0]), one.clause.id
        assert one.components == board[one.clause.id][0].components, one.clause.id


def with_frames(bundle, change):
    """Give a bundle whose raw tables have been changed."""
    changed = {
        name: replace(loaded, frame=change(loaded.frame, tables()[name]))
        for name, loaded in bundle.tables.items()
    }
    return replace(bundle, tables=changed)


def same_board(bundle, other, day):
    pairs = zip(
        assess_plan(bundle.on(day)).assessments, assess_plan(other.on(day)).assessments, strict=True
    )
    return {one.clause.id for one, two in pairs if told(one) != told(two)}


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2022, 6, 30), date(2023, 3, 20)])
def test_a_bundle_that_ends_on_the_day_gives_the_same(day, bundle):
    ending = with_frames(bundle, lambda frame, table: known_on(frame, table, day))
    lost = sum(
        len(bundle.tables[name].frame) - len(ending.tables[name].frame) for name in bundle.tables
    )
    assert lost > 1000
    assert same_board(bundle, ending, day) == set()


def with_later_copies(frame, table):
    """Add every row again, as it would be known from 2031."""
    known_by = table.known_by
    if known_by not in frame:
        return frame
    later = {
        Type.YEAR: 2031,
        Type.MONTH: pd.Period("2031-01", "M"),
        Type.DATE: pd.Timestamp("2031-01-01"),
    }[table.columns[known_by].type]
    copies = frame.copy()
    copies[known_by] = pd.Series(later, index=frame.index).astype(frame[known_by].dtype)
    copies.index = copies.index + 10**6
    return pd.concat([frame, copies])


def test_rows_that_are_known_later_change_nothing(bundle):
    longer = with_frames(bundle, with_later_copies)
    assert len(longer.tables["projects"].frame) == 2 * len(bundle.tables["projects"].frame)
    assert same_board(bundle, longer, DAY) == set()


def test_dates_that_lie_ahead_change_nothing_wherever_they_lie(bundle):
    day, moved = date(2022, 6, 30), []

    def put_off(frame, table):
        frame = frame.copy()
        for column in table.columns.values():
            if column.type is not Type.DATE or column.planned or column.name not in frame:
                continue
            ahead = frame[column.name] > pd.Timestamp(day)
            moved.append(int(ahead.sum()))
            frame[column.name] = frame[column.name].mask(
                ahead, frame[column.name] + pd.Timedelta(100, "D")
            )
        return frame

    later = with_frames(bundle, put_off)
    assert sum(moved) > 100
    assert same_board(bundle, later, day) == set()
