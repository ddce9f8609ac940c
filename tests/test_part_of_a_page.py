"""What a page takes of the whole: some clauses, some rules, measures that may be wanting."""

from build import county
from tenglong.measure.board.board import assess_plan
from tenglong.measure.county import Unavailable, attempt
from tenglong.measure.land.supply import fund_share
from tenglong.show.page import Page
from tenglong.show.pages.rules import rule_sources
from tenglong.source import open_county


def test_an_unknown_measure_is_an_answer_and_a_known_one_its_value():
    known = county(parcels={"parcel_id": ["P1"]})
    assert len(attempt(lambda one: one.table("parcels"), known)) == 1
    wanting = attempt(fund_share, known)
    assert isinstance(wanting, Unavailable)
    assert wanting.table == "special_fund"


def test_a_board_may_hold_the_clauses_of_some_indicators_only():
    board = assess_plan(open_county("data/sample"), indicators=("fund_share", "standard_land"))
    assert {one.clause.id for one in board.assessments} == {"campaign_fund", "standard_land"}


def test_a_page_lists_the_sources_of_its_own_rules():
    piece = rule_sources(
        Page(open_county("data/cambridge"), "zh"), among=("idle",), name="land_rules"
    )
    lines = piece.csv["land_rules.csv"].splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["闲置土地"]
