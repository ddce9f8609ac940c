"""The pages of one report: those that the cache has, and those that are made and given to it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tenglong.run.cache.code import code
from tenglong.run.cache.entry import Entry, packed, unpacked
from tenglong.run.cache.recipe import Recipe, recipes
from tenglong.run.cache.store import Store, digest_of
from tenglong.run.request import Request


@dataclass(frozen=True)
class Cache:
    """How a run uses the cache.

    Attributes
    ----------
    store
        None where there is none.
    is_fresh
        Whether every page is made anew; what is made is kept all the same.
    tells_why
        Whether it is said, page by page, what changed.
    """

    store: Store | None = None
    is_fresh: bool = False
    tells_why: bool = False


@dataclass
class Kept:
    """The pages of a run.

    Attributes
    ----------
    pages
        The ids of all that were asked for.
    recipes
        What each page is made from, by its id; none of those that are made at every run.
    former
        The recipes of the last run of this report that was published.
    served
        The pages that were not made again.
    made
        Those that were, to be kept when the run is over.
    """

    store: Store | None
    pages: frozenset[str] = frozenset()
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    former: Mapping[str, Recipe] | None = None
    is_fresh: bool = False
    served: set[str] = field(default_factory=set)
    made: dict[str, Entry] = field(default_factory=dict)

    def get(self, page_id: str) -> Entry | None:
        """Give a page that was made from the very same; None where it must be made."""
        recipe = self.recipes.get(page_id)
        if self.store is None or recipe is None or self.is_fresh:
            return None
        content = self.store.get(_key(recipe))
        if content is None:
            return None
        self.served.add(page_id)
        return unpacked(content)

    def add(self, page_id: str, entry: Entry) -> None:
        """Take a page that was made well, to be kept when the run is over."""
        self.made[page_id] = entry

    @property
    def knows_all(self) -> bool:
        """Whether no page of the run has to be made at every run."""
        return self.store is not None and self.recipes.keys() >= self.pages

    def keep(self, now: Mapping[str, Recipe]) -> None:
        """Keep what was made of what is still the same after the run."""
        for page_id, entry in self.made.items():
            recipe = self.recipes.get(page_id)
            if self.store and recipe and now.get(page_id) == recipe:
                self.store.put(_key(recipe), packed(entry))


@contextmanager
def kept(cache: Cache, request: Request, ids: Sequence[str], *, edition: str) -> Iterator[Kept]:
    """Give what the cache has of a report's pages; what is made is kept, however the run ends."""
    pages = frozenset(page.id for page in request.pages)
    if cache.store is None:
        yield Kept(None, pages)
        return
    its = recipes(request, ids, edition=edition)
    found = Kept(cache.store, pages, its, former(cache.store, request), cache.is_fresh)
    try:
        yield found
    finally:
        # This process may have imported what has changed since: then its pages are no one's.
        if found.made and code().is_older_than_process():
            found.keep(recipes(request, ids, edition=edition))


def remember(store: Store, request: Request, its: Mapping[str, Recipe]) -> None:
    """Note what the pages of a published report were made from, for `former`."""
    told = json.dumps(its).encode()
    for place in _places(request):
        store.put(place, told)


def former(store: Store, request: Request) -> Mapping[str, Recipe] | None:
    """Give what a report's pages were made from when it was last published.

    Of a report that never was, it is the last one of the same bundle in the same folder; None
    where there is none either.
    """
    for place in _places(request):
        if (content := store.get(place)) is not None:
            found: Mapping[str, Recipe] = json.loads(content)
            return found
    return None


def _places(request: Request) -> Iterator[str]:
    out = str(request.out.absolute())
    yield digest_of({"last:": out, "report:": request.name.as_posix()})
    yield digest_of({"last:": out, "bundle:": str(request.bundle.path)})


def _key(recipe: Recipe) -> str:
    return digest_of({"page:": "1", **recipe})
