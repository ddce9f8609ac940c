"""The folder of reports: one run at a time, each report whole or absent."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tenglong.errors import BusyError, WriteError
from tenglong.run import publish as swap
from tenglong.run.holdings import holdings
from tenglong.run.publish import opened
from tenglong.run.shelf import covers, shelf
from tenglong.run.shelving import renew

NAME = Path("sample", "2022-06-30")


def publish(folder, text, name=NAME):
    with opened(folder) as library, library.staged(name) as staged:
        (staged / "index.html").write_text(text)
        library.publish(staged, name)


def published(folder, name=NAME):
    return (folder / name / "index.html").read_text()


def two_steps(monkeypatch):
    """Be a system on which two folders cannot change places at once."""
    monkeypatch.setattr(swap, "exchange", lambda *_: False)


def test_a_first_report_takes_its_place(tmp_path):
    publish(tmp_path / "out", "first")
    assert published(tmp_path / "out") == "first"


def test_a_report_replaces_the_one_before_it_and_leaves_nothing_behind(tmp_path):
    publish(tmp_path, "first")
    publish(tmp_path, "second")
    assert published(tmp_path) == "second"
    assert {path.name for path in tmp_path.iterdir()} == {"sample", ".lock"}


def test_it_does_so_where_folders_cannot_change_places(tmp_path, monkeypatch):
    two_steps(monkeypatch)
    publish(tmp_path, "first")
    publish(tmp_path, "second")
    assert published(tmp_path) == "second"
    assert {path.name for path in tmp_path.iterdir()} == {"sample", ".lock"}


def test_a_reader_finds_a_whole_report_at_every_moment(tmp_path):
    publish(tmp_path, "0")
    missing = []
    is_over = threading.Event()

    def reads():
        while not is_over.is_set():
            try:
                published(tmp_path)
            except FileNotFoundError:
                missing.append(1)

    reader = threading.Thread(target=reads)
    reader.start()
    for number in range(100):
        publish(tmp_path, str(number))
    is_over.set()
    reader.join()
    assert missing == []


def test_a_report_that_was_not_published_is_gone(tmp_path):
    publish(tmp_path, "good")
    with opened(tmp_path) as library, library.staged(NAME) as staged:
        (staged / "index.html").write_text("half")
    assert published(tmp_path) == "good"
    assert not (tmp_path / ".staging").exists()


def test_the_former_report_returns_if_a_run_died_between_two_renames(tmp_path, monkeypatch):
    two_steps(monkeypatch)
    publish(tmp_path, "good")
    real = Path.rename

    def dies(self, target):
        if ".staging" in self.parts:
            raise SystemExit(137)
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        with pytest.raises(SystemExit):
            publish(tmp_path, "new")
    assert not (tmp_path / NAME).exists()
    with opened(tmp_path):
        assert published(tmp_path) == "good"


def test_what_a_killed_run_had_staged_is_removed_by_the_next(tmp_path):
    (tmp_path / ".staging" / NAME).mkdir(parents=True)
    with opened(tmp_path):
        assert not (tmp_path / ".staging").exists()


def test_a_failed_report_is_kept_apart_and_forgotten_after_a_good_one(tmp_path):
    publish(tmp_path, "good")
    with opened(tmp_path) as library, library.staged(NAME) as staged:
        (staged / "index.html").write_text("bad")
        kept = library.keep_aside(staged, NAME)
    assert published(tmp_path) == "good"
    assert (kept / "index.html").read_text() == "bad"
    publish(tmp_path, "better")
    assert not kept.exists()


def test_a_second_run_is_refused_while_the_first_is_there(tmp_path):
    with opened(tmp_path), pytest.raises(BusyError, match="another run"), opened(tmp_path):
        pass


def test_the_lock_of_a_killed_run_holds_nobody(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from tenglong.run.publish import opened\n"
        "with opened(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        with pytest.raises(BusyError), opened(tmp_path):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    publish(tmp_path, "free")
    assert published(tmp_path) == "free"


def test_a_folder_that_cannot_be_written_to_is_named_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(WriteError, match="file: the report cannot be written"),
        opened(tmp_path / "file"),
    ):
        pass


def manifest(folder, bundle, name, as_of, **more):
    report = folder / bundle / name
    report.mkdir(parents=True)
    page = {"id": "targets", "title": {"zh": "目标进度", "en": "Targets"}}
    about = {
        "bundle": bundle,
        "as_of": as_of,
        "county": {"zh": f"<{bundle}>", "en": bundle},
        "is_synthetic": bundle == "sample",
        "period": None,
        "cadence": None,
        "township": None,
        "edition": "internal",
        "language": "zh",
        "pages": [{**page, "summary": page["title"], "files": ["targets.docx"], "lacking": []}],
        "outputs": {"tables/targets.csv": "0"},
        **more,
    }
    (report / "manifest.json").write_text(json.dumps(about))


def quarters(folder):
    for number, end in ((1, "03-31"), (2, "06-30"), (3, "09-30")):
        period = {"period": f"2022Q{number}", "cadence": "quarter"}
        manifest(folder, "sample", f"2022Q{number}", f"2022-{end}", **period)


def test_the_shelf_is_made_from_manifests_alone_newest_first(tmp_path):
    manifest(tmp_path, "sample", "2022-06-30", "2022-06-30")
    manifest(tmp_path, "other", "2023-12-31", "2023-12-31")
    manifest(tmp_path, ".failed", "2024-01-01", "2024-01-01")
    (tmp_path / "sample" / "2021-01-01").mkdir()
    (tmp_path / "sample" / "2021-01-01" / "manifest.json").write_text("{half")
    page = shelf(holdings(tmp_path), "zh")
    assert page.index("2023年12月31日") < page.index("2022年6月30日")
    assert 'href="sample/2022-06-30/targets.html"' in page
    assert 'href="sample/2022-06-30/targets.docx"' in page
    assert "&lt;other&gt;" in page
    assert page.count("示例数据") == 1
    assert "2024" not in page
    assert "未列出、也未改动：sample/2021-01-01（清单读不懂或不是报告）" in page
    assert 'href="sample/2021' not in page


def test_the_shelf_tells_period_edition_and_township(tmp_path):
    quarters(tmp_path)
    place = {"code": "330328100", "zh": "大峃镇", "en": "Daxue"}
    manifest(tmp_path, "sample", "2022-330328100", "2022-12-31", township=place)
    page = shelf(holdings(tmp_path), "zh")
    assert "2022年第三季度" in page
    assert page.index("2022年第三季度") < page.index("2022年第二季度")
    assert "· 大峃镇" in page
    assert "内部" in page
    assert "Q3 2022" in shelf(holdings(tmp_path), "en")


def test_an_empty_shelf_says_so(tmp_path):
    assert "尚无报告" in shelf(holdings(tmp_path), "zh")


def test_a_cover_leads_to_the_report_before_and_after_it_in_its_series(tmp_path):
    quarters(tmp_path)
    manifest(tmp_path, "sample", "2022-05-31", "2022-05-31")  # another series
    made = {str(place): text for place, text in covers(holdings(tmp_path).reports)}
    middle = made["sample/2022Q2/index.html"]
    assert 'rel="prev" href="../2022Q1/index.html">← 上一期 2022年第一季度' in middle
    assert 'rel="next" href="../2022Q3/index.html">下一期 2022年第三季度' in middle
    assert "上一期" not in made["sample/2022Q1/index.html"]
    assert "下一期" not in made["sample/2022Q3/index.html"]
    assert "上一期" not in made["sample/2022-05-31/index.html"]


def test_a_cover_says_what_could_not_be_made(tmp_path):
    page = {"id": "x", "title": {"zh": "甲", "en": "a"}, "summary": {"zh": "乙", "en": "b"}}
    lacking = {**page, "files": ["x.docx"], "lacking": ["office.lacks_chromium"]}
    manifest(tmp_path, "sample", "2022-06-30", "2022-06-30", pages=[lacking])
    ((_, text),) = covers(holdings(tmp_path).reports)
    assert "没有 PDF：本机没有 Chromium" in text
    assert "方正小标宋简体" in text
    assert 'href="tables/targets.csv"' in text


LABEL = {"zh": "甲", "en": "a"}
STRANGE = {
    "broken": "{half",
    "deep": "[" * 100_000,
    "list": "[]",
    "nothing": "null",
    "no-mapping": '{"format": 2, "pages": "x"}',
    "surrogate": {"county": {"zh": "\ud800", "en": "x"}},
    "day": {"as_of": "soon"},
    "number-for-day": {"as_of": 20220630},
    "period": {"period": "2022H1"},
    "language": {"language": "fr"},
    "edition": {"edition": "secret"},
    "page": {"pages": [{"id": "javascript:alert(1)//", "title": LABEL, "summary": LABEL}]},
    "no-files": {"pages": [{"id": "x", "title": LABEL, "summary": LABEL, "lacking": []}]},
    "outputs": {"outputs": ["x"]},
    "elsewhere": {"outputs": {"tables/../../x": "0"}},
    "publication": {"publication": {"number": -1}},
    "moment": {"publication": {"number": 0, "published_at": "now", "digest": "", "made_of": {}}},
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_cannot_be_read_is_passed_over_with_a_word_and_left_as_it_is(kind, tmp_path):
    manifest(tmp_path, "sample", "2022-06-30", "2022-06-30")
    content = STRANGE[kind]
    if isinstance(content, str):
        (tmp_path / "other" / "x").mkdir(parents=True)
        (tmp_path / "other" / "x" / "manifest.json").write_text(content)
    else:
        manifest(
            tmp_path,
            "other",
            "x",
            content.get("as_of", "2022-06-30"),
            **{key: value for key, value in content.items() if key != "as_of"},
        )
    (tmp_path / "other" / "x" / "index.html").write_text("theirs")
    found = holdings(tmp_path)
    assert [str(one.path) for one in found.reports] == ["sample/2022-06-30"]
    page = shelf(found, "zh")
    assert "other/x（清单读不懂或不是报告）" in page
    assert not [path for path, _ in covers(found.reports) if "other" in str(path)]
    said = renew(tmp_path, "en")
    assert said == (
        "Not listed, and left as it is: other/x (its manifest cannot be read or is no report's)",
    )
    assert (tmp_path / "other" / "x" / "index.html").read_text() == "theirs"


def test_a_report_of_a_newer_kit_is_passed_over_and_one_of_an_older_kit_is_shown(tmp_path):
    manifest(tmp_path, "sample", "2022-06-30", "2022-06-30")  # tells no format, as early kits
    manifest(tmp_path, "sample", "2023-06-30", "2023-06-30", format=99)
    page = shelf(holdings(tmp_path), "en")
    assert 'href="sample/2022-06-30/index.html"' in page
    assert "sample/2023-06-30 (made by a newer version)" in page


def test_a_manifest_that_is_a_folder_is_passed_over(tmp_path):
    (tmp_path / "sample" / "x" / "manifest.json").mkdir(parents=True)
    found = holdings(tmp_path)
    assert found.reports == ()
    assert [str(one.path) for one in found.passed_over] == ["sample/x"]
