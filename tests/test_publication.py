"""Each period is published once, and again only as a numbered revision when its data changed."""

import csv
import io
import json
import re

import pytest
import yaml

from keeping import ALL, furnished
from publishing import BUNDLE, NAME, about_of, day, publish, write_report
from tenglong.run import pages as of_pages
from tenglong.run.cover import cover
from tenglong.run.difference import difference, difference_tables
from tenglong.run.execute import Outcome
from tenglong.run.holdings import holdings
from tenglong.run.latest import latest_pages
from tenglong.run.publication import publications_of
from tenglong.run.shelf import shelf
from tenglong.run.shelving import renew

PERIOD = ("--period", "2022Q2")
HEADER = "usci,name,registered_on\n"
ROW = "91330328MA00000{:03d},甲{:03d},{}\n"


@pytest.fixture
def house(tmp_path, monkeypatch):
    built = furnished(tmp_path, monkeypatch)
    write_firms(built, "2021-01-01", "2021-02-01")
    return built


def write_firms(house, *days):
    """Write firms by the days of their registration, in the order given."""
    rows = [ROW.format(int(day[5:7]), int(day[5:7]), day) for day in days]
    (house.bundle / "enterprises.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def published(house, *more):
    """Publish the period; tell the exit code, and all publications by name and number."""
    code, _ = house.run(*PERIOD, "--publish", *more)
    told = publications_of(house.root / "out")
    return code, [(str(one.path), one.number) for one in told]


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def place(house, name=NAME):
    return house.root / "out" / BUNDLE / name


def html(house, name=NAME):
    return (place(house, name) / "index.html").read_text(encoding="utf-8")


def test_a_first_publication_says_so(house, capsys):
    assert published(house) == (0, [("county/2022Q2", 0)])
    assert f"已首次发布：county/{NAME}" in capsys.readouterr().err
    (told,) = publications_of(house.root / "out")
    assert (told.period, told.cadence, str(told.as_of)) == (NAME, "quarter", "2022-06-30")
    assert (told.code, told.language, told.township) == ("330328", "zh", "")
    assert told.day == told.published_at.date()
    assert told.published_at.utcoffset().total_seconds() == 8 * 3600
    assert '<span class="mark">首次发布</span>' in html(house)
    assert "差异" not in html(house)
    assert not list((place(house) / "tables").glob("revision*"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_change_of_its_data_it_stays_as_it_is(house, capsys, language):
    """Rows of later days, another order of rows and other bytes change nothing of the period."""
    asked = ("--language", language)
    assert published(house, *asked)[0] == 0
    before = files(house.root / "out")
    for days in (
        ("2021-01-01", "2021-02-01"),
        ("2021-02-01", "2021-01-01"),
        ("2021-01-01", "2022-07-01", "2021-02-01"),
    ):
        write_firms(house, *days)
        house.run(*PERIOD, "--publish", *asked)
        assert house.ran == [], "a page was made"
        assert files(house.root / "out") == before
    said = {"zh": "本期数据没有变化，原样保留", "en": "nothing of its data has changed"}
    assert said[language] in capsys.readouterr().err


def test_what_changed_is_published_as_a_revision_and_the_former_is_kept(house, capsys):
    published(house)
    former = files(place(house))
    write_firms(house, "2021-01-01", "2021-02-01", "2021-03-01")
    assert published(house) == (0, [("county/2022Q2-r00", 0), ("county/2022Q2", 1)])
    assert "已发布第1次修订：county/2022Q2，此前的一次保留在旁" in capsys.readouterr().err
    kept = files(place(house, f"{NAME}-r00"))
    assert {**kept, "index.html": b""} == {**former, "index.html": b""}
    write_firms(house, "2021-01-01")
    assert published(house)[1] == [
        *(("county/2022Q2-r00", 0), ("county/2022Q2-r01", 1), ("county/2022Q2", 2)),
    ]
    assert files(place(house, f"{NAME}-r00")) == kept


def test_a_revision_tells_on_its_cover_and_in_csv_what_changed(house):
    published(house)
    write_firms(house, "2021-01-01", "2021-02-01", "2021-03-01", "2021-04-01")
    published(house)
    text = html(house)
    assert '<span class="mark">第1次修订</span>' in text
    assert "与首次发布（" in text
    assert "本期有变化的数据和规则：企业</p>" in text
    assert "附表有变化的页面：first 页、second 页" in text
    rows = re.search(r'<th scope="row">enterprises.csv</th>(.*?)</tr>', text)[1]
    assert rows == "<td>内容不同</td><td>…</td>"
    table = (place(house) / "tables" / "revision_inputs.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(table))) == [
        ["file", "change", "rows_before", "rows_after"],
        ["enterprises.csv", "altered", "", ""],
    ]
    assert (
        "tables/revision_clauses.csv"
        in json.loads((place(house) / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    )


def test_the_cover_of_a_kept_publication_leads_to_the_newest(house):
    published(house)
    write_firms(house, "2021-01-01")
    published(house)
    text = html(house, f"{NAME}-r00")
    assert "本期后来作过修订，请以最新一次为准。" in text
    assert f'href="../{NAME}/index.html">看最新一次' in text
    assert "本期后来作过修订" not in html(house)


def append(file, text):
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def kit(house):
    return house.root / "kit" / "data"


def plan(house):
    return kit(house) / "plan" / "wencheng-2021-2023.yml"


def rename(house):
    about = yaml.safe_load((house.bundle / "bundle.yml").read_text(encoding="utf-8"))
    about["name"] = {"zh": "新名县", "en": "New Name"}
    text = yaml.safe_dump(about, allow_unicode=True)
    (house.bundle / "bundle.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "is_revised"),
    [
        (lambda house: append(house.bundle / "policy" / "bands.yml", "\nmore: 1\n"), True),
        (lambda house: append(house.bundle / "policy" / "bands.yml", "\n# a remark\n"), False),
        (lambda house: append(plan(house), "\n# a remark\n"), False),
        (rename, True),
        (lambda house: append(kit(house) / "policy" / "new.yml", "source: a later kit's\n"), False),
        (lambda house: append(kit(house) / "policy" / "retention.yml", "\nx: 1\n"), False),
        (lambda house: (house.root / "lib" / "show" / "table.py").write_text("x = 1"), False),
        (lambda house: write_firms(house, "2021-01-01", "2021-02-02"), True),
    ],
    ids=["rule", "remark", "plan", "name", "new rule", "running", "code", "a day"],
)
def test_only_what_the_report_tells_of_makes_a_revision(house, change, is_revised):
    published(house)
    change(house)
    assert published(house)[0] == 0
    assert [one.number for one in publications_of(house.root / "out")] == (
        [0, 1] if is_revised else [0]
    )


def test_another_choice_of_a_parameter_is_a_revision(house):
    published(house)
    assert published(house, "-p", "limit=5")[1][-1] == ("county/2022Q2", 1)
    assert "参数 first.limit" in html(house)


def test_a_plain_report_never_replaces_a_publication(house, capsys):
    published(house)
    before = files(place(house))
    write_firms(house, "2021-01-01")
    capsys.readouterr()
    assert house.run(*PERIOD)[0] == 73
    zh, en = capsys.readouterr().err.splitlines()
    assert "--publish" in zh
    assert "--out" in zh
    assert "publish a revision with --publish, or give another folder with --out" in en
    assert files(place(house)) == before
    assert house.run(*PERIOD, "--page", "first")[0] == 0
    assert {**files(place(house)), "index.html": b""} == {**before, "index.html": b""}
    assert (place(house, f"{NAME}+first") / "first.html").is_file()


def test_a_batch_never_replaces_a_publication(house, capsys):
    published(house)
    before = files(house.root / "out")
    sets = house.root / "sets.csv"
    sets.write_text("period\n2022Q1\n2022Q2\n")
    assert house.run("--sets", str(sets))[0] == 73
    assert "publish a revision with --publish" in capsys.readouterr().err
    assert files(house.root / "out") == before


def test_a_draft_gives_way_to_the_publication_of_its_period(house):
    assert house.run(*PERIOD)[0] == 0
    assert publications_of(house.root / "out") == ()
    assert published(house) == (0, [("county/2022Q2", 0)])


def test_a_run_that_fails_leaves_the_publication_as_it_is(house, monkeypatch):
    published(house)
    before = files(house.root / "out" / BUNDLE)
    write_firms(house, "2021-01-01")

    def fails(source, *_, **__):
        return Outcome(source, log="ValueError: why")

    with monkeypatch.context() as held:
        held.setattr(of_pages, "execute", fails)
        assert published(house) == (1, [("county/2022Q2", 0)])
    assert files(house.root / "out" / BUNDLE) == before
    assert (house.root / "out" / ".failed" / BUNDLE / NAME).is_dir()
    assert published(house)[1][-1] == ("county/2022Q2", 1)
    assert house.ran == [] or set(house.ran) == ALL


@pytest.mark.parametrize(
    "more", [("--page", "first"), ("--each", "month"), ("--jobs", "2"), ("--sets", "x.csv")]
)
def test_one_whole_report_is_published_at_a_time(house, capsys, more):
    assert house.run("--publish", *more)[0] == 64
    assert "--publish: publishes one whole report" in capsys.readouterr().err
    assert not (house.root / "out").exists()


def test_what_stands_where_a_publication_is_to_be_kept_is_never_written_over(house, capsys):
    published(house)
    place(house, f"{NAME}-r00").mkdir()
    (place(house, f"{NAME}-r00") / "mine.txt").write_text("mine")
    write_firms(house, "2021-01-01")
    before = files(house.root / "out")
    assert published(house)[0] == 73
    assert "county/2022Q2-r00" in capsys.readouterr().err
    assert files(house.root / "out") == before


def test_where_the_newest_was_taken_away_the_numbers_go_on(house):
    published(house)
    write_firms(house, "2021-01-01")
    published(house)
    place(house).rename(house.root / "taken")
    assert published(house)[1] == [("county/2022Q2-r00", 0), ("county/2022Q2", 1)]


# The shelf, the latest page and the API, on publications that were never run.


def test_the_shelf_lists_revisions_newest_first(tmp_path):
    for number in range(12):
        publish(tmp_path, number)
    page = shelf(holdings(tmp_path), "zh")
    places = re.findall(r'href="county/(2022Q2[^/"]*)/index.html"', page)
    assert places == [NAME, *(f"{NAME}-r{number:02d}" for number in range(10, -1, -1))]
    assert page.count("（已有修订）") == 11
    assert "第11次修订<span" in page


def test_a_kept_publication_is_no_neighbour(tmp_path):
    for number in range(2):
        publish(tmp_path, number)
    assert "上一期" not in (tmp_path / BUNDLE / NAME / "index.html").read_text(encoding="utf-8")


def test_the_latest_page_leads_to_the_newest_day_of_each_language_and_township(tmp_path):
    place = {"code": "330328100", "zh": "大峃镇", "en": "Daxue"}
    asked = [
        (NAME, about_of(0)),
        ("2022-05", about_of(0, period="2022-05", cadence="month", as_of="2022-05-31")),
        (f"{NAME}-en", about_of(1, language="en")),
        (f"{NAME}-330328100", about_of(0, township=place)),
        ("2022Q3", about_of(None, period="2022Q3", as_of="2022-09-30")),
    ]
    for name, about in asked:
        write_report(tmp_path / BUNDLE / name, about)
    renew(tmp_path, "zh")
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*/*.html")}
    leads = {name: re.search(r"url=([^\"]+)", text)[1] for name, text in pages.items()}
    assert leads == {
        "latest.html": f"{NAME}/index.html",
        "latest-en.html": f"{NAME}-en/index.html",
        "latest-330328100.html": f"{NAME}-330328100/index.html",
    }
    assert "2022年第二季度" in pages["latest.html"]
    assert "首次发布" in pages["latest.html"]
    assert "<script" not in "".join(pages.values())
    assert "Revision 1" in pages["latest-en.html"]
    shelf_ = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="county/latest-330328100.html"' in shelf_


def test_nothing_published_has_no_latest_page(tmp_path):
    write_report(tmp_path / BUNDLE / NAME, about_of(None))
    assert list(latest_pages(holdings(tmp_path).reports)) == []


def test_a_folder_that_is_not_there_holds_no_publication(tmp_path):
    assert publications_of(tmp_path / "none") == ()


def test_a_copy_under_another_name_is_no_publication(tmp_path):
    publish(tmp_path, 0)
    write_report(tmp_path / BUNDLE / f"{NAME} copy", about_of(0))
    assert [str(one.path) for one in publications_of(tmp_path)] == [f"{BUNDLE}/{NAME}"]


# The difference, clause by clause.

HEAD = "id,name,status_label,actual,unit"
OLD = f"{HEAD}\na,甲,未完成,98.360655,%\nb,乙,达标,5,家\nc,丙,达标,2022-05-01,\n"
NEW = f"{HEAD}\na,甲,达标,100,%\nb,乙,达标,5,家\nd,丁,无法判断,,%\n"


def differing(tmp_path, old, new):
    told = []
    for number, text in enumerate((old, new)):
        folder = tmp_path / str(number)
        about = about_of(0)
        write_report(folder, about)
        if text is None:
            (folder / "tables" / "targets.csv").unlink()
        else:
            (folder / "tables" / "targets.csv").write_text(text, encoding="utf-8-sig")
        told.append((folder, about))
    return difference(*told, ("table:enterprises",))


def test_clauses_are_compared_by_their_ids(tmp_path):
    changes = differing(tmp_path, OLD, NEW)
    assert [one["id"] for one in changes["clauses"]] == ["a", "d", "c"]
    assert changes["pages"] == ["targets"]
    tables = difference_tables({"changes": changes})
    assert tables["revision_clauses.csv"].splitlines() == [
        "id,name,status_before,status_after,figure_before,figure_after,unit",
        "a,甲,未完成,达标,98.360655,100,%",
        "d,丁,,无法判断,,,%",
        "c,丙,达标,,2022-05-01,,",
    ]
    told = {**about_of(1)["publication"], "changes": changes}
    page = cover(about_of(1, publication=told))
    assert "与首次发布（2022年7月10日）相比：3 项条款有变化。" in page
    assert "<td>未完成 → 达标</td><td>98.36 % → 100.00 %</td>" in page
    assert "<td>… → 无法判断</td><td>…</td>" in page
    assert "<td>达标 → …</td><td>2022-05-01 → …</td>" in page


@pytest.mark.parametrize("old", [None, "", "id\na\n", HEAD, f"{HEAD}\na\n", "\0"])
def test_clauses_that_one_of_them_does_not_tell_are_not_compared(tmp_path, old):
    changes = differing(tmp_path, old, NEW)
    assert changes["clauses"] is None
    told = {**about_of(1)["publication"], "changes": changes}
    assert "条款未作比较" in cover(about_of(1, publication=told))


def test_the_same_clauses_are_told_as_such(tmp_path):
    changes = differing(tmp_path, OLD, OLD)
    assert changes["clauses"] == []
    told = {**about_of(1, language="en")["publication"], "changes": changes}
    page = cover(about_of(1, language="en", publication=told))
    assert "Compared with First publication (10 July 2022): no clause changed." in page
    assert day(0) not in page
