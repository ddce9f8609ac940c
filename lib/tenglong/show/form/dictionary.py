"""The data dictionary: every table and column, as Markdown for the docs and HTML for a bundle."""

from collections.abc import Iterable, Sequence
from html import escape

from tenglong.show.form.form import Field, Form, duty, key, kind, known, rules
from tenglong.show.words import clauses, word

HEADS = ("header", "meaning", "name", "kind", "unit", "duty", "rule", "aliases")
STYLE = (
    'body{font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;'
    "margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1d2433}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #d9dee7;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#f2f5f9}code{font-size:.9em}"
    "nav a{margin-right:1em}@media print{h2{break-after:avoid}tr{break-inside:avoid}}"
)


def dictionary_markdown(forms: Sequence[Form], *, language: str) -> str:
    """Write the dictionary as Markdown."""
    parts = [f"# {word('dictionary.title', language)}", word("dictionary.made", language)]
    parts.append(_intro(forms, language))
    for form in forms:
        parts += [f"## {_title(form, language)}", _about(form, language)]
        parts.append(_markdown_table(form, language))
    return "\n\n".join(parts) + "\n"


def dictionary_html(forms: Sequence[Form], *, language: str) -> str:
    """Write the dictionary as a page that asks for nothing and runs nothing."""
    title = escape(word("dictionary.title", language))
    links = "".join(
        f'<a href="#{escape(form.name)}">{escape(form.label[language])}</a>' for form in forms
    )
    tables = "".join(_html_table(form, language) for form in forms)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n'
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}</style>\n"
        f"<h1>{title}</h1>\n<p>{escape(_intro(forms, language))}</p>\n"
        f"<nav>{links}</nav>\n{tables}</html>\n"
    )


def _title(form: Form, language: str) -> str:
    return f"{form.label[language]} `{form.name}`"


def _intro(forms: Sequence[Form], language: str) -> str:
    columns = sum(len(form.fields) for form in forms)
    return word("dictionary.intro", language, tables=len(forms), columns=columns)


def _about(form: Form, language: str) -> str:
    return word(
        "dictionary.about",
        language,
        row=form.row[language],
        unique=key(form, language),
        known=known(form, language),
    )


def _cells(field: Field, language: str) -> tuple[str, ...]:
    return (
        field.header,
        field.label.en,
        field.name,
        kind(field, language),
        field.unit,
        duty(field, language) if field.is_required else "",
        clauses(rules(field, language), language),
        "、".join(alias for alias in field.aliases if alias not in (field.header, field.name)),
    )


def _heads(language: str) -> list[str]:
    return [word(f"form.{head}", language) for head in HEADS]


def _markdown_table(form: Form, language: str) -> str:
    rows = [_heads(language), ["---"] * len(HEADS)]
    for field in form.fields:
        cells = [cell.replace("|", "\\|") for cell in _cells(field, language)]
        cells[HEADS.index("name")] = f"`{field.name}`"
        rows.append(cells)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _html_table(form: Form, language: str) -> str:
    name = escape(form.name)
    head = _html_row("th", _heads(language))
    rows = "".join(_html_row("td", _cells(field, language)) for field in form.fields)
    return (
        f'<h2 id="{name}">{escape(form.label[language])} <code>{name}</code></h2>\n'
        f"<p>{escape(_about(form, language))}</p>\n<table>\n{head}{rows}</table>\n"
    )


def _html_row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>\n"
