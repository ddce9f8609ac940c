"""Properties that hold for every target, baseline and figure."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from build import BANDS, PLAN_WINDOW, clause
from tenglong.measure.clause import Baseline, Kind, Operator
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Figure, Flow, Series

numbers = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
days = st.dates(date(2021, 1, 1), date(2023, 12, 31))
RANK = [
    Status.MISSED,
    Status.FAR_BEHIND,
    Status.BEHIND,
    Status.ON_TRACK,
    Status.AHEAD,
    Status.ACHIEVED,
]
IN_ORDER = RANK.index(Status.ON_TRACK)


def level(b, t, a, operator=Operator.AT_LEAST, as_of=date(2022, 6, 30)):
    of = clause(Kind.LEVEL, None, operator=operator, baseline=Baseline(2020, b))
    of = replace(of, target=t)
    reading = Series((Figure(date(2021, 12, 31), a),), "%")
    return assess(of, reading, as_of=as_of, bands=BANDS)


@given(numbers, numbers, numbers, st.fractions(Fraction(1, 1000), 1000))
def test_a_change_of_unit_leaves_progress_unchanged(b, t, a, factor):
    assert level(b, t, a).progress == level(b * factor, t * factor, a * factor).progress


@given(numbers, numbers, numbers)
def test_mirroring_leaves_progress_and_status_unchanged(b, t, a):
    one, other = level(b, t, a), level(-b, -t, -a, Operator.AT_MOST)
    assert (one.progress, one.status) == (other.progress, other.status)


@given(numbers, numbers, numbers, numbers)
def test_progress_is_monotone_in_the_actual_figure(b, t, a, more):
    assume(t > b)
    low, high = sorted((a, more))
    assert level(b, t, low).progress <= level(b, t, high).progress
    assert RANK.index(level(b, t, low).status) <= RANK.index(level(b, t, high).status)


@given(numbers)
def test_the_bands_cover_the_line_without_gap_or_overlap(gap):
    holding = [
        band.name
        for better, band in zip((None, *BANDS.bands), BANDS.bands, strict=False)
        if _above(gap, band) and not (better and _above(gap, better))
    ]
    assert holding == [BANDS.name(gap)]


def _above(gap, band):
    if band.floor is None:
        return True
    return gap * 100 > band.floor or (band.is_closed and gap * 100 == band.floor)


@given(days, days)
def test_pace_never_falls(one, other):
    early, late = sorted((one, other))
    assert 0 <= pace(PLAN_WINDOW, early) <= pace(PLAN_WINDOW, late) <= 1


@given(days)
def test_every_day_of_a_month_counts_alike(day):
    before = pace(PLAN_WINDOW, day - timedelta(days=1))
    length = Fraction(
        (
            date(day.year + day.month // 12, day.month % 12 + 1, 1) - date(day.year, day.month, 1)
        ).days
    )
    assert pace(PLAN_WINDOW, day) - before == 1 / length / 36


events = st.lists(st.tuples(days, st.integers(0, 5).map(Fraction)), max_size=12)


@given(events, days, st.randoms())
def test_the_order_of_events_changes_nothing(amounts, as_of, random):
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    shuffled = list(amounts)
    random.shuffle(shuffled)
    one = assess(of, Flow(tuple(amounts), "家"), as_of=as_of, bands=BANDS)
    other = assess(of, Flow(tuple(shuffled), "家"), as_of=as_of, bands=BANDS)
    assert (one.actual, one.status) == (other.actual, other.status)


@given(events.filter(bool), days, st.data(), st.sampled_from([Kind.CUMULATIVE, Kind.ANNUAL]))
def test_removing_data_never_improves_a_status(amounts, as_of, data, kind):
    of = clause(kind, 6, unit="家")
    less = list(amounts)
    less.pop(data.draw(st.integers(0, len(less) - 1)))
    whole = assess(of, Flow(tuple(amounts), "家"), as_of=as_of, bands=BANDS)
    part = assess(of, Flow(tuple(less), "家"), as_of=as_of, bands=BANDS)
    # While nothing is due, nothing done is in order.
    ranks = {**{status: RANK.index(status) for status in RANK}, Status.NOT_DUE: IN_ORDER}
    assert ranks[part.status] <= ranks[whole.status]


@given(numbers, numbers, numbers)
def test_removing_the_baseline_never_improves_a_status(b, t, a):
    with_it = level(b, t, a)
    of = replace(with_it.clause, baseline=None)
    reading = Series((Figure(date(2021, 12, 31), a),), "%")
    without = assess(of, reading, as_of=date(2022, 6, 30), bands=BANDS)
    assert without.status in (with_it.status, Status.NO_BASELINE)


@given(events, days, days)
def test_a_fact_after_the_day_changes_nothing(amounts, as_of, later):
    assume(later > as_of)
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    one = assess(of, Flow(tuple(amounts), "家"), as_of=as_of, bands=BANDS)
    more = assess(of, Flow((*amounts, (later, Fraction(99))), "家"), as_of=as_of, bands=BANDS)
    assert (one.actual, one.status, one.trend) == (more.actual, more.status, more.trend)
