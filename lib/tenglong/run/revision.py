"""What the cover of a revision says of the publication before it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tenglong.run.imprint import day_text, number_text
from tenglong.run.made_of import split
from tenglong.show.number import MISSING, figure
from tenglong.show.words import catalogue, joined, word
from tenglong.source.schema import tables

About = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table of differences: the first cell of each row names it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    csv: str
    note: str = ""


@dataclass(frozen=True)
class Revision:
    """What changed, in a sentence, in notes and in tables."""

    said: str
    notes: Sequence[str]
    tables: Sequence[Table]


def revision(about: About, language: str) -> Revision | None:
    """Tell what a revision changed; None of a first publication, and of a draft.

    Parameters
    ----------
    about
        The manifest of the report.
    """
    published = about.get("publication")
    changes = published["changes"] if published else None
    if changes is None:
        return None
    before = number_text(changes["before"], language), day_text(changes["before_at"], language)
    said = word(
        "revision.said",
        language,
        before=word("revision.before", language, number=before[0], day=before[1]),
        changes=_clauses_said(changes["clauses"], language),
    )
    return Revision(
        said, tuple(_notes(about, changes, language)), tuple(_tables(changes, language))
    )


def _clauses_said(moved: Sequence[About] | None, language: str) -> str:
    if moved is None:
        return word("revision.untold", language)
    if not moved:
        return word("revision.no_clauses", language)
    return word("revision.clauses", language, count=len(moved))


def _notes(about: About, changes: About, language: str) -> Iterator[str]:
    if changes["data"]:
        named = dict.fromkeys(_named(one, language) for one in changes["data"])
        names = joined(named, language)
        yield word("revision.data", language, names=names)
    titles = [page["title"][language] for page in about["pages"] if page["id"] in changes["pages"]]
    if titles:
        yield word("revision.pages", language, names=joined(titles, language))


def _named(made: str, language: str) -> str:
    """Name what a report is made of, as `run.made_of` calls it."""
    beside, kind, name = split(made)
    if beside:
        return word("made.beside", language, name=beside)
    label = tables()[name].label[language] if name in tables() else name
    return word(f"made.{kind}", language, name=label) if f"made.{kind}" in catalogue() else label


def _tables(changes: About, language: str) -> Iterator[Table]:
    if changes["clauses"]:
        yield Table(
            word("revision.clauses_caption", language),
            [word(f"revision.{one}", language) for one in ("clause", "status", "figure")],
            [_clause(one, language) for one in changes["clauses"]],
            "tables/revision_clauses.csv",
        )
    if changes["inputs"]:
        yield Table(
            word("revision.inputs_caption", language),
            [word(f"revision.{one}", language) for one in ("input", "change", "rows")],
            [_input(one, language) for one in changes["inputs"]],
            "tables/revision_inputs.csv",
            word("revision.inputs_note", language),
        )


def _clause(moved: About, language: str) -> tuple[str, str, str]:
    unit = f" {moved['unit']}" if moved["unit"] else ""
    figures = [_figure(one) for one in moved["figure"]]
    shown = [one if one == MISSING else f"{one}{unit}" for one in figures]
    return moved["name"], _moved(moved["status"], language), _moved(shown, language)


def _input(changed: About, language: str) -> tuple[str, str, str]:
    rows = ["" if one is None else figure(one, 0) for one in changed["rows"]]
    return changed["name"], word(f"revision.{changed['change']}", language), _moved(rows, language)


def _moved(pair: Sequence[str], language: str) -> str:
    """Write what was and what is; once where they are the same."""
    before, after = (one or MISSING for one in pair)
    if before == after:
        return before
    return word("revision.to", language, before=before, after=after)


def _figure(text: str) -> str:
    """Print a figure of a CSV; a day, or whatever else is no number, as it stands."""
    try:
        return figure(Fraction(text)) if text else MISSING
    except ValueError:
        return text
