"""Print how a plan is written: `python -m tenglong.run.plan_guide > docs/plan.md`."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.measure.board.board import INDICATORS
from tenglong.measure.board.declared import FITS, SHAPES, Option, options_of, shape_of
from tenglong.measure.clause import Clause, IndicatorRef, Kind, Plan, written
from tenglong.measure.unit import UNITS
from tenglong.show.words import word
from tenglong.source.plan import ClauseEntry, load_plan
from tenglong.source.policy import load_policy

EXAMPLES = "wencheng-2021-2023"


def plan_guide(language: str) -> str:
    """Write the page: keys, kinds, operators, windows, and every indicator with an example."""
    plan = load_plan(EXAMPLES)

    def said(key: str, **values: Any) -> str:
        return word(f"guide.plan.{key}", language, **values)

    scopes = [name for name, one in load_policy()["scopes"].items() if isinstance(one, Mapping)]
    lines = [
        f"# {said('title')}",
        said("made"),
        *said("intro").splitlines(),
        f"## {said('keys')}",
        _table((said("key"), said("means")), _keys(language)),
        f"## {said('kinds')}",
        _table(
            (said("kind"), said("means"), said("reading"), said("example")), _kinds(plan, language)
        ),
        f"## {said('indicators')}",
        said("indicators_intro"),
        said("populations", scopes=", ".join(f"`{name}`" for name in scopes)),
        _table(
            (said("indicator"), said("computes"), said("options"), said("fits"), said("example")),
            _indicators(plan, language),
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(one.replace('|', '/') for one in line)} |" for line in lines)


def _keys(language: str) -> Iterator[tuple[str, str]]:
    units = "、".join(f"`{unit}`" for unit in UNITS if unit)
    for part in fields(ClauseEntry):
        values = {"units": units} if part.name == "unit" else {}
        yield f"`{part.name}`", word(f"guide.key.{part.name}", language, **values)


def _kinds(plan: Plan, language: str) -> Iterator[tuple[str, ...]]:
    for kind in Kind:
        shapes = (SHAPES[shape][language] for shape in FITS.get(kind, ()))
        example = next(clause for clause in plan.clauses if clause.kind is kind)
        yield (
            f"`{kind}` {word(f'kind.{kind}', language)}",
            word(f"guide.kind.{kind}", language),
            (" / ".join(shapes)) or "…",
            " ".join(filter(None, (f"{example.text}", f"`{_target(example)}`"))),
        )


def _target(clause: Clause) -> str:
    parts = [f"kind: {clause.kind}"]
    if clause.operator is not None and clause.target is not None:
        parts += [f'operator: "{clause.operator}"', f"value: {written(clause.target)}"]
        parts += [f"unit: {_value(clause.unit)}"]
    return ", ".join(parts)


def _indicators(plan: Plan, language: str) -> Iterator[tuple[str, ...]]:
    refs = [ref for clause in plan.clauses for ref in clause.indicators]
    for name in sorted(INDICATORS):
        used = [ref for ref in refs if ref.name == name]
        shapes = dict.fromkeys(shape_of(ref) for ref in used)
        kinds = [kind for kind, fitting in FITS.items() if set(fitting) & set(shapes)]
        options = options_of(name).values()
        yield (
            f"`{name}`",
            word(f"explain.how.{name}", language),
            "<br>".join(_option(option, language) for option in options) or "…",
            ", ".join(kinds),
            f"`{_reference(max(used, key=lambda ref: len(ref.options)))}`",
        )


def _option(option: Option, language: str) -> str:
    wanted = option.wanted_zh.strip() if language == "zh" else option.wanted
    said = f"`{option.name}` {wanted}"
    return said if option.is_needed else f"[{said}]"


def _reference(ref: IndicatorRef) -> str:
    parts = [f"name: {ref.name}", *(f"{key}: {_value(one)}" for key, one in ref.options.items())]
    return f"{{{', '.join(parts)}}}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Fraction():
            return written(value)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case "%":
            return '"%"'
        case _:
            return str(value)


def main() -> None:
    """Print it as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=["zh", "en"], default="en")
    print(plan_guide(parser.parse_args().language), end="")


if __name__ == "__main__":
    main()
