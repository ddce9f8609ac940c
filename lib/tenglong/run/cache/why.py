"""Why a page is made anew: what of its recipe is not as in the last run."""

from collections.abc import Iterator

from tenglong.run.cache.kept import Kept
from tenglong.run.cache.recipe import Recipe
from tenglong.show.words import clauses, word

# Kinds whose values are told; of the others only that they changed.
TOLD = frozenset({"parameter", "package", "python", "machine", "edition", "pages", "county"})
MOST_TOLD = 5  # of one kind: a new version of the kit changes hundreds of files


def reasons(kept: Kept, page_id: str, language: str) -> str:
    """Say in one line whether a page is made anew, and why.

    Parameters
    ----------
    kept
        After its pages were asked for.
    """
    recipe, former = kept.recipes.get(page_id), (kept.former or {}).get(page_id)
    if recipe is None:
        return word("why.always", language, page=page_id)
    is_served = page_id in kept.served
    if kept.is_fresh or former is None:
        key = "why.same" if is_served else "why.fresh" if kept.is_fresh else "why.first"
        return word(key, language, page=page_id)
    if former == recipe:
        return word("why.same" if is_served else "why.lost", language, page=page_id)
    told = clauses(changes(former, recipe, language), language)
    return word("why.earlier" if is_served else "why.made", language, page=page_id, reasons=told)


def changes(former: Recipe, recipe: Recipe, language: str) -> Iterator[str]:
    """Say what differs between two recipes.

    >>> list(changes({"parameter:limit": "20"}, {"parameter:limit": "5"}, "en"))
    ['parameter limit 20 → 5']
    >>> list(changes({"file:a.csv": "1"}, {"file:b.csv": "1", "plan:p.yml": "2"}, "en"))
    ['file a.csv is gone', 'file b.csv is new', 'plan p.yml is new']
    """
    names = sorted(former.keys() | recipe.keys())
    by_kind: dict[str, list[str]] = {}
    for name in names:
        if former.get(name) != recipe.get(name):
            by_kind.setdefault(name.partition(":")[0], []).append(name)
    for found in by_kind.values():
        for name in found[:MOST_TOLD]:
            yield _change(name, former.get(name), recipe.get(name), language)
        if len(found) > MOST_TOLD:
            yield word("why.more", language, count=len(found) - MOST_TOLD)


def _change(name: str, old: str | None, new: str | None, language: str) -> str:
    kind, _, rest = name.partition(":")
    what = word(f"why.{kind}", language, name=rest)
    if old is None or new is None:
        return word("why.added" if old is None else "why.removed", language, what=what)
    if kind in TOLD:
        return word("why.value", language, what=what, old=_short(kind, old), new=_short(kind, new))
    return word("why.changed", language, what=what)


def _short(kind: str, value: str) -> str:
    return value.split(maxsplit=1)[0] if kind == "python" else value
