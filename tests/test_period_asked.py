"""The period that a report is asked for: checked before any kernel starts, and its folder."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from pages import HEAD, PARAMETERS, code, write_bundle, write_pages
from tenglong.errors import UsageError
from tenglong.run import cli, report
from tenglong.run import pages as of_pages
from tenglong.run.progress import Progress
from tenglong.run.request import request, span
from tenglong.source.place import kit_root

DAY = date(2022, 6, 30)
SHOWS = "f'<h1>题目</h1><!--tenglong:contents--><p>{cadence} {period} {township}</p>'"
OWN = (
    f"{PARAMETERS}\n"
    'cadence: Literal["month", "quarter", "year"] = "quarter"  # how often\n'
    'period: str = ""  # which\n'
    'township: str = ""  # where'
)
TELLS = [
    code(OWN, tags=["parameters"]),
    code(f"from tenglong.show.piece import Piece\nPiece({SHOWS})"),
]


@pytest.mark.parametrize(
    ("asked", "name", "day"),
    [
        ({}, "2022-06-30", DAY),
        ({"as_of": "2022-05-15"}, "2022-05-15", date(2022, 5, 15)),
        ({"period": "2022-02"}, "2022-02", date(2022, 2, 28)),
        ({"period": "2022Q2", "cadence": "quarter", "as_of": "2022-06-30"}, "2022Q2", DAY),
        ({"period": "2020"}, "2020", date(2020, 12, 31)),
        ({"cadence": "month"}, "2022-06", DAY),
        ({"cadence": "year"}, "2021", date(2021, 12, 31)),
        ({"cadence": "quarter", "as_of": "2021-03-31"}, "2021Q1", date(2021, 3, 31)),
    ],
)
def test_a_period_names_the_report_and_ends_on_its_day(asked, name, day):
    found = span(default=DAY, **asked)
    assert (found.name, found.as_of) == (name, day)


class Late(date):
    """A calendar that stands on a day of its own."""

    @classmethod
    def today(cls):
        return cls(2022, 11, 15)


@pytest.mark.parametrize(
    ("cadence", "name", "day"),
    [
        (None, "2022-11-15", date(2022, 11, 15)),
        ("month", "2022-10", date(2022, 10, 31)),
        ("quarter", "2022Q3", date(2022, 9, 30)),
        ("year", "2021", date(2021, 12, 31)),
    ],
)
def test_today_is_the_machines_day_and_with_a_cadence_the_last_one_closed(
    cadence, name, day, monkeypatch
):
    monkeypatch.setattr("tenglong.run.day.date", Late)
    found = span(default=DAY, as_of="today", cadence=cadence)
    assert (found.name, found.as_of) == (name, day)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"period": "2022Q5"}, "--period must be a month, a quarter or a year, written 2022-06"),
        ({"period": "2022-6"}, "--period must be a month"),
        ({"period": "2022年6月"}, "--period must be a month"),
        ({"period": "0000"}, "--period must be a month"),
        ({"period": "9999"}, "--period must be a month"),
        ({"period": ""}, "--period must be a month"),
        (
            {"period": "2022Q2", "cadence": "month"},
            "--cadence must be quarter, as --period 2022Q2 is, not month",
        ),
        (
            {"period": "2022Q2", "as_of": "2022-05-31"},
            "--as-of must be 2022-06-30, where --period 2022Q2 ends, not 2022-05-31",
        ),
        (
            {"cadence": "year", "as_of": "2022-06-30"},
            "--as-of must be the last day of a year, such as 2021-12-31, not 2022-06-30",
        ),
        ({"as_of": "2022-06"}, "--as-of must be a day, YYYY-MM-DD"),
    ],
)
def test_a_period_that_is_wrong_or_does_not_agree_is_refused(asked, fault):
    with pytest.raises(UsageError) as refused:
        span(default=DAY, **asked)
    assert str(refused.value).startswith(fault)


class Place:
    """A bundle, a folder of notebooks and a folder of reports."""

    def __init__(self, folder):
        self.bundle = write_bundle(folder / "county")
        self.notebooks = write_pages(folder / "notebooks", first=[code(HEAD)])
        self.out = folder / "out"

    def make(self, bundle=None, **asked):
        wanted = request(
            bundle or str(self.bundle), out=self.out, notebooks=self.notebooks, **asked
        )
        return report.make(wanted, Progress(io.StringIO(), len(wanted.pages)))

    def refuse(self, *arguments):
        """Give the exit code of a command line and what it says; no kernel may start."""
        where = ["--out", str(self.out), "--notebooks", str(self.notebooks)]
        return cli.main(["report", str(self.bundle), *where, *arguments])


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail if a kernel is started."""

    def starts(*_, **__):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(of_pages, "execute", starts)


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--period", "2022Q9"],
        ["--cadence", "week"],
        ["--period", "2022", "--cadence", "month"],
        ["--township", "没有镇"],
        ["-p", "period=2022"],
    ],
)
def test_the_command_line_refuses_it_with_64_in_one_line(arguments, place, capsys):
    assert place.refuse(*arguments) == 64
    said = capsys.readouterr().err
    assert said.startswith("tenglong: ")
    assert said.count("\n") == 1


def own_parameters(place):
    """Let the only page declare the period and the township itself."""
    write_pages(place.notebooks, first=[])
    path = place.notebooks / "first.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [{**cell, "id": f"c{n}"} for n, cell in enumerate(TELLS)]
    path.write_text(json.dumps(notebook))


@pytest.mark.heavy
def test_the_period_names_the_folder_and_stands_in_the_manifest(place):
    own_parameters(place)
    result = place.make(period="2022Q2")
    assert result.folder == place.out / "county" / "2022Q2"
    about = json.loads((result.folder / "manifest.json").read_text())
    told = {name: about[name] for name in ("as_of", "cadence", "period", "township", "edition")}
    assert told == {
        "as_of": "2022-06-30",
        "cadence": "quarter",
        "period": "2022Q2",
        "township": None,
        "edition": "internal",
    }
    assert "<p>quarter 2022Q2 </p>" in (result.folder / "first.html").read_text()


@pytest.mark.heavy
def test_a_page_that_knows_no_period_is_made_as_of_its_last_day(place):
    result = place.make(period="2021")
    assert "<p>2021-12-31 20</p>" in (result.folder / "first.html").read_text()


@pytest.mark.heavy
def test_a_report_without_a_period_stands_under_its_day(place):
    result = place.make()
    assert result.folder == place.out / "county" / "2022-06-30"
    about = json.loads((result.folder / "manifest.json").read_text())
    assert (about["cadence"], about["period"]) == (None, None)


@pytest.mark.parametrize("said", ["330328100", "大峃镇"])
@pytest.mark.heavy
def test_a_township_by_code_or_name_is_a_report_of_its_own(said, place):
    own_parameters(place)
    result = place.make("data/sample", period="2022Q2", township=said)
    assert result.folder == place.out / "sample" / "2022Q2-330328100"
    assert "330328100" in (result.folder / "first.html").read_text()
    about = json.loads((result.folder / "manifest.json").read_text())
    assert about["township"] == {"code": "330328100", "zh": "大峃镇", "en": "大峃镇"}


@pytest.mark.usefixtures("no_kernel")
def test_an_unknown_township_names_the_nearest(place):
    own_parameters(place)
    with pytest.raises(UsageError, match="did you mean '大峃镇'"):
        place.make("data/sample", township="大岙镇")


@pytest.mark.usefixtures("no_kernel")
def test_a_page_that_cannot_be_cut_to_a_township_is_named(place):
    with pytest.raises(UsageError, match="--township: first cannot be made for one township"):
        place.make("data/sample", township="大峃镇")


@pytest.mark.usefixtures("no_kernel")
def test_a_page_of_the_whole_county_is_left_out_of_a_townships_report_unless_asked_for():
    wanted = request(
        "data/sample",
        out=Path("out"),
        notebooks=kit_root() / "notebooks",
        township="大峃镇",
        period="2022Q2",
    )
    ids = {page.id for page in wanted.pages}
    assert {"targets", "bulletin"} <= ids
    assert "data_quality" not in ids
    assert {its["township"] for its in wanted.parameters.values()} == {"330328100"}
