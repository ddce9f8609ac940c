"""A second county's reports: every page is its own, and nothing on them is the first county's."""

import csv
import io
import json
import re
import subprocess

import lxml.html
import pytest
import yaml

import reports
from second_county import HOME, SAMPLE
from tenglong.show.words import catalogue
from tenglong.source.place import kit_root
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.schema import choices, labels

DAY = "2022-06-30"
ALONE = [page for page in reports.PAGES if page not in reports.OF_MANY]
NAMED = kit_root() / "data" / "reference" / "330328" / "townships_en.csv"
# The first county by its codes (of a township, a firm, a system), and what only its plan says.
FOREIGN = re.compile(
    r"(?<![\d.])330328\d{3}|91330328|EPSG:4549|文成|Wencheng"
    r"|(?<![\d.,])5 ?万元(以下|/亩)|(?<![\d.,])5 \(10k|50,000 yuan|50k CNY|350 ?亩"
    r"|(?<![\w])(任务|政策|组织)\d"
)
TEXTS = {".html", ".csv", ".json", ".md", ".txt"}


def kit_names(own_folder, language):
    """Give what only the first county has: places, units, clauses; but for what the kit says."""
    setting = yaml.safe_load((SAMPLE / "county.yml").read_text(encoding="utf-8"))
    with NAMED.open(encoding="utf-8") as file:
        towns = [one[key] for one in csv.DictReader(file) for key in ("name", "name_en")]
    kit, own = load_plan("wencheng-2021-2023"), load_plan(own_folder / "plan.yml")
    units = {unit for plan_task in kit.tasks for unit in plan_task.units}
    said = [*kit.unit_names.values(), *setting["publishers"].values(), *units, *towns]
    said += [*setting["places"], *setting["parks"], *setting["creditors"]]
    said += [*setting["project_names"].values(), kit.name[language]]
    said += [clause.text for clause in kit.clauses]
    names = {clause.name[language] for clause in kit.clauses}
    words = (*choices().values(), *labels().values(), *catalogue().values())
    known = [(own_folder / "plan.zh.txt").read_text(encoding="utf-8"), str(load_policy())]
    known += [clause.name[language] for clause in own.clauses]
    known = "\n".join([*known, *(one[language] for one in words)])
    return {*said, *(one for one in names if len(one) > 9 and one not in known)}


@pytest.fixture(scope="module")
def made(kaihua, tmp_path_factory):
    """Make the reports of a language with the real command: alone, and beside the first county."""
    found = {}

    def report(language, *more):
        if (language, more) not in found:
            out = tmp_path_factory.mktemp("report")
            command = [reports.TENGLONG, "report", kaihua[1], "--as-of", DAY, *more]
            command += ["--language", language, "--out", out]
            done = subprocess.run(
                command, cwd=kit_root(), capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            found[language, more] = reports.folder(out)
        return found[language, more]

    return report


def text_of(file):
    """Give a page as a reader sees it: no blank breaks a number from its unit."""
    tree = lxml.html.fromstring(file.read_text(encoding="utf-8"))
    for element in tree.xpath("//script|//style"):
        element.drop_tree()
    return tree.text_content().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", reports.LANGUAGES)
def test_every_page_is_made_and_says_whose_it_is_and_that_it_is_invented(made, language):
    folder = made(language)
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert ["index", *(one["id"] for one in about["pages"])] == ALONE
    told = yaml.safe_load((HOME / "bundle.yml").read_text(encoding="utf-8"))
    for page in ALONE:
        said = text_of(folder / f"{page}.html")
        assert told["name"][language] in said, page
        assert told["notice"][language] in said, page


@pytest.mark.parametrize("language", reports.LANGUAGES)
def test_nothing_of_the_first_county_stands_in_any_file(made, kaihua, language):
    names = kit_names(kaihua[1], language)
    folder = made(language)
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in TEXTS]
    assert len(files) > 100
    for file in files:
        text = file.read_text(encoding="utf-8-sig").replace("\N{NO-BREAK SPACE}", " ")
        seen = text_of(file) if file.suffix == ".html" else text
        assert not FOREIGN.search(seen), (file.name, FOREIGN.search(seen))
        assert not [name for name in names if name in text], file.name
        assert "91330328" not in text


@pytest.mark.parametrize("language", reports.LANGUAGES)
def test_no_file_has_the_number_that_rows_of_a_second_file_have_inside(made, language):
    for file in sorted((made(language) / "tables").glob("*.csv")):
        text = file.read_text(encoding="utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not [one for one in row if re.search(r"(?<![\d.])[123]0000\d{3}(?![\d.])", one)]


def test_its_own_numbers_stand_on_its_pages(made):
    folder = made("zh")
    targets = text_of(folder / "targets.html")
    for number in ("37 万元/亩", "180 万元/亩", "33 万元/人", "10.4 %", "2.3 %", "1600 吨"):
        assert number in targets, number
    assert "亩均税收 1 万元以下" in text_of(folder / "clearance.html")
    assert "低于 1" in text_of(folder / "parcel_map.html")
    for page in ("league", "bulletin"):
        assert "红牌" in text_of(folder / f"{page}.html"), page
        assert "没有这一项赛马" not in text_of(folder / f"{page}.html"), page
    assert "开化示例县评价办法" in text_of(folder / "enterprises.html")


@pytest.mark.parametrize("language", reports.LANGUAGES)
def test_beside_the_first_county_each_is_held_to_its_own_plan(made, language):
    folder = made(language, "--beside", "data/sample", "--page", "province")
    said = text_of(folder / "province.html")
    mine, other = (
        ("开化示例县", "示例县") if language == "zh" else ("Kaihua Sample", "Sample County")
    )
    assert mine in said
    assert other in said.replace(mine, "")
    with (folder / "tables" / "province_clauses.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    asked = [value for key, value in rows[0].items() if "target" in key or "目标" in key]
    assert sorted(asked) == ["20", "37"]
    names = sorted(path.name for path in (folder / "tables").glob("sources*.csv"))
    assert names == ["sources.csv", "sources_330328.csv"]
