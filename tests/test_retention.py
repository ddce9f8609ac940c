"""What is past what is kept goes, drafts by their age; a publication never without --prune."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publishing import BUNDLE, NAME, about_of, publish, write_report
from tenglong.errors import ConfigurationError
from tenglong.run.cli import main
from tenglong.run.publish import Library
from tenglong.run.retention import retention_of
from tenglong.source.policy import load_policy


def draft(out, name, days):
    """Write a draft that was made so many days ago."""
    made = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    write_report(out / BUNDLE / name, about_of(None, finished_at=made))


def retain(out, *more):
    return main(["retain", "--out", str(out), *more])


def standing(out):
    return sorted(path.parent.name for path in out.glob("*/*/manifest.json"))


@pytest.fixture
def out(tmp_path):
    """Give a folder with five publications of a period, and three drafts."""
    for number in range(5):
        publish(tmp_path, number)
    for name, days in (("old", 500), ("recent", 10), ("2022Q2+targets", 500)):
        draft(tmp_path, name, days)
    return tmp_path


KEPT = [f"{NAME}-r{number:02d}" for number in range(4)]


def test_drafts_go_by_their_age_and_publications_stay(out, capsys):
    assert retain(out) == 0
    assert standing(out) == sorted([NAME, *KEPT, "recent"])
    said = capsys.readouterr().out
    assert "已删除：草稿 county/old（" in said
    assert "已删除：草稿 county/2022Q2+targets（" in said
    assert "未删除（删除须加 --prune）：已修订的发布 county/2022Q2-r00（首次发布" in said
    shelf = (out / "index.html").read_text(encoding="utf-8")
    assert "county/old" not in shelf
    assert "county/recent" in shelf


def test_publications_that_were_revised_go_only_when_it_is_asked_for(out, capsys):
    assert retain(out, "--prune", "--superseded", "1") == 0
    assert standing(out) == [NAME, f"{NAME}-r03", "recent"]
    assert "已删除：已修订的发布 county/2022Q2-r01（第1次修订，2022年8月10日发布）" in (
        capsys.readouterr().out
    )
    assert retain(out, "--prune", "--superseded", "0", "--drafts-days", "0") == 0
    assert standing(out) == [NAME]
    assert retain(out, "--prune", "--superseded", "0", "--drafts-days", "0") == 0
    assert standing(out) == [NAME]
    assert "没有超过保留期限或份数的报告" in capsys.readouterr().out


def test_a_dry_run_tells_all_of_it_and_removes_nothing(out, capsys):
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert retain(out, "--dry-run", "--prune", "--superseded", "2", "--language", "en") == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4
    assert all(line.startswith("Would be removed: ") for line in said)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_what_cannot_be_read_and_what_has_no_newest_stays(out):
    (out / BUNDLE / NAME).rename(out / "taken")
    (out / BUNDLE / "strange").mkdir()
    (out / BUNDLE / "strange" / "manifest.json").write_text("{half")
    undated = about_of(None)
    del undated["finished_at"]
    write_report(out / BUNDLE / "undated", undated)
    assert retain(out, "--prune", "--superseded", "0", "--drafts-days", "0") == 0
    assert standing(out) == [*KEPT, "strange", "undated"]


def test_a_removal_that_is_killed_leaves_no_half_report(out, monkeypatch):
    def dies(*_, **__):
        raise SystemExit(137)

    with monkeypatch.context() as held:
        held.setattr("tenglong.run.publish.shutil.rmtree", dies)
        with pytest.raises(SystemExit):
            Library(out).remove(Path(BUNDLE, KEPT[0]))
    assert KEPT[0] not in standing(out)
    assert retain(out) == 0
    assert not (out / ".staging").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path, capsys):
    assert retain(tmp_path / "none") == 64
    assert "there is no folder" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("rule", [{"drafts_days": -1}, {"superseded": "all"}, {"superseeded": 1}])
def test_a_rule_that_cannot_be_meant_is_refused(rule):
    own = {**load_policy()["retention"], **rule}
    with pytest.raises(ConfigurationError):
        retention_of({"retention": own})
