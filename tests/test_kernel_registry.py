"""Which warm process a kernel is forked from."""

import pytest

from tenglong.run.kernel import registry
from tenglong.run.kernel.parent import ColdError
from tenglong.run.kernel.registry import Registry, state_of
from tenglong.run.kernel.warmth import Warmth


class Counted:
    """A warm process that does not exist, and what was asked of it."""

    def __init__(self, *made):
        self.made, self.is_living, self.said = made, True, []

    def is_alive(self):
        return self.is_living

    def retire(self):
        self.said.append("retire")

    def close(self):
        self.said.append("close")


@pytest.fixture
def counted(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "Parent", Counted)
    monkeypatch.setattr(registry, "CODE", tmp_path)
    (tmp_path / "module.py").write_text("x = 1")
    return Registry()


def test_a_parent_serves_until_the_code_changes_and_lets_its_kernels_end(counted, tmp_path):
    ask = (Warmth(), ["python"], {"A": "1"})
    first = counted.parent(*ask)
    assert counted.parent(*ask) is first
    (tmp_path / "module.py").write_text("x = 22")
    second = counted.parent(*ask)
    assert second is not first
    assert first.said == ["retire"]
    counted.close()
    assert (first.said, second.said) == (["retire", "close"], ["close"])


@pytest.mark.parametrize(
    "other",
    [
        (Warmth(edition="public"), ["python"], {"A": "1"}),
        (Warmth(arguments=("elsewhere",)), ["python"], {"A": "1"}),
        (Warmth(), ["python", "-X", "dev"], {"A": "1"}),
        (Warmth(), ["python"], {"A": "2"}),
    ],
)
def test_another_edition_snapshot_command_or_environment_has_a_parent_of_its_own(counted, other):
    first = counted.parent(Warmth(), ["python"], {"A": "1"})
    assert counted.parent(*other) is not first
    first.is_living = False
    assert counted.parent(Warmth(), ["python"], {"A": "1"}) is not first


def test_what_differs_from_kernel_to_kernel_is_not_the_parents(counted):
    one, other = (
        counted.parent(Warmth(), ["python"], {"A": "1", "IPYTHONDIR": name}) for name in "ab"
    )
    assert one is other
    assert one.made[2] == {"A": "1"}


def test_compiled_code_is_no_change_of_it(tmp_path):
    (tmp_path / "one.py").write_text("x = 1")
    before = state_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("compiled")
    assert state_of(tmp_path) == before
    (tmp_path / "tables.yml").write_text("a: 1")
    assert state_of(tmp_path) != before


def test_after_a_run_no_parent_starts_for_it(counted):
    run_of = Warmth(run="one")
    counted.parent(run_of, ["python"], {})
    counted.close(run_of)
    with pytest.raises(ColdError, match="the run is over"):
        counted.parent(run_of, ["python"], {})
    assert counted.parent(Warmth(run="other"), ["python"], {}).said == []
