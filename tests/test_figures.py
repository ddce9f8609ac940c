"""The figures: what stands where, what is said of them, and the CSV behind each."""

import csv
import io
import itertools
import re
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import page_in
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.figure.histogram import histogram
from tenglong.show.figure.inline import bullet, sparkline
from tenglong.show.figure.lines import Line, lines
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.figure.scale import ticks
from tenglong.show.figure.stacked import Part, Row, stacked

EVIL = "<b>{{ 7*7 }}</b>=1"
SVG = "{http://www.w3.org/2000/svg}"
SAID = {"caption": "题", "described": "说明<", "name": "fig"}
DAYS = (date(2021, 12, 31), date(2022, 3, 31), date(2022, 6, 30))


def drawing(html):
    """Read the first SVG of a figure."""
    text = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    return ET.fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))  # noqa: S314 - ours


def texts(html):
    return [node.text for node in drawing(html).iter(f"{SVG}text")]


def boxes(html):
    """Give every area outside of a pattern: left, width, fill."""
    root = drawing(html)
    inside = {id(node) for pattern in root.iter(f"{SVG}pattern") for node in pattern.iter()}
    return [
        (float(n.get("x")), float(n.get("width")), n.get("fill"))
        for n in root.iter(f"{SVG}rect")
        if id(n) not in inside
    ]


def rows(piece):
    return list(csv.reader(io.StringIO(piece.csv["fig.csv"])))[1:]


def a_figure(kind, label="甲"):
    one, unit = Fraction(1), {"unit": "家"}
    return {
        "bars": lambda: bars(page_in("zh"), [Bar(label, one)], **unit, **SAID),
        "funnel": lambda: funnel(page_in("zh"), [Step(label, 2)], **SAID),
        "stacked": lambda: stacked(page_in("zh"), [Row(label, (1,))], [Part("A", "good")], **SAID),
        "histogram": lambda: histogram(page_in("zh"), [one], [Fraction(0)], **unit, **SAID),
        "lines": lambda: lines(page_in("zh"), [Line(label, [(DAYS[0], one)])], **unit, **SAID),
        "multiples": lambda: multiples(page_in("zh"), [Panel(label, [(2021, one)])], **SAID),
    }[kind]()


def an_empty(kind):
    return {
        "bars": lambda: bars(page_in("zh"), [], unit="家", **SAID),
        "funnel": lambda: funnel(page_in("zh"), [Step("签约", 0)], **SAID),
        "stacked": lambda: stacked(page_in("zh"), [Row("甲", (0,))], [Part("A", "good")], **SAID),
        "histogram": lambda: histogram(page_in("zh"), [], [Fraction(0)], unit="家", **SAID),
        "lines": lambda: lines(page_in("zh"), [Line("甲", [(DAYS[0], None)])], unit="家", **SAID),
        "multiples": lambda: multiples(page_in("zh"), [Panel("甲", [(2021, None)])], **SAID),
    }[kind]()


KINDS = ("bars", "funnel", "stacked", "histogram", "lines", "multiples")


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_named_and_described_for_those_who_cannot_see_it(kind):
    piece = a_figure(kind)
    root = drawing(piece.html)
    assert root.get("role") == "img"
    named = [node.get("id") for tag in ("title", "desc") for node in root.iter(SVG + tag)]
    assert root.get("aria-labelledby") == " ".join(named)
    assert all(id_.startswith("fig") for id_ in named)
    assert "<figcaption><strong>题</strong></figcaption>" in piece.html
    assert "说明&lt;" in piece.html


@pytest.mark.parametrize("kind", KINDS)
def test_without_data_a_sentence_stands_and_no_empty_box(kind):
    piece = an_empty(kind)
    assert "<svg" not in piece.html
    assert "没有数据。" in piece.html
    assert len(piece.csv["fig.csv"].splitlines()) == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "histogram"])
def test_a_hostile_label_is_shown_as_that_very_text(kind):
    piece = a_figure(kind, label=EVIL)
    assert "<b>" not in piece.html
    assert EVIL in "".join(filter(None, drawing(piece.html).itertext()))
    assert "<b>{{ 7*7 }}</b>=1" in piece.csv["fig.csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_drawn_the_same_each_time(kind):
    assert a_figure(kind) == a_figure(kind)


def test_bars_begin_at_nought_and_are_as_long_as_their_values():
    html = bars(
        page_in("zh"), [Bar("甲", Fraction(10)), Bar("乙", Fraction(5))], unit="家", **SAID
    ).html
    (left, long, _), (other, short, _) = boxes(html)
    assert left == other
    assert long == pytest.approx(2 * short, abs=0.2)
    assert left + long == pytest.approx(518, abs=0.2)
    assert texts(html) == ["家", "甲", "10", "乙", "5"]


def test_a_negative_bar_lies_left_of_nought():
    html = bars(
        page_in("zh"), [Bar("甲", Fraction(-5)), Bar("乙", Fraction(15))], unit="%", **SAID
    ).html
    (left, width, _), (right, long, _) = boxes(html)
    assert left + width == pytest.approx(right, abs=0.2)
    assert long == pytest.approx(3 * width, abs=0.3)
    assert "−5.00" in texts(html)


def test_an_unknown_bar_is_hatched_and_is_no_nought():
    piece = bars(page_in("zh"), [Bar("甲", None), Bar("乙", Fraction(1, 2))], unit="家", **SAID)
    assert boxes(piece.html)[0][1:] == (26, "url(#fig-none)")
    assert texts(piece.html)[2] == "…"
    assert "斜线处缺数" in piece.html
    assert rows(piece)[0] == ["甲", "", "", "家"]


def test_a_reference_that_all_share_is_named_below():
    piece = bars(page_in("zh"), [Bar("甲", Fraction(1, 2), Fraction(20))], unit="万元/亩", **SAID)
    assert "竖线为参照值 20.00\xa0万元/亩" in piece.html
    assert rows(piece) == [["甲", "0.5", "20", "万元/亩"]]


def test_a_funnel_shrinks_on_the_ground_of_its_greatest_step():
    steps = [Step("签约", 40), Step("落地", 10, note="2 个未供地", tone="bad")]
    html = funnel(page_in("zh"), steps, **SAID).html
    ground, whole, _, quarter = boxes(html)
    assert whole[:2] == ground[:2]
    assert quarter[1] == pytest.approx(whole[1] / 4, abs=0.1)
    assert quarter[2] == "url(#fig-bad)"
    assert texts(html) == ["签约", "40", "落地", "10", "2 个未供地"]


def test_a_stacked_row_tells_its_parts_and_its_total():
    parts = [Part("A", "good"), Part("B", "fair"), Part("D", "bad")]
    piece = stacked(
        page_in("zh"), [Row("大峃镇", (30, 10, 0)), Row("珊溪镇", (0, 0, 20))], parts, **SAID
    )
    assert texts(piece.html) == ["A", "B", "D", "大峃镇", "40", "珊溪镇", "20", "30", "10", "20"]
    assert rows(piece) == [["大峃镇", "30", "10", "0", "40"], ["珊溪镇", "0", "0", "20", "20"]]
    first, second, third = (box for box in boxes(piece.html)[3:6])
    assert (first[1] + 1) / (second[1] + 1) == pytest.approx(3, abs=0.02)
    assert (third[1] + 1) / (second[1] + 1) == pytest.approx(2, abs=0.02)


def test_a_stacked_row_must_have_a_count_for_each_part():
    with pytest.raises(ValueError, match="甲: 1 counts for 2 parts"):
        stacked(page_in("zh"), [Row("甲", (1,))], [Part("A", "good"), Part("B", "bad")], **SAID)


def test_a_value_on_a_limit_belongs_to_the_class_above_and_open_ends_are_kept():
    values = [Fraction(n) for n in (-1, 0, 5, 5, 9, 10)]
    piece = histogram(
        page_in("zh"), values, [Fraction(0), Fraction(5), Fraction(10)], unit="家", **SAID
    )
    assert rows(piece) == [["", "0", "1"], ["0", "5", "1"], ["5", "10", "3"], ["10", "", "1"]]


@given(st.lists(st.fractions(-50, 50), min_size=1), st.lists(st.integers(-40, 40), min_size=1))
def test_a_histogram_counts_every_value_once(values, limits):
    piece = histogram(page_in("zh"), values, sorted(map(Fraction, set(limits))), unit="家", **SAID)
    assert sum(int(count) for *_, count in rows(piece)) == len(values)


def test_lines_are_named_at_their_ends_and_the_axis_in_years():
    points = [(date(2021, 6, 30), Fraction(12)), (date(2022, 12, 31), Fraction(18))]
    path_ = [(day, Fraction(20)) for day, _ in points]
    series = [Line("全县", points), Line("目标", path_, is_reference=True)]
    html = lines(page_in("zh"), series, unit="万元/亩", **SAID).html
    shown = texts(html)
    assert shown[0] == "万元/亩"
    assert {"12", "14", "16", "18", "20", "2021", "2022", "全县", "目标"} <= set(shown)
    assert "中断" not in html


def test_a_short_range_is_told_in_months():
    points = [(date(2022, 1, 31), Fraction(1)), (date(2022, 6, 30), Fraction(2))]
    assert {"2月", "6月"} <= set(
        texts(lines(page_in("zh"), [Line("甲", points)], unit="吨", **SAID).html)
    )


def test_a_line_is_broken_where_a_value_is_not_known():
    values = [Fraction(1), Fraction(2), None, Fraction(3), Fraction(2)]
    points = [(date(2022, month, 1), value) for month, value in enumerate(values, start=1)]
    html = lines(page_in("zh"), [Line("甲", points)], unit="吨", **SAID).html
    assert len(re.findall(r'stroke="#0b5c8a" stroke-width="2"', html)) == 2
    assert "线条中断处缺数" in html


def test_names_of_lines_that_end_together_do_not_cover_one_another():
    ends = [Line(f"第{n}条", [(DAYS[0], Fraction(n, 9)), (DAYS[2], Fraction(7))]) for n in range(5)]
    root = drawing(lines(page_in("zh"), ends, unit="家", **SAID).html)
    heights = sorted(
        float(n.get("y")) for n in root.iter(f"{SVG}text") if (n.text or "").startswith("第")
    )
    assert all(below - above >= 16 for above, below in itertools.pairwise(heights))
    assert heights[-1] <= 22 + 190


def test_multiples_share_one_range_of_time_and_name_their_last_value():
    panels = [
        Panel("高新", [(2021, Fraction(2)), (2022, None)], Fraction(2), "家"),
        Panel("研发", [(2022, Fraction("2.25"))], None, "%"),
    ]
    piece = multiples(page_in("zh"), panels, **SAID)
    assert "2\xa0家（2021），目标值\xa02" in piece.html
    assert "2.25\xa0%（2022）" in piece.html
    assert re.findall(r'class="axis">(\d+)', piece.html) == ["2021", "2022"] * 2
    assert "url(#fig-1-none)" in piece.html
    assert rows(piece)[1] == ["高新", "2022", "", "2", "家"]


def test_a_panel_without_any_value_is_hatched_and_says_so():
    panels = [Panel("甲", [(2021, None)]), Panel("乙", [(2021, Fraction(1))])]
    html = multiples(page_in("zh"), panels, **SAID).html
    assert texts(html)[:2] == ["甲", "…"]
    assert "url(#fig-1-none)" in html


def test_a_sparkline_stands_in_the_range_given_and_ends_in_a_dot():
    points = [(DAYS[0], Fraction(1)), (DAYS[2], Fraction(3))]
    html = sparkline(points, start=DAYS[0], end=DAYS[2], target=Fraction(5), described="a<b")
    assert 'd="M4 22L116 13"' in html
    assert 'cx="116" cy="13"' in html
    assert "<title>a&lt;b</title>" in html
    assert "M0 4L120 4" in html


def test_a_sparkline_has_a_gap_where_a_value_is_not_known():
    points = list(zip(DAYS, (Fraction(1), None, Fraction(3)), strict=True))
    html = sparkline(points, start=DAYS[0], end=DAYS[2], described="d")
    assert "<path" not in html
    assert html.count("<circle") == 3


def test_a_bullet_marks_what_is_beyond_its_scale():
    def widths(progress):
        svg = bullet(page_in("zh"), progress, Fraction(1, 2), status="ahead")
        return re.findall(r'class="bar" x="0" y="5" width="([\d.]+)"', svg)[0], svg

    assert widths(Fraction(3, 5))[0] == "80.0"
    beyond, svg = widths(Fraction(2))
    assert float(beyond) < 160 - 7
    assert 'class="over"' in svg
    back, svg = widths(Fraction(-1, 10))
    assert back == "0.0"
    assert 'class="back"' in svg
    assert 'x1="66.7"' in svg


@given(st.fractions(-(10**6), 10**6), st.fractions(-(10**6), 10**6))
def test_ticks_enclose_a_range_in_few_even_steps(one, other):
    low, high = sorted((one, other))
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert 2 <= len(found) <= 6
    assert len({after - before for before, after in itertools.pairwise(found)}) == 1
