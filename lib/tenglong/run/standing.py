"""The report that stands where some of its pages alone are to be made anew.

Pages that were asked for by name never take the place of a whole report: they are put into it
where they follow from the same inputs, or else stand beside it, in a folder of their own. Into one
that was published nothing is put.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenglong.run import manifest
from tenglong.run.manifest_shape import fault_of
from tenglong.run.request import Request
from tenglong.run.room import Claim, require_room

About = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Where a report goes, and what of the one that stands there stays.

    Attributes
    ----------
    name
        The report's place in the folder of reports.
    kept
        The pages that stay, as its manifest tells of them; none where it is made whole.
    folder
        Where these stand.
    """

    name: Path
    kept: tuple[About, ...] = ()
    folder: Path = Path()

    def copy(self, staged: Path) -> None:
        """Bring the pages that stay, with their files and tables, into a staged report."""
        for page in self.kept:
            tables = (f"tables/{name}" for name in page["tables"])
            for name in (f"{page['id']}.html", *page["files"], *tables):
                (staged / name).parent.mkdir(exist_ok=True)
                shutil.copy2(self.folder / name, staged / name)


def standing(
    request: Request,
    inputs: Mapping[str, str],
    parameters: Mapping[str, About],
    *,
    is_publication: bool = False,
) -> Standing:
    """Settle where a report goes.

    Parameters
    ----------
    inputs
        The digests of the files that it is made from, by name.
    parameters
        What each page's manifest will say that its notebook is run with.
    is_publication
        Whether it is to be published.

    Raises
    ------
    TakenError
        If something else stands there, see `run.room`.
    """
    place = _place(request, inputs, parameters)
    claim = claim_of(request, place.kept, is_publication=is_publication)
    require_room(request.out, place.name, claim)
    return place


def claim_of(
    request: Request, kept: Iterable[About] = (), *, is_publication: bool = False
) -> Claim:
    """Tell what a report is that is asked for; `kept` are the pages that stay of the one there."""
    about = request.bundle
    return Claim(
        about.code,
        {"zh": about.name.zh, "en": about.name.en},
        about.is_synthetic,
        request.language,
        frozenset([page["id"] for page in kept] + [page.id for page in request.pages]),
        is_publication,
    )


def _place(
    request: Request, inputs: Mapping[str, str], parameters: Mapping[str, About]
) -> Standing:
    folder = request.out / request.name
    about = manifest.read(folder) if request.is_partial else None
    if about is None or fault_of(about):
        return Standing(request.name)
    asked = [page.id for page in request.pages]
    kept = tuple(page for page in about["pages"] if page["id"] not in asked)
    if about.get("publication") is None:
        if not kept:
            return Standing(request.name)
        if _follows(about, request, inputs) and _agrees(about["pages"], parameters):
            return Standing(request.name, kept, folder)
    return Standing(request.name.with_name("+".join([request.name.name, *asked])))


def _follows(about: About, request: Request, inputs: Mapping[str, str]) -> bool:
    """Whether a report was made from the same files, by the same software, in one language."""
    known = {name: told["sha256"] for name, told in about.get("inputs", {}).items()}
    same = (about["language"], about.get("versions")) == (request.language, manifest.versions())
    return same and known == inputs


def _agrees(pages: Iterable[About], parameters: Mapping[str, About]) -> bool:
    """Whether pages that are made anew are run as before, and all tell which tables they have."""
    return all(
        "tables" in page and page["parameters"] == parameters.get(page["id"], page["parameters"])
        for page in pages
    )
