"""What a manifest must tell before a cover or the shelf is made of it; it may be anybody's file."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeGuard

from tenglong.measure.period import is_period
from tenglong.run.manifest import FORMAT
from tenglong.show.frame import HTML_LANGUAGE
from tenglong.show.words import catalogue

# A file or a page of the report itself: never a place elsewhere, nor a script.
NAME = re.compile(r"[\w-][\w.+-]*")
OUTPUT = re.compile(r"([\w-]+/)?[\w-][\w.+-]*")
FOREIGN, NEWER = "shelf.foreign", "shelf.newer"


def fault_of(about: object) -> str:
    """Give the key of the words that say why a report cannot be shown; empty where it can.

    >>> fault_of({"format": 99}), fault_of(["no manifest"])
    ('shelf.newer', 'shelf.foreign')
    """
    told = about.get("format", 1) if isinstance(about, Mapping) else None
    if not _is_number(told):
        return FOREIGN
    if told > FORMAT:
        return NEWER
    return "" if fits(about, SHAPE) else FOREIGN


def fits(value: object, shape: Any) -> bool:
    """Whether a value is of a shape: a class, a rule, a mapping of keys, or `[shape]` for a list.

    A key that ends in a question mark may be lacking.

    >>> fits({"a": ["b"], "more": 1}, {"a": [str], "c?": int}), fits({"a": "b"}, {"a": [str]})
    (True, False)
    """
    if isinstance(shape, Mapping):
        return isinstance(value, Mapping) and all(
            fits(value[name], part) if (name := key.removesuffix("?")) in value else name != key
            for key, part in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if shape is str:
        return _is_text(value)
    if isinstance(shape, type):
        return isinstance(value, shape)
    return bool(shape(value))


def _optional(shape: Any) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value, shape)


def _keyed(rule: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and all(map(rule, value))


def _valued(shape: Any) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and fits(list(value.values()), [shape])


def _is_text(value: object) -> bool:
    """Whether it is text that can be written to a file: half of a character cannot."""
    return isinstance(value, str) and value.encode("utf-8", "ignore").decode("utf-8") == value


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_day(value: object) -> bool:
    return _is_read(date.fromisoformat, value)


def _is_moment(value: object) -> bool:
    return _is_read(lambda text: datetime.fromisoformat(text).astimezone(UTC), value)


def _is_read(parse: Callable[[str], object], value: object) -> bool:
    try:
        parse(value if isinstance(value, str) else "")
    except (ValueError, OverflowError):
        return False
    return True


def _is_period(value: object) -> bool:
    return isinstance(value, str) and is_period(value)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(NAME.fullmatch(value))


def _pair(shape: Any) -> Callable[[object], bool]:
    return lambda value: fits(value, [shape]) and len(value) == 2  # type: ignore[arg-type]  # noqa: PLR2004 - before and after


def _is_office_file(value: object) -> bool:
    return _is_name(value) and f"office.{str(value).rpartition('.')[2]}" in catalogue()


def _is_output(value: object) -> bool:
    return isinstance(value, str) and bool(OUTPUT.fullmatch(value))


def _is_label(value: object) -> bool:
    return isinstance(value, str) and value in catalogue()


def _is_edition(value: object) -> bool:
    return isinstance(value, str) and f"edition.{value}" in catalogue()


def _is_language(value: object) -> bool:
    return isinstance(value, str) and value in HTML_LANGUAGE


def _is_change(value: object) -> bool:
    return isinstance(value, str) and f"revision.{value}" in catalogue()


WORDS = {"zh": str, "en": str}
PAGE = {
    "id": _is_name,
    "title": WORDS,
    "summary": WORDS,
    "files": [_is_office_file],
    "lacking": [_is_label],
    "tables?": [_is_name],
    "parameters?": Mapping,
}
PAIR = _pair(str)
CHANGES = {
    "before": _is_number,
    "before_at": _is_moment,
    "data": [str],
    "pages": [str],
    "clauses": _optional([{"id": str, "name": str, "status": PAIR, "figure": PAIR, "unit": str}]),
    "inputs": [{"name": str, "change": _is_change, "rows": _pair(_optional(_is_number))}],
}
PUBLICATION = {
    "number": _is_number,
    "published_at": _is_moment,
    "digest": str,
    "made_of": Mapping,
    "changes": _optional(CHANGES),
}
SHAPE = {
    "bundle": str,
    "as_of": _is_day,
    "county": WORDS,
    "is_synthetic": bool,
    "cadence": _optional(str),
    "period": _optional(_is_period),
    "township": _optional({"code": _is_name, **WORDS}),
    "edition": _is_edition,
    "language": _is_language,
    "pages": [PAGE],
    "outputs": _keyed(_is_output),
    # what an early kit did not tell, or not of every report
    "notice?": _optional(WORDS),
    "set_aside?": _keyed(_is_name),
    "inputs?": _valued({"sha256": str}),
    "publication?": _optional(PUBLICATION),
    "code?": str,
    "finished_at?": _is_moment,
}
