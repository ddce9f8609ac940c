"""The same pages made the plain way: `python -m bench.stock WAY NOTEBOOKS BUNDLE OUT [PAGE …]`.

clis      papermill's command, then nbconvert's, for every page
api       papermill's and nbconvert's Python, all pages in one process
ploomber  ploomber-engine's Python and nbconvert's: all in one process, no kernel, no isolation
cells     the cells of every page, in one process that has imported everything; nothing rendered
"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import yaml

from bench.cost import clocked, told

BIN = Path(sys.executable).parent


def clis(notebooks, bundle, out):
    """Start two commands a page."""
    for notebook in notebooks:
        made = out / notebook.name
        run = [BIN / "papermill", notebook, made, "-p", "bundle", bundle, "--no-progress-bar"]
        subprocess.run(run, check=True)
        subprocess.run([BIN / "jupyter-nbconvert", "--to", "html", made], check=True)


def api(notebooks, bundle, out):
    """Run every page in a kernel of its own."""
    from papermill import execute_notebook  # noqa: PLC0415 - only this way needs it

    for notebook in notebooks:
        made = out / notebook.name
        execute_notebook(notebook, made, {"bundle": bundle}, progress_bar=False)
        _rendered(made)


def ploomber(notebooks, bundle, out):
    """Run every page in this process."""
    from ploomber_engine import execute_notebook  # noqa: PLC0415 - only this way has it

    for notebook in notebooks:
        made = out / notebook.name
        execute_notebook(notebook, made, parameters={"bundle": bundle}, progress_bar=False)
        _rendered(made)


def cells(notebooks, bundle, out):
    """Run every page's cells in this process, and time that alone."""
    import nbformat  # noqa: PLC0415
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    from tenglong.show import pages  # noqa: PLC0415

    del out
    for module in iter_modules(pages.__path__, "tenglong.show.pages."):
        import_module(module.name)
    shell = InteractiveShell.instance()
    codes = [
        [cell.source for cell in nbformat.read(notebook, as_version=4).cells if _is_code(cell)]
        for notebook in notebooks
    ]
    with clocked() as cost:
        for parameters, *rest in codes:
            for code in (f"{parameters}\nbundle = {bundle!r}", *rest):
                with capture_output():
                    result = shell.run_cell(code)
                result.raise_error()
    print(told(cost[0]))


def _is_code(cell):
    return cell.cell_type == "code"


def _rendered(made):
    from nbconvert import HTMLExporter  # noqa: PLC0415 - not every way renders

    html, _ = HTMLExporter().from_filename(made)
    made.with_suffix(".html").write_text(html, encoding="utf-8")


WAYS = {way.__name__: way for way in (clis, api, ploomber, cells)}


def main():
    """Make the pages of a folder's catalogue, or those that are named."""
    way, notebooks, bundle, out, *wanted = sys.argv[1:]
    folder = Path(notebooks)
    entries = yaml.safe_load((folder / "catalogue.yml").read_text(encoding="utf-8"))
    names = [entry["notebook"] for page, entry in entries.items() if not wanted or page in wanted]
    WAYS[way]([folder / name for name in names], bundle, Path(out))


if __name__ == "__main__":
    main()
