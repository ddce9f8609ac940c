"""Idle land dealt with: who counts, and how far doubtful days could move the share."""

from dataclasses import replace
from fractions import Fraction

from build import county
from tenglong.measure.land.disposal import idle_handled, industrial_land

IDLE = {"agreed_start_on": "2020-06-30"}
STARTED = {"agreed_start_on": "2020-06-30", "started_on": "2021-07-01"}
CANDIDATE = {
    "started_on": "2019-05-01",
    "suspended_on": "2021-01-01",
    "developed_mu": 1.0,
    "to_develop_mu": 18.0,
}
COLUMNS = ("completed_on", "production_on", *CANDIDATE, *IDLE, "idle_disposed_on")


def land(*parcels, doubtful=None):
    """Give parcels by their cells, and by row the columns whose day is doubtful."""
    table = {name: [cells.get(name) for cells in parcels] for name in COLUMNS}
    ids = [f"P{number}" for number in range(len(parcels))]
    doubts = {row: frozenset(names) for row, names in (doubtful or {}).items()}
    return replace(
        county(parcels={"parcel_id": ids, **table}),
        doubtful={"parcels": doubts},
    )


def test_what_may_be_determined_as_idle_is_counted_beside_what_is_idle():
    reading = idle_handled(land(CANDIDATE, IDLE, IDLE))
    assert (reading.required, reading.parts) == (2, {"candidates": 1})


def test_without_doubtful_days_the_share_handled_has_no_range():
    reading = idle_handled(land(STARTED, IDLE))
    assert (reading.done, reading.required) == (1, 2)
    assert (reading.blanks, reading.low, reading.high) == ((), None, None)


def test_a_parcel_of_doubtful_days_may_be_one_more_to_handle_that_is_not():
    reading = idle_handled(land(STARTED, IDLE, doubtful={1: {"agreed_start_on"}}))
    assert (reading.done, reading.required) == (1, 1)
    assert (reading.low, reading.high) == (Fraction(1, 2), 1)


def test_a_parcel_of_two_doubtful_days_is_one_parcel_and_two_of_them_are_two():
    days = {"agreed_start_on", "started_on"}
    one = idle_handled(land(STARTED, IDLE, doubtful={1: days}))
    assert len(one.blanks) == 2
    assert (one.low, one.high) == (Fraction(1, 2), 1)
    two = idle_handled(land(STARTED, IDLE, IDLE, doubtful={1: days, 2: {"started_on"}}))
    assert (two.low, two.high) == (Fraction(1, 3), 1)


def test_idle_land_that_was_disposed_of_or_started_is_done_and_other_land_is_not():
    disposed = {**IDLE, "idle_disposed_on": "2022-01-01"}
    in_time = {"agreed_start_on": "2022-06-01", "idle_disposed_on": "2022-01-01"}
    reading = idle_handled(land(disposed, STARTED, IDLE, in_time))
    assert (reading.done, reading.required) == (2, 3)


def test_a_county_without_industrial_parcels_has_no_industrial_land():
    parcels = {
        "parcel_id": ["a"],
        "land_use": ["0701"],
        "supplied_mu": [3.0],
        "supplied_on": ["2020-01-01"],
    }
    assert [one.value for one in industrial_land(county(parcels=parcels)).figures] == [0, 0, 0]
