"""A real browser for the pages: offline, and everything it complains of is written down."""

import gc
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Page, sync_playwright

import reports
import second_county

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

# A first call imports, a shared machine stalls: time says nothing about a property.
settings.register_profile("kit", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("kit")

# What a test sees was made by it: nothing is kept from one to another, or of whoever runs them.
os.environ["TENGLONG_CACHE"] = ""

# Nothing here is an example; read as one, the first would be taken for the conftest of `lib`.
collect_ignore = [
    *("conftest.py", "gallery.py", "same.py", "mutants.py", "mutations.py", "bench_map.py"),
    *("nearest.py", "bench/cluster.py", "bench/parcels.py"),
]


# What a test needs that stands on such a fixture, or in a module that imports one of these: a
# browser, a kernel, an office, a database, the command in a process of its own.
HEAVY_FIXTURES = {"chromium", "page_of", "visit", "report"}
HEAVY_IMPORTS = {"subprocess", "psycopg", "reports"}


def pytest_collection_modifyitems(items):
    """Mark the tests that `make check` leaves out."""
    for item in items:
        module = getattr(item, "module", None)
        held = vars(module) if module else {}
        names = {name for name, found in held.items() if isinstance(found, ModuleType)}
        if names & HEAVY_IMPORTS or HEAVY_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("heavy")


def pytest_collection_finish():
    """Let the collector of garbage pass over what was imported: it stays."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _light(request, monkeypatch):
    """Let no test start a process that is not marked as heavy: `make check` would run it."""
    if request.node.get_closest_marker("heavy"):
        return

    def refused(*args, **options):
        pytest.fail(f"only a test that is marked as heavy may start {args[1:2] or options}")

    monkeypatch.setattr(subprocess.Popen, "__init__", refused)
    # Else a run starts at once the process that would start its kernels.
    monkeypatch.setattr("tenglong.run.kernel.kernels.is_possible", lambda: False)


@dataclass
class Visit:
    """A page that stands open, and what happened on it.

    Attributes
    ----------
    requests
        Addresses that it asked for, besides its own file.
    complaints
        Console errors and warnings, uncaught errors, dialogs.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, own_address):
        def asked(request):
            if request.url != own_address and not request.url.startswith("data:"):
                self.requests.append(request.url)

        def said(message):
            if message.type in ("error", "warning"):
                self.complaints.append(message.text)

        def spoke(dialog):
            self.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        self.page.on("request", asked)
        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", spoke)


@pytest.fixture(scope="session")
def chromium():
    """Start Chromium once; a machine without it cannot test the pages."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def opening(browser, folder):
    """Give what opens HTML from a file of a folder; close all of it in the end."""
    contexts = []

    def open_page(html, *, scripts=True, **options):
        file = folder / f"page{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        # What fades in would be looked at half drawn: nothing on the pages moves by itself.
        still = {"offline": True, "reduced_motion": "reduce", **options}
        context = browser.new_context(java_script_enabled=scripts, **still)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.watch(file.as_uri())
        visit.page.goto(file.as_uri())
        return visit

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page_of(chromium, tmp_path):
    """Open HTML (a whole document) from a file, with the network refused: `page_of(html)`.

    `scripts=False` opens it as a reader without scripts does. Further options are those of a
    browser context, e.g. `viewport`.
    """
    with opening(chromium, tmp_path) as open_page:
        yield open_page


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """Make a bundle's report with the real command, once a session: `report(bundle, language)`.

    Workers of one session share it: the first that needs it makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(bundle, language="zh"):
        out = shared / f"report-{bundle}-{language}"
        with FileLock(f"{out}.lock"):
            if not out.exists():
                making = out.with_suffix(".making")
                shutil.rmtree(making, ignore_errors=True)
                reports.make(bundle, language, making)
                making.rename(out)
        return out

    return made


@pytest.fixture(scope="session")
def kaihua(tmp_path_factory):
    """Make the second county: its bundle as the generator writes it, and as offices send it."""
    plain = second_county.make_plain(tmp_path_factory.mktemp("plain"))
    return plain, second_county.make_office(plain, tmp_path_factory.mktemp("office") / "kaihua")


@pytest.fixture(scope="module", params=reports.OPENED, ids="-".join)
def visit(request, report, chromium, tmp_path_factory):
    """Open every page of every report, once a module."""
    bundle, language, name = request.param
    html = reports.html(report(bundle, language), name)
    with opening(chromium, tmp_path_factory.mktemp("visit")) as open_page:
        found = open_page(html, bypass_csp=request.module.__name__ == "test_accessibility")
        found.bundle, found.language, found.name, found.html = bundle, language, name, html
        yield found


@pytest.fixture
def bundle(tmp_path: Path):
    """Write a bundle of the tables and files that are given, and give its folder."""

    def write(tables: dict, files: dict[str, str | bytes] | None = None, **changes) -> Path:
        about = {
            "name": {"zh": "试验县", "en": "Test County"},
            "code": "330328",
            "crs": "EPSG:4549",
            "plan": "wencheng-2021-2023",
            "as_of": date(2022, 6, 30),
            "tables": tables,
        }
        for name, content in (files or {}).items():
            raw = content.encode("utf-8-sig") if isinstance(content, str) else content
            (tmp_path / name).write_bytes(raw)
        text = yaml.safe_dump({**about, **changes}, allow_unicode=True)
        (tmp_path / "bundle.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write
