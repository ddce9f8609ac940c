"""Classes of a measure: every value in one class, a limit in the upper one."""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from itertools import combinations, pairwise
from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.errors import ConfigurationError, DataError, UsageError
from tenglong.measure.clause import Label
from tenglong.measure.parcel.classes import SCHEMES, categorise, classes_of, classify, measure_of
from tenglong.measure.parcel.natural_breaks import natural_breaks

MEASURES = POLICY["parcel_measures"]["measures"]
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 6))
VALUES = st.lists(st.one_of(st.none(), NUMBERS), max_size=60)


def series(values):
    return pd.Series(values, dtype="float64", name="tax")


def holds(classes, number, value):
    """Say whether a class holds a value, by the definition: [a, b), a finite end closed."""
    low, high = classes.limits[number], classes.limits[number + 1]
    is_last = number == len(classes) - 1
    return low <= value < high or (is_last and value == high)


def test_a_boundary_belongs_to_the_upper_class():
    classes = classify(series([4.999, 5, 20, 29.999, 30]), limits=[5, 10, 20, 30])
    assert classes.assigned.tolist() == [0, 1, 3, 3, 4]


def test_the_outer_classes_of_fixed_limits_are_open():
    classes = classify(series([-7, 1e9]), limits=[5, 10])
    assert classes.limits == (-inf, 5, 10, inf)
    assert classes.counts == (1, 0, 1)


def test_missing_values_are_in_no_class_and_counted():
    classes = classify(series([1, None, nan]), limits=[5])
    assert classes.counts == (1, 0)
    assert classes.missing == 2
    assert classes.assigned.isna().tolist() == [False, True, True]


def test_whole_numbers_that_may_be_missing_are_classed():
    classes = classify(pd.Series([1950, None, 2001], dtype="Int64"), limits=[2000])
    assert classes.counts == (1, 1)
    assert classes.missing == 1


def test_the_index_of_the_values_is_kept():
    values = pd.Series([1.0, 2.0], index=[7, 3])
    assert classify(values, limits=[2]).assigned.to_dict() == {7: 0, 3: 1}


@given(VALUES, st.lists(st.integers(-50, 50), unique=True, max_size=5).map(sorted))
def test_every_known_value_is_in_exactly_one_class_of_fixed_limits(values, limits):
    classes = classify(series(values), limits=limits)
    assert sum(classes.counts) + classes.missing == len(values)
    for value, number in zip(values, classes.assigned, strict=True):
        known = [] if value is None else [value]
        places = [place for place in range(len(classes)) for x in known if holds(classes, place, x)]
        assert places == ([] if pd.isna(number) else [number])


@given(VALUES, st.sampled_from(sorted(SCHEMES)), st.integers(1, 7))
def test_a_scheme_empties_no_class_and_loses_no_value(values, scheme, k):
    classes = classify(series(values), scheme=scheme, k=k)
    known = [value for value in values if value is not None]
    assert 0 not in classes.counts
    assert len(classes) <= k
    assert sum(classes.counts) == len(known)
    assert list(classes.limits) == sorted(classes.limits)
    for value, number in zip(values, classes.assigned, strict=True):
        assert pd.isna(number) == (value is None)
        assert value is None or holds(classes, number, value)


@given(st.lists(NUMBERS, min_size=1, max_size=40), st.randoms())
def test_the_order_of_the_rows_changes_no_limit(values, random):
    shuffled = random.sample(values, len(values))
    assert classify(series(values)).limits == classify(series(shuffled)).limits


def test_quantiles_hold_about_as_many_values_each():
    classes = classify(series(range(1000)), scheme="quantiles", k=4)
    assert all(225 <= count <= 275 for count in classes.counts)


def test_limits_of_a_scheme_are_round():
    values = series([1234.567 * 1.01**n for n in range(400)])
    for limit in classify(values).limits:
        digits = str(Fraction(str(limit))).rstrip("0")
        assert len(digits) <= 3, limit


def test_a_gap_in_the_data_is_found_by_jenks():
    classes = classify(series([1, 2, 3, 101, 102, 103, 500, 501]), scheme="jenks", k=3)
    assert classes.counts == (3, 3, 2)


def test_of_very_many_values_jenks_looks_at_so_many_from_the_least_to_the_largest(monkeypatch):
    monkeypatch.setattr(import_module("tenglong.measure.parcel.classes"), "MOST_JENKS_VALUES", 7)
    classes = classify(
        series([*range(1, 10), *range(101, 110), *range(501, 510)]), scheme="jenks", k=3
    )
    assert (classes.limits[0], classes.limits[-1]) == (1, 509)
    assert (len(classes.counts), sum(classes.counts)) == (3, 27)


def test_constant_data_is_one_class():
    classes = classify(series([4, 4, 4]))
    assert classes.limits == (4, 4)
    assert classes.counts == (3,)


def test_fewer_distinct_values_than_classes_are_a_class_each():
    classes = classify(series([1, 1, 2, 9]), k=5)
    assert classes.counts == (2, 1, 1)


def test_nothing_known_is_no_class():
    classes = classify(series([None, None]))
    assert len(classes) == 0
    assert classes.counts == ()
    assert classes.missing == 2


def test_nothing_known_still_has_fixed_classes():
    assert classify(series([None]), limits=[5]).counts == (0, 0)


def test_no_values_at_all_are_no_class():
    assert len(classify(series([]))) == 0


@pytest.mark.parametrize("bad", [inf, -inf])
def test_an_infinite_value_is_refused_by_its_row(bad):
    with pytest.raises(DataError, match="tax: row 1 is infinite"):
        classify(series([1, bad]))


@pytest.mark.parametrize("values", [["a"], [True, False]])
def test_what_is_no_number_is_refused(values):
    with pytest.raises(DataError, match="must be numbers"):
        classify(pd.Series(values, name="tax"))


@pytest.mark.parametrize("limits", [[5, 5], [10, 5], [nan], [inf]])
def test_limits_that_do_not_ascend_are_refused(limits):
    with pytest.raises(ConfigurationError, match="must be finite and ascend"):
        classify(series([1]), limits=limits)


def test_an_unknown_scheme_is_refused_with_the_known_ones():
    with pytest.raises(ConfigurationError, match="no scheme 'magic'; there are quantiles"):
        classify(series([1, 2]), scheme="magic")


def test_no_classes_at_all_are_refused():
    with pytest.raises(ConfigurationError, match="k must be at least 1"):
        classify(series([1, 2]), k=0)


def test_categories_keep_their_order_even_when_one_is_empty():
    classes = categorise(pd.Series(["b", "a", None]), ["a", "none", "b"])
    assert classes.categories == ("a", "none", "b")
    assert classes.counts == (1, 0, 1)
    assert classes.missing == 1


def test_a_word_that_is_no_category_is_refused_with_the_nearest():
    with pytest.raises(DataError, match="state: no category 'idel'; the nearest is 'idle'"):
        categorise(pd.Series(["idel"], name="state"), ["in_use", "idle"])


def test_a_category_that_stands_twice_is_refused():
    with pytest.raises(ConfigurationError, match="categories must differ"):
        categorise(pd.Series(["a"]), ["a", "a"])


def test_a_measure_of_no_kind_is_refused():
    with pytest.raises(ConfigurationError, match="kind must be number or category"):
        classes_of(series([1]), {"kind": "colour"})


def test_an_unknown_measure_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="no measure 'tax'; there are tax_per_mu"):
        measure_of(county(), "tax")


def test_a_measure_of_money_is_in_the_currency_of_the_county():
    abroad = replace(county(), currency=Label("万美元", "10k USD"))
    assert measure_of(abroad, "assessed_value_per_mu")["unit"]["zh"] == "万美元/亩"


def lightness(colour):
    """Relative luminance as a greyscale print shows it, 0 to 100 (CIE L*)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_says_what_it_is_and_where_its_limits_come_from(name):
    measure = MEASURES[name]
    for key in ("label", "unit"):
        assert set(measure[key]) == {"zh", "en"}
    assert measure["source"].strip()
    assert measure["source_en"].strip()
    assert isinstance(measure["decimals"], int)


@pytest.mark.parametrize("name", MEASURES)
def test_a_palette_has_a_colour_for_every_class(name):
    measure = MEASURES[name]
    classes = len(measure.get("limits", ())) + 1
    classes = len(measure["categories"]) if "categories" in measure else measure.get("k", classes)
    assert len(measure["palette"]) == classes


@pytest.mark.parametrize("name", MEASURES)
def test_a_palette_can_be_told_apart_in_grey(name):
    steps = [lightness(colour) for colour in MEASURES[name]["palette"]]
    gaps = [after - before for before, after in pairwise(steps)]
    assert all(gap >= 8 for gap in gaps) or all(gap <= -8 for gap in gaps), gaps


def test_the_plans_thresholds_are_limits_of_tax_per_mu():
    assert {5, 20} <= set(MEASURES["tax_per_mu"]["limits"])


@pytest.mark.heavy  # mapclassify asks fc-list for fonts where no list of them is kept
@pytest.mark.parametrize(
    ("scheme", "reference"),
    [("quantiles", "Quantiles"), ("equal_interval", "EqualInterval")],
)
def test_schemes_put_values_where_the_reference_puts_them(scheme, reference):
    reference = getattr(import_module("mapclassify"), reference)  # takes seconds to import
    values = np.random.default_rng(7).lognormal(2, 1, 997)
    for k in range(2, 9):
        ours, theirs = (
            np.searchsorted(uppers, values, side="left")
            for uppers in (SCHEMES[scheme](values, k), reference(values, k=k).bins[:-1])
        )
        assert ours.tolist() == theirs.tolist()


@pytest.mark.heavy  # mapclassify asks fc-list for fonts where no list of them is kept
@pytest.mark.filterwarnings("ignore:Numba not installed")
def test_natural_breaks_are_those_of_the_reference():
    reference = import_module("mapclassify").FisherJenks
    random = np.random.default_rng(7)
    for k in range(2, 9):
        for values in (
            random.lognormal(2, 1, 90),
            random.normal(0, 50, 60).round(1),
            random.integers(0, 40, 120).astype("float64"),
            random.integers(1985, 2023, 80).astype("float64"),
        ):
            ours, theirs = natural_breaks(values, k), reference(values, k=k).bins[:-1]
            assert ours.tolist() == theirs.tolist()


@given(st.lists(NUMBERS, min_size=4, max_size=9), st.integers(1, 4))
def test_no_other_classes_lie_nearer_to_their_means(values, k):
    ordered = np.sort(np.array(values))
    uppers = natural_breaks(np.array(values), k)
    breaks = np.searchsorted(ordered, uppers, side="right").tolist()
    ways = combinations(range(1, len(values)), k - 1)
    least = min(unlike(ordered, way) for way in ways)
    # Squares in single precision are off by so much of the largest.
    assert unlike(ordered, breaks) <= least + 1e-5 * float((ordered**2).sum())


def unlike(ordered, breaks):
    """Sum the squares of the distances to the mean of the class."""
    classes = [part for part in np.split(ordered, breaks) if len(part)]
    return sum(float(((part - part.mean()) ** 2).sum()) for part in classes)


# Limits of schemes, worked out by hand.


def test_a_third_of_the_values_ends_where_the_third_third_begins():
    assert SCHEMES["quantiles"](np.arange(9.0, 0.0, -1.0), 3).tolist() == [3, 6]
    assert SCHEMES["equal_interval"](np.array([100.0, 3.0, 0.0]), 4).tolist() == [25, 50, 75]


@pytest.mark.parametrize(("count", "asked"), [(499, 499), (500, 500), (501, 500), (2000, 500)])
def test_jenks_is_asked_of_five_hundred_values_at_most(count, asked, monkeypatch):
    given_ = []

    def breaks(values, k):
        given_.extend(values.tolist())
        return [1.0, 2.0, 3.0][: k - 1]

    classes = import_module("tenglong.measure.parcel.classes")
    monkeypatch.setattr(classes, "natural_breaks", breaks)
    assert SCHEMES["jenks"](np.arange(float(count)), 3) == [1, 2]
    assert (len(given_), given_[0], given_[-1]) == (asked, 0, count - 1)
    assert given_ == sorted(set(given_))


def test_there_are_five_classes_unless_told():
    assert len(classify(series(range(100)))) == 5


def test_one_class_holds_everything():
    classes = classify(series([1, 2, 3]), k=1)
    assert (classes.limits, classes.counts) == ((1, 3), (3,))


def test_as_many_distinct_values_as_classes_are_a_class_each_with_their_own_limits():
    classes = classify(series([9.8765, 1.2345, 2.5, 2.5]), k=3)
    assert classes.limits == (1.2345, 2.5, 9.8765, 9.8765)
    assert classes.counts == (1, 2, 1)
    assert classify(series([1, 1, 2, 9]), k=5).limits == (1, 2, 9, 9)


@pytest.mark.parametrize(
    ("values", "scheme", "k", "limits"),
    [
        # A tenth of the distance to the neighbours is 0.4 and more: to tenths, outwards.
        ([0.0123, 5.4321, 9.8765], "equal_interval", 2, (0, 5.4, 9.9)),
        # The neighbours are 50 and 0.5 away.
        ([0.123, 50.456, 50.987], "equal_interval", 2, (0, 50.45, 50.99)),
        # They are 0.5 and 50 away.
        ([0.123, 0.123, 0.123, 0.654, 50.987], "quantiles", 2, (0.12, 0.65, 51)),
        # The last class is the largest value alone.
        ([1, 2, 3, 9, 9, 9, 9, 9], "quantiles", 3, (1, 9, 9)),
        (
            [0.1, 0.123, 0.123, 0.654, 0.654, 50.987, 50.987],
            "quantiles",
            3,
            (0.1, 0.65, 50, 51),
        ),
    ],
)
def test_limits_are_rounded_outwards_below_a_tenth_of_the_distance_to_their_neighbours(
    values, scheme, k, limits
):
    for order in (values, values[::-1]):
        assert classify(series(order), scheme=scheme, k=k).limits == limits


def test_a_limit_of_nothing_has_no_sign():
    limits = classify(series([-9, -5, -3, -0.001]), k=2).limits
    assert [str(limit) for limit in limits] == ["-9.0", "-3.0", "0.0"]


def test_of_several_infinite_values_the_first_row_is_named():
    with pytest.raises(DataError, match="row 1 is infinite"):
        classify(series([1, inf, inf]))
