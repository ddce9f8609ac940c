"""What every example in a docstring may use: a tiny county, and the kit's own policy."""

from typing import Any

import pytest

from tenglong.measure.example import example_county
from tenglong.show.page import Page
from tenglong.source.policy import load_policy


@pytest.fixture(autouse=True)
def _example(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["example_county"] = example_county
    doctest_namespace["load_policy"] = load_policy
    doctest_namespace["Page"] = Page
