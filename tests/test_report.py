"""A whole report: run by real kernels, whole or absent, the same bytes every time."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from forked import wait_until
from pages import HEAD, code, en, write_bundle, write_pages, zh
from tenglong.errors import DataError, UsageError, WriteError
from tenglong.run import cli, office, report, snapshots
from tenglong.run import pages as of_pages
from tenglong.run.kernel.kind import Kind
from tenglong.run.progress import Progress
from tenglong.run.request import request
from tenglong.run.whole import is_whole
from tenglong.show.piece import CSV_MIME

TABLE = code('Piece("<p>表</p>", {"a.csv": "名称,值\\n甲,1\\n"})')
WARNS = code("import warnings\nwarnings.warn('noise')\nprint('printed')")
GOOD = [code(HEAD), zh("## 总体"), en("## Overall"), WARNS, TABLE]
BAD = [code(HEAD), zh("## 已完成"), code("raise ValueError('秘密')")]


class Place:
    """A bundle, a folder of notebooks and a folder of reports."""

    def __init__(self, folder):
        self.bundle = write_bundle(folder / "county")
        self.notebooks = folder / "notebooks"
        self.out = folder / "out"
        self.said = io.StringIO()

    def make(self, *, out=None, kind=Kind.WARM, **asked):
        wanted = request(str(self.bundle), out=out or self.out, notebooks=self.notebooks, **asked)
        return report.make(wanted, Progress(self.said, len(wanted.pages)), kind)

    def run(self, *arguments):
        """Run the command line as a scheduler does."""
        return subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-c",
                    "import sys; from tenglong.run.cli import main; sys.exit(main())",
                ),
                *("report", self.bundle, "--out", self.out, "--notebooks", self.notebooks),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module", autouse=True)
def _cool():
    """Let warm processes import what a kernel needs alone: these notebooks draw no page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "PAGES", ())
        yield


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A report of two pages, made twice, in two places."""
    place = Place(tmp_path_factory.mktemp("good"))
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    place.results = [
        place.make(out=place.out / name, pairs=["limit=5"]) for name in ("once", "again")
    ]
    return place


def test_a_report_has_its_pages_tables_index_and_manifest(good):
    folder = good.results[0].folder
    assert folder == good.out / "once" / "county" / "2022-06-30"
    assert set(files(folder)) == {
        *("first.html", "second.html", "index.html", "manifest.json", "tables/a.csv"),
    }
    assert (good.out / "once" / "index.html").is_file()


def test_two_runs_differ_in_nothing_but_the_manifests_time(good):
    once, again = (files(result.folder) for result in good.results)
    times = []
    for made in (once, again):
        about = json.loads(made["manifest.json"])
        times.append(about.pop("finished_at"))
        made["manifest.json"] = about
    assert once == again
    assert all(times)


def test_with_ordinary_kernels_the_report_is_the_same_to_the_byte(good):
    ordinary = good.make(out=good.out / "ordinary", kind=Kind.ORDINARY, pairs=["limit=5"])
    made, usual = (files(result.folder) for result in (good.results[0], ordinary))
    for told in (made, usual):
        told["manifest.json"] = {**json.loads(told["manifest.json"]), "finished_at": None}
    assert made == usual


def test_a_page_shows_the_parameters_that_it_was_run_with(good):
    page = (good.results[0].folder / "first.html").read_text(encoding="utf-8")
    assert "<p>2022-06-30 5</p>" in page
    assert "总体" in page
    assert "Overall" not in page
    assert "noise" not in page
    assert "printed" not in page


def test_a_table_opens_in_excel(good):
    content = (good.results[0].folder / "tables" / "a.csv").read_bytes()
    assert content == b"\xef\xbb\xbf" + "名称,值\n甲,1\n".encode()


def test_the_manifest_tells_inputs_parameters_and_outputs(good):
    folder = good.results[0].folder
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    enterprises = (good.bundle / "enterprises.csv").read_bytes()
    assert about["inputs"]["enterprises.csv"]["sha256"] == hashlib.sha256(enterprises).hexdigest()
    assert set(about["inputs"]) == {"bundle.yml", "enterprises.csv"}
    assert about["pages"][0]["parameters"] == {
        "as_of": "2022-06-30",
        "bundle": "county",
        "language": "zh",
        "limit": 5,
    }
    assert about["outputs"] == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files(folder).items()
        if name not in ("manifest.json", "index.html")  # the cover follows from manifests
    }


def test_nothing_published_names_a_place_on_this_machine(good):
    for content in files(good.results[0].folder).values():
        assert str(good.bundle.parent).encode() not in content


def test_the_index_leads_to_every_page_and_says_that_the_data_is_made_up(good):
    index = (good.results[0].folder / "index.html").read_text(encoding="utf-8")
    assert 'href="first.html"' in index
    assert 'href="second.html"' in index
    assert 'href="tables/a.csv"' in index
    assert "示例数据" in index


def test_progress_is_one_line_a_page_where_there_is_no_terminal(good):
    lines = good.said.getvalue().splitlines()[:2]
    assert [line.split(":")[0] for line in lines] == ["[1/2] first", "[2/2] second"]


def test_a_failing_notebook_leaves_the_last_good_report_and_lets_the_others_run(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    last = place.make().folder
    before = files(last)
    write_pages(place.notebooks, first=BAD, second=[code(HEAD)])
    result = place.make()
    assert result.failed == {"first": "ValueError: 秘密"}
    assert files(last) == before
    assert result.folder == place.out / ".failed" / "county" / "2022-06-30"
    page = (result.folder / "first.html").read_text(encoding="utf-8")
    assert "本页未能生成" in page
    assert "已完成" in page
    assert "秘密" not in page
    assert "ValueError: 秘密" in (result.folder / "first.log").read_text(encoding="utf-8")
    assert "本页未能生成" not in (result.folder / "second.html").read_text(encoding="utf-8")


def test_a_kernel_that_dies_is_a_failed_page(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=[code("import os\nos._exit(3)")])
    result = place.make()
    assert list(result.failed) == ["first"]
    assert "died" in result.failed["first"]
    assert "died" in (result.folder / "first.log").read_text(encoding="utf-8")


FORGED = code(
    "from tenglong.run.whole import marked\n"
    "Piece(marked('<p>x</p></main></body></html>', language='zh').split('</main>')[0])"
)
LEAVES = code("import sys\nsys.exit(0)")


def test_a_notebook_that_leaves_early_is_not_published_and_does_not_say_that_it_is_whole(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=[code(HEAD), FORGED, LEAVES, TABLE], second=GOOD)
    result = place.make()
    assert result.failed == {"first": "cell 5 of 6 did not run to its end: SystemExit: 0"}
    assert not (place.out / "county").exists()
    pages = {path.stem: path.read_text(encoding="utf-8") for path in result.folder.glob("*.html")}
    assert [is_whole(pages[name]) for name in ("first", "second")] == [False, True]
    assert "（本页完整）" in pages["second"]


def test_a_page_that_is_cut_off_on_its_way_to_the_disk_is_not_published(tmp_path, monkeypatch):
    def cuts(path, content, **options):
        write(path, content[:-40] if path.name == "second.html" else content, **options)

    place, write = Place(tmp_path), report._text
    write_pages(place.notebooks, first=[code(HEAD)], second=GOOD)
    monkeypatch.setattr(report, "_text", cuts)
    with pytest.raises(WriteError, match=r"second\.html: does not say that it is whole"):
        place.make()
    assert not (place.out / "county").exists()


LONG_ROW = code(
    "Piece('<div><table><thead><tr><th>a</th><th>b</th></tr></thead>'"
    " '<tbody><tr><td>1</td></tr></tbody></table></div>')"
)
NO_TABLES = code(f"display({{'text/html': 'x', {CSV_MIME!r}: 'no mapping'}}, raw=True)")
HALF = code("Piece('<p>' + chr(0xD800) + '</p>')")


@pytest.mark.parametrize(
    ("fault", "files", "reason"),
    [
        (LONG_ROW, ["docx", "xlsx"], "ValueError: zip() argument 2 is"),
        (NO_TABLES, [], "AttributeError: 'str' object has no attribute 'items'"),
        (HALF, [], ""),
    ],
    ids=["office", "render", "half a character"],
)
def test_an_error_while_a_page_is_rendered_or_made_a_file_fails_that_page_alone(
    tmp_path, fault, files, reason, monkeypatch
):
    monkeypatch.setenv("TENGLONG_CHROMIUM", "")
    place = Place(tmp_path)
    write_pages(place.notebooks, first=[code(HEAD), fault], second=GOOD)
    listed = yaml.safe_load((place.notebooks / "catalogue.yml").read_text(encoding="utf-8"))
    listed["first"]["files"] = files
    text = yaml.safe_dump(listed, sort_keys=False)
    (place.notebooks / "catalogue.yml").write_text(text, encoding="utf-8")
    result = place.make()
    assert list(result.failed) == ["first"]
    assert result.failed["first"].startswith(reason)
    assert "Traceback" in (result.folder / "first.log").read_text(encoding="utf-8")
    assert (result.folder / "second.html").is_file()


def test_what_is_left_of_a_failed_run_is_for_its_owner_alone(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=BAD)
    folder = place.make().folder
    assert [path.stat().st_mode & 0o077 for path in (folder, folder / "first.log")] == [0, 0]


@pytest.mark.parametrize(
    "shows",
    [
        "import os\nPiece(f'<p>{os.getcwd()}</p>')",
        "import os\nPiece('<p>x</p>', {'a.csv': f'n\\n{os.path.abspath(bundle)}/x.csv\\n'})",
        "import sys\nfrom pathlib import Path\nPath(sys.prefix) / 'x'",
    ],
)
def test_no_page_and_no_table_tells_a_folder_of_this_machine(tmp_path, shows):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=[code(HEAD), code(shows)], second=GOOD)
    result = place.make()
    assert list(result.failed) == ["first"]
    assert "it shows a folder of this machine" in result.failed["first"]
    assert str(tmp_path) not in result.failed["first"]


def test_a_page_asked_for_by_name_is_put_into_the_report_that_stands(tmp_path):
    """From the same inputs the rest stays byte for byte, and all pages lead to one another."""
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    whole = place.make()
    before = files(whole.folder)
    part = place.make(page_ids=["second"])
    assert (part.folder, part.failed) == (whole.folder, {})
    after = files(part.folder)
    assert before.keys() == after.keys()
    for name in before.keys() - {"manifest.json"}:
        assert before[name] == after[name], name
    about = json.loads(after["manifest.json"])
    assert [page["id"] for page in about["pages"]] == ["first", "second"]
    assert about["outputs"] == json.loads(before["manifest.json"])["outputs"]
    assert list((place.out / "county").iterdir()) == [whole.folder]


@pytest.mark.parametrize("change", ["inputs", "parameters"])
def test_a_page_that_does_not_belong_to_the_report_stands_beside_it(tmp_path, change):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    whole = place.make()
    before = files(whole.folder)
    asked = {"pairs": ["limit=7"]} if change == "parameters" else {}
    if change == "inputs":
        about = place.bundle / "bundle.yml"
        about.write_text(about.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    part = place.make(page_ids=["first"], **asked)
    assert part.folder == whole.folder.with_name("2022-06-30+first")
    changed = {name for name, text in files(whole.folder).items() if text != before[name]}
    assert changed <= {"index.html"}
    assert "部分页面" in (place.out / "index.html").read_text(encoding="utf-8")
    again = place.make()
    assert again.folder == whole.folder


def test_a_page_alone_where_no_report_stands_is_the_report(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    part = place.make(page_ids=["second"])
    assert part.folder == place.out / "county" / "2022-06-30"
    assert place.make().folder == part.folder
    assert (part.folder / "first.html").is_file()


def test_a_long_folder_of_temporary_files_is_no_hindrance(tmp_path, monkeypatch):
    """A socket's path may have 107 bytes: below a longer folder the kernel is spoken to by TCP."""
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD)
    assert place.make().failed == {}
    assert list(long.iterdir()) == []


def test_what_the_machine_lacks_is_said_once_for_all_pages(tmp_path, monkeypatch):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD, second=[code(HEAD)])
    listed = yaml.safe_load((place.notebooks / "catalogue.yml").read_text(encoding="utf-8"))
    for entry in listed.values():
        entry["files"] = ["docx", "pdf", "xlsx"]
    text = yaml.safe_dump(listed, sort_keys=False)
    (place.notebooks / "catalogue.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(office, "chromium", lambda: None)
    made = place.make()
    said = place.said.getvalue().splitlines()
    assert [line.split(":")[0] for line in said[:-1]] == ["[1/2] first", "[2/2] second"]
    assert said[-1].startswith("没有 PDF：本机没有 Chromium")
    assert place.said.getvalue().count("Chromium") == said[-1].count("Chromium")
    assert {"first.docx", "second.xlsx"} <= set(files(made.folder))
    cover = (made.folder / "index.html").read_text(encoding="utf-8")
    assert cover.count("没有 PDF") == 1


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail if a kernel is started."""

    def starts(*_, **__):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(of_pages, "execute", starts)


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"pairs": ["limmit=5"]}, "unknown parameter 'limmit' (did you mean 'limit'?)"),
        ({"pairs": ["limit=many"]}, "limit must be int, not 'many'"),
        ({"pairs": ["as_of=2022-01-01"]}, "as_of: not by -p"),
        ({"as_of": "2022-6-30"}, "--as-of must be a day, YYYY-MM-DD, or today, not '2022-6-30'"),
        ({"as_of": "20220630"}, "--as-of must be a day"),
        ({"page_ids": ["frist"]}, "unknown page 'frist' (did you mean 'first'?)"),
    ],
)
def test_a_wrong_request_is_refused_before_any_kernel_starts(asked, fault, tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD)
    with pytest.raises(UsageError) as refused:
        place.make(**asked)
    assert str(refused.value).startswith(fault)
    assert not place.out.exists()


@pytest.mark.usefixtures("no_kernel")
def test_the_command_line_refuses_it_with_64(tmp_path, capsys):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD)
    where = ["--out", str(place.out), "--notebooks", str(place.notebooks)]
    assert cli.main(["report", str(place.bundle), *where, "-p", "limmit=5"]) == 64
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("no_kernel")
def test_a_file_that_the_bundle_lacks_is_named(tmp_path):
    place = Place(tmp_path)
    write_pages(place.notebooks, first=GOOD)
    (place.bundle / "enterprises.csv").unlink()
    with pytest.raises(DataError, match="names this file, but it is not there"):
        place.make()


def test_a_file_that_changes_under_the_run_makes_it_void(tmp_path):
    place = Place(tmp_path)
    target = str(place.bundle / "enterprises.csv")
    write_pages(place.notebooks, first=[code(HEAD), code(f"open({target!r}, 'a').write('x')")])
    with pytest.raises(DataError, match="changed during the run"):
        place.make()
    assert not (place.out / "county").exists()


def test_a_kernel_needs_neither_a_path_nor_a_home(tmp_path, monkeypatch):
    place = Place(tmp_path)
    check = "import sys, os\nassert (sys.executable, os.environ['PYTHONHASHSEED']) == "
    write_pages(place.notebooks, first=[code(HEAD), code(f"{check}({sys.executable!r}, '0')")])
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", "/nonexistent")
    assert place.make().failed == {}


def kernels_of(place):
    """Give the command lines of processes that work for this place."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(place.bundle).encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("number", "code_"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_interrupted_run_leaves_no_trace(number, code_, tmp_path, monkeypatch):
    place = Place(tmp_path)
    started, ended = tmp_path / "started", tmp_path / "ended"
    opens = "import time\nopen({!r}, 'w').close()\ntime.sleep({})"
    sleeps, ends = opens.format(str(started), 60), opens.format(str(ended), 0)
    write_pages(place.notebooks, first=[code(HEAD), code(sleeps), code(ends)])
    monkeypatch.setenv("TENGLONG_TEST_PLACE", str(place.bundle))
    with place.run() as run:
        for _ in range(200):
            if started.exists():
                break
            time.sleep(0.1)
        os.kill(run.pid, number)
        said = run.stderr.read()
    assert run.returncode == code_
    assert said == "tenglong: interrupted\n"
    assert {path.name for path in place.out.iterdir()} == {".lock"}
    assert kernels_of(place) == []
    assert not ended.exists()  # nobody waited for the notebook


@pytest.mark.parametrize("kind", list(Kind))
def test_a_run_that_is_killed_leaves_no_process_and_no_scratch(kind, tmp_path, monkeypatch):
    place, started = Place(tmp_path), tmp_path / "started"
    sleeps = (
        "import subprocess, time\nsubprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        f"open({str(started)!r}, 'w').close()\ntime.sleep(60)"
    )
    write_pages(place.notebooks, first=[code(HEAD), code(sleeps)])
    monkeypatch.setenv("TENGLONG_TEST_PLACE", str(place.bundle))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with place.run("--kernel", kind.value) as run:
        wait_until(started.exists)
        assert [path.stat().st_mode & 0o077 for path in (tmp_path / "tmp").iterdir()] == [0]
        run.kill()
    wait_until(lambda: kernels_of(place) == [])
    wait_until(lambda: list((tmp_path / "tmp").iterdir()) == [])


def test_no_password_of_a_database_is_known_to_a_notebook(tmp_path, monkeypatch):
    place = Place(tmp_path)
    about = place.bundle / "bundle.yml"
    told = yaml.safe_load(about.read_text(encoding="utf-8"))
    told["tables"]["projects"] = {"database": "TENGLONG_COUNTY", "table": "projects"}
    about.write_text(yaml.safe_dump(told), encoding="utf-8")
    monkeypatch.setenv("TENGLONG_COUNTY", "postgresql://u:geheim@db/x")
    monkeypatch.setenv("TENGLONG_OTHER", "geheim")
    write_pages(place.notebooks, first=[code(HEAD)])
    wanted = request(str(place.bundle), out=place.out, notebooks=place.notebooks)
    with snapshots.kernels_apart(Kind.WARM, wanted) as kernels:
        assert "TENGLONG_COUNTY" not in kernels.environment
        assert kernels.environment["TENGLONG_OTHER"] == "geheim"
