"""Identity cards, phones and names of persons: masked at the door, and nowhere to be read."""

import json

import pandas as pd
import pytest

from intake import CODE, codes, only, read_sheet, read_text, write_bundle
from tenglong.run.cli import main
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.check.mask import mask

CARD, OLD_CARD = "11010519491231002X", "110105491231002"
MOBILE, LANDLINE = "13812345678", "0577-67861234"
SECRETS = (CARD, OLD_CARD, MOBILE, LANDLINE, "67861234", "张三", "欧阳小明")
GOOD = "".join(f"{CODE}{i:02d},企{i},,\n" for i in range(30))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"号{CARD}，", "号110105********002X，"),
        ("110105194912310021", "110105194912310021"),  # its check digit is wrong
        (OLD_CARD, "110105******002"),
        ("330328000012345", "330328000012345"),  # a registration number: no date in it
        (MOBILE, "138****5678"),
        ("138 1234 5678", "138****5678"),
        (LANDLINE, "****1234"),
        ("057767861234", "****1234"),
        ("（0577）67861234转801", "****1234转801"),
        ("010-62345678", "****5678"),
        ("联系人：张三　手机：13812345678", "联系人：***　手机：138****5678"),
        ("填表人:张 三 审核人:欧阳小明", "填表人:*** 审核人:***"),
        ("负责人：县经信局企业科", "负责人：县经信局企业科"),
        ("2021-03-05", "2021-03-05"),
        ("12345678.90", "12345678.90"),
        ("330328108004GB00005", "330328108004GB00005"),
        (f"{CODE}11", f"{CODE}11"),
        ("330328138123", "330328138123"),  # a parcel's number of twelve digits
        ("033032812345", "033032812345"),  # there is no area code 0330
        ("2021-138-1234-5678", "2021-138-1234-5678"),
        ("https://a.gov.cn/art/13812345678/2?id=13912345678", None),
        ("见 www.a.cn/x?n=057767861234。", None),
        ("https://a.cn/s?mobile=13812345678", "https://a.cn/s?mobile=138****5678"),
        ("https://a.cn/x 手机13812345678", "https://a.cn/x 手机138****5678"),
        ("合同号：13812345678", None),
        ("合同号13812345678，电话13912345678", "合同号13812345678，电话139****5678"),
        ("文成让字第13812345678号", None),
        (f"电话：{LANDLINE}/{MOBILE}", "电话：****1234/138****5678"),
    ],
)
def test_what_reaches_a_person_is_covered_and_nothing_else(text, masked):
    assert mask(text) == (text if masked is None else masked)


def test_in_a_code_no_phone_and_no_old_card_is_seen():
    assert mask(MOBILE, is_code=True) == MOBILE
    assert mask(OLD_CARD, is_code=True) == OLD_CARD
    assert mask(CARD, is_code=True) != CARD
    assert mask("审核人：张三", is_code=True) == "审核人：***"


@pytest.mark.parametrize("label", ["审核人：张三", "联系人:李四", "制表 ：王五"])
def test_a_remark_below_a_sheet_is_no_code(tmp_path, label):
    read = read_text(tmp_path, "enterprises", f"统一社会信用代码,企业名称\n{GOOD}{label},,,\n")
    assert codes(read) == ["note_row"]
    assert label[-2:] not in repr(read.problems)


HEADERS = (
    "法人代表", "法定代表人", "法人", "联系人", "负责人", "项目负责人", "经办人", "填报人",
    "联系电话", "电话", "办公电话", "手机号码", "身份证号", "业主",
    "phone", "contact_name", "ID_card",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_column_of_persons_is_hidden_whole(tmp_path, header):
    read = read_text(tmp_path, "enterprises", f"企业名称,统一社会信用代码,{header}\n甲,,张三\n")
    assert read.tables["enterprises"].quarantined[header].tolist() == ["***"]
    assert "secret" in codes(read)


@pytest.mark.parametrize("header", ["法人单位", "联系点", "有无负责制", "业主单位名称"])
def test_a_column_of_units_is_no_column_of_persons(tmp_path, header):
    read = read_text(tmp_path, "enterprises", f"企业名称,统一社会信用代码,{header}\n甲,,某某厂\n")
    assert read.tables["enterprises"].quarantined[header].tolist() == ["某某厂"]


def test_a_right_holder_is_hidden_where_an_identity_number_tells_that_it_is_a_person(tmp_path):
    rows = f"p1,张三,{CARD}\np1,某某公司,\np1,李四,\n"
    read = read_text(tmp_path, "parcels", f"宗地代码,权利人,证件号码\np1,乙厂,\n{rows}")
    aside = read.tables["parcels"].quarantined
    assert aside["权利人"].tolist() == ["***", "某某公司", "李四"]


def test_a_phone_that_was_typed_as_a_number_is_masked(tmp_path):
    rows = [
        ["统一社会信用代码", "企业名称", "备用"],
        [f"{CODE}11", 13812345678, 1],
        ["", "乙", 13812345678],
    ]
    read = read_sheet(tmp_path, "enterprises", rows)
    loaded = read.tables["enterprises"]
    assert loaded.frame["name"].tolist() == ["138****5678"]
    assert loaded.quarantined["备用"].tolist() == ["138****5678"]


@pytest.mark.parametrize("header", ["合同号", "宗地号", "备案编号", "contract_no", "电表户号"])
def test_the_numbers_of_things_in_a_column_that_is_not_read_are_no_phones(tmp_path, header):
    rows = [["统一社会信用代码", "企业名称", header], [f"{CODE}11", "甲", 13812345678]]
    rows += [[f"{CODE}12", "乙", "13912345678"], ["", "丙", "057767861234"]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert "secret" not in codes(read)
    assert read.tables["enterprises"].quarantined[header].tolist() == ["057767861234"]


@pytest.mark.parametrize("header", ["备用", "手机", "证件号"])
def test_a_column_that_may_hold_phones_is_covered(tmp_path, header):
    rows = [["统一社会信用代码", "企业名称", header], ["", "甲", MOBILE]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert read.tables["enterprises"].quarantined[header].tolist() != [MOBILE]


def test_a_code_of_eleven_digits_is_told_whole(tmp_path):
    text = f"宗地代码,登记面积\n{MOBILE},5\n{MOBILE},6\n"
    assert only(read_text(tmp_path, "parcels", text), "duplicate_key").value == MOBILE


def test_a_phone_of_a_parquet_is_masked_and_an_amount_is_not(tmp_path):
    frame = pd.DataFrame(
        {"usci": [None, None], "name": ["甲", "乙"], "x": [13812345678, 15_000_000_000]}
    )
    frame.to_parquet(tmp_path / "a.parquet")
    write_bundle(tmp_path, {"enterprises": {"file": "a.parquet"}})
    aside = examine_bundle(describe_bundle(tmp_path)).tables["enterprises"].quarantined
    assert aside["x"].tolist() == ["138****5678", 15_000_000_000]


def test_an_amount_of_eleven_digits_is_no_phone(tmp_path):
    text = f"统一社会信用代码,年度,实缴税金\n{CODE}11,2021,13812345678\n"
    read = read_text(tmp_path, "enterprise_years", text)
    assert read.tables["enterprise_years"].frame["tax_paid_wan"].tolist() == [13812345678]
    assert "secret" not in codes(read)


def everywhere(folder):
    """Give all that a bundle with every secret leaves: findings, quarantine, report."""
    text = (
        f"填表人：张三　联系电话：{LANDLINE}\n统一社会信用代码,企业名称,联系人,备注\n{GOOD}"
        f",乙{CARD},欧阳小明,{MOBILE}；{OLD_CARD}\n{CODE}00,丙,张三,{LANDLINE}\n"
        f"审核人：张三,,,\n"
    )
    (folder / "b").mkdir()
    read_text(folder / "b", "enterprises", text)
    main(["check", str(folder / "b"), "--json", "--quarantine", str(folder / "aside")])
    main(["check", str(folder / "b")])
    out = ["--out", str(folder / "out"), "--page", "data_quality"]
    assert main(["report", str(folder / "b"), *out]) == 0
    files = [*folder.glob("aside/*"), *folder.glob("out/**/*")]
    return [path.read_text(encoding="utf-8") for path in files if path.is_file()]


@pytest.mark.heavy
def test_no_secret_of_a_file_stands_in_findings_quarantine_page_or_manifest(tmp_path, capsys):
    written = everywhere(tmp_path)
    printed = capsys.readouterr()
    everything = "\n".join([*written, printed.out, printed.err])
    assert [secret for secret in SECRETS if secret in everything] == []
    report = json.loads(printed.out[: printed.out.rindex("\n}\n") + 2])
    assert any(one["code"] == "title_row" for one in report["findings"])
    assert any(one["code"] == "secret" for one in report["findings"])
