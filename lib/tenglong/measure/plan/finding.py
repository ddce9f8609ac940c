"""What the check of a plan may find, and how it is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenglong.measure.clause import Clause, Label


@dataclass(frozen=True)
class Finding:
    """One thing to know about a plan: its code, the clauses it concerns, and the words."""

    code: str
    clauses: tuple[str, ...]
    message: Label


SAYS: Mapping[str, Label] = {
    "same_twice": Label(
        "同一事项写了两次，要求一致（{sections}：{promise}）：同一结果不重复计数",
        "the same matter stands twice and agrees ({sections}: {promise}): count a result once",
    ),
    "clash": Label(
        "同一事项的要求不一致：{one} {promise}，{other} {other_promise}",
        "the same matter is promised differently: {one} {promise}, {other} {other_promise}",
    ),
    "total_and_yearly": Label(
        "同一事项既有总数（{total}）又有每年数（{yearly}，{years} 年至少 {sum}）："
        "{relation}；不矛盾，分别评判",
        "the same matter has a total ({total}) and a yearly count ({yearly}, at least {sum} in "
        "{years} years): {relation}; no contradiction, both are judged",
    ),
    "nested": Label(
        "{child}（{promise}）计入{parent}（{other_promise}），不得相加",
        "{child} ({promise}) is counted within {parent} ({other_promise}); do not add them up",
    ),
    "nested_clash": Label(
        "{child}（{promise}）多于它所属的{parent}（{other_promise}）",
        "{child} ({promise}) asks for more than {parent} ({other_promise}), which contains it",
    ),
    "derivable": Label(
        "{total}（{promise}）与{growth}（{other_promise}）看似可互推，实为两项：若恰好如此，"
        "隐含 {year} 年基数 {base} {unit}；不由一项推出另一项",
        "{total} ({promise}) and {growth} ({other_promise}) look derivable but are independent: "
        "exactly so, the {year} base would be {base} {unit}; never derive one from the other",
    ),
    "placeholder": Label(
        "还是样例，请照原文改写，用不到的整条删去",
        "is still a sample: write it by the plan's text, or delete it",
    ),
    "placeholder_words": Label(
        "还是样例，请改成本县的：{words}",
        "still samples, to be replaced by the county's own: {words}",
    ),
    "no_baseline": Label(
        "需要 {year} 年基数，文本未给出：没有数据就无法评判",
        "needs a base of {year} that the text does not give: cannot be judged without data on it",
    ),
    "no_progress": Label(
        "文本未给出 {year} 年基数：没有数据就只能判断是否达到，不能计算进度",
        "the text gives no base of {year}: without data on it, met or not met, but no progress",
    ),
    "counted_before_effect": Label(
        "自 {effective} 起实施，但从 {start} 起计算：有 {months} 个月在实施之前",
        "in force from {effective} but counted from {start}: {months} months lie before it",
    ),
    "due_before_effect": Label(
        "期限 {due} 早于实施日 {effective}",
        "due on {due}, before the plan came into force on {effective}",
    ),
    "scope": Label("口径限定：{note}", "limited in scope: {note}"),
    "populations": Label(
        "口径不同，不得混用：{names}", "different populations, not to be mixed up: {names}"
    ),
    "unquantified": Label("“{word}”没有可核的标准", "“{word}” sets no standard to check"),
    "undefined": Label(
        "“{word}”文本未定义，须注明所用口径",
        "“{word}” is not defined by the text; say how it is read",
    ),
    "hoped_for": Label("文本只是期望，不具约束", "hoped for by the text, not binding"),
    "hope_as_binding": Label(
        "文本用了期望的词，却按约束性条款录入",
        "the sentence speaks of hope, but the clause is entered as binding",
    ),
    "every_year_unsaid": Label(
        "逐年评判，但所引文字没有“每年”：{rule}",
        "judged every year, though its sentence does not say so: {rule}",
    ),
    "task_without_unit": Label(
        "{task}（{title}）没有责任单位", "{task} ({title}) names no responsible unit"
    ),
    "without_unit": Label("文本没有为其写明责任单位", "the text names no responsible unit for it"),
    "units_borrowed": Label(
        "文本没有为其写明责任单位，暂用{task}的",
        "the text names no responsible unit for it; those of {task} are used",
    ),
    "same_unit": Label("同一单位有不同名称：{names}", "one unit under several names: {names}"),
    "alias_suspected": Label(
        "可能是同一单位：{one}、{other}；如是，请写入 same_unit",
        "possibly the same unit: {one}, {other}; if so, enter them under same_unit",
    ),
    "no_indicator": Label("没有指标可以衡量", "no indicator measures it"),
    "unknown_unit": Label("计量单位“{unit}”无法换算", "the unit “{unit}” cannot be converted"),
}


def finding(code: str, clauses: Iterable[Clause], **values: object) -> Finding:
    """Make a finding; a value that is a `Label` is said in the message's own language.

    >>> finding("unquantified", [], word="大力").message.zh
    '“大力”没有可核的标准'
    """

    def say(language: str) -> str:
        said = {
            key: value[language] if isinstance(value, Label) else value
            for key, value in values.items()
        }
        return SAYS[code][language].format(**said)

    return Finding(code, tuple(clause.id for clause in clauses), Label(say("zh"), say("en")))
