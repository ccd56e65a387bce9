"""What every page explains: terms on hover and on focus, and what came before."""

from __future__ import annotations

import re

import pytest

from backsweep.lab.pages_folder import PAGES
from tests.lab.pages import NAMES, settled, watched

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ENTRY = re.compile(r'^  "?([\w -]+?)"?: "(.*)",$', re.MULTILINE)
GLOSSARY = dict(ENTRY.findall((PAGES / "shared" / "terms.js").read_text("utf-8")))
# A page with terms, and some of those that it must explain.
TERMS = {
    "curve": ("sweep=130&level=depth", {"error", "unit"}),
    "data": ("learn=yes&level=maths", {"cross-entropy", "softmax", "criterion"}),
    "ensembles": ("cells=16&runs=2&sweeps=300&level=depth", {"diverged", "blame"}),
}
FIRST, LAST = "McCulloch and Pitts", "AlphaFold"
TIMES = ".timeline:not(.sources)"


@pytest.fixture(scope="module")
def page(browser):
    with watched(browser, width=1400) as page:
        yield page


def visit(page, opened, name, state):
    page.goto("about:blank")
    page.goto(opened.at(f"page={name}&{state}"))
    page.wait_for_selector("#main h1:not(:empty)", state="attached")


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_explained_on_hover_and_on_focus(page, opened, name):
    state, wanted = TERMS[name]
    visit(page, opened, name, state)
    for term in wanted:
        tip = page.locator(".tip").filter(has_text=GLOSSARY[term]).first
        tip.wait_for(state="attached")
    word = page.locator(".term:visible").first
    tip = page.locator(f"#{word.get_attribute('aria-describedby')}")
    assert tip.text_content() in GLOSSARY.values()
    page.mouse.move(0, 0)
    assert tip.is_hidden()
    word.hover()
    assert tip.is_visible()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1400
    page.mouse.move(0, 0)
    assert tip.is_hidden()
    page.keyboard.press("Tab")  # what has the focus from here on shows it
    word.focus()
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert tip.is_hidden()


@pytest.mark.parametrize("name", NAMES)
def test_what_came_before_and_after_is_on_every_page(page, opened, name):
    visit(page, opened, name, "level=glance")
    times = page.locator(TIMES)
    if times.locator("summary").count():
        assert times.locator("li").count() == 0, "nothing was fetched yet"
        times.locator("summary").click()
    times.locator("li").first.wait_for()
    who = times.locator(".who").all_text_contents()
    assert (len(who), who[0], who[-1]) == (8, FIRST, LAST)
    assert times.locator("cite:not(:empty)").count() == 8
    said = [times.locator("p").all_text_contents()]
    for level in ("In depth", "The mathematics"):
        page.get_by_role("radio", name=level).check(force=True)
        settled(page)
        said.append(times.locator("p").all_text_contents())
    assert len({text for texts in said for text in texts}) == 24, "three levels"
    visit(page, opened, name, "level=glance&hide=timeline")
    assert page.locator(TIMES).is_hidden()
