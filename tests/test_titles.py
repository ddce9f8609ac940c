"""Titles: counted once, lost again, never twice in a batch; floors by year; what is odd."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, POLICY, clause, county
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Kind
from tenglong.measure.county import Unavailable
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Named
from tenglong.measure.sheet.innovation import title_findings, titles_by_year
from tenglong.measure.title.titles import milestone, recognitions


def won(*rows, as_of="2023-12-31", enterprises=None, drop=()):
    """Give recognitions by rows of (day, holder), with more by name."""
    table = {}
    for name in (
        "kind",
        "holder",
        "recognised_on",
        "usci",
        "item",
        "batch",
        "level",
        "stars",
        "is_lost",
    ):
        if name not in drop:
            table[name] = [row.get(name, "rd_centre" if name == "kind" else None) for row in rows]
    given_ = {"recognitions": table, **({"enterprises": enterprises} if enterprises else {})}
    return county(as_of, **given_)


def title(day, holder, **more):
    return {"recognised_on": day, "holder": holder, **more}


def total(one, **options):
    reading = recognitions(one, **{"kind": "rd_centre", **options})
    return sum(amount for _, amount in reading.amounts)


def test_one_firm_counts_once_where_firms_are_counted():
    one = won(title("2021-03-01", "甲"), title("2022-03-01", "甲"), title("2022-03-01", "乙"))
    assert (total(one, count="holders"), total(one, count="titles")) == (2, 3)


def test_a_title_held_before_the_window_is_not_new():
    one = won(title("2019-03-01", "甲"), title("2022-03-01", "甲"))
    amounts = recognitions(one, kind="rd_centre", count="holders").amounts
    assert [day.year for day, _ in amounts] == [2019]


def test_a_lost_title_counts_minus_one_and_can_be_won_again():
    rows = [
        title("2021-03-01", "甲"),
        title("2022-03-01", "甲", is_lost=True),
        title("2023-03-01", "甲"),
    ]
    counted = [total(won(*rows[:n]), count="holders", net=True) for n in (1, 2, 3)]
    assert counted == [1, 0, 1]


@pytest.mark.parametrize("count", ["holders", "titles"])
def test_a_revoked_title_stays_newly_won_and_leaves_what_is_held_and_is_named(count):
    one = won(title("2021-03-01", "甲"), title("2022-03-01", "甲", is_lost=True))
    new, net = (
        recognitions(one, kind="rd_centre", count=count, net=is_net) for is_net in (False, True)
    )
    assert [sum(x for _, x in reading.amounts) for reading in (new, net)] == [1, 0]
    assert (new.may_fall, net.may_fall) == (False, True)
    day = date(2022, 3, 1)
    assert new.named == (Named("revoked_stays", "甲", day),)
    assert net.named == (Named("revoked_leaves", "甲", day),)


def test_a_kind_of_title_may_leave_what_was_newly_won_by_the_policy():
    rows = title("2021-03-01", "甲"), title("2022-03-01", "甲", is_lost=True)
    leaving = {"new": "leaves", "net": "leaves"}
    revoked = {**POLICY["titles"]["revoked"], "rd_centre": leaving}
    one = replace(won(*rows), policy={**POLICY, "titles": {**POLICY["titles"], "revoked": revoked}})
    assert total(one, count="holders") == 0
    assert recognitions(one, kind="rd_centre").named[0].code == "revoked_leaves"


def test_a_title_of_before_the_plan_that_is_revoked_is_named_as_such():
    one = won(title("2019-03-01", "甲"), title("2022-03-01", "甲", is_lost=True))
    assert recognitions(one, kind="rd_centre").named[0].code == "revoked_of_before"


@pytest.mark.parametrize(
    ("won_on", "lost_on", "codes"),
    [
        ("2021-01-01", "2021-06-01", ["revoked_stays"]),
        ("2020-12-31", "2021-06-01", ["revoked_of_before"]),
        ("2020-12-31", "2021-01-01", ["revoked_of_before"]),
        ("2020-06-01", "2020-12-31", []),
    ],
)
def test_what_was_revoked_from_the_first_day_of_the_plan_on_is_named(won_on, lost_on, codes):
    one = won(title(won_on, "甲"), title(lost_on, "甲", is_lost=True), title("2021-06-01", "乙"))
    new, net = (recognitions(one, kind="rd_centre", net=is_net) for is_net in (False, True))
    assert [named.code for named in new.named] == codes
    # What leaves the count leaves it whenever it was won.
    assert [named.code for named in net.named] == ["revoked_leaves"] * len(codes)


def test_a_policy_of_titles_without_a_default_is_refused():
    policy = {**POLICY, "titles": {"source": "…", "batches": {}, "revoked": {}}}
    with pytest.raises(ConfigurationError, match="default"):
        recognitions(replace(won(title("2021-03-01", "甲")), policy=policy), kind="rd_centre")


def test_a_loss_without_a_title_lowers_no_number_of_holders():
    one = won(title("2021-03-01", "甲", is_lost=True))
    assert total(one, count="holders") == 0
    assert title_findings(one)["code"].tolist() == ["lost_without_title"]


def test_a_firm_is_known_by_its_code_whatever_it_is_called():
    one = won(
        title("2021-03-01", "甲", usci="91A"),
        title("2022-03-01", "甲（文成）", usci="91A"),
        title("2022-05-01", "甲"),
    )
    assert total(one, count="holders") == 1


def test_a_name_without_a_code_is_looked_up_among_the_firms():
    one = won(
        title("2021-03-01", "甲"),
        title("2022-03-01", "旧名", usci="91A"),
        enterprises={"usci": ["91A"], "name": ["甲"]},
    )
    assert total(one, count="holders") == 1


def test_a_code_that_stands_with_its_name_more_than_once_is_still_the_only_one():
    one = won(
        title("2021-03-01", "甲", usci="91A"),
        title("2021-05-01", "甲", usci="91A"),
        title("2022-03-01", "甲"),
    )
    assert total(one, count="holders") == 1


def test_a_title_without_its_day_does_not_count():
    one = won(title(None, "甲"), title("2021-03-01", "乙"))
    assert total(one) == total(one, count="holders") == 1


def test_a_name_of_two_firms_is_not_guessed():
    one = won(
        title("2021-03-01", "甲"),
        title("2022-03-01", "乙", usci="91A"),
        enterprises={"usci": ["91A", "91B"], "name": ["甲", "甲"]},
    )
    assert total(one, count="holders") == 2


def test_the_same_title_in_one_batch_counts_once_and_is_a_finding():
    rows = [
        title("2021-03-01", "甲", batch="第1批", item="泵", usci="91A"),
        title("2021-03-05", "甲公司", batch="第1批", item="泵", usci="91A"),
        title("2021-03-05", "甲公司", batch="第1批", item="阀", usci="91A"),
    ]
    one = won(*rows)
    assert total(one) == 2
    found = title_findings(one)
    assert (found["code"].tolist(), found.index.tolist()) == (["same_batch_twice"], [1])


def test_titles_outside_of_batches_are_never_the_same():
    assert total(won(title("2021-03-01", "甲"), title("2021-03-01", "甲"))) == 2


def test_without_the_column_of_items_nothing_is_taken_for_the_same():
    rows = [title("2021-03-01", "甲", batch="第1批", item=item) for item in ("泵", "阀")]
    assert total(won(*rows)) == total(won(*rows, drop=("item",))) == 2


@pytest.mark.parametrize(
    ("least", "count"), [("county", 4), ("municipal", 3), ("provincial", 2), ("national", 1)]
)
def test_a_level_counts_with_those_above_it(least, count):
    levels = ("county", "municipal", "provincial", "national", None)
    one = won(*(title("2021-03-01", f"甲{n}", level=level) for n, level in enumerate(levels)))
    reading = recognitions(one, kind="rd_centre", min_level=least)
    assert (len(reading.amounts), reading.parts) == (count, {"level_untold": 1})


@pytest.mark.parametrize("net", [False, True])
def test_of_a_holder_only_what_has_the_level_counts(net):
    one = won(
        title("2021-03-01", "甲", level="municipal"),
        title("2021-05-01", "甲", level="county"),
        title("2021-06-01", "甲", level="county", is_lost=True),
        title("2021-07-01", "乙", is_lost=True),
        title("2021-08-01", "丙", level="county"),
    )
    reading = recognitions(one, kind="rd_centre", min_level="municipal", net=net)
    assert reading.amounts == ((date(2021, 3, 1), 1),)
    assert reading.named == ()
    assert len(reading.evidence[0].rows) == 1


def test_three_stars_count_and_two_do_not():
    one = won(
        *(title("2021-03-01", f"园{n}", stars=n) for n in (2, 3, 4)), title("2021-03-01", "园")
    )
    assert total(one, min_stars=3, count="holders") == 2


def test_a_loss_that_does_not_repeat_the_level_still_counts():
    one = won(
        title("2021-03-01", "甲", level="municipal"),
        title("2022-03-01", "甲", is_lost=True),
    )
    assert total(one, min_level="municipal", count="holders", net=True) == 0


@pytest.mark.parametrize("column", ["kind", "holder", "recognised_on", "is_lost", "level"])
def test_what_a_count_needs_is_named(column):
    one = won(title("2021-03-01", "甲", level="municipal"), drop=(column,))
    with pytest.raises(Unavailable, match=rf"recognitions\.{column}"):
        recognitions(one, kind="rd_centre", min_level="municipal")


def test_an_option_that_there_is_not_is_named():
    one = won(title("2021-03-01", "甲"))
    with pytest.raises(ConfigurationError, match="level 'provinical' must be one of county"):
        recognitions(one, kind="rd_centre", min_level="provinical")
    with pytest.raises(ConfigurationError, match="count 'firms' must be one of titles, holders"):
        recognitions(one, kind="rd_centre", count="firms")


def test_one_bad_year_fails_a_yearly_floor_however_good_the_total():
    rows = [
        title(f"{year}-03-01", f"{year}{n}")
        for year, m in ((2021, 5), (2022, 0), (2023, 5))
        for n in range(m)
    ]
    reading = recognitions(won(*rows), kind="rd_centre", count="holders")
    judged = assess(
        clause(Kind.ANNUAL, 2, unit="家"), reading, as_of=date(2023, 12, 31), bands=BANDS
    )
    assert [year.verdict for year in judged.years] == ["met", "missed", "met"]


def test_years_without_a_title_stand_in_the_sheet():
    one = won(
        title("2020-03-01", "甲"),
        title("2022-03-01", "乙"),
        title("2022-05-01", "甲", is_lost=True),
    )
    found = titles_by_year(one).set_index("year")
    assert found["won"].tolist() == [1, 0, 1, 0]
    assert found["lost"].tolist() == [0, 0, 1, 0]
    assert found["holders"].tolist() == [1, 1, 1, 1]


events = st.lists(
    st.tuples(
        st.dates(date(2020, 1, 1), date(2023, 12, 31)),
        st.sampled_from(["甲", "乙", "丙"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=15,
)


@given(events)
def test_holders_are_those_of_a_bare_loop(drawn):
    rows = [title(day, holder, is_lost=lost) for day, holder, lost in drawn]
    holds = set()
    for _, lost, holder in sorted((day, lost, holder) for day, holder, lost in drawn):
        if lost:
            holds.discard(holder)
        else:
            holds.add(holder)
    assert total(won(*rows), count="holders", net=True) == len(holds)
    sheet = titles_by_year(won(*rows))
    assert sheet["holders"].iloc[-1] == len(holds)


@given(events, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn, random):
    rows = [title(day, holder, is_lost=lost) for day, holder, lost in drawn]
    shuffled = list(rows)
    random.shuffle(shuffled)
    for count in ("titles", "holders"):
        one, other = (
            recognitions(won(*table), kind="rd_centre", count=count).amounts
            for table in (rows, shuffled)
        )
        assert one == other


def test_a_milestone_is_its_first_day_or_still_to_come():
    one = county(
        milestones={"milestone": ["zone", "zone"], "happened_on": ["2021-12-20", "2021-06-01"]}
    )
    assert milestone(one, milestone="zone").on == date(2021, 6, 1)
    assert milestone(one, milestone="other").on is None


def maybe(reading):
    """Give what blanks leave open: the cells that wait, and the amounts by day."""
    return [
        (
            [(cell.row, cell.column) for cell in held.blanks],
            sorted((str(day), int(amount)) for day, amount in held.amounts),
        )
        for held in reading.maybe
    ]


def test_a_title_of_unknown_level_may_count_and_one_too_low_does_not():
    one = won(
        title("2021-03-01", "甲", item="一", level="provincial"),
        title("2021-05-01", "乙", item="二", level=None),
        title("2021-06-01", "丙", item="三", level="county"),
    )
    reading = recognitions(one, kind="rd_centre", min_level="provincial")
    assert reading.amounts == ((date(2021, 3, 1), 1),)
    assert maybe(reading) == [([(1, "level")], [("2021-05-01", 1)])]  # nobody asks for stars
    assert reading.parts == {"level_untold": 1}


def test_an_earlier_title_of_unknown_level_would_move_the_day_of_its_holder():
    one = won(
        title("2021-05-01", "甲", item="一", level="provincial"),
        title("2021-03-01", "甲", item="二", level=None),
        title("2021-04-01", "乙", item="三", level="provincial"),
    )
    reading = recognitions(one, kind="rd_centre", min_level="provincial", count="holders")
    assert reading.amounts == ((date(2021, 4, 1), 1), (date(2021, 5, 1), 1))
    assert maybe(reading) == [([(1, "level")], [("2021-03-01", 1), ("2021-05-01", -1)])]


def test_a_title_of_just_enough_stars_counts_whatever_its_holder_s_others_have():
    one = won(
        title("2021-05-01", "甲", item="一", stars=3),
        title("2021-03-01", "甲", item="二", stars=None),
        title("2021-04-01", "乙", item="三", stars=2),
    )
    reading = recognitions(one, kind="rd_centre", min_stars=3)
    assert (reading.amounts, reading.parts) == (((date(2021, 5, 1), 1),), {"stars_untold": 1})
    assert maybe(reading) == [
        ([(1, "stars")], [("2021-03-01", 1), ("2021-05-01", -1), ("2021-05-01", 1)])
    ]
    firms = recognitions(one, kind="rd_centre", min_stars=3, count="holders")
    assert maybe(firms) == [([(1, "stars")], [("2021-03-01", 1), ("2021-05-01", -1)])]


def test_every_holder_waits_for_its_own_blanks():
    one = won(
        title("2021-03-01", "甲", level=None), title("2021-04-01", "乙", level=None, stars=None)
    )
    reading = recognitions(one, kind="rd_centre", min_level="county")
    assert maybe(reading) == [
        ([(0, "level")], [("2021-03-01", 1)]),
        ([(1, "level")], [("2021-04-01", 1)]),
    ]


def test_of_stars_that_are_asked_only_the_blank_ones_are_waited_for():
    one = won(
        title("2021-05-01", "甲", level=None, stars=None),
        title("2021-06-01", "乙", level=None, stars=2),
        title("2021-07-01", "丙", level=None, stars=3),
    )
    reading = recognitions(one, kind="rd_centre", min_stars=3)
    assert maybe(reading) == [([(0, "stars")], [("2021-05-01", 1)])]
