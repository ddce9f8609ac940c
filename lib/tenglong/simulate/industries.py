"""Industries: what the sample's firms make, and what is usual in that trade.

A trade of weight 0 is made only by firms that the story names. `noun` is what a firm of it is
called by, `product` what it sells, `value_added` its share in revenue, `energy` the tonnes of
standard coal a 万元 of value added takes, `fuels` the shares of the energy that is not
electricity, `wet` whether waste water matters. Codes are GB/T 4754-2017; the ratios are
plausible, not sourced.
"""

from dataclasses import dataclass, field

MANUFACTURING, UTILITIES = range(13, 44), range(44, 47)


@dataclass(frozen=True)
class Industry:
    """A trade: its code and name, its chain, how often it occurs, and its usual ratios."""

    code: str
    noun: str
    product: str
    chain: str
    weight: float
    value_added: float
    energy: float
    fuels: dict[str, float] = field(default_factory=dict)
    wet: bool = False

    @property
    def is_manufacturing(self) -> bool:
        """Whether it is among the divisions 13 to 43."""
        return int(self.code[:2]) in MANUFACTURING

    @property
    def is_utility(self) -> bool:
        """Whether it supplies power, heat, gas or water (divisions 44 to 46)."""
        return int(self.code[:2]) in UTILITIES

    @property
    def is_machinery(self) -> bool:
        """Whether what it makes is a machine, which can be the first of its kind (首台套)."""
        return self.code in MACHINES


GAS, DIESEL = {"gas_10k_m3": 0.18}, {"diesel_t": 0.05}
WATER, FOOD, HIGH_END, FASHION, CAR, NEW = (
    "水资源", "健康食品", "高端装备", "时尚轻工", "汽摩配", "战略性新兴",
)  # fmt: skip
INDUSTRIES = (
    Industry("1019", "矿业", "机制砂石", "", 0.4, 0.36, 0.34, {"diesel_t": 0.45}),
    Industry("1371", "果蔬食品", "脱水蔬菜", FOOD, 2, 0.21, 0.30, {"gas_10k_m3": 0.25}, wet=True),
    Industry("1372", "食用菌", "即食香菇", FOOD, 1.5, 0.23, 0.26, DIESEL, wet=True),
    Industry("1432", "速冻食品", "速冻杨梅", FOOD, 1.5, 0.22, 0.34, GAS, wet=True),
    Industry("1492", "保健食品", "石斛胶囊", FOOD, 1, 0.31, 0.20, GAS),
    Industry("1522", "山泉饮用水", "山泉水", WATER, 2, 0.30, 0.22, DIESEL),
    Industry("1523", "果汁饮料", "杨梅汁", WATER, 1, 0.26, 0.28, {"heat_gj": 0.2}, wet=True),
    Industry("1530", "精制茶", "绿茶", FOOD, 2, 0.28, 0.24, GAS),
    Industry(
        "1713",
        "染整",
        "功能面料",
        FASHION,
        0,
        0.24,
        1.05,
        {"heat_gj": 0.45, "gas_10k_m3": 0.1},
        True,
    ),
    Industry("1819", "服饰", "休闲夹克", FASHION, 3, 0.27, 0.13),
    Industry("1922", "箱包", "拉杆箱", FASHION, 2, 0.25, 0.14),
    Industry("1952", "鞋业", "休闲皮鞋", FASHION, 3, 0.26, 0.17),
    Industry("2041", "竹业", "竹凉席", FASHION, 1.5, 0.24, 0.26, DIESEL),
    Industry("2110", "家具", "实木餐桌", FASHION, 2, 0.25, 0.18),
    Industry("2231", "包装", "瓦楞纸箱", "", 2, 0.21, 0.33, {"gas_10k_m3": 0.2}),
    Industry("2319", "印务", "彩印包装盒", "", 1.5, 0.27, 0.22),
    Industry("2412", "笔业", "中性笔", FASHION, 1.5, 0.26, 0.20),
    Industry("2452", "玩具", "益智积木", FASHION, 2, 0.25, 0.21),
    Industry("2651", "高分子材料", "改性塑料", NEW, 0, 0.22, 0.62, {"heat_gj": 0.2}, wet=True),
    Industry("2730", "中药饮片", "黄精饮片", FOOD, 1, 0.30, 0.25, GAS),
    Industry("2770", "医疗用品", "医用敷料", NEW, 1, 0.31, 0.19),
    Industry("2929", "塑料制品", "塑料周转箱", FASHION, 4, 0.23, 0.36),
    Industry("3021", "水泥制品", "预制管桩", "", 2, 0.24, 0.35, {"diesel_t": 0.35}),
    Industry("3031", "建材", "加气砌块", "", 0, 0.25, 1.70, {"coal_t": 0.62, "diesel_t": 0.04}),
    Industry("3311", "金属结构", "钢结构件", HIGH_END, 2, 0.22, 0.27, DIESEL),
    Industry("3360", "表面处理", "镀锌件", "", 0, 0.25, 0.75, GAS, wet=True),
    Industry("3391", "铸造", "球墨铸件", "", 0, 0.23, 1.25, {"gas_10k_m3": 0.12, "coal_t": 0.03}),
    Industry("3441", "泵业", "潜水泵", HIGH_END, 4, 0.27, 0.17),
    Industry("3443", "阀门", "球阀", HIGH_END, 4, 0.27, 0.18),
    Industry("3467", "包装机械", "全自动包装机", HIGH_END, 2, 0.28, 0.13),
    Industry("3482", "紧固件", "高强度螺栓", HIGH_END, 3, 0.24, 0.31),
    Industry("3531", "食品机械", "果蔬清洗机", HIGH_END, 2, 0.29, 0.12),
    Industry("3599", "专用装备", "自动装配机", HIGH_END, 2, 0.29, 0.13),
    Industry("3670", "汽车零部件", "汽车制动盘", CAR, 5, 0.24, 0.27),
    Industry("3752", "摩托车配件", "摩托车减震器", CAR, 4, 0.23, 0.26),
    Industry("3812", "电机", "永磁电机", HIGH_END, 2, 0.25, 0.17),
    Industry("3823", "电气", "低压开关柜", HIGH_END, 4, 0.26, 0.13),
    Industry("3982", "电子电路", "多层电路板", NEW, 1, 0.27, 0.33, wet=True),
    Industry("3989", "电子元件", "片式电感", NEW, 1.5, 0.29, 0.20),
    Industry("4012", "仪表", "智能电表", NEW, 1.5, 0.33, 0.09),
    Industry("4016", "智能仪器", "超声波水表", NEW, 1.5, 0.34, 0.09),
    Industry("4119", "日用品", "晴雨伞", "", 1.5, 0.23, 0.18),
    Industry("4210", "再生资源", "再生钢料", "", 0.7, 0.18, 0.22, DIESEL),
    Industry("4413", "水力发电", "水电", WATER, 0.8, 0.55, 0.06),
    Industry("4610", "供水", "自来水", WATER, 0.3, 0.42, 0.21),
)
# what a firm is called that says 制造 in its name: a trade whose noun can be made
MADE = frozenset(
    {
        "1922", "2110", "2452", "2929", "3021", "3311", "3467", "3482", "3531", "3599", "3670",
        "3752", "3812", "3823", "3982", "3989", "4012", "4016",
    }
)  # fmt: skip
MACHINES = frozenset({"3441", "3443", "3467", "3531", "3599", "3812"})
BY_CODE = {industry.code: industry for industry in INDUSTRIES}
POLLUTING = ("1713", "3031", "3360", "3391", "2929", "3482", "2231", "3021", "2110")
