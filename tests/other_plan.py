"""Another county's plan: no number, no clause id and no unit is that of the kit's own."""

PLAN = """\
id: mycounty-2022-2025
name: {zh: 某县制造业攻坚行动方案（2022—2025年）, en: Action plan of My County (2022-2025)}
text: mycounty.zh.txt
effective_on: 2022-03-01
window: {start: 2022-01-01, end: 2025-12-31}
baseline_year: 2021
tasks:
  - {id: 攻坚一, title: 淘汰落后, units: [县工信局, 县自然资源局, 县税务局]}
  - {id: 攻坚二, title: 创新强工, units: [县科技和产业局]}
clauses:
  - id: mj_tax
    section: 总目标
    text: 规上工业亩均税收达到37万元
    name: {zh: 规上工业亩均税收, en: Tax per mu}
    kind: level
    operator: ">="
    value: 37
    unit: 万元/亩
    units_from: 攻坚一
    indicator:
      {name: firm_ratio, numerator: tax, denominator: land_mu,
       scope: above_scale_industry}
  - id: mj_va
    section: 总目标
    text: 亩均增加值达到180万元
    name: {zh: 规上工业亩均增加值, en: Value added per mu}
    kind: level
    operator: ">="
    value: 180
    unit: 万元/亩
    units_from: 攻坚一
    indicator:
      {name: firm_ratio, numerator: value_added_wan, denominator: land_mu,
       scope: above_scale_industry}
  - id: qyldscl
    section: 总目标
    text: 规上制造业全员劳动生产率达到33万元/人
    name: {zh: 全员劳动生产率, en: Labour productivity}
    kind: level
    operator: ">="
    value: 33
    unit: 万元/人
    units_from: 攻坚二
    indicator:
      {name: firm_ratio, numerator: value_added_wan, denominator: employees,
       scope: above_scale_manufacturing}
  - id: nh
    section: 总目标
    text: 单位工业增加值能耗下降10.4%
    name: {zh: 单位工业增加值能耗, en: Energy intensity}
    kind: change
    operator: "<="
    value: -10.4
    unit: "%"
    units_from: 攻坚一
    indicator: {name: intensity_change}
  - id: yf
    section: 总目标
    text: R&D经费占营业收入比重达到2.3%
    name: {zh: R&D经费占营业收入比重, en: R&D share of revenue}
    kind: level
    operator: ">="
    value: 2.3
    unit: "%"
    units_from: 攻坚二
    indicator:
      {name: firm_ratio, numerator: rd_wan, denominator: revenue_wan,
       scope: above_scale_manufacturing}
  - id: tt
    section: 攻坚一
    text: 淘汰落后产能企业46家
    name: {zh: 淘汰落后产能企业, en: Firms closed}
    kind: cumulative
    operator: ">="
    value: 46
    unit: 家
    indicator: {name: cleared_firms, event: closed}
  - id: cq
    section: 攻坚一
    text: 亩均税收1万元以下企业全面出清
    name: {zh: 亩均税收1万元以下企业全面出清, en: Firms below 10k CNY of tax per mu cleared out}
    kind: clear_out
    operator: "<="
    value: 0
    unit: 家
    indicator: {name: low_tax_firms, below_wan_per_mu: 1}
  - id: qd
    section: 攻坚一
    text: 建立实际用地8亩及以上的整治企业清单
    name: {zh: 建立整治企业清单, en: List drawn up}
    kind: coverage
    operator: ">="
    value: 100
    unit: "%"
    standing: true
    indicator: {name: listed_firms, min_land_mu: 8}
  - id: gx
    section: 攻坚二
    text: 每年新增高新技术企业7家
    name: {zh: 新增高新技术企业, en: New high-tech firms}
    kind: annual
    operator: ">="
    value: 7
    unit: 家
    indicator: {name: recognitions, kind: high_tech_firm, count: holders}
"""
TEXT = """\
规上工业亩均税收达到37万元，亩均增加值达到180万元，规上制造业全员劳动生产率达到33万元/人，
单位工业增加值能耗下降10.4%，R&D经费占营业收入比重达到2.3%。
淘汰落后。淘汰落后产能企业46家。亩均税收1万元以下企业全面出清。
建立实际用地8亩及以上的整治企业清单。（责任单位：县工信局、县自然资源局、县税务局）
创新强工。每年新增高新技术企业7家。（责任单位：县科技和产业局）
"""


def write(folder, *, plan=PLAN, text=TEXT):
    """Write the plan and its text, and give the plan's file."""
    (folder / "mycounty.zh.txt").write_text(text, encoding="utf-8")
    file = folder / "mycounty.yml"
    file.write_text(plan, encoding="utf-8")
    return file
