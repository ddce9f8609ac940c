"""Which reports a batch is asked for: every township, every period, or a file of sets."""

from datetime import date
from pathlib import Path

import pytest

from pages import write_bundle, write_pages
from tenglong.errors import UsageError
from tenglong.run.batch.each import each
from tenglong.run.batch.sets import sets
from tenglong.run.batch.wanted import Wanted, requested
from tenglong.run.cli import main
from tenglong.run.command.report import is_batch
from tenglong.source import describe_bundle

OUT = Path("out")


@pytest.fixture
def place(tmp_path):
    write_pages(tmp_path / "notebooks", first=[], second=[])
    write_bundle(tmp_path / "county")
    return tmp_path


def asked(place, text, encoding="utf-8"):
    """Check a file of sets, as a run would."""
    file = place / "sets.csv"
    file.write_bytes(text.encode(encoding))
    wanted, faults = sets(file, OUT, str(place / "county"))
    return requested(wanted, place / "notebooks", faults)


def test_every_township_of_the_bundle_is_asked_for():
    found = each("township", describe_bundle("data/sample"), None)
    assert len({one["township"] for one in found}) == 17


@pytest.mark.parametrize(
    ("way", "first", "last", "count"),
    [
        ("month", "2021-01", "2022-06", 18),
        ("quarter", "2021Q1", "2022Q2", 6),
        ("year", "2021", "2021", 1),
    ],
)
def test_every_period_of_the_plan_that_is_over_is_asked_for(place, way, first, last, count):
    found = [one["period"] for one in each(way, describe_bundle(place / "county"), None)]
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_before_the_plan_begins_there_is_nothing_to_report(place):
    with pytest.raises(UsageError, match="--each year: county has none on 2020-12-31"):
        each("year", describe_bundle(place / "county"), "2020-12-31")


def test_a_day_or_a_township_beside_what_divides_by_it_is_refused(capsys):
    assert main(["report", "data/sample", "--each", "month", "--period", "2022"]) == 64
    assert main(["report", "data/sample", "--each", "township", "--township", "大峃镇"]) == 64
    assert main(["report", "--jobs", "2"]) == 64
    assert main(["report", "data/sample", "--jobs", "2", "--why"]) == 64
    said = capsys.readouterr().err
    assert "--each month: not with --period" in said
    assert "--each township: not with --township" in said
    assert "names no BUNDLE" in said
    assert "--why: is told of a single report" in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_is_a_report_with_its_options_and_parameters(place, encoding):
    text = "period,language,limit,page,out\n2022Q1,en,5,,甲\n\n2022-03,,,second,\n"
    first, second = asked(place, text, encoding)
    assert (first.name, first.out, first.language) == (Path("county/2022Q1-en"), OUT / "甲", "en")
    assert first.parameters["first"]["limit"] == 5
    assert second.as_of == date(2022, 3, 31)
    assert [page.id for page in second.pages] == ["second"]


def test_all_faults_are_told_at_once_each_with_its_row(place):
    text = "period,limit,colour\n2022Q5,5,\n2022Q1,five,\n2022Q1,,red\n"
    with pytest.raises(UsageError) as told:
        asked(place, text)
    said = str(told.value)
    assert "row 2: --period must be a month" in said
    assert "row 3: " in said
    assert "limit" in said
    assert "row 4: " in said
    assert "colour" in said


def test_two_rows_of_one_place_are_refused_unless_they_land_apart(place):
    with pytest.raises(UsageError, match=r"rows 2, 3: would land in one folder, out.county.2022Q1"):
        asked(place, "period,limit\n2022Q1,5\n2022Q1,6\n")
    assert len(asked(place, "period,limit,out\n2022Q1,5,five\n2022Q1,6,six\n")) == 2


@pytest.mark.parametrize("out", ["../other", "/elsewhere", ".hidden", "a/../../b"])
def test_a_row_lands_below_the_folder_of_the_run(place, out):
    with pytest.raises(UsageError, match="row 2: out: must be a folder below --out"):
        asked(place, f"limit,out\n5,{out}\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("limit\n", "must have a header and a row a report"),
        ("", "must have a header and a row a report"),
        ("limit,limit\n1,2\n", "every column must have a name of its own"),
        ("limit,\n1,2\n", "every column must have a name of its own"),
        ('limit\n"1\n', "unexpected end of data"),
        ("limit\n1,2\n", "row 2: has more cells than there are columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused(place, text, reason):
    with pytest.raises(UsageError, match=reason):
        asked(place, text)


def test_a_row_without_a_bundle_needs_one_on_the_command_line(tmp_path):
    (tmp_path / "sets.csv").write_text("bundle,limit\n,1\n")
    wanted, faults = sets(tmp_path / "sets.csv", OUT)
    assert wanted == ()
    assert faults == ("row 2: names no bundle",)


def test_a_file_that_is_not_there_is_a_matter_of_usage(tmp_path):
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        sets(tmp_path / "none.csv", OUT)


def test_two_bundles_of_one_name_would_land_in_one_folder(place):
    twin = write_bundle(place / "other" / "county")
    wanted = [Wanted(str(one), OUT) for one in (place / "county", twin)]
    with pytest.raises(UsageError, match="would land in one folder"):
        requested(wanted, place / "notebooks")


@pytest.mark.parametrize(
    ("asked", "is_one_of_many"),
    [
        ({}, False),
        ({"bundles": ()}, True),
        ({"bundles": ("a", "b")}, True),
        ({"ways": ("month",)}, True),
        ({"file": OUT}, True),
        ({"jobs": 1}, True),
        ({"cluster": "tcp://h:1"}, True),
        ({"is_province": True}, True),
    ],
)
def test_one_report_is_made_as_ever(asked, is_one_of_many):
    nothing = {"bundles": ("a",), "ways": (), "file": None, "jobs": None}
    given = {**nothing, "cluster": "", "is_province": False, **asked}
    assert is_batch(given) is is_one_of_many


def test_a_province_needs_whole_counties_and_two_of_them(place, capsys):
    county, notebooks = str(place / "county"), str(place / "notebooks")
    base = ["report", county, "--notebooks", notebooks, "--province", "--out", str(place / "out")]
    assert main(base) == 64
    assert main([*base, "--page", "first"]) == 64
    said = capsys.readouterr().err
    assert "--province: needs two BUNDLEs or more" in said
    assert "--province: needs whole reports of whole counties" in said
