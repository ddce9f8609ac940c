"""The notebooks run as they are: in JupyterLab, under plain papermill, and under nbconvert."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

from tenglong.run.catalogue import load_catalogue
from tenglong.source.place import kit_root

NOTEBOOKS = sorted((kit_root() / "notebooks").glob("*.ipynb"))
BIN = Path(sys.executable).parent
EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# nbconvert runs cells as papermill does, by nbclient: a table page, the map and the smallest do.
SOME = pytest.mark.parametrize(
    "path",
    [path for path in NOTEBOOKS if path.stem in ("targets", "parcel_map", "province")],
    ids=lambda path: path.stem,
)


def shown(notebook) -> str:
    return json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)


@EACH
def test_a_notebook_runs_under_plain_papermill(path, tmp_path):
    command = [BIN / "papermill", path, tmp_path / "out.ipynb", "-p", "as_of", "2021-12-31"]
    subprocess.run([*command, "--no-progress-bar"], check=True, cwd=tmp_path, capture_output=True)
    assert "2021年12月31日" in shown(nbformat.read(tmp_path / "out.ipynb", as_version=4))


@SOME
def test_a_notebook_runs_under_nbconvert_execute(path, tmp_path):
    command = [BIN / "jupyter", "nbconvert", "--execute", "--to", "notebook", path]
    subprocess.run([*command, "--output-dir", tmp_path], check=True, capture_output=True)
    assert "示例县" in shown(nbformat.read(tmp_path / path.name, as_version=4))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start a real JupyterLab on a copy of the notebooks; give its address."""
    home = tmp_path_factory.mktemp("lab")
    for path in NOTEBOOKS:
        (home / path.name).write_bytes(path.read_bytes())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [BIN / "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    options = [
        "--expose-app-in-browser",
        "--IdentityProvider.token=",
        f"--notebook-dir={home}",
        "--ServerApp.port_retries=0",
    ]
    server = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(home)},
    )
    address = f"http://127.0.0.1:{port}"
    _wait_for(f"{address}/api", server)
    yield address
    server.terminate()
    server.wait(30)


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab did not start"
        try:
            urllib.request.urlopen(address, timeout=1)  # noqa: S310 - our own server
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
        else:
            return
    pytest.fail("JupyterLab did not answer")


@EACH
def test_a_notebook_runs_in_jupyterlab(path, lab, chromium):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{lab}/doc/tree/{path.name}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    model = page.evaluate("window.jupyterapp.shell.currentWidget.context.model.toJSON()")
    context.close()
    outputs = [output for cell in model["cells"] for output in cell.get("outputs", [])]
    assert not [one for one in outputs if one["output_type"] in ("error", "stream")]
    assert "示例县" in json.dumps(outputs, ensure_ascii=False)
    assert "colophon" in json.dumps(outputs)


def test_the_catalogue_and_the_notebooks_are_one():
    pages = load_catalogue(kit_root() / "notebooks")
    assert sorted(page.notebook.name for page in pages) == [path.name for path in NOTEBOOKS]
    for page in pages:
        assert re.fullmatch(r"[a-z_]+", page.id)
