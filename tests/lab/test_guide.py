"""The guide of the lab says what holds: names that can be hidden, and limits."""

from __future__ import annotations

import re

import pytest

from backsweep.lab.budget import ALL_JOBS, LIMITS
from backsweep.lab.pages_folder import PAGES
from backsweep.lab.records import LARGEST
from tests.lab.conftest import ROOT
from tests.lab.pages import NAMES

GUIDE = (ROOT / "docs" / "guides" / "lab.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (`.*`) \|$", re.MULTILINE)
HIDES = {name: re.findall(r"`(\w+)`", said) for name, said in ROW.findall(GUIDE)}
KNOWN = re.compile(
    r"hideNamed\(state, \{ (.*?) \}\)\);|^    parts: \{ (.*?) \},$", re.M
)
NAME = re.compile(r"(?:^|, )(\w+)")
BRACKETS = re.compile(r"\[.*?\]")


def known(path):
    """Give the names by which a script knows parts that may be left out."""
    found = KNOWN.search(path.read_text("utf-8"))
    assert found is not None, path
    said = BRACKETS.sub("", found[1] or found[2])
    shared = PAGES / "shared" / "run_views.js"
    return NAME.findall(said) + (known(shared) if "...views.parts" in said else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_guide_names_what_a_page_can_hide(name):
    assert sorted(HIDES[name]) == sorted(known(PAGES / name / "page.js"))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", HIDES)
def test_what_a_link_hides_is_hidden(browser, opened, name):
    page = browser.new_page()
    try:
        page.goto(opened.at(f"page={name}&hide={','.join(HIDES[name])}"))
        page.wait_for_selector("#main > *", state="attached")
        gone = page.locator(".left-out")
        many = gone.count()
        assert many >= len(HIDES[name])
        assert not any(one.is_visible() for one in gone.all())
        page.evaluate("name => { location.hash = `page=${name}`; }", name)
        page.wait_for_function("() => !document.querySelector('.left-out')")
        page.go_back()
        page.wait_for_selector(".left-out", state="attached")
        assert gone.count() == many
    finally:
        page.close()


@pytest.mark.parametrize(
    "limit",
    [LIMITS.work, LIMITS.table_rows, LIMITS.table_columns, LIMITS.parameters, ALL_JOBS],
)
def test_the_guide_tells_the_limits(limit):
    assert re.search(rf"(?<![\d,]){limit:,}(?!,?\d)", GUIDE)


def test_the_guide_tells_the_limits_that_it_words():
    assert LIMITS.jobs == 4, "four pieces of long work"
    assert f"at most {LIMITS.table_bytes // 1_000_000} MB" in " ".join(GUIDE.split())
    assert f"at most {LARGEST // 1_000_000} MB" in " ".join(GUIDE.split())
