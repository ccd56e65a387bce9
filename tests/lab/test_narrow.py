"""Every page at every level of explanation, on a phone: nothing is wider than it."""

from __future__ import annotations

import pytest

from tests.lab.pages import LEARNED, NAMES, fresh, settled

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEVELS = {"glance": "At a glance", "depth": "In depth", "maths": "The mathematics"}
# What each page shows, and what has come once it is there; at last its mathematics.
SHOWN = {
    "curve": ("sweep=150&part=unit:4", ".looks button", ".equation"),
    "symmetry": ("sweep=1424&part=unit:6&case=011110", ".looks button", ".equation"),
    "families": ("sweep=600&unit=hidden:4", ".secrets button", ".equation"),
    "plane": ("table=ring&learn=yes", ".plane-large .summary", "#main"),
    "data": ("learn=yes&case=row+7", LEARNED, ".equation"),
    "ensembles": ("cells=32&runs=4&sweeps=300", ".cell-runs a", ".equation"),
    "records": ("", ".record-list", "#main"),
}
# The parts that reach beyond the window, and are not cut off by one around them.
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .map((one) => `${one.tagName} ${one.getAttribute('class')}`).slice(0, 5);
}"""


@pytest.fixture(scope="module")
def phone(browser):
    """Give one narrow page to all."""
    with fresh(browser, "light", 360) as page:
        yield page


def test_every_page_is_tried():
    assert list(SHOWN) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_wider_than_a_phone_at_any_level(phone, opened, name):
    state, ready, mathematics = SHOWN[name]
    phone.goto("about:blank")
    phone.goto(opened.at(f"page={name}&level=glance&{state}"))
    phone.wait_for_selector(ready, state="attached")
    for level, said in LEVELS.items():
        phone.get_by_role("radio", name=said).check(force=True)
        if level == "maths":
            phone.wait_for_selector(mathematics, state="attached")
        settled(phone)
        assert phone.evaluate(TOO_WIDE) == [], level
        assert phone.evaluate("() => document.documentElement.scrollWidth") == 360
