"""The wheel: it carries what the clone has, and makes the same pages elsewhere."""

import os
import shutil
import subprocess
import sys
from email import message_from_bytes
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from environment import ROOT, project
from tenglong.source.place import kit_root

SHIPPED = ("notebooks", "data/plan", "data/policy", "data/reference")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("tenglong-*-py3-none-any.whl")
    return file


@pytest.mark.heavy
def test_everything_that_git_knows_of_the_kit_is_in_it_and_nothing_else(wheel):
    listed = ("git", "ls-files", "-z", "--", "lib/tenglong", *SHIPPED)
    done = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
    here = {name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()}
    wanted = {
        name.removeprefix("lib/") if name.startswith("lib/") else f"tenglong/kit/{name}"
        for name in here
    }
    with ZipFile(wheel) as packed:
        found = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert found == wanted


@pytest.mark.heavy
def test_its_dependencies_come_along_and_the_tools_do_not(wheel):
    with ZipFile(wheel) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        told = message_from_bytes(packed.read(name)).get_all("Requires-Dist")
    about = project()["project"]
    wanted = {Requirement(one) for one in about["dependencies"]}
    for extra, ones in about["optional-dependencies"].items():
        wanted |= {Requirement(f"{one}; extra == '{extra}'") for one in ones}
    assert {Requirement(one) for one in told} == wanted
    assert not [one for one in told if one.startswith(("pytest", "ruff", "mypy"))]


@pytest.mark.heavy
def test_elsewhere_it_makes_the_same_page_as_the_clone(wheel, tmp_path):
    site = tmp_path / "site"
    with ZipFile(wheel) as packed:
        packed.extractall(site)
    bundle = tmp_path / "a county"
    shutil.copytree(ROOT / "data" / "sample", bundle, ignore=shutil.ignore_patterns("gener*"))
    asked = ["report", str(bundle), "--as-of", "2022-06-30", "--page", "clearance"]
    for name, path in (("installed", site), ("clone", ROOT / "lib")):
        subprocess.run(
            [sys.executable, "-m", "tenglong", *asked, "--out", str(tmp_path / name)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(path)},
            check=True,
            capture_output=True,
        )
    one, other = (
        tmp_path / name / "a county" / "2022-06-30" / "clearance.html"
        for name in ("installed", "clone")
    )
    assert one.read_bytes() == other.read_bytes()
    where = "from tenglong.source.place import kit_root; print(kit_root())"
    said = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == str(site / "tenglong" / "kit")
    assert kit_root() == ROOT
