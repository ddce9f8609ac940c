"""Idle land of one parcel where days, figures or the policy's choices lack."""

from dataclasses import replace
from datetime import date

import pytest

from build import POLICY
from tenglong.measure.land.idle import idle_rule, idleness

RULE = idle_rule(POLICY)
BY_SUPPLY = replace(RULE, start_years_after_supply=1)
WITH_PRICE = replace(RULE, investment_includes_price=True)
TODAY = date(2022, 6, 30)
NOTHING = dict.fromkeys(
    (
        *("started_on", "completed_on", "production_on", "suspended_on", "agreed_start_on"),
        *("to_develop_mu", "developed_mu", "agreed_investment_wan", "invested_wan"),
        *("price_wan", "idle_cause", "supplied_on"),
    )
)
STOPPED = {"started_on": date(2019, 5, 1), "suspended_on": date(2021, 6, 30)}
DEVELOPED = {"developed_mu": 6.0, "to_develop_mu": 18.0}
INVESTED = {"invested_wan": 600.0, "agreed_investment_wan": 2400.0}


def judge(rule=RULE, doubtful=(), **cells):
    parcel = {**NOTHING, **cells}
    return idleness(parcel, rule=rule, as_of=TODAY, doubtful=frozenset(doubtful))


def test_a_policy_that_does_not_say_so_takes_no_start_from_the_supply_and_no_price_off():
    optional = ("start_years_after_supply", "investment_includes_price")
    told = {name: said for name, said in POLICY["idle"].items() if name not in optional}
    assert idle_rule({"idle": told}) == RULE
    assert (RULE.start_years_after_supply, RULE.investment_includes_price) == (None, False)


def test_land_of_which_nothing_is_known_is_undecided():
    assert judge().state == "undecided"


def test_a_start_agreed_for_a_day_to_come_has_run_for_no_year():
    judged = judge(agreed_start_on=date(2022, 7, 1))
    assert (judged.years, judged.reasons) == (0, ("start_not_due",))


def test_without_a_day_of_supply_no_start_follows_from_it():
    judged = judge(BY_SUPPLY)
    assert (judged.state, judged.missing) == ("undecided", ("agreed_start_on",))


def test_a_doubtful_supply_decides_nothing_where_a_start_is_agreed_or_none_follows_from_it():
    agreed = judge(BY_SUPPLY, {"supplied_on"}, agreed_start_on=date(2021, 6, 30))
    assert (agreed.state, agreed.since) == ("idle", date(2021, 6, 30))
    unknown = judge(RULE, {"supplied_on"}, supplied_on=date(2019, 1, 1))
    assert (unknown.reasons, unknown.missing) == ((), ("agreed_start_on",))


# --- works that stopped -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ({**INVESTED}, ("developed_mu", "to_develop_mu")),
        ({**INVESTED, "developed_mu": 0.0}, ("to_develop_mu",)),
        ({**INVESTED, "to_develop_mu": 18.0}, ("developed_mu",)),
        # Of nothing to be developed there is no share: that figure must be put right.
        ({**INVESTED, "developed_mu": 0.0, "to_develop_mu": 0.0}, ("to_develop_mu",)),
        ({**DEVELOPED, "invested_wan": 0.0}, ("agreed_investment_wan",)),
        ({**DEVELOPED, "agreed_investment_wan": 2400.0}, ("invested_wan",)),
    ],
)
def test_only_what_lacks_for_a_share_is_asked_for(cells, missing):
    judged = judge(**STOPPED, **cells)
    assert (judged.state, judged.missing) == ("undecided", missing)


@pytest.mark.parametrize("column", ["invested_wan", "agreed_investment_wan"])
@pytest.mark.parametrize("price", [500.0, 0.0])
def test_a_price_is_taken_off_no_investment_that_is_not_known(column, price):
    judged = judge(
        WITH_PRICE, **STOPPED, **DEVELOPED, **{**INVESTED, column: None}, price_wan=price
    )
    assert (judged.state, judged.missing) == ("undecided", (column,))


@pytest.mark.parametrize(
    ("invested", "reasons"), [(1100.0, ("enough_done",)), (1099.9, ("invested_below",))]
)
def test_the_price_is_taken_off_what_was_invested_and_off_what_was_agreed(invested, reasons):
    figures = {"invested_wan": invested, "agreed_investment_wan": 2900.0, "price_wan": 500.0}
    assert judge(WITH_PRICE, **STOPPED, **DEVELOPED, **figures).reasons == reasons


def test_works_of_which_nothing_but_their_start_was_supplied_wait_for_all_of_it():
    parcel = {"started_on": date(2019, 5, 1), "idle_cause": "firm"}
    judged = idleness(parcel, rule=RULE, as_of=TODAY)
    assert judged.missing == (
        *("completed_on", "suspended_on", "developed_mu", "to_develop_mu"),
        *("invested_wan", "agreed_investment_wan"),
    )


@pytest.mark.parametrize(
    ("suspended_on", "years", "handling"),
    [
        (date(2021, 6, 30), 1, "by_decision"),
        (date(2021, 7, 1), 0, None),
        (None, None, None),  # no such column was supplied
    ],
)
def test_what_follows_a_determination_waits_for_a_full_year_that_is_known(
    suspended_on, years, handling
):
    parcel = {
        "started_on": date(2019, 5, 1),
        "idle_determined_on": date(2022, 6, 1),
        "idle_cause": "firm",
        **({"suspended_on": suspended_on} if suspended_on else {}),
    }
    judged = idleness(parcel, rule=RULE, as_of=TODAY)
    assert (judged.state, judged.years, judged.handling) == ("idle", years, handling)
    assert judged.reasons == ("determined",)
