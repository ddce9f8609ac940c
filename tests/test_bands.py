"""The bands of the policy: every one but the last has a limit, and they fall."""

from fractions import Fraction

import pytest

from build import POLICY
from tenglong.errors import ConfigurationError
from tenglong.measure.judge.assessment import bands_of

BANDS = POLICY["bands"]["bands"]


def bands(**changed):
    return bands_of({**POLICY["bands"], "bands": {**BANDS, **changed}})


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"far_behind": {"from": -60}}, "every band but the last must have one limit"),
        ({"on_track": {}}, "every band but the last must have one limit"),
        ({"behind": {}}, "every band but the last must have one limit"),
        ({"ahead": {"from": -40}}, "the limits must fall"),
        ({"behind": {"from": -5}}, "the limits must fall"),
        ({"on_track": {"above": 0}, "behind": {"from": 0.5}}, "the limits must fall"),
        ({"behind": {"from": -30, "above": -30}}, "behind: must have"),
        ({"behind": {"below": -30}}, "behind: must have"),
        ({"other": {"from": 1}}, "must be ahead, on_track, behind, far_behind"),
    ],
)
def test_bands_that_leave_a_gap_or_do_not_fall_are_refused(changed, fault):
    with pytest.raises(ConfigurationError, match=fault):
        bands(**changed)


def test_the_last_band_takes_the_rest():
    found = bands()
    assert [band.floor is None for band in found.bands] == [False, False, False, True]


def test_a_band_may_begin_on_schedule_and_holds_its_limit_only_where_it_says_from():
    found = bands(ahead={"above": 0.5}, on_track={"from": 0})
    points = ("0.51", "0.5", "0", "-0.01", "-30", "-30.01")
    assert [found.name(Fraction(one) / 100) for one in points] == [
        *("ahead", "on_track", "on_track"),
        *("behind", "behind", "far_behind"),
    ]
