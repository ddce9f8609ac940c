"""The facts of clauses without a quantity that belong on a page, of the whole county."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.board.board import assess_plan, with_facts
from tenglong.measure.clause import FactRef
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.policy.chosen import Chosen
from tenglong.measure.policy.file import policy_file
from tenglong.measure.sheet.sheet import PageSheet


@dataclass(frozen=True)
class FactsRule:
    """The file `facts.yml`: by page, what the indicators of its facts have in common."""

    pages: Mapping[str, tuple[Chosen, ...]]


@dataclass(frozen=True, eq=False, repr=False)
class FactsSheet(PageSheet):
    """The clauses in the order of the plan, each with those of its facts that are of the page."""

    told: tuple[Assessment, ...]


def facts_sheet(whole: County, county: County, *, page: str = "") -> FactsSheet:
    """Tell the facts of a page; those of a township's page are the whole county's, too.

    Parameters
    ----------
    page
        A page of `data/policy/facts.yml`; the facts of all clauses for an empty text.

    Raises
    ------
    ConfigurationError
        If the file is malformed, or does not name the page.

    Examples
    --------
    >>> county = example_county(policy=load_policy())
    >>> facts_sheet(county, county, page="land").told
    ()
    """
    del county
    pages = policy_file(FactsRule, whole.policy, "facts").pages
    if page and page not in pages:
        lacks = Fault(
            f"no page {page!r}{did_you_mean(page, pages)}",
            f"没有页面“{page}”{is_it(page, pages)}",
            place="pages",
        )
        raise ConfigurationError.of_policy("facts", [lacks])

    def is_here(ref: FactRef) -> bool:
        return not page or any(chosen.is_of(ref.indicator) for chosen in pages[page])

    told = []
    for judged in assess_plan(whole).assessments:
        if here := tuple(ref for ref in judged.clause.facts if is_here(ref)):
            of_page = replace(judged, clause=replace(judged.clause, facts=here))
            told.append(with_facts(whole, of_page))
    return FactsSheet(tuple(told))
