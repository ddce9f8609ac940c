"""The sample's figures once more: bare loops over the raw files, written from the plan's text.

Nothing of `tenglong` is imported here, and no pandas. Files are read with csv and sqlite3, rules
from the YAML files of `data/policy`, targets are typed from the plan's own sentences below. All
numbers are fractions. `figures(folder, day)` gives what every clause must show on a day.
"""

import csv
import sqlite3
from calendar import monthrange
from contextlib import closing
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path

import yaml

POLICY = Path(__file__).parents[1] / "data" / "policy"
START, END = date(2021, 1, 1), date(2023, 12, 31)
YEARS = (2021, 2022, 2023)
LEAST_LAND, LOW_TAX = 3, 5  # 实际用地3亩及以上, 亩均税收5万元以下

# id: (kind, comparison, target), from the sentences of the plan.
TARGETS = {
    "tax_per_mu": ("level", ">=", 20),  # 规上工业亩均税收达到20万元
    "value_added_per_mu": ("level", ">=", 100),  # 亩均增加值达到100万元
    "labour_productivity": ("level", ">=", 20),  # 全员劳动生产率达到20万元/人
    "energy_intensity": ("level", "<=", -9),  # 单位工业增加值能耗下降9%以上
    "firms_closed": ("cumulative", ">=", 20),  # 淘汰落后产能企业20家
    "firms_rectified": ("cumulative", ">=", 30),  # 整治提升30家
    "land_freed": ("cumulative", ">=", 350),  # 腾出低效工业用地350亩以上
    "energy_freed": ("cumulative", ">=", 300),  # 腾出用能300吨标准煤
    "carbon_cut": ("cumulative", ">=", 500),  # 减碳500吨
    "rd_share_of_revenue": ("level", ">", "2.3"),  # 占营业收入比重突破2.3%
    "projects_100m": ("cumulative", ">=", 8),  # 1亿元以上单体制造业项目8个以上
    "projects_1bn": ("cumulative", ">=", 2),  # 单体10亿元以上制造业项目2个以上
    "manufacturing_investment": ("cumulative", ">=", 20),  # 投资20亿元以上
    "manufacturing_investment_growth": ("growth", ">=", 25),  # 年均增长25%以上
    "made_in_zhejiang_standards": ("cumulative", ">=", 2),  # “浙江制造”标准 2项
    "made_in_zhejiang_standards_task": ("cumulative", ">=", 2),  # 三年新增“浙江制造”标准2项
    "pinzi_brands": ("cumulative", ">=", 3),  # “品字标”品牌企业3家
    "clearance_list": ("coverage", ">=", 100),  # 全面建立……清单
    "compliance_checks": ("coverage", ">=", 100),  # 2021年底前……开展合规检查
    "low_tax_firms": ("level", "<=", 0),  # 全面出清
    "two_high_checked": ("coverage", ">=", 100),  # 逐一评估检查
    "key_users_monitored": ("coverage", ">=", 100),  # 24小时监测监管
    "standard_land": ("yearly_share", ">=", 100),  # 100%“标准地”模式出让
    "contracts_signed": ("coverage", ">=", 100),  # 全面补签
    "provincial_development_zone": ("milestone", None, None),  # 2021年底前成功获批
    "small_firm_parks": ("cumulative", ">=", 1),  # 三星级及以上小微企业园1个
    "technology_transactions": ("cumulative", ">", 3),  # 技术交易总额突破3亿元
    "innovation_platform": ("cumulative", ">=", 1),  # 科技企业创新平台1家
    "rd_centres": ("cumulative", ">=", 5),  # 企业研发中心5家
    "new_rd_institutions": ("cumulative", ">=", 1),  # 新型研发机构1家
    "high_tech_firms": ("annual", ">=", 2),  # 每年新增高新技术企业2家
    "tech_smes": ("annual", ">=", 8),  # 每年……科技型中小企业8家
    "first_sets": ("cumulative", ">=", 1),  # 首台（套）装备、首批（次）材料项目1项
    "net_above_scale_firms": ("cumulative", ">=", 20),  # 净升规20家
    "digitalised_smes": ("share", ">=", 35),  # 比例达到35%以上
    "smart_factories": ("cumulative", ">=", 3),  # 智能工厂（数字化车间）3家以上
    "digital_manufacturing_growth": ("growth", ">=", 10),  # 年均增长10%以上
    "energy_saving_projects": ("annual", ">=", 3),  # 每年实施3项以上
    "green_factories": ("annual", ">=", 1),  # 每年建设市级以上绿色工厂1家
    "manufacturing_share_of_projects": ("yearly_share", ">=", "1/3"),  # 不低于三分之一
    "landing_rate": ("yearly_share", ">=", 50),  # 落地率50%以上
    "investment_completion": ("yearly_share", ">=", 20),  # 投资完成率达20%以上
    "listing_reserve": ("cumulative", ">=", 2),  # 上市后备企业2家
    "guarantee_teams": ("coverage", ">=", 100),  # 成立落地项目保障组
    "section_chief_leads": ("coverage", ">=", 100),  # 确定一名正科级干部联系负责
    "projects_in_production": ("annual", ">=", 1),  # 每年竣工投产亿元以上制造业项目1个以上
    "pinzi_brands_yearly": ("annual", ">=", 1),  # 每年培育“品字标”品牌企业1家以上
    "new_products": ("annual", ">=", 5),  # 每年新增省级工业新产品5项以上
    "industrial_share_of_grants": ("yearly_share", ">=", 30),  # 每年……不低于30%
    "land_replaced": ("coverage", ">=", 100),  # 改一补一
    "campaign_fund": ("yearly_share", ">=", 2),  # 2%以上作为……专项经费
    "special_assessment": ("milestone", None, None),  # 从2022年开始
    "provincial_incentive": ("milestone", None, None),  # 2－3年
    "burden_relief": ("annual", ">=", 2),  # 每年为企业减负2亿元
}
DUE = {
    "compliance_checks": date(2021, 12, 31),
    "provincial_development_zone": date(2021, 12, 31),
    "special_assessment": date(2022, 12, 31),
}


# What the sentences count in 家, 项 and 个: of it only whole things are ever due.
WHOLE = {
    *("firms_closed", "firms_rectified", "projects_100m", "projects_1bn", "low_tax_firms"),
    *("made_in_zhejiang_standards", "made_in_zhejiang_standards_task", "pinzi_brands"),
    *("small_firm_parks", "innovation_platform", "rd_centres", "new_rd_institutions"),
    *("high_tech_firms", "tech_smes", "first_sets", "net_above_scale_firms", "smart_factories"),
    *("energy_saving_projects", "green_factories", "listing_reserve", "projects_in_production"),
    *("pinzi_brands_yearly", "new_products"),
}
# Titles that come in batches, by the name under which the policy has their months.
BATCHED = {
    "high_tech_firms": "high_tech_firm",
    "tech_smes": "tech_sme",
    "new_products": "new_product",
    "green_factories": "green_factory",
    "first_sets": "first_set",
}
# What may be taken back later: a title is lost, a project given up.
FALLING = {*BATCHED, "pinzi_brands_yearly", "energy_saving_projects", "projects_in_production"}
# Duties that hold on a day or do not, by the name under which the policy has their terms.
DUTIES = {
    "clearance_list": "listed_firms",
    "two_high_checked": "two_high_assessed",
    "guarantee_teams": "guarantee_teams",
    "section_chief_leads": "section_chief_leads",
    "land_replaced": "land_replaced",
}


def figures(folder, day):
    """Give by clause a dict with `actual`, `progress`, `gap`, `status` …; absent is None."""
    tables = known(folder, day)
    measured = {}
    for measure in (
        firms_of_scale,
        intensity,
        clearance,
        low_tax,
        projects,
        investment,
        titles,
        land,
        published,
        milestones,
    ):
        measured |= measure(tables, day)
    return {name: judged(name, measured.get(name), day) for name in TARGETS}


# --- reading -----------------------------------------------------------------------------------


def known(folder, day):
    """Read every table, leaving out what was not known on `day`."""
    tables = {}
    for path in sorted(Path(folder).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    with closing(sqlite3.connect(Path(folder) / "parcels.gpkg")) as database:
        cursor = database.execute("select * from parcels")
        names = [column[0] for column in cursor.description]
        tables["parcels"] = [
            {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
            for row in cursor
        ]
    since = {
        "enterprises": "成立日期",
        "enterprise_years": "年度",
        "parcels": "supplied_on",
        "occupancies": "起始日期",
        "land_moves": "日期",
        "land_supply": "出让日期",
        "special_fund": "年度",
        "projects": "签约时间",
        "project_months": "月份",
        "clearance_events": "日期",
        "recognitions": "认定日期",
        "milestones": "日期",
        "official_series": "发布日期",
    }
    for table, column in since.items():
        tables[table] = [
            row for row in tables[table] if not row[column] or over(row[column]) <= day
        ]
    happened = {
        "enterprises": ["注销日期"],
        "parcels": ["supervision_signed_on"],
        "occupancies": ["终止日期"],
        "projects": ["评估检查时间", "落地时间", "开工时间", "竣工时间", "投产时间"],
    }
    for table, columns in happened.items():
        for row in tables[table]:
            for column in columns:
                if row[column] and over(row[column]) > day:
                    row[column] = ""
    return tables


def over(text):
    """Give the day on which a year, a quarter, a month or a day is over."""
    if "Q" in text:
        year, quarter = text.split("Q")
        return last_day(int(year), 3 * int(quarter))
    numbers = [int(part) for part in text.split("-")]
    if len(numbers) == 1:
        return date(numbers[0], 12, 31)
    if len(numbers) == 2:
        return last_day(*numbers)
    return date(*numbers)


def last_day(year, month):
    return date(year, month, monthrange(year, month)[1])


def number(text):
    return Fraction(text) if text else None


@cache
def rule(name):
    return yaml.safe_load((POLICY / f"{name}.yml").read_text(encoding="utf-8"))


def most_missing():
    return Fraction(str(rule("bands")["most_missing_share"]))


def is_industrial(code):
    return any(fnmatchcase(code, pattern) for pattern in rule("land_use")["industrial"])


# --- judging -----------------------------------------------------------------------------------


def months_from_start(day, start=START):
    """Count the months since the beginning of `start`, the running one by its days."""
    whole = 12 * (day.year - start.year) + day.month - start.month
    return whole + Fraction(day.day, monthrange(day.year, day.month)[1])


def elapsed(day, due, start=START):
    return min(months_from_start(day, start) / months_from_start(due, start), Fraction(1))


def holds(comparison, actual, target):
    if comparison == ">":
        return actual > target
    return actual >= target if comparison == ">=" else actual <= target


def band(gap):
    points = gap * 100
    if points >= 10:
        return "ahead"
    if points > -10:
        return "on_track"
    return "behind" if points >= -30 else "far_behind"


def is_overdue(seen, day, grain):
    most = rule("bands")["stale_after_months"][grain]
    return seen < day and months_from_start(day) - months_from_start(seen) > most


def is_old(seen, day, grain):
    return day < END and is_overdue(seen, day, grain)


def due_part(name, pace, count):
    """Give the share that is due: of whole things the whole part of their pace."""
    return floor(pace * count) / Fraction(count) if name in WHOLE else pace


def named_band(name, pace, progress):
    if name in WHOLE and pace == 0 and progress == 0:
        return "not_due"
    return band(progress - pace)


def last_batch(name, first, day):
    """Give the end of the last batch from a day on; None before it, the day itself without."""
    if name not in BATCHED:
        return day
    months = rule("titles")["batches"][BATCHED[name]]
    ends = [last_day(year, month) for year in YEARS for month in months]
    return max((end for end in ends if first <= end <= day), default=None)


def judged(name, measured, day):
    """Judge what was measured; `measured` is a shape of its own for every kind."""
    kind, comparison, target = TARGETS[name]
    due = DUE.get(name, END)
    if kind == "milestone":
        return judged_milestone(measured, due, day)
    target = Fraction(target)
    if measured is None:
        return {"status": "no_data"}
    if isinstance(measured, str):
        return {"status": measured}
    return {
        "level": judged_level,
        "cumulative": judged_total,
        "coverage": judged_coverage,
        "growth": judged_growth,
        "share": judged_share,
        "annual": judged_years,
        "yearly_share": judged_shares,
        "duty": judged_duty,
    }["duty" if name in DUTIES else kind](name, measured, comparison, target, due, day)


def judged_milestone(happened, due, day):
    if happened:
        return {"status": "achieved", "progress": Fraction(1)}
    return {"status": "missed" if day >= due else "not_due", "progress": Fraction(0)}


def judged_level(name, by_year, comparison, target, due, day):
    """`by_year`: year → value. Progress is (a - b) / (t - b), with b the value of 2020."""
    last = max((year for year in by_year if year >= 2021), default=None)
    if last is None:
        return {"status": "no_data"}
    actual, base = by_year[last], by_year.get(2020)
    told = {"actual": actual}
    is_upward = comparison != "<="
    if base is not None and target != base and (target > base) == is_upward:
        progress = (actual - base) / (target - base)
        pace = due_part(name, elapsed(date(last, 12, 31), due), abs(target - base))
        told |= {"baseline": base, "progress": progress, "gap": progress - pace}
    if day >= due and date(last, 12, 31) < due:
        return told | {"status": "awaiting"}
    if holds(comparison, actual, target):
        return told | {"status": "achieved"}
    if day >= due:
        return told | {"status": "missed"}
    return told | {"status": named_band(name, pace, progress) if "gap" in told else "no_baseline"}


def judged_total(name, measured, comparison, target, due, day):
    """`measured`: (dated amounts, known until, grain)."""
    amounts, until, grain = measured
    actual = sum((amount for on, amount in amounts if START <= on <= min(day, END)), Fraction(0))
    if until is not None and until < START:
        is_early = grain == "year" and not is_overdue(date(2020, 12, 31), day, grain)
        return {"status": "not_due" if is_early else "no_data"}
    if until is not None and is_old(until, day, grain):
        return {"actual": actual, "status": "stale"}
    # Months of investment are a ledger; what is published by quarter or year stands until the next.
    on = until if until is not None and grain != "month" else last_batch(name, START, day)
    progress, is_met = actual / target, holds(comparison, actual, target)
    pace = due_part(name, elapsed(on or day, due), target)
    told = {"actual": actual, "progress": progress, "gap": progress - pace}
    can_fall = name == "net_above_scale_firms"  # of what is known by period
    if day >= due and until is not None and until < due and (can_fall or not is_met):
        return told | {"status": "awaiting"}
    if is_met or day >= due:
        return told | {"status": "achieved" if is_met else "missed"}
    band_of = named_band(name, pace, progress)
    return {"actual": actual, "status": "not_due"} if on is None else told | {"status": band_of}


def judged_duty(name, measured, comparison, target, due, day):
    """`measured`: (done, required, since when each thing that is not done has been so)."""
    done, required, since = measured
    if required == 0:
        return {"status": "not_applicable"}
    told = {"actual": Fraction(done) / required * 100}
    if holds(comparison, told["actual"], target):
        return told | {"status": "achieved" if day >= due else "on_track"}
    term = rule("duties")["terms_days"][DUTIES[name]]
    if all((day - on).days <= term for on in since):
        return told | {"status": "on_track"}
    return told | {"status": "missed" if day >= due else "behind"}


def judged_coverage(_name, measured, comparison, target, due, day):
    """`measured`: (done, required)."""
    done, required = measured
    if required == 0:
        return {"status": "not_applicable"}
    actual = Fraction(done) / required * 100
    progress = actual / target
    told = {"actual": actual, "progress": progress, "gap": progress - elapsed(day, due)}
    if holds(comparison, actual, target):
        return told | {"status": "achieved"}
    return told | {"status": "missed" if day >= due else band(told["gap"])}


def judged_share(_name, by_year, comparison, target, due, day):
    last = max((year for year in by_year if year >= 2021), default=None)
    if last is None:
        return {"status": "no_data"}
    actual = by_year[last]
    if day >= due and date(last, 12, 31) < due:
        return {"actual": actual, "status": "awaiting"}
    if holds(comparison, actual, target):
        return {"actual": actual, "status": "achieved"}
    return {"actual": actual, "status": "missed" if day >= due else "no_baseline"}


def judged_growth(_name, by_year, _comparison, target, due, day):
    """Against the path b(1 + g)^n after n full years."""
    base = by_year.get(2020)
    if base is None:
        return {"status": "no_baseline"}
    last = 2020
    while last + 1 in by_year and last < 2023:
        last += 1
    if last == 2020:
        old = is_old(date(2020, 12, 31), day, "year")
        return {"status": "stale" if old else "not_due"}
    years = last - 2020
    path, goal = base * (1 + target / 100) ** years, base * (1 + target / 100) ** 3
    rate = (float(by_year[last] / base) ** (1 / years) - 1) * 100
    told = {"baseline": base, "rate_pct": rate}
    if is_old(date(last, 12, 31), day, "year"):
        return told | {"status": "stale"}
    progress, pace = (by_year[last] - base) / (goal - base), (path - base) / (goal - base)
    told |= {"progress": progress, "gap": progress - pace}
    if day >= due and last < due.year:
        return told | {"status": "awaiting"}
    if last == due.year:
        return told | {"status": "achieved" if by_year[last] >= path else "missed"}
    return told | {"status": band(progress - pace)}


def judged_years(name, measured, comparison, target, _due, day, is_share=False):
    """Judge every year on its own. `measured`: (year → value, the day until which it is known)."""
    by_year, until = measured
    verdicts, values = {}, {}
    for year in YEARS:
        if day < date(year, 1, 1):
            verdicts[year] = "not_due"
            continue
        is_over = day >= date(year, 12, 31)
        value = by_year.get(year)
        if year not in by_year or (until is not None and until < date(year, 1, 1)):
            lost = is_overdue(date(year - 1, 12, 31), day, "year")
            unknown = "no_data" if lost else "awaiting"
            verdicts[year] = unknown if is_over else "running"
        elif value is None:
            verdicts[year] = "not_applicable" if is_over else "running"
        elif not is_over:
            verdicts[year], values[year] = "running", value
        elif (
            until is not None
            and until < date(year, 12, 31)
            and (is_share or not holds(comparison, value, target))
        ):
            verdicts[year], values[year] = "awaiting", value
        else:
            verdicts[year] = "met" if holds(comparison, value, target) else "missed"
            values[year] = value
    told = {"years": (verdicts, values)}
    if values:
        told["actual"] = values[max(values)]
    if is_share:
        return told | status_of_years(name, verdicts, values, comparison, target, day, None)
    return told | status_of_years(name, verdicts, values, comparison, target, day, until or day)


def judged_shares(name, measured, comparison, target, due, day):
    return judged_years(name, measured, comparison, target, due, day, is_share=True)


def status_of_years(name, verdicts, values, comparison, target, day, known):
    """`known` is the day until which a count is known; None for a share."""
    begun = [year for year in YEARS if verdicts[year] != "not_due"]
    said = {verdicts[year] for year in begun}
    for decisive in ("missed", "no_data", "awaiting"):
        if decisive in said:
            return {"status": decisive}
    if said == {"not_applicable"}:
        return {"status": "not_applicable"}
    last = begun[-1]
    if verdicts[last] != "running":
        return {"status": "achieved" if last == 2023 else "on_track"}
    if last not in values:
        return {"status": "on_track" if "met" in said else "not_due"}
    return status_of_running(name, last, values, comparison, target, day, known)


def status_of_running(name, last, values, comparison, target, day, known):
    value, is_met = values[last], holds(comparison, values[last], target)
    if known is None:
        not_met = "behind" if name == "standard_land" else "not_due"
        return {"status": "on_track" if is_met else not_met}
    on = last_batch(name, date(last, 1, 1), known)
    if on is None and not is_met:
        return {"status": "not_due"}
    progress = value / target
    pace = due_part(name, elapsed(on or day, date(last, 12, 31), date(last, 1, 1)), target)
    can_fall = name in FALLING
    is_won = is_met and last == 2023 and not can_fall
    status = "achieved" if is_won else named_band(name, pace, progress)
    return {"status": status, "progress": progress, "gap": progress - pace}


# --- firms -------------------------------------------------------------------------------------


def firm_years(tables):
    """Give every firm's years with its evaluated tax and the land used at its end."""
    industry = {row["统一社会信用代码"]: row["行业代码"] for row in tables["enterprises"]}
    closed = {row["统一社会信用代码"]: row["注销日期"] for row in tables["enterprises"]}
    add_back = {
        "tax_exempt_credit_wan": "免抵税额",
        "tax_relief_wan": "政策性减免",
        "vat_refund_wan": "留抵退税",
    }
    headers = [add_back[name] for name in rule("tax")["add_back"]]
    land = {}
    for year in range(2020, 2024):
        for usci, area in land_on(tables, date(year, 12, 31)).items():
            land[usci, year] = area
    firms = []
    for row in tables["enterprise_years"]:
        usci, year = row["统一社会信用代码"], int(row["年度"])
        tax = number(row["实缴税金"])
        if tax is not None:
            tax += sum(number(row[header]) or 0 for header in headers)
        code = industry.get(usci, "")
        division = int(code[:2]) if code[:2].isdigit() else 0
        shut = closed.get(usci, "")
        firms.append(
            {
                "usci": usci,
                "year": year,
                "division": division,
                "is_large": row["是否规上"] == "是",
                "is_closed": bool(shut) and over(shut) <= date(year, 12, 31),
                "tax": tax,
                "land": land.get((usci, year)),
                "value_added": number(row["工业增加值"]),
                "revenue": number(row["营业收入"]),
                "rd": number(row["R&D经费支出"]),
                "employees": number(row["年平均职工人数"]),
                "energy": number(row["综合能耗（等价值）"]),
                "digital": row["是否应用基础数字化"],
            }
        )
    return firms


def land_on(tables, day):
    """Add up by firm the areas that it occupied on a day; None where one is not known."""
    areas = {
        row["parcel_id"]: row["actual_mu"] or row["registered_mu"] or row["supplied_mu"]
        for row in tables["parcels"]
    }
    found = {}
    for row in tables["occupancies"]:
        if row["起始日期"] and over(row["起始日期"]) > day:
            continue
        if row["终止日期"] and over(row["终止日期"]) < day:
            continue
        area = number(row["使用面积"])
        if area is None and row["使用份额"] and areas.get(row["宗地代码"]):
            area = Fraction(row["使用份额"]) * Fraction(areas[row["宗地代码"]])
        usci = row["统一社会信用代码"]
        before = found.get(usci, Fraction(0))
        found[usci] = None if area is None or before is None else before + area
    return found


def firms_of_scale(tables, _day):
    firms = firm_years(tables)
    industry = [firm for firm in firms if firm["is_large"] and 6 <= firm["division"] <= 46]
    makers = [firm for firm in firms if firm["is_large"] and 13 <= firm["division"] <= 43]
    return {
        "tax_per_mu": ratio_by_year(industry, "tax", "land"),
        "value_added_per_mu": ratio_by_year(industry, "value_added", "land"),
        "labour_productivity": ratio_by_year(makers, "value_added", "employees"),
        "rd_share_of_revenue": ratio_by_year(makers, "rd", "revenue", times=100),
        "net_above_scale_firms": net_gain(firms),
        "digitalised_smes": digitalised(firms),
    }


def ratio_by_year(firms, top, bottom, times=1):
    """Ratio of sums; no figure where too many firms lack one of the two."""
    found = {}
    for year in range(2020, 2024):
        members = [firm for firm in firms if firm["year"] == year]
        told = [f for f in members if f[top] is not None and f[bottom] is not None]
        if not members or Fraction(len(members) - len(told), len(members)) > most_missing():
            continue
        found[year] = sum(f[top] for f in told) / sum(f[bottom] for f in told) * times
    return found


def net_gain(firms):
    years = sorted({firm["year"] for firm in firms})
    large = {year: set() for year in years}
    for firm in firms:
        if firm["is_large"]:
            large[firm["year"]].add(firm["usci"])
    amounts = [
        (
            date(year, 12, 31),
            Fraction(len(large[year] - large[year - 1]) - len(large[year - 1] - large[year])),
        )
        for year in years
        if year - 1 in large
    ]
    return amounts, date(years[-1], 12, 31), "year"


def digitalised(firms):
    most = rule("scopes")["key_sme"]["most_employees"]
    found = {}
    for year in range(2020, 2024):
        yes = no = 0
        for firm in firms:
            if firm["year"] != year or not 13 <= firm["division"] <= 43:
                continue
            if firm["employees"] is None or firm["employees"] >= most:
                continue
            yes += firm["digital"] == "是"
            no += firm["digital"] == "否"
        if yes + no:
            found[year] = Fraction(100 * yes, yes + no)
    return found


def intensity(tables, _day):
    """Change of energy per value added since 2020, year by year multiplied up.

    A year's change is the published one; else (1 + growth of energy) / (1 + growth of value
    added), the second as published, the first as published or of the same firms in both years.
    """
    published = latest(tables, "energy_intensity_change_pct")
    energy = latest(tables, "energy_growth_pct")
    value_added = latest(tables, "value_added_growth_pct")
    if any(None in series.values() for series in (published, energy, value_added)):
        return {"energy_intensity": "contradictory"}
    factor, found = Fraction(1), {2020: Fraction(0)}
    for year in map(str, YEARS):
        if year in published:
            factor *= 1 + published[year] / 100
        elif year not in value_added:
            break
        else:
            grown = energy[year] if year in energy else same_firms_growth(tables, int(year))
            if grown is None:
                break
            factor *= (100 + grown) / (100 + value_added[year])
        found[int(year)] = (factor - 1) * 100
    return {"energy_intensity": found}


def same_firms_growth(tables, year):
    """Growth of energy of the large industrial firms of a year against the same ones before.

    Who was no large firm the year before and told no energy then, or was founded in the year, is
    left out; of the others no more than the policy's share may be left out.
    """
    born = {row["统一社会信用代码"]: row["成立日期"][:4] for row in tables["enterprises"]}
    rows = {(firm["usci"], firm["year"]): firm for firm in firm_years(tables)}
    now = before = firms = lacking = 0
    for (usci, of), firm in rows.items():
        if of != year or not firm["is_large"] or not 6 <= firm["division"] <= 46:
            continue
        past = rows.get((usci, year - 1))
        if firm["energy"] is not None and past and past["energy"] is not None:
            now, before, firms = now + firm["energy"], before + past["energy"], firms + 1
        elif firm["energy"] is None:
            lacking += 1
        elif past is None:
            lacking += born.get(usci) != str(year)
        else:
            lacking += past["is_large"] and 6 <= past["division"] <= 46
    most = Fraction(str(rule("bands")["most_missing_share"]))
    if not before or Fraction(lacking, firms + lacking) > most:
        return None
    return Fraction(now) / before * 100 - 100


def in_clearance_scope(firm):
    """Above-scale manufacturers, and other manufacturers with 3 mu of land; not those closed."""
    if firm["is_closed"] or not 13 <= firm["division"] <= 43:
        return False
    return firm["is_large"] or (firm["land"] is not None and firm["land"] >= LEAST_LAND)


def below(value, line):
    """以下 a line, by the reading that the policy has chosen."""
    return value <= line if rule("wording")["below"] == "included" else value < line


def low_tax(tables, day):
    """Firms below 5 万元 a mu that exist; who left since the last figure is taken off it."""
    found = {}
    scope = [firm for firm in firm_years(tables) if in_clearance_scope(firm)]
    gone, passed = {}, {}
    for row in tables["enterprises"]:
        if row["注销日期"]:
            gone[row["统一社会信用代码"]] = over(row["注销日期"])
    for usci, records in walked(tables).items():
        step, on = STEPS[records[-1]["环节"]], over(records[-1]["日期"])
        if records[-1]["佐证材料"].strip() and step == "closed":
            gone[usci] = min(on, gone.get(usci, on))
        if records[-1]["佐证材料"].strip() and step == "passed":
            passed[usci] = on
    last = max(firm["year"] for firm in scope)
    for year in range(2020, 2024):
        end = date(year, 12, 31)
        members = [
            firm
            for firm in scope
            if firm["year"] == year and not (firm["usci"] in gone and gone[firm["usci"]] <= end)
        ]
        told = [f for f in members if f["tax"] is not None and f["land"]]
        if not members or Fraction(len(members) - len(told), len(members)) > most_missing():
            continue
        low = {f["usci"] for f in told if below(f["tax"] / f["land"], 5)}
        if year == last and year > 2020:
            low -= {usci for usci in low if usci in gone and gone[usci] <= day}
            low -= {usci for usci in low if end < passed.get(usci, end) <= day}
        found[year] = Fraction(len(low))
    return {"low_tax_firms": found}


# --- clearance ---------------------------------------------------------------------------------

STEPS = {
    "列入清单": "listed",
    "合规检查": "checked",
    "告知": "notified",
    "一企一策": "plan",
    "限期整改": "rectifying",
    "达标销号": "passed",
    "关停淘汰": "closed",
}


def walked(tables):
    """Lead every firm's records through the closed loop; those that it refuses are left out."""
    loop = rule("loop")
    order = list(loop["transitions"])
    by_firm = {}
    for row in tables["clearance_events"]:
        by_firm.setdefault(row["统一社会信用代码"], []).append(row)
    taken = {}
    for usci, records in by_firm.items():
        records.sort(key=lambda row: (over(row["日期"]), order.index(STEPS[row["环节"]])))
        state, kept = None, []
        for row in records:
            step = STEPS[row["环节"]]
            if step in (loop["start"] if state is None else loop["transitions"][state]):
                state = step
                kept.append(row)
        if kept:
            taken[usci] = kept
    return taken


def clearance(tables, _day):
    taken = walked(tables)
    ends = {"passed": [], "closed": []}
    freed = {"腾出用地": [], "腾出用能": [], "减碳": []}
    checked = owed = 0
    for records in taken.values():
        last = records[-1]
        step, on = STEPS[last["环节"]], over(last["日期"])
        if step in ends and last["佐证材料"].strip():
            ends[step].append((on, Fraction(1)))
            for header, amounts in freed.items():
                amounts.append((on, number(last[header]) or Fraction(0)))
        if over(records[0]["日期"]) <= DUE["compliance_checks"]:
            was_checked = any(STEPS[row["环节"]] == "checked" for row in records)
            checked += was_checked
            owed += was_checked or step != "closed"
    return {
        "firms_closed": (ends["closed"], None, ""),
        "firms_rectified": (ends["passed"], None, ""),
        "land_freed": (freed["腾出用地"], None, ""),
        "energy_freed": (freed["腾出用能"], None, ""),
        "carbon_cut": (freed["减碳"], None, ""),
        "compliance_checks": (checked, owed),
        "clearance_list": listing(tables, set(taken)),
    }


def listing(tables, on_list):
    """Firms of the last year that belong on the list, those of them on it, and open since when."""
    firms = firm_years(tables)
    last = max(firm["year"] for firm in firms)
    due, before = belonging(firms, last), belonging(firms, last - 1)
    since = [date(last - (usci in before), 12, 31) for usci in due - on_list]
    return len(due & on_list), len(due), since


def belonging(firms, last):
    (energy,) = (one for one in rule("clearance")["rules"] if one["code"] == "high_energy")
    line = Fraction(str(energy["limits"]["default"]))
    due = set()
    for firm in firms:
        if firm["year"] != last or not in_clearance_scope(firm) or not firm["land"]:
            continue
        if firm["land"] < LEAST_LAND:
            continue
        is_low = firm["tax"] is not None and below(firm["tax"] / firm["land"], LOW_TAX)
        is_told = firm["energy"] is not None and firm["value_added"] is not None
        if is_low or (is_told and firm["energy"] > line * firm["value_added"]):
            due.add(firm["usci"])
    return due


# --- projects ----------------------------------------------------------------------------------


def projects(tables, _day):
    rows = tables["projects"]
    makers = [row for row in rows if row["是否制造业"] == "是"]
    single = [row for row in makers if row["是否单体项目"] == "是" and row["是否招引项目"] == "是"]
    large = [row for row in makers if number(row["计划总投资"]) >= 10000]
    landed = [row for row in large if row["落地时间"]]
    attracted = [row for row in rows if row["是否招引项目"] == "是"]
    wanted = [row for row in attracted if row["是否制造业"] == "是"]
    saving = [row for row in rows if row["项目类型"] == "节能减碳技改"]
    return {
        "projects_100m": (reached(single, "落地时间", 10000), None, ""),
        "projects_1bn": (reached(single, "落地时间", 100000), None, ""),
        "energy_saving_projects": (per_year(reached(saving, "开工时间", 0)), None),
        "projects_in_production": (per_year(reached(makers, "投产时间", 10000)), None),
        "manufacturing_share_of_projects": (share_signed(attracted, "是否制造业", "是", 1), None),
        "landing_rate": (share_signed(wanted, "落地时间", None, 100), None),
        "guarantee_teams": had(landed, [bool(row["保障组"]) for row in landed], "落地时间"),
        "section_chief_leads": had(
            landed, [row["是否由正科级干部联系"] == "是" for row in landed], "落地时间"
        ),
        "two_high_checked": two_high(rows),
        "key_users_monitored": None,  # the sample does not say who is monitored
    }


def had(rows, done, since):
    """How many have it, of how many, and since when the others lack it."""
    lacking = [over(row[since]) for row, has in zip(rows, done, strict=True) if not has]
    return sum(done), len(rows), lacking


def reached(rows, stage, least_wan):
    return [
        (over(row[stage]), Fraction(1))
        for row in rows
        if row[stage] and number(row["计划总投资"]) >= least_wan
    ]


def per_year(amounts):
    return {year: sum((x for on, x in amounts if on.year == year), Fraction(0)) for year in YEARS}


def share_signed(rows, column, wanted, times):
    """By year of signing: those whose column is `wanted` (or not empty) among all, if there are."""
    found = {}
    for year in YEARS:
        signed = [row for row in rows if row["签约时间"] and over(row["签约时间"]).year == year]
        good = [row for row in signed if (row[column] == wanted if wanted else row[column])]
        if signed:
            found[year] = Fraction(len(good), len(signed)) * times
    return found


def two_high(rows):
    large = []
    for row in rows:
        if row["是否两高项目"] != "是" or not row["开工时间"]:
            continue
        if over(row["开工时间"]) < date(2018, 1, 1):
            continue
        if row["年综合能耗（等价值）"] and number(row["年综合能耗（等价值）"]) < 1000:
            continue
        large.append(row)
    return had(large, [bool(row["评估检查时间"]) for row in large], "开工时间")


def investment(tables, _day):
    counted = {
        row["项目编号"]
        for row in tables["projects"]
        if row["是否制造业"] == "是" and row["是否飞地"] != "是"
    }
    months = sorted({row["月份"] for row in tables["project_months"]})
    amounts, by_year = [], {}
    for row in tables["project_months"]:
        if row["项目编号"] in counted:
            wan = Fraction(row["完成投资"])
            amounts.append((over(row["月份"]), wan / 10000))
            year = int(row["月份"][:4])
            by_year[year] = by_year.get(year, 0) + wan
    whole = {year: x for year, x in by_year.items() if f"{year}-12" <= months[-1]}
    return {
        "manufacturing_investment": (amounts, over(months[-1]), "month"),
        "manufacturing_investment_growth": whole,
        "investment_completion": (completion(tables), over(months[-1])),
    }


def completion(tables):
    """Invested in the year of landing over the planned total, of manufacturing attracted."""
    found = {}
    for year in YEARS:
        planned = {
            row["项目编号"]: Fraction(row["计划总投资"])
            for row in tables["projects"]
            if row["是否招引项目"] == row["是否制造业"] == "是"
            and row["落地时间"].startswith(str(year))
        }
        done = sum(
            Fraction(row["完成投资"])
            for row in tables["project_months"]
            if row["项目编号"] in planned and row["月份"].startswith(str(year))
        )
        if planned:
            found[year] = Fraction(done) / sum(planned.values()) * 100
    return found


# --- titles, land, published figures -----------------------------------------------------------


def titles(tables, _day):
    def won(kind, **limits):
        return (count_titles(tables, kind, **limits), None, "")

    def yearly(kind, **limits):
        return (per_year(count_titles(tables, kind, **limits)), None)

    standards = won("“浙江制造”标准", by_title=True)
    return {
        "made_in_zhejiang_standards": standards,
        "made_in_zhejiang_standards_task": standards,
        "pinzi_brands": won("“品字标”品牌企业"),
        "pinzi_brands_yearly": yearly("“品字标”品牌企业"),
        "small_firm_parks": won("小微企业园", stars=3),
        "innovation_platform": won("科技企业创新平台"),
        "rd_centres": won("企业研发中心"),
        "new_rd_institutions": won("新型研发机构"),
        "first_sets": won("首台（套）装备、首批（次）材料", by_title=True),
        "smart_factories": won("智能工厂（数字化车间）"),
        "listing_reserve": won("上市后备企业"),
        "high_tech_firms": yearly("高新技术企业"),
        "tech_smes": yearly("科技型中小企业"),
        "green_factories": yearly("绿色工厂", levels=("市级", "省级", "国家级")),
        "new_products": yearly("省级工业新产品", levels=("省级", "国家级"), by_title=True),
    }


def count_titles(tables, kind, levels=None, stars=0, by_title=False):
    """Count +1 for a title newly won (or a new holder), by day: what is revoked later was won."""
    rows = [row for row in tables["recognitions"] if row["认定类别"] == kind]
    rows = [row for row in rows if row["是否撤销"] != "是"]
    rows = [row for row in rows if levels is None or row["级别"] in levels]
    rows = [row for row in rows if not stars or int(row["星级"] or 0) >= stars]
    rows.sort(key=lambda row: over(row["认定日期"]))
    amounts, seen, holders = [], set(), set()
    for row in rows:
        on = over(row["认定日期"])
        holder = row["统一社会信用代码"] or row["获得者"]
        title = (holder, row["批次"], row["项目或产品名称"])
        if title not in seen if by_title else holder not in holders:
            amounts.append((on, Fraction(1)))
        holders.add(holder)
        seen.add(title)
    return amounts


def land(tables, day):
    grants = tables["land_supply"]
    industrial = [row for row in grants if is_industrial(row["土地用途"])]
    fresh = [row for row in industrial if row["是否新增用地"] != "否"]
    standard = [row for row in fresh if row["是否标准地"] == "是"]
    fund = {
        int(row["年度"]): Fraction(row["提取专项经费"]) / Fraction(row["土地出让结算收入"]) * 100
        for row in tables["special_fund"]
    }
    moved, short = {"转出": Fraction(0), "补入": Fraction(0)}, []
    for on in sorted({row["日期"] for row in tables["land_moves"]}):
        for row in tables["land_moves"]:
            if row["日期"] == on:
                moved[row["方向"]] += Fraction(row["面积"])
        is_owed = moved["补入"] < moved["转出"]
        short = [*short, over(on)][:1] if is_owed else []
    parcels = [row for row in tables["parcels"] if is_industrial(row["land_use"] or "1001")]
    return {
        "industrial_share_of_grants": (area_share(industrial, grants, day), None),
        "standard_land": (area_share(standard, fresh, day), None),
        "campaign_fund": (fund, None),
        "land_replaced": (min(moved.values()) if moved["转出"] else 0, moved["转出"], short),
        "contracts_signed": (sum(bool(p["supervision_signed_on"]) for p in parcels), len(parcels)),
    }


def area_share(some, rows, day):
    found = {}
    for year in YEARS:
        if date(year, 1, 1) > day:
            break
        top, bottom = (
            sum(
                (Fraction(r["出让面积"]) for r in part if r["出让日期"].startswith(str(year))),
                Fraction(0),
            )
            for part in (some, rows)
        )
        if bottom:
            found[year] = top / bottom * 100
    return found


def latest(tables, indicator):
    """Give by period the figure that was published last; None where publishers contradict."""
    newest = {}
    for row in tables["official_series"]:
        if row["指标"] != indicator:
            continue
        on, values = newest.get(row["时期"], ("", set()))
        if row["发布日期"] > on:
            on, values = row["发布日期"], set()
        if row["发布日期"] == on:
            values.add(Fraction(row["数值"]))
        newest[row["时期"]] = (on, values)
    return {p: next(iter(v)) if len(v) == 1 else None for p, (_, v) in newest.items()}


def published(tables, _day):
    growth, index = latest(tables, "digital_core_growth_pct"), {2020: Fraction(100)}
    for year in YEARS:
        if str(year) not in growth:
            break
        index[year] = index[year - 1] * (1 + growth[str(year)] / 100)
    relief = {int(p): wan / 10000 for p, wan in latest(tables, "burden_relief_wan").items()}
    return {
        "digital_manufacturing_growth": index,
        "burden_relief": (relief, date(max(relief), 12, 31)),
        "technology_transactions": total_of(latest(tables, "technology_transactions_wan")),
    }


def total_of(by_period):
    """Add up a flow in 亿元; a year that has all its quarters is not counted beside them."""
    if None in by_period.values():
        return "contradictory"
    amounts = []
    for period, wan in by_period.items():
        if "Q" not in period and all(
            f"{period}Q{quarter}" in by_period for quarter in (1, 2, 3, 4)
        ):
            continue
        amounts.append((over(period), wan / 10000))
    grain = "quarter" if any("Q" in period for period in by_period) else "year"
    return amounts, max(over(period) for period in by_period), grain


def milestones(tables, _day):
    happened = {row["里程碑代码"]: row["日期"] for row in tables["milestones"]}
    names = ("provincial_development_zone", "special_assessment", "provincial_incentive")
    return {name: happened.get(name) for name in names}
