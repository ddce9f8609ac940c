"""What each page of a report is made from: all of it, by name; its digest is the page's key."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from tenglong.run.cache.code import Code, code
from tenglong.run.cache.inputs import digests, input_files
from tenglong.run.cache.reach import is_known, sources_of
from tenglong.run.cache.surroundings import printers, surroundings
from tenglong.run.catalogue import Page
from tenglong.run.office import NEED_BROWSER
from tenglong.run.request import Request
from tenglong.source.beside import Summary
from tenglong.source.description import Description

# What a page is made from: `kind:name` → its digest, or the value itself where it is short.
Recipe = Mapping[str, str]


def recipes(request: Request, ids: Sequence[str], *, edition: str) -> dict[str, Recipe]:
    """Give the recipe of each page, by its id; none of a page that must be made at every run.

    That is one whose notebook may read more than is known, or one of tables from a database:
    what these hold is known only when they have been read.

    Parameters
    ----------
    ids
        The pages of the report, to which a page may lead.
    edition
        That of the report.
    """
    if request.bundle.databases:
        return {}
    shared = {"edition:": edition, "pages:": " ".join(ids), **surroundings()}
    shared |= digests(input_files(request.bundle))
    kit, others = code(), _beside(request.beside)
    found: dict[str, Recipe] = {}
    for page in request.pages:
        cells = json.loads(page.notebook.read_bytes())["cells"]
        is_of_many = "beside" in request.parameters[page.id]
        if not is_known(cells) or (is_of_many and others is None):
            continue
        recipe = {**shared, **_own(page, request), **_code(kit, sources_of(cells))}
        recipe |= (others or {}) if is_of_many else {}
        found[page.id] = recipe | (printers() if NEED_BROWSER & set(page.files) else {})
    return found


def _own(page: Page, request: Request) -> dict[str, str]:
    notebook = hashlib.sha256(page.notebook.read_bytes()).hexdigest()
    shipped = page.edition
    own = {
        "catalogue:title": page.title[request.language],
        "catalogue:files": " ".join(page.files),
        "county:name": request.bundle.name[request.language],
        f"notebook:{page.notebook.name}": notebook,
        "notebook:published.yml": f"{shipped.parameters}{shipped.cells}" if shipped else "",
    }
    values = dict(request.parameters[page.id]) | {"bundle": request.bundle.path.name}
    if "beside" in values:
        values["beside"] = ",".join(one.path.name for one in request.beside)
    return own | {f"parameter:{name}": str(value) for name, value in values.items()}


def _code(kit: Code, sources: Iterable[str]) -> dict[str, str]:
    return {f"code:{name}": kit.digests[name] for name in sorted(kit.needed(*sources))}


def _beside(bundles: Iterable[Description]) -> dict[str, str] | None:
    """Give the files of the other counties; None where one has a database, or only a summary."""
    found: dict[str, str] = {}
    for number, one in enumerate(bundles, start=1):  # two folders may have one name
        if one.databases or isinstance(one, Summary):
            return None
        for name, digest in digests(input_files(one)).items():
            kind, _, rest = name.partition(":")
            found[f"{kind}:{number}.{one.path.name}/{rest}"] = digest
    return found
