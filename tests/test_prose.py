"""The sweep of sentences finds each kind of fault, and only that."""

import pytest

from prose import faults, foreign


def page(text):
    return f'<div class="finding"><p>{text}</p></div>'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("没有保障组的 0 个。", "tells of nothing"),
        ("营业收入合计 318,884.45\N{NO-BREAK SPACE}万元。", "10,000 万元 and more"),
        ("某项目（甲镇）（超前）。", "brackets upon brackets"),
        ("甲（乙（丙））。", "brackets upon brackets"),
        ("甲（一）、乙（二）、丙（三）。", "three brackets in a sentence"),
        ("甲,乙。", "half-width punctuation"),
        ("责任单位 县甲局。", "a space between words"),
        ("其中：，乙 2 家。", "doubled punctuation"),
        ("应于 2022-12-31 前完成。", "an ISO date"),
        ("目标 ≥ 20 家。", "a sign for a word"),
        ("分档为 [5, 10)。", "an interval in brackets"),
    ],
)
def test_a_fault_of_a_chinese_sentence_is_found(text, kind):
    assert kind in [one for one, _ in faults(page(text), "zh")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 firms are overdue.", "one of many"),
        ("0 parcels lie idle.", "tells of nothing"),
        ("It has 20 亩.", "a Chinese unit"),
        ("Of these: , 2 late.", "doubled punctuation"),
    ],
)
def test_a_fault_of_an_english_sentence_is_found(text, kind):
    assert [one for one, _ in faults(page(text), "en")] == [kind]


def test_a_folded_line_of_a_source_is_found():
    row = '<td data-label="出处" class="verbatim">{}</td>'
    for said in ("第八条、 第十二条", "以上为 红灯", "30 个百分点 （含）"):
        assert faults(row.format(said), "zh") == [("a folded line", said)]
    assert faults(row.format("银川市 2025 年、10–30 个百分点（含）"), "zh") == []
    assert faults(row.format("第八条、 第十二条"), "en") == []


def test_what_reads_well_is_left_alone():
    said = "截至2022年6月30日，10 家、100.0 % 和 9,999.00 万元（含）；10,000.00 万元/亩。"
    assert faults(page(said), "zh") == []
    assert faults(page("21 firms, 1 firm and 30 firms: 0.1 points."), "en") == []


def test_a_name_may_have_what_a_sentence_may_not():
    said = "首台（套）、首批（次）和（含技改）三项。"
    assert faults(page(said), "zh", names=["首台（套）、首批（次）"]) == []


def test_chinese_words_of_an_english_page_are_names_of_the_data():
    assert foreign(page("甲公司 is overdue; 县乙局 leads."), "甲公司\n") == ["县乙局"]
