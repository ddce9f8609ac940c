"""The maps: complete in themselves, the same bytes every time, and data is never code."""

import hashlib
import re
from xml.etree import ElementTree as ET

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from folium.plugins import MarkerCluster

import plots
from build import page_in
from map_payload import payload, shapes
from tenglong.errors import ConfigurationError, DataError, TenglongError, UsageError
from tenglong.measure.parcel.classes import categorise, classes_of, classify
from tenglong.measure.sheet.parcel_map import Colouring
from tenglong.show.links import refuse_links
from tenglong.show.map.dots import PITCH, dodged
from tenglong.show.map.finder import filter_by_class, filter_of
from tenglong.show.map.legend import class_texts, legend_html, legend_of, palette_of, title_of
from tenglong.show.map.offline_map import ASSETS, CUTS, LEAFLET, PARTS, STYLES, OfflineMap
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.place_names import place_names
from tenglong.show.map.rings import rings_of
from tenglong.show.map.sheet import sheet_of
from tenglong.show.map.sheet_legend import wrapped
from tenglong.show.map.static import PALE, static_map
from tenglong.show.map.world import ACROSS
from tenglong.source.place import kit_root

PUBLISHED = {  # by SHA-256: leaflet 1.9.4; pako 2.1.0, dist/pako_inflate.es5.min.js
    "leaflet/leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet/leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "pako/inflate.min.js": "efb8976b994144ffe643122f0b021e7999bb80736e17160f8b4417bf04b9b7fc",
}
SVG = "{http://www.w3.org/2000/svg}"
CAMBRIDGE = kit_root() / "data" / "cambridge" / "parcels.parquet"

ONE = plots.parcels(plots.square(0, 0))
TWO = plots.parcels(plots.square(0, 0), plots.square(100, 0))


STATES = {
    **plots.MEASURE,
    "kind": "category",
    "categories": [
        {"value": "idle", "label": {"zh": "闲置", "en": "Idle"}},
        {"value": "in_use", "label": {"zh": "正常使用", "en": "In use"}},
    ],
}


def classed(*values):
    return classes_of(plots.tax(*values), plots.MEASURE)


def scripts(html):
    """Give the scripts that a browser would run."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    return [text for attributes, text in found if "json" not in attributes]


def drawing(piece):
    """Parse the picture of a static map."""
    svg = re.search(r"<svg.*</svg>", piece.html, re.DOTALL).group()
    svg = svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


# ---- the guard


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.cn/a.png">',
        '<img src="a.png">',
        "<link href=//x.cn/a.css>",
        '<a href="http://x.cn">x</a>',
        '<image xlink:href="http://x.cn/a.png"/>',
        "<style>p { background: url(https://x.cn/a.png) }</style>",
        "<style>p { background: url('a.png') }</style>",
        "<style>@import 'a.css';</style>",
        '<p style="background: url(//x.cn/a)">',
        "<script>fetch('https://x.cn')</script>",
        '<script>load("//x.cn/a.js")</script>',
        "<script>page.innerHTML = '<a href=\"https://x.cn\">'</script>",
        "<script>1 //# sourceMappingURL=a.js.map</script>",
        "<p onclick=go()>",
    ],
)
def test_the_guard_refuses_what_leads_outside(html):
    with pytest.raises(TenglongError, match="complete in itself"):
        refuse_links(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>see http://x.cn and //x.cn</p>",
        '<a href="#top">up</a>',
        '<img src="data:image/png;base64,AA==">',
        "<style>p { fill: url(#hatch) }</style>",
        '<script type="application/json">{"name": "<img src=\'https://x.cn\'>"}</script>',
        '<script>svg("http://www.w3.org/2000/svg") // a comment</script>',
    ],
)
def test_the_guard_lets_through_what_stays_inside(html):
    refuse_links(html)


# ---- the folium map


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_works_of_others_are_the_published_ones(name):
    assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == PUBLISHED[name]


@pytest.mark.parametrize(
    ("folder", "author"), [("leaflet", "Volodymyr Agafonkin"), ("pako", "Vitaly Puzrin")]
)
def test_the_works_of_others_have_their_licences_beside_them(folder, author):
    assert author in (ASSETS / folder / "LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("cut", CUTS)
def test_each_cut_of_leaflet_stands_once_in_it(cut):
    files = [(ASSETS / name).read_text(encoding="utf-8") for name in (*STYLES, LEAFLET)]
    assert sum(text.count(cut) for text in files) == 1


def test_a_map_is_rendered_alike_however_often():
    drawn = OfflineMap("a", label="x")
    folium.Circle([27.8, 120.0], radius=50).add_to(drawn)
    assert drawn.render() == drawn.render() == drawn._repr_html_()


def test_two_maps_of_one_name_are_alike():
    htmls = []
    for _ in range(2):
        drawn = OfflineMap("a", label="x")
        folium.PolyLine([[27.8, 120.0], [27.9, 120.1]]).add_to(
            folium.FeatureGroup("g").add_to(drawn)
        )
        htmls.append(drawn.render())
    assert htmls[0] == htmls[1]


def test_the_assets_of_folium_are_not_in_it():
    html = OfflineMap("a", label="x").render().lower()
    for asset in ("bootstrap", "jquery", "awesome", "glyphicon", "cdn"):
        assert asset not in html


def test_a_plugin_that_loads_from_a_network_is_refused():
    drawn = OfflineMap("a", label="x")
    MarkerCluster().add_to(drawn)
    with pytest.raises(TenglongError, match="https://cdn"):
        drawn.render()


@pytest.mark.parametrize("name", ["", "1a", "a-b", 'a"', "Ä"])
def test_a_name_that_is_no_name_of_a_variable_is_refused(name):
    with pytest.raises(UsageError, match="a map's name"):
        OfflineMap(name, label="x")


def test_a_label_is_text():
    assert (
        'aria-label="{{ 1+1 }}&quot;&lt;b&gt;"' in OfflineMap("a", label='{{ 1+1 }}"<b>').render()
    )


# ---- the parcels' data


def test_a_hostile_name_travels_as_it_is_and_computes_nothing():
    firms = pd.Series([plots.EVIL])
    piece = parcel_map(
        page_in("zh"), ONE, classed(3), plots.MEASURE, popup={plots.EVIL: firms}, caption=plots.EVIL
    )
    assert "<img" not in piece.html
    assert "49" not in re.sub(r"<(style|script)\b.*?</\1>", "", piece.html, flags=re.DOTALL)


def test_a_hostile_township_is_text_on_both_maps():
    towns = gpd.GeoDataFrame(
        {"name": [plots.EVIL]}, geometry=[plots.square(0, 0, 900)], crs=plots.CRS
    )
    outlines = {plots.EVIL: towns}
    piece = parcel_map(page_in("zh"), ONE, classed(3), plots.MEASURE, outlines=outlines)
    assert payload(piece)["outlines"][0]["names"] == [plots.EVIL]
    still = static_map(
        page_in("zh"), ONE, classed(3), plots.MEASURE, outlines=outlines, credit=plots.EVIL
    )
    assert "<img" not in piece.html + still.html
    assert plots.EVIL in [node.text for node in drawing(still).iter(f"{SVG}text")]


def test_holes_and_parts_are_kept():
    islands = shapely.MultiPolygon([plots.square(0, 0), plots.square(500, 0)])
    rings = rings_of(
        gpd.GeoSeries([plots.holed(), islands, shapely.Point(0, 0), None, shapely.Polygon()])
    )
    assert rings.polygons.tolist() == [1, 2, 0, 0, 0]
    assert rings.rings.tolist() == [2, 1, 1]
    assert rings.vertices.tolist() == [4, 4, 4, 4]


def test_an_invalid_outline_is_drawn_as_it_is():
    rings = rings_of(gpd.GeoSeries([plots.bow_tie()]))
    assert (rings.points - (plots.WEST, plots.SOUTH)).tolist() == [
        [0, 0],
        [100, 100],
        [100, 0],
        [0, 100],
    ]
    paths = [
        node.get("d")
        for node in drawing(
            static_map(page_in("zh"), plots.parcels(plots.bow_tie()), classed(1), plots.MEASURE)
        ).iter(f"{SVG}path")
    ]
    assert any(re.fullmatch(r"M\d+ \d+l\d+-\d+ 0 \d+-\d+-\d+z", path) for path in paths), paths


def test_an_outline_that_is_nowhere_is_not_drawn():
    rings = rings_of(gpd.GeoSeries([shapely.Polygon([(0, 0), (1, 0), (np.inf, 1)])]))
    assert rings.polygons.tolist() == [0]


def test_the_class_of_each_parcel_is_in_the_data_and_unknown_is_the_last():
    (told,) = payload(parcel_map(page_in("zh"), TWO, classed(7, None), plots.MEASURE))["measures"]
    assert told["classes"] == [1, 3]
    assert told["colours"] == plots.MEASURE["palette"]


def test_a_popup_holds_the_chosen_columns_and_nothing_else():
    land = TWO.assign(phone="13800000000")
    piece = parcel_map(
        page_in("zh"), land, classed(1, 2), plots.MEASURE, popup={"企业": pd.Series(["甲", None])}
    )
    assert payload(piece)["columns"] == [{"label": "企业", "texts": ["甲", "…"]}]
    assert "13800000000" not in piece.html + "".join(piece.csv.values())


def test_every_part_of_the_script_is_in_the_map_once_and_no_other():
    files = {path.stem for path in (ASSETS / "script").glob("*.js")}
    assert set(PARTS) == files
    html = OfflineMap("a", label="x").render()
    for name in PARTS:
        assert (
            html.count((ASSETS / "script" / f"{name}.js").read_text(encoding="utf-8").strip()) == 1
        )


def test_a_filter_has_its_options_in_order_and_what_is_not_known_last():
    towns = filter_of("乡镇", pd.Series(["玉壶镇", None, "大峃镇"]))
    html = parcel_map(
        page_in("zh"),
        plots.parcels(*(plots.square(200 * n, 0) for n in range(3))),
        classed(1, 2, 3),
        plots.MEASURE,
        filters=[towns],
    ).html
    options = re.search(r"<select [^>]*data-filter>(.*?)</select>", html).group(1)
    assert re.findall(r'<option value="(\d*)">([^<]*)', options) == [
        ("", "全部"),
        ("0", "大峃镇"),
        ("1", "玉壶镇"),
        ("2", "无数据"),
    ]


def test_a_filter_offers_no_class_that_no_parcel_is_in():
    one = filter_by_class(page_in("zh"), classed(1, 2), plots.MEASURE)
    html = parcel_map(page_in("zh"), TWO, classed(1, 2), plots.MEASURE, filters=[one]).html
    options = re.search(r"<select [^>]*data-filter>(.*?)</select>", html).group(1)
    assert re.findall(r">([^<]+)</option>", options) == ["全部", "低于 5"]


def test_a_hostile_option_of_a_filter_is_text():
    hostile = filter_of(plots.EVIL, pd.Series([plots.EVIL]))
    html = parcel_map(page_in("zh"), ONE, classed(1), plots.MEASURE, filters=[hostile]).html
    assert "<img" not in html


def test_neighbours_are_pale_and_end_near_the_sheet():
    around = gpd.GeoDataFrame(geometry=[plots.square(-50_000, -50_000, 100_000)], crs=plots.CRS)
    towns = gpd.GeoDataFrame(geometry=[plots.square(-100, -100, 300)], crs=plots.CRS)
    given = {"outlines": {"乡镇": towns}, "neighbours": around}
    root = drawing(static_map(page_in("zh"), ONE, classed(3), plots.MEASURE, **given))
    pale = next(node for node in root.iter(f"{SVG}path") if node.get("fill") == PALE)
    assert max(map(int, re.findall(r"-?\d+", pale.get("d")))) <= 10 * 700
    data = payload(parcel_map(page_in("zh"), ONE, classed(3), plots.MEASURE, **given))
    ((around_it,),) = shapes(data["neighbours"][0])
    assert max(np.ptp(np.array(around_it), axis=0)) < 0.02 * ACROSS / 360  # of half a degree


def test_texts_that_come_back_are_given_once():
    land = plots.parcels(*(plots.square(200 * place, 0) for place in range(5)))
    uses = pd.Series(["工业", "仓储", "工业", "工业", "仓储"])
    column = payload(
        parcel_map(page_in("zh"), land, classed(1, 2, 3, 4, 5), plots.MEASURE, popup={"用途": uses})
    )["columns"][0]
    assert [column["texts"][place] for place in column["places"]] == uses.tolist()
    assert len(column["texts"]) == 2


def test_the_map_fits_the_parcels_and_the_outlines():
    towns = gpd.GeoDataFrame(geometry=[plots.square(-1000, -1000, 3000)], crs=plots.CRS)
    data = payload(
        parcel_map(page_in("zh"), ONE, classed(1), plots.MEASURE, outlines={"界": towns})
    )
    west, south, east, north = towns.to_crs(4326).total_bounds
    assert np.allclose(data["bounds"], [[south, west], [north, east]], atol=1e-6)


def test_parcels_must_be_in_metres():
    with pytest.raises(DataError, match="projected"):
        parcel_map(page_in("zh"), ONE.to_crs(4326), classed(1), plots.MEASURE)


def test_a_column_of_other_parcels_is_refused():
    with pytest.raises(DataError, match="企业 must have the parcels' index"):
        parcel_map(
            page_in("zh"),
            ONE,
            classed(1),
            plots.MEASURE,
            popup={"企业": pd.Series(["甲"], index=[9])},
        )


def test_the_scripts_hold_no_data():
    first = parcel_map(page_in("zh"), ONE, classed(3), plots.MEASURE)
    second = parcel_map(
        page_in("zh"), TWO, classed(30, 4), plots.MEASURE, popup={"企业": pd.Series(["甲", "乙"])}
    )
    assert scripts(first.html) == scripts(second.html)


def test_the_same_parcels_give_the_same_bytes():
    assert parcel_map(page_in("zh"), TWO, classed(1, 2), plots.MEASURE) == parcel_map(
        page_in("zh"), TWO, classed(1, 2), plots.MEASURE
    )
    assert static_map(page_in("zh"), TWO, classed(1, 2), plots.MEASURE) == static_map(
        page_in("zh"), TWO, classed(1, 2), plots.MEASURE
    )


def test_the_csv_has_every_parcel_with_its_class():
    land = TWO.assign(township=["330328100", None], parcel_id=["=1+1", "P1"])
    csv = parcel_map(page_in("zh"), land, classed(20.5, None), plots.MEASURE).csv["parcel_map.csv"]
    assert csv.splitlines() == [
        "宗地代码,乡镇代码,亩均税收（万元/亩）,亩均税收（万元/亩） 分档",
        "'=1+1,330328100,20.5,20 及以上",
        "P1,,,无数据",
    ]


def test_the_csv_has_the_count_of_every_class_of_every_measure():
    states = {**STATES, "label": {"zh": "用地状态"}, "unit": {"zh": ""}}
    other = Colouring("state", states, categorise(pd.Series(["idle", None]), ["idle", "in_use"]))
    csv = parcel_map(page_in("zh"), TWO, classed(20.5, None), plots.MEASURE, others=[other]).csv
    assert csv["parcel_map_classes.csv"].splitlines() == [
        "着色项,分档,宗数",
        "亩均税收（万元/亩）,低于 5,0",
        "亩均税收（万元/亩）,5（含）—20,0",
        "亩均税收（万元/亩）,20 及以上,1",
        "亩均税收（万元/亩）,无数据,1",
        "用地状态,闲置,1",
        "用地状态,正常使用,0",
        "用地状态,无数据,1",
    ]


@pytest.mark.parametrize("draw", [parcel_map, static_map])
def test_a_county_without_parcels_is_drawn_by_its_outlines(draw):
    towns = gpd.GeoDataFrame({"name": ["大峃镇"]}, geometry=[plots.square(0, 0)], crs=plots.CRS)
    html = draw(page_in("zh"), ONE[:0], classed(), plots.MEASURE, outlines={"乡镇界": towns}).html
    assert "大峃镇" in html


@pytest.mark.parametrize("draw", [parcel_map, static_map])
def test_a_map_of_nothing_is_refused(draw):
    with pytest.raises(DataError, match="no parcel and no layer has an outline"):
        draw(page_in("zh"), plots.parcels(None, shapely.Polygon()), classed(1, 2), plots.MEASURE)


# ---- the legend


def test_the_legend_has_the_limits_and_the_counts():
    legend = legend_of(page_in("zh"), classed(1, 5, 19, 20, None), plots.MEASURE)
    rows = [(entry.text, entry.count) for entry in legend.entries]
    assert rows == [("低于 5", 1), ("5（含）—20", 2), ("20 及以上", 1), ("无数据", 1)]
    assert legend.title == "亩均税收（万元/亩）"


def test_parcels_without_an_outline_are_counted_and_said():
    land = plots.parcels(plots.square(0, 0), None, shapely.Polygon())
    for draw in (parcel_map, static_map):
        html = draw(page_in("zh"), land, classed(1, 2, None), plots.MEASURE).html
        assert "其中 2 宗无图形，未绘出" in html
    legend = legend_of(page_in("zh"), classed(1, 2, None), plots.MEASURE, without_outline=2)
    assert legend.total == 3


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1234.5, 1234.5], ("1,234.5",)),
        ([0.001, 2, 1_000_000], ("0.001（含）—2", "2（含）—1,000,000", "1,000,000")),
    ],
)
def test_a_limit_is_written_in_full(values, texts):
    assert class_texts(page_in("zh"), classify(plots.tax(*values)), plots.MEASURE) == texts


def test_a_year_has_no_thousands():
    years = classify(plots.tax(1890, 2003))
    assert class_texts(page_in("zh"), years, {**plots.MEASURE, "is_grouped": False}) == (
        "1890（含）—2003",
        "2003",
    )


def test_categories_are_named_in_the_pages_language():
    measure = {
        **plots.MEASURE,
        "categories": [{"value": "idle", "label": {"zh": "闲置", "en": "Idle"}}],
    }
    states = categorise(pd.Series(["idle"]), ["idle"])
    assert class_texts(page_in("en"), states, measure) == ("Idle",)
    assert class_texts(page_in("zh"), states, measure) == ("闲置",)


def test_fewer_classes_keep_the_ends_of_the_palette():
    two = classify(plots.tax(1, 2), k=3)
    assert palette_of(two, plots.MEASURE) == ("#7d1714", "#b5dcec")


def test_a_palette_that_is_too_short_is_refused():
    with pytest.raises(ConfigurationError, match="palette must have 4 colours, not 3"):
        palette_of(classify(plots.tax(1), limits=[1, 2, 3]), plots.MEASURE)


def test_a_measure_without_a_unit_has_no_brackets():
    assert title_of(page_in("zh"), {"label": {"zh": "用地状态"}, "unit": {"zh": ""}}) == "用地状态"


def test_the_legend_of_a_page_is_a_table():
    html = legend_html(page_in("en"), legend_of(page_in("en"), classed(1), plots.MEASURE))
    assert html.count("<th scope=row>") == 4
    assert "under 5" in html


# ---- the picture


def test_the_picture_is_described_for_those_who_cannot_see_it():
    root = drawing(static_map(page_in("zh"), TWO, classed(1, None), plots.MEASURE))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert "低于 5：1 宗；5（含）—20：0 宗；20 及以上：0 宗；无数据：1 宗" in description.text


def test_two_pictures_on_a_page_share_no_id():
    ids = [
        {
            node.get("id")
            for node in drawing(
                static_map(page_in("zh"), TWO, classed(1, 2), plots.MEASURE, name=name)
            ).iter()
        }
        for name in ("a", "b")
    ]
    assert ids[0] & ids[1] == {None}


def test_a_speck_is_a_dot_and_a_field_is_an_outline():
    land = plots.parcels(plots.square(0, 0, 10), plots.square(0, 5000, 5000))
    root = drawing(static_map(page_in("zh"), land, classed(1, 30), plots.MEASURE))
    assert [dot.get("fill") for dot in root.iter(f"{SVG}circle")] == ["#7d1714"]
    assert [
        group.get("fill") for group in root.iter(f"{SVG}g") if group.find(f"{SVG}path") is not None
    ] == ["#b5dcec"]


def test_dots_are_drawn_in_the_order_of_the_parcels():
    land = plots.parcels(*(plots.square(x, x, 10) for x in (0, 9000, 3, 6)))
    dots = drawing(static_map(page_in("zh"), land, classed(30, 1, 7, 2), plots.MEASURE)).iter(
        f"{SVG}circle"
    )
    palette = plots.MEASURE["palette"]
    assert [palette.index(dot.get("fill")) for dot in dots] == [2, 0, 1, 0]


def test_where_dots_would_bury_the_map_there_are_none():
    land = plots.parcels(*(plots.square(11 * x, 11 * y, 10) for x in range(80) for y in range(80)))
    root = drawing(static_map(page_in("zh"), land, classed(*[1.0] * 6400), plots.MEASURE))
    assert not list(root.iter(f"{SVG}circle"))


def test_dots_that_would_overlap_are_moved_apart_and_the_others_stay():
    points = np.array([[100.0, 100.0], [300.0, 100.0], *[[100.0, 101.0]] * 30])
    placed = dodged(points)
    assert placed[1].tolist() == [300, 100]
    assert pairwise_least(placed) >= PITCH - 1e-6
    assert np.hypot(*(placed - points).T).max() < 5 * PITCH


def test_a_dot_stays_in_its_township():
    west, east = shapely.box(0, 0, 100, 200), shapely.box(100, 0, 200, 200)
    points = np.array([[98.0, 100.0]] * 12 + [[103.0, 100.0]] * 12)
    placed = dodged(points, [west, east])
    assert shapely.contains_xy(west, placed[:12]).all()
    assert shapely.contains_xy(east, placed[12:]).all()
    assert pairwise_least(placed) >= PITCH - 1e-6


def test_both_maps_say_that_dots_were_moved():
    land = plots.parcels(plots.square(0, 0, 10), plots.square(5, 5, 10), plots.square(9000, 0, 10))
    for draw in (parcel_map, static_map):
        assert "重叠处已错开" in draw(page_in("zh"), land, classed(1, 2, 3), plots.MEASURE).html


def pairwise_least(points):
    """Give the least distance between two points."""
    far = np.hypot(*(points[:, None] - points[None]).T)
    return far[~np.eye(len(points), dtype=bool)].min()


def test_what_is_not_known_is_hatched():
    html = static_map(page_in("zh"), ONE, classed(None), plots.MEASURE, name="m").html
    assert 'fill="url(#m-hatch10)"' in html


def test_the_north_is_up():
    land = plots.parcels(plots.square(0, 0, 10), plots.square(0, 9000, 10))
    south, north = drawing(static_map(page_in("zh"), land, classed(1, 1), plots.MEASURE)).iter(
        f"{SVG}circle"
    )
    assert float(south.get("cy")) > float(north.get("cy"))


def test_a_metre_east_is_as_long_as_a_metre_north():
    sheet = sheet_of([plots.parcels(plots.square(0, 0), plots.square(9000, 3000))])
    origin, east, north = sheet.pixels(np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]]))
    assert np.hypot(*(east - origin)) == pytest.approx(np.hypot(*(north - origin)))


@pytest.mark.parametrize(("size", "text"), [(40_000, "5 公里"), (900, "100 米"), (7_000, "1 公里")])
def test_the_scale_bar_is_a_round_length(size, text):
    root = drawing(
        static_map(
            page_in("zh"), plots.parcels(plots.square(0, 0, size)), classed(1), plots.MEASURE
        )
    )
    assert text in [node.text for node in root.iter(f"{SVG}text")]


def test_names_do_not_stand_on_one_another():
    towns = [
        shapely.box(120 * x, 60 * y, 120 * x + 120, 60 * y + 60) for x in range(4) for y in range(4)
    ]
    names = [f"第{place}乡镇" for place in range(16)]
    boxes = [
        shapely.box(n.x - 32, n.y - 8, n.x + 32, n.y + 8)
        for n in place_names(names, towns, np.empty((0, 2)), size=13)
    ]
    assert len(boxes) == 16
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_name_moves_away_from_parcels():
    dots = np.array([[100.0 + x, 50.0] for x in range(-20, 20, 4)])
    (name,) = place_names(["大峃镇"], [shapely.box(0, 0, 200, 100)], dots, size=13)
    box = shapely.box(name.x - 20, name.y - 8, name.x + 20, name.y + 8)
    assert not shapely.contains_xy(box, dots).any()


def test_a_long_line_of_small_print_is_broken():
    lines = wrapped("来源：示例数据；截至2022年6月30日", 100, 12)
    assert len(lines) == 3
    assert "".join(lines) == "来源：示例数据；截至2022年6月30日"


def test_the_picture_of_thirteen_thousand_real_parcels_is_light():
    land = gpd.read_parquet(CAMBRIDGE)
    values = land["total_value"] / land["area_m2"].where(land["area_m2"] > 0)
    piece = static_map(
        page_in("zh"),
        land,
        classify(values),
        {**plots.MEASURE, "palette": plots.MEASURE["palette"] * 2},
    )
    assert len(piece.html.encode()) < 1_500_000
    assert piece.html.count("<path d=") >= (~land.is_empty).sum()
