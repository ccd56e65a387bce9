"""What the tests of all pages share: a page that is watched, and what each must be."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from backsweep.lab.pages_folder import PAGES

NAMES = re.findall(r'^    name: "(\w+)",$', (PAGES / "contents.js").read_text(), re.M)
SHOTS = PAGES.parents[3] / "build" / "lab-screenshots"


# Some learning from a table has ended, and each case stands there.
LEARNED = ".results:not(.live) .case-table tbody tr"


@contextmanager
def watched(browser, *allowed, width=1600):
    """Give a page; an error, or a request to elsewhere, fails its test.

    Errors of the console that hold one of `allowed` are what the test provokes.
    """
    context = browser.new_context(viewport={"width": width, "height": 1000})
    page = context.new_page()
    wrong, asked = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.extend([said.text] * (said.type == "error")))
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page
    context.close()
    unforeseen = [text for text in wrong if not any(part in text for part in allowed)]
    assert unforeseen == [], unforeseen
    hosts = {urlsplit(url).hostname for url in asked if "://" in url}
    assert hosts == {"127.0.0.1"}


@contextmanager
def fresh(browser, scheme, width=1600):
    """Give a page of its own in a colour scheme and a width."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 1000}
    )
    yield context.new_page()
    context.close()


def begun_on(page):
    """List the long work that a page asks for from now on."""
    begun = []

    def hear(said):
        message = json.loads(said)
        if message["kind"] == "begin":
            begun.append(message["work"])

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    return begun


def as_file(page, path, name="all of it as one HTML file"):
    """Take a page as one file; give the name that it had."""
    with page.expect_download() as taken:
        page.get_by_role("button", name=name).click()
    taken.value.save_as(path)
    return taken.value.suggested_filename


@contextmanager
def from_disk(browser, path):
    """Give a page that was taken as one file, opened from disk without any line.

    An error, or a request for anything but what the file holds, fails the test.
    """
    context = browser.new_context(
        offline=True, viewport={"width": 1600, "height": 1000}
    )
    alone = context.new_page()
    wrong, asked = [], []
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.on("console", lambda said: wrong.extend([said.text] * (said.type == "error")))
    alone.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
    alone.goto(path.as_uri())
    yield alone
    context.close()
    assert wrong == []
    assert set(asked) <= {"file", "data", "blob"}


def wait_until_begun(page):
    """Wait until long work reports; of a long map the page asks whether it shall be."""
    asked = page.locator(".map-asking button")
    asked.or_(page.locator("progress:visible")).first.wait_for()
    if asked.is_visible():
        asked.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('progress')]"
        ".some((bar) => bar.checkVisibility() && bar.value > 0)"
    )


def number(text):
    """Read a number as it stands on a page: 0.5 or 1.5·10⁻⁴, say."""
    text = text.replace("\u2212", "-")
    digits, _, power = text.partition("\u00b710")
    raised = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return float(f"{digits}e{raised or 0}")


def fact(page, name):
    """Read a number that is shown about the part that is looked at."""
    row = page.locator(".facts div").filter(
        has=page.locator("dt", has_text=re.compile(f"^{name}( |$)"))
    )
    return number(row.locator("dd").text_content())


def settled(page):
    """Wait for the frames that draw what was asked for."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() =>"
        " requestAnimationFrame(() => requestAnimationFrame(done))))"
    )


def assert_axe_finds_nothing(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page)
    assert found.response["passes"], "axe looked at nothing"
    assert [
        (one["id"], [node["target"] for node in one["nodes"]])
        for one in found.response["violations"]
    ] == []


def assert_not_wider(page, width, name, *, full_page=False):
    """Leave a picture, for looking at and for the README, and measure the page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=full_page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def assert_everyone_can_read(page, name):
    """Have axe look at a page, and see that it fits windows of three widths."""
    assert_axe_finds_nothing(page)
    for width in (1600, 900, 360):
        page.set_viewport_size({"width": width, "height": 1000})
        settled(page)
        assert_not_wider(page, width, f"{name}-{width}", full_page=True)
