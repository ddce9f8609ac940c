"""The pages for everyone: axe-core finds no serious fault, the keyboard alone reaches all."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from tenglong.show.figure.lines import REFERENCE, STYLES
from tenglong.show.figure.tone import INK, MUTED, TONES
from tenglong.show.frame import style

SERIOUS = ("serious", "critical")
REACHED = "a[href], button, input, select, textarea, summary, [tabindex='0']"


def test_axe_finds_no_serious_fault(visit):
    found = Axe().run(visit.page).response["violations"]
    serious = {
        one["id"]: [node["html"][:120] for node in one["nodes"][:3]]
        for one in found
        if one["impact"] in SERIOUS
    }
    assert serious == {}


def test_the_keyboard_alone_reaches_everything(visit):
    page = visit.page
    wanted = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(node => {
             const isShown = node.checkVisibility({ visibilityProperty: true });
             return isShown && !node.disabled && node.tabIndex >= 0;
           }).map((node, at) => (node.dataset.stop = at)).length""",
        REACHED,
    )
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement?.dataset.stop ?? null"))
    assert {str(place) for place in range(wanted)} - seen == set()


def test_what_scrolls_can_be_reached(visit):
    """A box wider than the screen is a stop of the keyboard, and has a name."""
    visit.page.set_viewport_size({"width": 390, "height": 800})
    silent = visit.page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(node => {
             const scrolls = ["auto", "scroll"].includes(getComputedStyle(node).overflowX)
               && node.scrollWidth > node.clientWidth + 1;
             return scrolls && !(node.tabIndex >= 0 || node.querySelector("a, button"));
           }).map(node => node.outerHTML.slice(0, 80))"""
    )
    visit.page.set_viewport_size({"width": 1280, "height": 720})
    assert silent == []


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


PALETTE = dict(re.findall(r"--([\w-]+): (#\w+);", style().replace("#fff;", "#ffffff;")))


@pytest.mark.parametrize("name", ["ink", "muted", "accent", "good", "bad", "warn-ink", "none-ink"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_every_colour_of_text_can_be_read(name, ground):
    assert contrast(PALETTE[name], PALETTE[ground]) >= 4.5


@pytest.mark.parametrize("tone", TONES)
def test_text_on_a_part_of_a_figure_can_be_read(tone):
    assert contrast(TONES[tone].fill, TONES[tone].ink) >= 4.5


@pytest.mark.parametrize("colour", [INK, MUTED, REFERENCE[0], *(style_[0] for style_ in STYLES)])
def test_text_and_lines_of_a_figure_can_be_read(colour):
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("name", ["good", "warn", "bad", "none"])
def test_what_is_no_text_stands_out_from_the_paper(name):
    """Bars and shapes: 3 : 1, as WCAG 1.4.11 has it."""
    assert contrast(PALETTE[name], PALETTE["paper"]) >= 3


def test_neighbouring_tones_differ_in_lightness_or_hatching():
    for one, other in pairwise(("good", "fair", "warn", "bad", "none")):
        is_lighter = contrast(TONES[one].fill, TONES[other].fill) >= 1.35
        assert is_lighter or bool(TONES[one].lines) != bool(TONES[other].lines)
