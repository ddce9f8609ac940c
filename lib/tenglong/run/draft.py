"""Make a bundle to fill: bundle.yml, workbooks, layers and the data dictionary."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from tenglong.errors import WriteError
from tenglong.run.forms import forms, plan_codes
from tenglong.show.form.book import template_book
from tenglong.show.form.bundle import BOOKS, LAYERS, book_file, bundle_text, layer_file
from tenglong.show.form.dictionary import dictionary_html
from tenglong.show.form.form import Form
from tenglong.show.form.layer import write_template_layer
from tenglong.source import describe_bundle
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

DICTIONARY = "数据字典.html"
# A plan of the county's own, to be written: what a new bundle holds where no other is named.
OWN_PLAN, OWN_POLICY = "plan.yml", "policy"
TEMPLATES = {
    OWN_PLAN: "plan.yml",
    "plan.zh.txt": "plan.zh.txt",
    f"{OWN_POLICY}/schemes/mycounty.yml": "scheme.yml",
}


def template(name: str) -> Path:
    """Give a file that a new bundle gets a copy of.

    >>> load_plan(template(OWN_PLAN)).window.end.year
    2023
    """
    return Path(str(files("tenglong.run").joinpath("template", TEMPLATES[name])))


@dataclass(frozen=True)
class Draft:
    """What is known of a county before its tables are filled in.

    Its `plan` is a name in data/plan, or `OWN_PLAN`: the county's own, to be written.
    """

    name: str
    code: str
    crs: str
    plan: str
    as_of: date

    @property
    def values(self) -> Mapping[str, object]:
        """The keys of bundle.yml in their order; None is only explained there."""
        return {
            "name": {"zh": self.name, "en": self.name},
            "code": self.code,
            "is_synthetic": False,
            "notice": None,
            "accepted": None,
            "crs": self.crs,
            "plan": self.plan,
            "policy": OWN_POLICY if self.plan == OWN_PLAN else "default",
            "as_of": self.as_of,
            "currency": {"zh": "万元", "en": "10k CNY"},
        }


def make_bundle(folder: Path, draft: Draft, *, language: str) -> tuple[Form, ...]:
    """Make the bundle in `folder`, and give the forms that it holds.

    It is made and read beside first: what is refused leaves nothing behind.

    Raises
    ------
    WriteError
        If the folder holds something, or cannot be written to.
    ConfigurationError
        If what is known of the county makes no bundle: the system is not projected, say.
    """
    own = draft.plan == OWN_PLAN
    plan = load_plan(template(OWN_PLAN) if own else draft.plan)
    made = forms(plan_codes(plan, load_policy()))
    with _writing(folder), TemporaryDirectory() as beside:
        _require_empty(folder)
        draft_folder = Path(beside)
        _write_text(draft_folder / "bundle.yml", bundle_text(draft.values, made, language=language))
        for name in TEMPLATES if own else ():
            (draft_folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template(name), draft_folder / name)
        describe_bundle(draft_folder)
        _write_forms(draft_folder, made, crs=draft.crs, language=language)
        shutil.copytree(draft_folder, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    return made


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        # shutil.Error gathers what happened to each file: (from, to, why).
        why = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise WriteError(f"{folder}: the bundle cannot be written: {why}") from error


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WriteError(f"{folder}: is not an empty folder; choose another, nothing was written")


def _write_forms(folder: Path, made: tuple[Form, ...], *, crs: str, language: str) -> None:
    (folder / BOOKS).mkdir()
    (folder / LAYERS).mkdir()
    for form in made:
        (folder / book_file(form)).write_bytes(template_book(form, language=language))
        if form.has_geometry:
            write_template_layer(folder / layer_file(form), form, crs=crs, language=language)
    _write_text(folder / DICTIONARY, dictionary_html(made, language=language))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
