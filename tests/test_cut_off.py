"""A notebook that does not come to its end: whatever ends it, its page fails."""

import sys

import pytest

from forked import run
from pages import code
from tenglong.run import watch
from tenglong.run.kernel.kernels import kernels_of
from tenglong.run.kernel.kind import Kind
from tenglong.run.pages import reason_of

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(sys.platform != "linux", reason="forks need Linux"),
]

BEGUN = "cell 3 of 4 did not run to its end: "
DIED = "the kernel died in cell 3 of 4: "
ENDS = {
    "import sys\nsys.exit(0)": f"{BEGUN}SystemExit: 0",
    "import sys\nsys.exit()": f"{BEGUN}SystemExit: ",
    "raise SystemExit": f"{BEGUN}SystemExit: ",
    "exit()": f"{BEGUN}it asks the kernel to exit",
    "quit": f"{BEGUN}it asks the kernel to exit",
    "%exit": None,
    "import os\nos._exit(0)": f"{DIED}exit code 0",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)": f"{DIED}SIGKILL",
    "raise KeyboardInterrupt": "KeyboardInterrupt: ",
    "import os, signal\nos.kill(os.getpid(), signal.SIGINT)": "KeyboardInterrupt: ",
    "%%capture\n1 / 0": f"{BEGUN}an error in it was caught by a magic, which shows or hides it",
    "%%time\n1 / 0": None,
    "get_ipython().showtraceback = lambda *a, **k: None\n1 / 0": None,
    "import asyncio\nraise asyncio.CancelledError": None,
    "await __import__('asyncio').sleep(0)\nraise __import__('asyncio').CancelledError": None,
    "import sys\nsys.stdout = object()": None,
    "import sys\nsys.stdout = None\nsys.exit(0)": None,
    "import asyncio\nasyncio.get_event_loop().stop()": None,
}


@pytest.fixture(scope="module")
def warm():
    with kernels_of(Kind.WARM) as kernels:
        yield kernels


@pytest.mark.parametrize("cell", ENDS)
def test_what_ends_a_notebook_before_its_last_cell_is_a_failure(warm, cell, monkeypatch):
    monkeypatch.setattr(watch, "ANSWER_S", 2)
    outcome = run(warm, cell, "print('after')")
    assert not outcome.is_good
    reason = reason_of(outcome.log)
    assert len(reason) > 10
    assert "\n" not in reason
    if ENDS[cell] is not None:
        assert reason == ENDS[cell].strip()


def test_on_an_ordinary_kernel_it_is_a_failure_too():
    with kernels_of(Kind.ORDINARY) as kernels:
        assert reason_of(run(kernels, "import sys\nsys.exit(0)").log).endswith("SystemExit: 0")
        assert reason_of(run(kernels, "import os\nos._exit(3)").log).endswith("exit code 3")
        assert run(kernels, "print('well')").is_good


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("raises-exception", "ValueError: x"),
        ("skip-execution", "cell 3 of 4 did not run to its end: it was not begun"),
    ],
)
def test_no_tag_of_a_cell_lets_a_page_go_without_it(warm, tag, reason):
    outcome = run(warm, code("raise ValueError('x')", tags=[tag]), "print('after')")
    assert reason_of(outcome.log) == reason


def test_a_notebook_that_only_prints_elsewhere_is_whole(warm):
    assert run(warm, "import io, sys\nsys.stdout = io.StringIO()\nprint(1)", "2").is_good
    assert run(warm, "%%capture\nprint(1)", "%%time\n2", "# nothing", "").is_good
    caught = "try:\n    import sys; sys.exit(0)\nexcept SystemExit:\n    print('on')"
    assert run(warm, caught, "2").is_good
