"""Folders for what is on its way: each ends with its process, at the latest with the next run."""

import subprocess
import sys
import tempfile

import pytest

from tenglong.run.scratch import LOCK, scratch, sweep

HOLDS = """
import sys, time
from tenglong.run.scratch import scratch
with scratch() as folder:
    (folder / "rows").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _apart(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_a_folder_is_its_owners_alone_and_gone_in_the_end(tmp_path):
    with scratch() as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o077 == 0
        sweep()
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_run_and_what_lives_stays(tmp_path):
    command = [sys.executable, "-c", HOLDS]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as killed,
        subprocess.Popen(command, stdout=subprocess.PIPE) as lives,
    ):
        left, held = (one.stdout.readline().decode().strip() for one in (killed, lives))
        killed.kill()
        killed.wait()
        assert {str(path) for path in tmp_path.iterdir()} == {left, held}
        with scratch() as own:
            assert {str(path) for path in tmp_path.iterdir()} == {held, str(own)}
        lives.kill()


def test_what_is_not_ours_stays(tmp_path):
    (tmp_path / "tl-file").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tl-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "tl-new").mkdir()  # another run is about to lock it
    sweep()
    assert {path.name for path in tmp_path.iterdir()} == {
        *("tl-file", "elsewhere", "tl-link", "tl-new"),
    }
    assert LOCK not in {path.name for path in (tmp_path / "tl-new").iterdir()}
