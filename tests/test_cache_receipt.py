"""The same command has nothing to do as long as all that it read and wrote is as it was."""

import pytest

from keeping import ALL, FILES, furnished
from tenglong.run import pages as of_pages
from tenglong.run import request as requesting


@pytest.fixture
def house(tmp_path, monkeypatch):
    return furnished(tmp_path, monkeypatch)


@pytest.fixture
def is_settled(house, monkeypatch):
    """Tell whether the command sees that it has nothing to do; else it would ask for a report."""
    assert house.run() == (0, ALL)

    def asks(*_, **__):
        raise NotADirectoryError

    def told(*more):
        with monkeypatch.context() as held:
            held.setattr(requesting, "request", asks)
            try:
                return house.run(*more) == (0, set())
            except NotADirectoryError:
                return False

    return told


def published(house):
    files = (path for path in (house.root / "out").rglob("*.*") if path.name != "manifest.json")
    return {path: path.read_bytes() for path in files if path.is_file()}


def test_the_same_command_has_nothing_to_do(house, is_settled, capsys):
    capsys.readouterr()
    assert is_settled()
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        f"{house.root / 'out' / 'index.html'}\n",
        "4 pages: unchanged\n",
    )
    assert is_settled("--why")
    assert capsys.readouterr().err.splitlines()[0] == "first：沿用，没有变化"
    assert not is_settled("--fresh")
    assert not is_settled("--language", "en")


def test_whatever_it_read_is_looked_at_again(house, is_settled):
    for name, dependents in FILES.items():
        file = house.root / name
        if dependents:
            former = file.read_bytes()
            file.write_bytes(former + b"\n")
            assert not is_settled(), name
            file.write_bytes(former)
    assert is_settled()


@pytest.mark.parametrize(
    "name",
    ["county/policy/league.yml", "county/reference/townships.csv", "kit/data/policy/new.yml"],
)
def test_what_it_looked_for_and_did_not_find_may_be_there_now(name, house, is_settled):
    file = house.root / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("source: x")
    assert not is_settled()


@pytest.mark.parametrize(
    "name",
    [
        *("index.html", "county/2022-06-30/index.html", "county/2022-06-30/first.html"),
        *("county/2022-06-30/tables/many.csv", "county/2022-06-30/a.pdf"),
    ],
)
def test_a_damaged_file_of_the_report_is_put_right_and_no_page_is_made(name, house, is_settled):
    whole = published(house)
    file = house.root / "out" / name
    for damage in (lambda: file.write_bytes(file.read_bytes()[:-1]), file.unlink):
        damage()
        assert not is_settled()
        assert house.run() == (0, set())
        assert published(house) == whole
        assert is_settled()


def test_what_a_failed_run_left_is_cleared_away(house, is_settled):
    left = house.root / "out" / ".failed" / "county" / "2022-06-30"
    left.mkdir(parents=True)
    assert not is_settled()
    assert house.run() == (0, set())
    assert not left.exists()


def test_a_file_that_changes_under_the_command_leaves_no_receipt(house, monkeypatch):
    execute = of_pages.execute
    file = house.root / "kit" / "data" / "policy" / "league.yml"
    former = file.read_bytes()

    def meddles(source, parameters, **options):
        file.write_bytes(former + b"\n")
        return execute(source, parameters, **options)

    with monkeypatch.context() as held:
        held.setattr(of_pages, "execute", meddles)
        assert house.run() == (0, ALL)
    assert house.run() == (0, ALL)


def test_where_nothing_can_be_kept_it_is_said_once(house, capsys):
    (house.root / "cache").write_text("a file")
    assert house.run() == (0, ALL)
    said = capsys.readouterr().err
    assert said.count("缓存写不进去") == 1
    assert "file exists" in said
