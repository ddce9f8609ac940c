"""Every clause quotes its own section of the plan, and no rule of the kit cites one."""

import re
from collections.abc import Iterator, Mapping

import yaml

from tenglong.source.place import kit_root
from tenglong.source.plan import load_plan

PLAN = "wencheng-2021-2023"
SECTIONS = "目标|任务|政策|组织"
CITED = re.compile(rf"({SECTIONS})\d")
SPANS = {
    "二、": ("目标", r"(?:\n|；)(\d)\."),
    "3、重点任务": ("任务", r"(?:^|\n)(\d+)[.．]"),
    "四、": ("政策", r"（([一二三四])）"),
    "五、": ("组织", r"（([一二三四])）"),
}
DIGITS = dict(zip("一二三四", "1234", strict=True))


def text_of_plan():
    raw = (kit_root() / "data" / "plan" / f"{PLAN}.zh.txt").read_text(encoding="utf-8")
    return "\n".join(re.sub(r"\s", "", line) for line in raw.splitlines())


def sections() -> Mapping[str, str]:
    """Cut the plan's text into its sections: 目标1 … 组织4."""
    text = text_of_plan()
    heads = [(text.index(head), *rest) for head, rest in SPANS.items()]
    ends = [start for start, *_ in heads[1:]] + [len(text)]
    found = {}
    for (start, name, number), end in zip(heads, ends, strict=True):
        part = text[start:end]
        marks = list(re.finditer(number, part))
        for mark, after in zip(marks, [*marks[1:], None], strict=True):
            key = f"{name}{DIGITS.get(mark[1], mark[1])}"
            found[key] = part[mark.end() : after.start() if after else None]
    return found


def sources(content) -> Iterator[str]:
    """Give every Chinese `source` of a policy file, however deep it stands."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == "source" and isinstance(value, str):
                yield re.sub(r"\s", "", value)
            else:
                yield from sources(value)
    elif isinstance(content, list):
        for item in content:
            yield from sources(item)


def test_the_sections_are_those_of_the_plans_clauses():
    assert set(sections()) == {clause.section for clause in load_plan(PLAN).clauses}


def test_every_clause_quotes_its_own_section():
    text = sections()
    for clause in load_plan(PLAN).clauses:
        assert re.sub(r"\s", "", clause.text) in text[clause.section], clause.id


def test_no_rule_cites_a_section_of_one_plan():
    """A rule of the kit goes with any county's plan; only the plan itself has sections."""
    for file in sorted((kit_root() / "data" / "policy").rglob("*.yml")):
        for source in sources(yaml.safe_load(file.read_text(encoding="utf-8"))):
            assert not CITED.search(source), f"{file.name}: {source}"


def test_no_source_is_from_memory_or_of_no_document():
    for file in sorted((kit_root() / "data" / "policy").rglob("*.yml")):
        text = file.read_text(encoding="utf-8")
        assert "凭记忆" not in text, file.name
        assert "public system field" not in text, file.name
