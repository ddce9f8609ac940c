"""What every example in a docstring may use: a tiny county, and the policy of the kit's plan."""

from dataclasses import replace
from typing import Any

import pytest

from tenglong.measure.county import County
from tenglong.measure.example import example_county
from tenglong.show.page import Page
from tenglong.source.bound_policy import bound_policy
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.schema import links

POLICY, _ = bound_policy(load_policy(), load_plan("wencheng-2021-2023"))


def _linked(*given: Any, **tables: Any) -> County:
    """Give a tiny county that knows which table refers to which."""
    return replace(example_county(*given, **tables), links=links())


@pytest.fixture(autouse=True)
def _example(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["example_county"] = _linked
    doctest_namespace["load_policy"] = lambda: POLICY
    doctest_namespace["Page"] = Page
