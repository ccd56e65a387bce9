"""The guide of the lab says what holds: names that can be hidden, and limits."""

from __future__ import annotations

import re

import pytest

from backsweep.lab.budget import ALL_JOBS, LIMITS
from backsweep.lab.pages_folder import PAGES
from backsweep.lab.records import LARGEST
from tests.lab.conftest import ROOT

GUIDE = (ROOT / "docs" / "guides" / "lab.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (`.*`) \|$", re.MULTILINE)
HIDES = {name: re.findall(r"`(\w+)`", said) for name, said in ROW.findall(GUIDE)}
KNOWN = re.compile(r"Record<string, HTMLElement>} \*/ \(\{ (.*?) \}\)\[")


@pytest.mark.parametrize("name", [path.parent.name for path in PAGES.glob("*/page.js")])
def test_the_guide_names_what_a_page_can_hide(name):
    found = KNOWN.search((PAGES / name / "page.js").read_text("utf-8"))
    known = [part.partition(":")[0] for part in found[1].split(", ")] if found else []
    assert sorted(HIDES.get(name, [])) == sorted(known)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", HIDES)
def test_what_a_link_hides_is_hidden(browser, opened, name):
    page = browser.new_page()
    try:
        gone = []
        for hide in ("", ",".join(HIDES[name])):
            page.goto("about:blank")
            page.goto(opened.at(f"page={name}&hide={hide}"))
            page.wait_for_selector('.board[aria-busy="false"]', state="attached")
            gone.append(page.locator("#main > [hidden], .board > [hidden]").count())
        assert gone[1] - gone[0] == len(HIDES[name])
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
