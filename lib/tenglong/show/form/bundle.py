"""The bundle.yml of a new bundle: every key with its explanation, every table behind a #."""

from collections.abc import Iterable, Iterator, Mapping

import yaml

from tenglong.show.form.form import Form
from tenglong.show.words import word

BOOKS, LAYERS = "填报", "图层"
# What a key looks like that a new bundle has no value for.
SHAPES = {
    "notice": "{zh: …, en: …}",
    "accepted": "[{table: …, key: {…: …}, column: …, reason: …}]",
}
WIDE = 10_000  # columns: a value stays on its line


def book_file(form: Form) -> str:
    """Name the workbook of a table inside the bundle."""
    return f"{BOOKS}/{form.label.zh}.xlsx"


def layer_file(form: Form) -> str:
    """Name the layer of a table inside the bundle."""
    return f"{LAYERS}/{form.label.zh}.gpkg"


def bundle_text(values: Mapping[str, object], forms: Iterable[Form], *, language: str) -> str:
    """Write bundle.yml.

    Parameters
    ----------
    values
        The keys in their order; one without a value (None) is only explained.

    Notes
    -----
    The tables stand in braces, since there a line may be indented as it comes: whoever removes
    a # need not count blanks. They stand behind a # because an empty table that is listed says
    that nothing happened, and no figure may come from a form that nobody filled in.
    """
    lines = [*_comment(word("new.head", language)), ""]
    for key, value in values.items():
        lines += _comment(word(f"new.key.{key}", language))
        lines.append(f"{'# ' if value is None else ''}{_entry(key, value)}")
    lines += ["", *_comment(word("new.key.tables", language)), "tables: {"]
    lines += [line for form in forms for line in _table(form, language)]
    return "\n".join([*lines, "}", ""])


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in text.splitlines()]


def _entry(key: str, value: object) -> str:
    if value is None:
        return f"{key}: {SHAPES[key]}"
    flow = None if isinstance(value, Mapping) else False
    text = yaml.safe_dump(
        {key: value}, allow_unicode=True, default_flow_style=flow, sort_keys=False, width=WIDE
    )
    return text.rstrip()


def _table(form: Form, language: str) -> Iterator[str]:
    sheet = f"{{file: {book_file(form)}, sheet: {form.label.zh}}}"
    about = f"{form.label[language]} · {form.row[language]}"
    if not form.has_geometry:
        yield f"  # {form.name}: {sheet},  # {about}"
        return
    yield f"  # {form.name}: {{file: {layer_file(form)}, layer: {form.label.zh}}},  # {about}"
    yield f"  # {form.name}: {sheet},  # {word('new.key.instead', language)}"
