"""The page: one file that asks for nothing, in one language, in order, and pleasant to print."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_output

import build
from pages import code, en, executed, shows, zh
from tenglong import show
from tenglong.errors import ConfigurationError, TenglongError
from tenglong.measure.clause import Label
from tenglong.measure.county import Input
from tenglong.run.render import render, render_failure
from tenglong.show.frame import RARE, style
from tenglong.show.masthead import lab_style
from tenglong.show.page import Page
from tenglong.show.piece import CSV_MIME
from tenglong.show.words import catalogue

TITLE = "题目 · 试验县"


def page(*cells, language="zh"):
    return render(executed(*cells), title=TITLE, language=language).html


class Text(HTMLParser):
    """What a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.text, self._hidden = "", False
        self.feed(html)

    def handle_starttag(self, tag, _attrs):
        self._hidden = tag in ("style", "script", "title")

    def handle_endtag(self, _tag):
        self._hidden = False

    def handle_data(self, data):
        self.text += "" if self._hidden else data


def text(html):
    return Text(html).text


@pytest.mark.parametrize(("language", "code_"), [("zh", "zh-CN"), ("en", "en")])
def test_a_page_says_its_language_title_and_width(language, code_):
    html = page(language=language)
    assert f'<html lang="{code_}">' in html
    assert f"<title>{TITLE}</title>" in html
    assert '<meta name="viewport"' in html


def test_a_page_holds_the_cells_of_its_own_language_only():
    cells = (zh("## 总体"), en("## Overall"))
    assert "总体" in text(page(*cells))
    assert "Overall" not in text(page(*cells))
    assert "Overall" in text(page(*cells, language="en"))
    assert "总体" not in text(page(*cells, language="en"))


def test_neither_code_nor_what_was_printed_reaches_the_reader():
    printed = new_output("stream", name="stderr", text="/root/x.py:3: UserWarning")
    error = new_output("error", ename="E", evalue="v", traceback=["Traceback"])
    shown = text(page(code("secret = 1", printed, error, shows("<p>kept</p>"))))
    assert "kept" in shown
    assert not any(word in shown for word in ("secret", "UserWarning", "Traceback"))


def test_plain_text_is_escaped():
    out = new_output("execute_result", data={"text/plain": "<b>&"}, execution_count=1)
    assert "<pre>&lt;b&gt;&amp;</pre>" in page(code("", out))


def test_chinese_headings_have_ids_of_their_own_that_the_contents_list_leads_to():
    html = page(zh("## 一、总体 情况"), zh("## 一、总体 情况\n\n### 细目"))
    assert re.findall(r'<h2 id="(.*?)"', html) == ["一-总体-情况", "一-总体-情况-2"]
    links = re.findall(r'<li><a href="#(.*?)"', html)
    assert links == ["一-总体-情况", "一-总体-情况-2"]
    assert html.index("<h1>") < html.index("<nav") < html.index("<h2")


def test_a_heading_named_like_the_frame_gets_another_id():
    assert '<h2 id="content-2">' in page(zh("## Content"))


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (zh("# 另一个题目"), "2 first-level headings"),
        (zh("## 甲\n\n#### 乙"), "'乙' skips from level 2 to 4"),
        (code("", shows("<p id=a></p><p id=a></p>")), "the id 'a' stands twice"),
    ],
)
def test_a_page_out_of_order_is_refused(cell, fault):
    with pytest.raises(ConfigurationError, match=fault):
        page(cell)


@pytest.mark.parametrize(
    "html",
    [
        "<img src='http://x.cn/a.png'>",
        "<img src='//x.cn/a.png'>",
        "<img src='a.png'>",
        "<img srcset='a.png 2x'>",
        "<a href='https://x.cn'>x</a>",
        "<a href='javascript:alert(1)'>x</a>",
        "<link rel=stylesheet href='http://x.cn/a.css'>",
        "<script src='https://cdn.x.cn/a.js'></script>",
        "<script>fetch('https://x.cn/a')</script>",
        "<iframe src='http://x.cn'></iframe>",
        "<style>@import 'a.css';</style>",
        "<style>p { background: URL( 'http://x.cn/a.png') }</style>",
        "<p style='background: url(//x.cn/a.png)'>x</p>",
        "<p onclick='alert(1)'>x</p>",
        "<svg><image xlink:href='http://x.cn/a.png'/></svg>",
    ],
)
def test_what_reaches_outside_is_refused(html):
    with pytest.raises(TenglongError, match="complete in itself"):
        page(code("", shows(html)))


@pytest.mark.parametrize(
    "html",
    [
        "<p>http://x.cn</p>",
        "<img alt='' src='data:image/png;base64,AAAA'>",
        "<svg><use href='#a'/></svg>",
        "<style>p { background: url(data:image/png;base64,AAAA) }</style>",
        '<script type="application/json">{"a": "http://x.cn"}</script>',
    ],
)
def test_what_stays_inside_is_let_through(html):
    assert html in page(code("", shows(html)))


def policy(html):
    return re.search(r'Security-Policy" content="(.*?)"', html)[1].replace("&#39;", "'")


def test_the_policy_allows_the_pages_own_scripts_and_nothing_else():
    scripts = ["alert('甲')", "\nlet a = '</' + 'b>';\n"]
    html = page(
        code("", shows(f"<script>{scripts[0]}</script><script type=module>{scripts[1]}</script>")),
        code("", shows('<script type="application/json">{"a": 1}</script>')),
    )
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    wanted = sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    assert policy(html).endswith(f"; script-src {' '.join(wanted)}")
    assert policy(html).startswith("default-src 'none'; ")


def test_a_browser_runs_the_pages_own_script_and_no_other(page_of):
    html = page(code("", shows("<p id=p></p><script>p.textContent = '甲';\n</script>")))
    visit = page_of(html)
    assert visit.page.inner_text("#p") == "甲"
    assert (visit.requests, visit.complaints) == ([], [])
    changed = page_of(html.replace("p.textContent", "p.innerText"))
    assert changed.page.inner_text("#p") == ""
    assert "Content Security Policy" in changed.complaints[0]


def test_a_page_without_scripts_allows_none():
    assert "script-src" not in policy(page())


def test_line_ends_are_those_that_a_browser_hashes():
    html = page(code("", shows("<script>a\r\nb\rc</script>")))
    assert "\r" not in html
    digest = base64.b64encode(hashlib.sha256(b"a\nb\nc").digest()).decode()
    assert digest in policy(html)


def test_the_policy_comes_before_all_that_it_governs():
    html = page(code("", shows("<script>a</script>")))
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<script>")


def test_the_style_stands_in_a_page_once():
    html = page(code("", shows(f"{lab_style()}<p>x</p>")))
    assert html.count(style()) == 1


def test_the_file_behind_a_table_is_given_and_linked_below_it():
    output = shows("<p>table</p>", **{CSV_MIME: {"甲 乙.csv".replace(" ", "_"): "a,b\n"}})
    rendered = render(executed(code("", output)), title=TITLE, language="zh")
    assert rendered.csv == {"甲_乙.csv": "a,b\n"}
    inside = base64.b64encode("a,b\n".encode("utf-8-sig")).decode()
    assert f'base64,{inside}" download="甲_乙.csv">甲_乙.csv</a>' in rendered.html


def test_a_large_file_lies_beside_the_page():
    output = shows("<p>table</p>", **{CSV_MIME: {"甲.csv": "a,b\n" * 60_000}})
    rendered = render(executed(code("", output)), title=TITLE, language="zh")
    assert 'href="tables/%E7%94%B2.csv" download="甲.csv">甲.csv</a>' in rendered.html


@pytest.mark.parametrize("name", ["../a.csv", "a/b.csv", "a.html", ".csv", "a b.csv"])
def test_a_file_that_is_not_plainly_named_is_refused(name):
    with pytest.raises(ConfigurationError, match="must be named like"):
        page(code("", shows("", **{CSV_MIME: {name: ""}})))


def test_two_different_tables_of_one_name_are_refused():
    tables = [code("", shows("", **{CSV_MIME: {"a.csv": content}})) for content in "xy"]
    with pytest.raises(ConfigurationError, match="two different tables"):
        page(*tables)


def test_a_rare_character_brings_its_glyph_and_others_bring_none():
    assert "font/woff2" not in page(zh("南田镇"))
    assert "font/woff2" in page(zh("大峃镇、百丈漈镇"))
    assert set("峃漈垟㎡") <= set(RARE)


def test_a_page_is_light():
    assert len(page(zh("大峃镇")).encode()) < 30_000


def test_the_title_is_escaped():
    html = render(executed(), title="</title><script>", language="zh").html
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in html


def failure(*cells):
    return render_failure(
        executed(*cells), title=TITLE, heading="题目", language="zh", log="a.log"
    ).html


def test_a_failure_keeps_what_was_finished_and_tells_no_reason():
    error = new_output("error", ename="E", evalue="/root/secret", traceback=["Traceback /root"])
    shown = text(failure(zh("## 已完成"), code("x", error)))
    assert "本页未能生成" in shown
    assert "已完成" in shown
    assert "/root" not in shown


def test_a_failure_shows_nothing_of_a_page_that_must_not_be_shown():
    html = failure(code("", shows("<p>甲</p><img src='http://x.cn'>")))
    assert "本页未能生成" in html
    assert "x.cn" not in html
    assert html.count("<h1>") == 1


def test_the_masthead_names_the_county_the_day_and_the_plan():
    shown = text(show.masthead(build.page_in("zh"), title="题").html)
    assert all(word in shown for word in ("题", "试验县", "2022年6月30日", "方案", "内部资料"))
    assert "示例" not in shown


def test_the_masthead_says_when_the_data_is_made_up():
    county = replace(build.county(), is_synthetic=True, notice=Label("<须知>", "note"))
    piece = show.masthead(Page(county), title="题")
    assert text(piece.html).count("示例数据") == 2
    assert "&lt;须知&gt;" in piece.html


def test_the_colophon_tells_the_sources_and_their_hashes():
    county = replace(build.county(), inputs=(Input("parcels", "<p>.csv", "ab" * 32, 1234),))
    piece = show.colophon(Page(county), parameters={})
    assert "&lt;p&gt;.csv" in piece.html
    assert "1,234" in piece.html
    assert "abababababab" in text(piece.html)
    assert piece.csv["sources.csv"].splitlines()[1] == f"parcels,<p>.csv,1234,0,{'ab' * 32}"


def test_the_colophon_names_the_bundle_but_not_where_it_stood():
    parameters = {"bundle": "/home/someone/data/sample", "as_of": "2022-06-30"}
    shown = text(show.colophon(build.page_in("zh"), parameters=parameters).html)
    assert "sample" in shown
    assert "someone" not in shown


def test_the_colophon_prints_the_bands_of_the_policy():
    shown = text(show.colophon(build.page_in("zh"), parameters={}).html)
    assert "不低于 +10" in shown
    assert "高于 −10" in shown
    assert "不低于 −30" in shown


def test_the_style_uses_only_colours_that_it_defines():
    assert set(re.findall(r"var\(--([\w-]+)", style())) <= set(re.findall(r"--([\w-]+):", style()))


def test_every_label_is_in_both_languages():
    assert all(label.zh and label.en for label in catalogue().values())
