"""Small notebooks run in kernels of both kinds, and processes watched."""

import time
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from pages import code
from tenglong.run.execute import Outcome, execute
from tenglong.run.limits import limits_of
from tenglong.source.policy import load_policy

LIMITS = limits_of(load_policy())


def run(kernels, *cells, limits=LIMITS) -> Outcome:
    """Run a notebook of cells: texts, or cells as they are."""
    made = [code(one) if isinstance(one, str) else one for one in cells]
    notebook = new_notebook(cells=[code("x = 1", tags=["parameters"]), *made])
    return execute(notebook, {"x": 2}, kernels=kernels, limits=limits, on_cell=lambda *_: None)


def printed(outcome) -> str:
    assert outcome.is_good, outcome.log
    return "".join(
        one.text for cell in outcome.notebook.cells for one in cell.outputs if "text" in one
    )


def is_alive(pid) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(happened):
    for _ in range(400):
        if happened():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within 20 s")
